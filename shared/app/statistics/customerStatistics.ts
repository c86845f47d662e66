/** The job CUSTOMER STATISTICS: one row of statistics for each coupled customer's account (ST-1, ST-15). */
import { toEpochMs } from '../../domain/common/instants.ts';
import { addCounters, type SyncJob } from '../../domain/logs/syncJob.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { CodeJob, CodeJobResult, CodeJobScope } from '../jobs/codeJob.ts';
import { finishSlicedRow, openOrGoOn, pauseAt } from '../jobs/codeJobCursor.ts';
import { renewLease } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { firstPage, type PagePosition, readPage } from './couplingPages.ts';
import { updateInvoiceStatus } from './invoiceStatus.ts';
import { removeStatistics } from './removeStatistics.ts';
import { bringUpToDate } from './statisticsPage.ts';
import { openStatisticsRun, type StatisticsRun } from './statisticsRun.ts';
import { missingStatisticsSolution } from './statisticsSolution.ts';

const hourMs = 60 * 60_000;

/** Where a run goes on. */
interface Position extends PagePosition {
  readonly checksAll: boolean;
}

/**
 * Statistics first, then the payment status of invoices (ST-25). Without the integration solution there are no statistics,
 * and the job says so (ST-2). Safe to call again after a crash at any point.
 */
export const customerStatistics: CodeJob = async (scope) => {
  const missing = await missingStatisticsSolution(scope.ports);
  const written = missing ? ({ status: 'done', syncJobs: [] as SyncJob[] } as const) : await writeAll(scope);
  if (written.status !== 'done') return written;
  const invoices = await updateInvoiceStatus(scope);
  const syncJobs = invoices === null ? written.syncJobs : [...written.syncJobs, invoices];
  return { ...written, syncJobs, shortcomings: missing ? [missing] : [] };
};

/** Works through the couplings of customers page by page. */
async function writeAll(scope: CodeJobScope): Promise<CodeJobResult> {
  const { syncJob, position: reached } = await openOrGoOn<Position>(scope);
  const begin = reached ?? { ...firstPage, checksAll: isCheckDue(scope.ports, scope.lease.state) };
  const run = beginWork(scope, syncJob, begin.checksAll);
  for (let position = begin; ; ) {
    const next = await workOnPage(run, position);
    if (next === null) break;
    position = next;
    if (scope.ports.clock.now() >= scope.sliceEnd) return pauseAt(scope, run.syncJob, position);
  }
  const compared = run.checksAll ? ' All of them were compared with Sales.' : '';
  const finished = await finishSlicedRow(scope, run.syncJob, `Customer statistics were updated.${compared}`);
  const readAt = run.checksAll ? scope.ports.clock.now() : scope.lease.state.businessCentralReadAt;
  return { status: 'done', syncJobs: [finished], state: { cursor: null, businessCentralReadAt: readAt } };
}

/** A run of the job; what statistics are made of is read once, when the first customer is met. */
interface Work {
  readonly scope: CodeJobScope;
  readonly checksAll: boolean;
  /** The row of the log; counted up page by page. */
  syncJob: SyncJob;
  readonly open: () => Promise<StatisticsRun>;
}

function beginWork(scope: CodeJobScope, syncJob: SyncJob, checksAll: boolean): Work {
  let opening: Promise<StatisticsRun> | null = null;
  const open = () => {
    opening ??= openStatisticsRun(scope, syncJob, checksAll);
    return opening;
  };
  return { scope, checksAll, syncJob, open };
}

/** ST-29, by hours instead of runs: a job that sleeps or is woken often is checked as often as one that is not. */
export function isCheckDue(ports: SyncPorts, { businessCentralReadAt: checkedAt }: MappingState): boolean {
  const everyMs = ports.policy.documents.statisticsCheckHours * hourMs;
  return checkedAt === null || toEpochMs(ports.clock.now()) - toEpochMs(checkedAt) >= everyMs;
}

/** Null after the last page. */
async function workOnPage(run: Work, position: Position): Promise<Position | null> {
  const { ports, lease } = run.scope;
  await renewLease(ports, lease);
  const page = await readPage(ports, position);
  const counts = page.couplings.length === 0 ? {} : await bringUpToDate(await run.open(), page);
  const deleted = await removeStatistics(ports, page.uncoupled);
  run.syncJob = { ...run.syncJob, counts: addCounters(run.syncJob.counts, { ...counts, deleted }) };
  return page.next === null ? null : { ...page.next, checksAll: position.checksAll };
}
