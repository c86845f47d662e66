/** Settings that steer documents and statistics (D-1, contract section 2). */
import type { OrderIntegration } from '../mappings/variants.ts';
import { type StatisticsColumn, statisticsColumns } from '../statistics/customerStatistics.ts';

/** The item or resource that stands for a line without a product (D-50). */
export interface WriteInProduct {
  readonly type: 'Item' | 'Resource';
  readonly number: string;
}

export interface DocumentSettings {
  readonly orderIntegration: OrderIntegration;
  readonly autoCreateOrders: boolean;
  readonly autoProcessQuotes: boolean;
  readonly itemAvailability: boolean;
  /** Null = the companion app's set-up page says (contract section 2). */
  readonly writeInProduct: WriteInProduct | null;
  /** Number of the general ledger account for freight (D-58); null = the companion app's set-up page says. */
  readonly freightAccount: string | null;
  /** Columns of customer statistics that are written (ST-13). */
  readonly statisticsColumns: readonly StatisticsColumn[];
  /** Hours between comparisons of all statistics with what Sales holds (ST-29); 0 = in every run. */
  readonly statisticsCheckHours: number;
}

/** Everything off, as a new installation has it. */
export const noDocuments: DocumentSettings = {
  orderIntegration: 'off',
  autoCreateOrders: false,
  autoProcessQuotes: false,
  itemAvailability: false,
  writeInProduct: null,
  freightAccount: null,
  statisticsColumns,
  statisticsCheckHours: 24,
};
