/** Coupled customers page by page, beside what is remembered of their statistics (ST-17, ST-26, ST-27). */
import { type BusinessCentralId, businessCentralId, mappingName } from '../../domain/common/ids.ts';
import type { WrittenStatistics } from '../../domain/statistics/statisticsRow.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { StatisticsPage } from './statisticsPage.ts';

/** The mapping whose couplings decide which customers have statistics (ST-27). */
export const customersMapping = mappingName('CUSTOMER');
const couplingsAtATime = 1000;

/** Where reading goes on: the next page of couplings, and the last customer before it. */
export interface PagePosition {
  readonly continuation: string | null;
  readonly after: BusinessCentralId | null;
}

export const firstPage: PagePosition = { continuation: null, after: null };

/** A page, and the customers between its couplings that have statistics and are not coupled any more. */
export interface CustomersPage extends StatisticsPage {
  readonly uncoupled: readonly WrittenStatistics[];
  /** Null after the last page. */
  readonly next: PagePosition | null;
}

/** Reads one page; memory is bounded by it. */
export async function readPage(
  ports: SyncPorts,
  { continuation, after }: PagePosition,
): Promise<CustomersPage> {
  const query = { mapping: customersMapping };
  const page = await ports.couplings.list(query, { top: couplingsAtATime, continuation });
  const last = page.rows.at(-1)?.businessCentralId ?? after;
  const upTo = page.continuation === null ? null : last;
  const known = await ports.statistics.between(after, upTo);
  const coupled = new Set(page.rows.map(({ businessCentralId: id }) => id));
  return {
    couplings: page.rows,
    remembered: new Map(known.map((each) => [each.businessCentralId, each])),
    uncoupled: known.filter(({ businessCentralId: id }) => !coupled.has(id)),
    next:
      page.continuation === null
        ? null
        : { continuation: page.continuation, after: last === null ? null : businessCentralId(last) },
  };
}
