/** Which customers of a page are due (ST-17, ST-18, ST-28). */
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import { dataverseIdFor } from '../../domain/couplings/dataverseIdFor.ts';
import {
  type CustomerFigures,
  comparedText,
  type StatisticsValues,
  statisticsValues,
} from '../../domain/statistics/customerStatistics.ts';
import type { StatisticsKeys, WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import type { StatisticsView } from './statisticsRun.ts';
import { statisticsJob } from './statisticsSolution.ts';

/** A customer whose row has to be looked at. */
export interface DueCustomer {
  readonly coupling: Coupling;
  readonly values: StatisticsValues;
  /** Of the values, without the day. */
  readonly digest: string;
  /** Null when nothing was written for this account before. */
  readonly written: WrittenStatistics | null;
}

/** The customers of a page, sorted by what is to be done with them. */
export interface SortedCustomers {
  readonly due: readonly DueCustomer[];
  /** Coupled customers that Business Central does not have any more. */
  readonly gone: readonly Coupling[];
}

/**
 * Due are customers that were never written for their account, and those of which anything but the day differs from what
 * was last written; all of them when the run checks all.
 */
export function sortCustomers(
  run: StatisticsView,
  couplings: readonly Coupling[],
  figures: ReadonlyMap<BusinessCentralId, CustomerFigures>,
  remembered: ReadonlyMap<BusinessCentralId, WrittenStatistics>,
): SortedCustomers {
  const due: DueCustomer[] = [];
  const gone: Coupling[] = [];
  for (const coupling of couplings) {
    const known = figures.get(coupling.businessCentralId);
    if (!known) gone.push(coupling);
    else {
      const customer = customerOf(run, coupling, known, remembered.get(coupling.businessCentralId));
      if (run.checksAll || customer.written?.digest !== customer.digest) due.push(customer);
    }
  }
  return { due, gone };
}

function customerOf(
  { day, digest, ports, currencyId }: StatisticsView,
  coupling: Coupling,
  figures: CustomerFigures,
  written: WrittenStatistics | undefined,
): DueCustomer {
  const values = statisticsValues(figures, day, ports.policy.documents.statisticsColumns);
  const isOfAccount = written?.accountId === coupling.dataverseId;
  return {
    coupling,
    values,
    digest: digest(`${currencyId}|${comparedText(values)}`),
    written: isOfAccount && written !== undefined ? written : null,
  };
}

/** The keys of a customer's row. */
export function keysOf({ companyId }: StatisticsView, { businessCentralId }: Coupling): StatisticsKeys {
  return {
    own: dataverseIdFor(companyId, statisticsJob, businessCentralId),
    replacing: (deleted) => dataverseIdFor(companyId, statisticsJob, businessCentralId, deleted),
  };
}
