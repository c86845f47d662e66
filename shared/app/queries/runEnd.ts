/** Whether a run has ended, and the log rows it wrote. */
import { hasActionEnded } from '../../domain/actions/actionRun.ts';
import { passesOf } from '../../domain/common/directions.ts';
import { requestedAtMs } from '../../domain/common/ids.ts';
import { toEpochMs } from '../../domain/common/instants.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A run has no more than one row per direction. */
const mostRows = 10;

/** What the rows of a run are found under: its mapping, or the name of a job that runs code. */
export type RunSubject = Pick<TableMapping, 'name'> & Partial<Pick<TableMapping, 'direction' | 'job'>>;

/** The log rows of a run, oldest first; empty before it started. One request. */
export async function syncJobsOfRun(
  ports: SyncPorts,
  { job, runId }: Pick<QueuedRun, 'job' | 'runId'>,
  mapping: RunSubject,
): Promise<readonly SyncJob[]> {
  const query = { mapping: mapping.name, job, runId };
  const page = await ports.logs.listSyncJobs(query, { top: mostRows, continuation: null });
  return page.rows.toReversed();
}

/**
 * Whether the run has ended, well or not. The job queue entry tells it; once the entry shows another run, the log does:
 * all directions have finished.
 */
export async function hasEnded(ports: SyncPorts, run: QueuedRun, mapping: RunSubject): Promise<boolean> {
  if (run.trigger === 'action') {
    const action = await ports.actions.get(run.runId);
    return action === null || hasActionEnded(action);
  }
  const stored = await ports.jobs.get(run.job);
  if (stored === null) return mapping.job === null ? hasEndedWithoutEntry(ports, run, mapping) : true;
  const { lastRun } = stored.entry;
  if (lastRun?.runId === run.runId) return lastRun.finishedAt !== null;
  if (lastRun === null || lastRun.runId < run.runId) return hasBeenGivenUp(ports, run, mapping);
  return isComplete(await syncJobsOfRun(ports, run, mapping), mapping);
}

/** Clocks of several hosts differ by less. */
const clockDifferenceMs = 60_000;

/** A run that disabling the integration kept from beginning is told of by the log alone; which is asked only if that may be. */
async function hasBeenGivenUp(ports: SyncPorts, run: QueuedRun, mapping: RunSubject): Promise<boolean> {
  const { changedAt } = (await ports.jobs.integration()).state;
  if (changedAt === null || toEpochMs(changedAt) + clockDifferenceMs < requestedAtMs(run.runId)) return false;
  return isComplete(await syncJobsOfRun(ports, run, mapping), mapping);
}

/** Code writes as many rows as it has subjects; those of a mapping are one per direction. */
function isComplete(rows: readonly SyncJob[], { direction }: RunSubject): boolean {
  const isWhole = direction === undefined ? rows.length > 0 : rows.length === passesOf(direction).length;
  return isWhole && rows.every((row) => row.finishedAt !== null);
}

/** A run that began and neither works on the mapping nor paused in it has ended, well or not. */
async function hasEndedWithoutEntry(ports: SyncPorts, run: QueuedRun, mapping: RunSubject): Promise<boolean> {
  const rows = await syncJobsOfRun(ports, run, mapping);
  if (rows.length === 0 || isComplete(rows, mapping)) return rows.length > 0;
  const { lease, cursor } = (await ports.mappings.get(mapping.name)).state;
  return cursor?.runId !== run.runId && (lease === null || lease.owner !== run.runId);
}
