/** What one slice of the statistics job works with. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseId, RunId } from '../../domain/common/ids.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import { amountColumns, asOfColumn, statisticsTable } from '../../domain/statistics/customerStatistics.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import type { Digest } from '../../ports/system.ts';
import type { CodeJobScope } from '../jobs/codeJob.ts';
import { createLocalCurrency, localCurrencyId } from '../run/localCurrency.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type FigureSources, openFigureSources } from './figures.ts';

/** The columns of a row that are read and written. */
export const statisticsSelection: DataverseSelection = {
  table: statisticsTable,
  attributes: ['nav_name', 'nav_customerno', ...amountColumns, asOfColumn, 'transactioncurrencyid'],
};

/** What a row of statistics is worked out with; a dry run needs no more. */
export interface StatisticsView {
  readonly ports: SyncPorts;
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

/** A run that writes. */
export interface StatisticsRun extends StatisticsView {
  readonly runId: RunId;
  /** The row of the log that errors refer to. */
  readonly syncJob: SyncJob;
}

/** Reads what all pages of a run share. Raises SyncFailure. */
export async function openStatisticsRun(
  { ports, run }: CodeJobScope,
  syncJob: SyncJob,
  checksAll: boolean,
): Promise<StatisticsRun> {
  const view = await openStatistics(ports, { checksAll, mayWrite: true });
  return { ...view, runId: run.runId, syncJob };
}

/** Reads what all pages share. A missing Sales currency is created when that is allowed. Raises SyncFailure. */
export async function openStatistics(
  ports: SyncPorts,
  { checksAll, mayWrite }: { readonly checksAll: boolean; readonly mayWrite: boolean },
): Promise<StatisticsView> {
  const day = ports.clock.now().slice(0, 10);
  const { id: companyId } = await ports.businessCentral.company();
  const [sources, currencyId, key] = await Promise.all([
    openFigureSources(ports, day),
    localCurrency(ports, companyId, mayWrite),
    ports.mappings.digestKey(),
  ]);
  const digest = ports.digestWith(key);
  return { ports, sources, digest, companyId, currencyId, day, checksAll };
}

/** Created when Sales has none (ST-4, E-92); a dry run knows which key it would get. */
async function localCurrency(ports: SyncPorts, companyId: string, mayWrite: boolean): Promise<DataverseId> {
  const code = await ports.businessCentral.localCurrencyCode();
  if (code === '') {
    const message = 'The general ledger set-up of Business Central names no local currency.';
    throw new SyncFailure({ kind: 'config', code: 'currency-not-found', message });
  }
  const present = await ports.dataverse.currencyOfIsoCode(code);
  if (present !== null) return present;
  return mayWrite ? createLocalCurrency(ports, companyId, code) : localCurrencyId(companyId);
}
