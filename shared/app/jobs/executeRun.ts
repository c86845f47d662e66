/** Carries out one queued run: job queue entry, run of the mapping, outcome, and what follows. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import type { JobQueueEntry, JobStatus } from '../../domain/jobs/jobQueueEntry.ts';
import { failed, isDue, started, succeeded } from '../../domain/jobs/transitions.ts';
import { findMapping } from '../../domain/mappings/catalog.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun, RunMessage } from '../../ports/queue.ts';
import { executeAction } from '../actions/executeAction.ts';
import { isTakenByAnother } from '../run/lease.ts';
import { type MappingRunResult, runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { changeJob } from './changeJob.ts';
import { runRequestFor } from './runRequest.ts';

/** A message that meets a running run of its mapping waits this long and tries again. */
const busyDelaySeconds = 5;

/**
 * Runs the job of a message and sends on what follows it, also after a failure: the dependants of a failed job find
 * fewer couplings and keep their records on the retry list. A failure of the run is recorded on the entry, not thrown.
 */
export async function executeRun(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  message: RunMessage,
): Promise<void> {
  const { followedBy, keepOnHold = false, ...run } = message;
  if (run.trigger === 'action') return carryOutAction(ports, mappings, message);
  const before = await ports.jobs.get(run.job);
  const holds = keepOnHold || before?.entry.status === 'onHold';
  const outcome = await runOnce(ports, mappings, run, before?.entry ?? null, holds);
  if (outcome === 'busy') {
    if (run.trigger !== 'timer' || followedBy.length > 0) await ports.queue.send(message, busyDelaySeconds);
    return;
  }
  if (outcome === 'paused') return ports.queue.send({ ...message, keepOnHold: holds });
  const [next, ...rest] = followedBy;
  if (next) await ports.queue.send({ ...next, followedBy: rest });
}

/** Actions have no job queue entry: what becomes of them is remembered with them. */
async function carryOutAction(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  message: RunMessage,
): Promise<void> {
  const outcome = await executeAction(ports, mappings, message);
  if (outcome === 'busy') return ports.queue.send(message, busyDelaySeconds);
  if (outcome === 'paused') return ports.queue.send(message);
  const [next, ...rest] = message.followedBy;
  if (next) await ports.queue.send({ ...next, followedBy: rest });
}

async function runOnce(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
  before: JobQueueEntry | null,
  keepOnHold: boolean,
): Promise<'done' | 'failed' | 'busy' | 'paused' | 'unknown'> {
  if (before === null) return runWithoutEntry(ports, mappings, run);
  if (before.lastRun?.runId === run.runId && before.lastRun.finishedAt !== null) return 'done';
  if (await isTakenByAnother(ports, run.job, run.runId)) return 'busy';
  // Several ticks may have queued the same job; what is no longer due was done by the first of them.
  const isStale = before.status === 'inProcess';
  if (run.trigger === 'timer' && !isStale && !isDue(before, ports.clock.now())) return 'done';
  const isContinued = isStale && before.lastRun?.runId === run.runId;
  const earlier: JobStatus = isStale ? 'ready' : before.status;
  const status: JobStatus = keepOnHold ? 'onHold' : earlier;
  if (!isContinued) await mark(ports, run.job, (entry) => started(entry, { ...run, at: ports.clock.now() }));
  try {
    const mapping = findMapping(mappings, mappingName(run.job));
    const result = await runMapping(ports, mappings, runRequestFor(mapping, run));
    if (result.status === 'busy') return await giveWay(ports, run, before, status);
    if (result.status === 'paused') return 'paused';
    const message = result.shortcomings.map((each) => each.message).join(' ');
    await markOwn(ports, run, (entry) => succeeded(entry, status, ports.clock.now(), message));
    logRun(ports, run, result);
    return 'done';
  } catch (error) {
    const failure = logFailure(ports, run, error);
    await markOwn(ports, run, (entry) => failed(entry, status, failure.message, ports.clock.now()));
    return 'failed';
  }
}

/**
 * A mapping without a scheduled job takes part in full and manual runs only (E-107, J-79): its rows in the log and its
 * state tell how they went.
 */
async function runWithoutEntry(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  run: QueuedRun,
): Promise<'done' | 'failed' | 'busy' | 'paused' | 'unknown'> {
  const mapping = mappings.find(({ name, job }) => name === run.job && job === null);
  if (!mapping) return 'unknown';
  if (await isTakenByAnother(ports, run.job, run.runId)) return 'busy';
  try {
    const result = await runMapping(ports, mappings, runRequestFor(mapping, run));
    if (result.status === 'done') logRun(ports, run, result);
    return result.status;
  } catch (error) {
    logFailure(ports, run, error);
    return 'failed';
  }
}

function logFailure(ports: SyncPorts, { job, runId }: QueuedRun, error: unknown): SyncFailure {
  const failure = asFailure(error);
  const { code, message } = failure;
  ports.log('error', 'job-failed', { job, runId, code, message });
  return failure;
}

/** Another run took the mapping at the same moment: what this one wrote on the entry is taken back. */
async function giveWay(
  ports: SyncPorts,
  run: QueuedRun,
  before: JobQueueEntry,
  status: JobStatus,
): Promise<'busy'> {
  await markOwn(ports, run, (entry) => ({ ...entry, status, lastRun: before.lastRun }));
  return 'busy';
}

/** Changes the entry only while it is this run that it tells of. */
async function markOwn(
  ports: SyncPorts,
  run: QueuedRun,
  change: (entry: JobQueueEntry) => JobQueueEntry,
): Promise<void> {
  await mark(ports, run.job, (entry) => (entry.lastRun?.runId === run.runId ? change(entry) : entry));
}

async function mark(
  ports: SyncPorts,
  job: string,
  change: (entry: JobQueueEntry) => JobQueueEntry,
): Promise<void> {
  await changeJob(ports, job, change);
}

function asFailure(error: unknown): SyncFailure {
  if (error instanceof SyncFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SyncFailure({ kind: 'bug', code: 'unexpected', message, cause: error });
}

function logRun(ports: SyncPorts, run: QueuedRun, result: MappingRunResult): void {
  if (result.status !== 'done') return;
  for (const { direction, counts, requests } of result.syncJobs) {
    ports.log('information', 'job-finished', {
      job: run.job,
      runId: run.runId,
      direction,
      ...counts,
      requests,
    });
  }
}
