/** What has to be known of both systems to turn a document of Sales into one of Business Central. */
import type { BusinessCentralId } from '../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../common/records.ts';
import type { RecordProblem } from '../sync/problems.ts';
import type { WriteInProduct } from './documentSettings.ts';

/** A value, or why there is none. */
export type Decided<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

/** A decided value. */
export function decided<Value>(value: Value): Decided<Value> {
  return { kind: 'value', value };
}

/** A decision that failed. */
export function undecided(problem: RecordProblem): Decided<never> {
  return { kind: 'problem', problem };
}

/** A coupled record by the Dataverse id of its counterpart; `record` is null when it is gone from Business Central. */
export interface CoupledRecord {
  readonly id: BusinessCentralId;
  readonly record: BusinessCentralRecord | null;
}
export type CoupledRecords = ReadonlyMap<string, CoupledRecord>;

/** A document as it is in Sales. */
export interface SalesDocument {
  readonly header: DataverseRow;
  readonly lines: readonly DataverseRow[];
}

/** The item or resource that stands for lines without a product, as found in Business Central (D-50). */
export interface WriteInFacts extends WriteInProduct {
  /** Null when there is none of this number. */
  readonly record: BusinessCentralRecord | null;
  readonly isCoupled: boolean;
}

/** Options of account columns by their number (D-45). */
export interface OptionFacts {
  readonly paymentTerms: ReadonlyMap<number, BusinessCentralId>;
  readonly shipmentMethods: ReadonlyMap<number, BusinessCentralId>;
  /** Codes; empty without the companion app, which alone can write them. */
  readonly shippingAgents: ReadonlyMap<number, string>;
}

/** All facts about the documents of one page. Keys of maps are Dataverse ids. */
export interface DocumentFacts {
  readonly accounts: ReadonlyMap<string, DataverseRow>;
  readonly contacts: ReadonlyMap<string, DataverseRow>;
  readonly products: ReadonlyMap<string, DataverseRow>;
  /** Transaction currencies. */
  readonly currencies: ReadonlyMap<string, DataverseRow>;
  readonly customers: CoupledRecords;
  readonly items: CoupledRecords;
  readonly resources: CoupledRecords;
  /** Units of items and resources by unit of Sales; null where Business Central's own sales unit applies (D-53). */
  readonly units: { readonly items: CoupledRecords; readonly resources: CoupledRecords } | null;
  readonly options: OptionFacts;
  /** Codes of Business Central's currencies. */
  readonly currencyCodes: ReadonlySet<string>;
  readonly localCurrencyCode: string;
  /** Null when none is configured. */
  readonly writeIn: WriteInFacts | null;
  /** Number of the account; null when none is configured. */
  readonly freightAccount: string | null;
  /** Orders go on being synchronised both ways, and begin as the fields of that mapping have it (D-83, D-90). */
  readonly travelsBothWays: boolean;
}
