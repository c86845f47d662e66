/** What one slice of the statistics job works with. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import { amountColumns, asOfColumn, statisticsTable } from '../../domain/statistics/customerStatistics.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { Digest } from '../../ports/system.ts';
import type { CodeJobScope } from '../jobs/codeJob.ts';
import { createLocalCurrency } from '../run/localCurrency.ts';
import { type FigureSources, openFigureSources } from './figures.ts';

/** The columns of a row that are read and written. */
export const statisticsSelection: DataverseSelection = {
  table: statisticsTable,
  attributes: ['nav_name', 'nav_customerno', ...amountColumns, asOfColumn, 'transactioncurrencyid'],
};

export interface StatisticsRun {
  readonly scope: CodeJobScope;
  /** The row of the log that errors refer to. */
  readonly syncJob: SyncJob;
  readonly sources: FigureSources;
  readonly digest: Digest;
  readonly companyId: string;
  /** The Sales currency of the local currency (ST-4). */
  readonly currencyId: DataverseId;
  /** `yyyy-MM-dd`; Business Central online knows no other time zone than UTC. */
  readonly day: string;
  /** Whether every customer is compared with what Sales holds (ST-29). */
  readonly checksAll: boolean;
}

/** Reads what all pages share. Raises SyncFailure. */
export async function openStatisticsRun(
  scope: CodeJobScope,
  syncJob: SyncJob,
  checksAll: boolean,
): Promise<StatisticsRun> {
  const { ports } = scope;
  const day = ports.clock.now().slice(0, 10);
  const { id: companyId } = await ports.businessCentral.company();
  const [sources, currencyId, key] = await Promise.all([
    openFigureSources(ports, day),
    localCurrency(scope, companyId),
    ports.mappings.digestKey(),
  ]);
  const digest = ports.digestWith(key);
  return { scope, syncJob, sources, digest, companyId, currencyId, day, checksAll };
}

/** Created when Sales has none (ST-4, E-92). */
async function localCurrency({ ports }: CodeJobScope, companyId: string): Promise<DataverseId> {
  const code = await ports.businessCentral.localCurrencyCode();
  if (code === '') {
    const message = 'The general ledger set-up of Business Central names no local currency.';
    throw new SyncFailure({ kind: 'config', code: 'currency-not-found', message });
  }
  return (await ports.dataverse.currencyOfIsoCode(code)) ?? createLocalCurrency(ports, companyId, code);
}
