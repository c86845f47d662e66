/** The job CUSTOMER STATISTICS: one row of statistics for each coupled customer's account (ST-1, ST-15). */
import { type BusinessCentralId, businessCentralId, mappingName } from '../../domain/common/ids.ts';
import { toEpochMs } from '../../domain/common/instants.ts';
import { addCounters, type SyncJob } from '../../domain/logs/syncJob.ts';
import type { CodeJob, CodeJobResult, CodeJobScope } from '../jobs/codeJob.ts';
import { finishSlicedRow, openOrGoOn, pauseAt } from '../jobs/codeJobCursor.ts';
import { renewLease } from '../run/lease.ts';
import { updateInvoiceStatus } from './invoiceStatus.ts';
import { removeStatistics } from './removeStatistics.ts';
import { bringUpToDate } from './statisticsPage.ts';
import { openStatisticsRun, type StatisticsRun } from './statisticsRun.ts';
import { missingStatisticsSolution } from './statisticsSolution.ts';

/** The mapping whose couplings decide which customers have statistics (ST-27). */
const customers = mappingName('CUSTOMER');
const couplingsAtATime = 1000;
const hourMs = 60 * 60_000;

/** Where a run goes on: the next page of couplings, and the last customer before it. */
interface Position {
  readonly continuation: string | null;
  readonly after: BusinessCentralId | null;
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
  const begin = reached ?? { continuation: null, after: null, checksAll: isCheckDue(scope) };
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
function isCheckDue({ ports, lease }: CodeJobScope): boolean {
  const checkedAt = lease.state.businessCentralReadAt;
  const everyMs = ports.policy.documents.statisticsCheckHours * hourMs;
  return checkedAt === null || toEpochMs(ports.clock.now()) - toEpochMs(checkedAt) >= everyMs;
}

/** Null after the last page. Customers that lie between two couplings and have none are uncoupled (ST-26). */
async function workOnPage(run: Work, position: Position): Promise<Position | null> {
  const { ports, lease } = run.scope;
  await renewLease(ports, lease);
  const { continuation, after, checksAll } = position;
  const page = await ports.couplings.list({ mapping: customers }, { top: couplingsAtATime, continuation });
  const last = page.rows.at(-1)?.businessCentralId ?? after;
  const upTo = page.continuation === null ? null : last;
  const known = await ports.statistics.between(after, upTo);
  const remembered = new Map(known.map((each) => [each.businessCentralId, each]));
  const { rows: couplings } = page;
  const counts =
    couplings.length === 0 ? {} : await bringUpToDate(await run.open(), { couplings, remembered });
  const coupled = new Set(page.rows.map(({ businessCentralId: id }) => id));
  const deleted = await removeStatistics(
    ports,
    known.filter(({ businessCentralId: id }) => !coupled.has(id)),
  );
  run.syncJob = { ...run.syncJob, counts: addCounters(run.syncJob.counts, { ...counts, deleted }) };
  const next = page.continuation;
  return next === null
    ? null
    : { continuation: next, after: last === null ? null : businessCentralId(last), checksAll };
}
