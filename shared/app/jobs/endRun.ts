/** The end of a run on its job queue entry, and what that sets going. */
import type { SyncFailure } from '../../domain/common/failures.ts';
import { toEpochMs } from '../../domain/common/instants.ts';
import { hasIdleTest } from '../../domain/jobs/codeJobs.ts';
import { isIdle } from '../../domain/jobs/idle.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import { failed, type RunEnd, succeeded } from '../../domain/jobs/transitions.ts';
import { withoutReportedDeletions } from '../../domain/jobs/wake.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { MappingRunResult } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { askWhenDue } from './askWhenDue.ts';
import { leaveTurn } from './beginRun.ts';
import type { HeldCategory } from './categories.ts';
import { changeJob } from './changeJob.ts';

/** A run that began, its entry as it was found then, and the category it holds. */
export interface BegunRun {
  readonly run: QueuedRun;
  readonly entry: JobQueueEntry;
  readonly turn: HeldCategory | null;
}

/**
 * Records success: the next run, or a hold by inactivity (J-18 m, n). The entry tells what the run had to do without;
 * usually nothing. Safe to repeat.
 */
export async function endWell(
  ports: SyncPorts,
  begun: BegunRun,
  result: Extract<MappingRunResult, { status: 'done' }>,
): Promise<void> {
  const { run } = begun;
  const idle = hasIdleTest(run.job) && isIdle(result.syncJobs);
  const handled = begun.entry.reportedDeletions;
  const errorMessage = result.shortcomings.map(({ message }) => message).join(' ');
  await end(ports, begun, (entry) => ({
    ...succeeded(withoutReportedDeletions(entry, handled), idle, runEnd(ports)),
    errorMessage,
  }));
  logRun(ports, run, result.syncJobs);
}

/** Tells how each direction went. */
export function logRun(ports: SyncPorts, { job, runId }: QueuedRun, syncJobs: readonly SyncJob[]): void {
  for (const { direction, counts, requests } of syncJobs) {
    ports.log('information', 'job-finished', { job, runId, direction, ...counts, requests });
  }
}

/** Records failure: another attempt, or Error (J-18 p, q). Safe to repeat. */
export async function endBadly(ports: SyncPorts, begun: BegunRun, failure: SyncFailure): Promise<void> {
  logFailedRun(ports, begun.run, failure);
  await end(ports, begun, (entry) => failed(entry, failure.message, runEnd(ports)));
}

/** Tells why a run broke off. */
export function logFailedRun(ports: SyncPorts, { job, runId }: QueuedRun, failure: SyncFailure): void {
  const { code, message } = failure;
  ports.log('error', 'job-failed', { job, runId, code, message });
}

/** Another run took the mapping at the same moment: what this one wrote on the entry is taken back. */
export async function giveWay(ports: SyncPorts, { run, entry, turn }: BegunRun): Promise<void> {
  await changeOwn(ports, run, (now) => ({
    ...now,
    status: entry.status === 'inProcess' ? 'ready' : entry.status,
    lastRun: entry.lastRun,
    statusBefore: entry.statusBefore,
    woken: now.woken || entry.woken,
  }));
  await leaveTurn(ports, turn);
}

function runEnd({ clock, policy }: SyncPorts): RunEnd {
  const { timeZone: zone, wakeDelayMs } = policy;
  return { now: clock.now(), zone, wakeDelayMs };
}

async function end(
  ports: SyncPorts,
  { run, turn }: BegunRun,
  change: (entry: JobQueueEntry) => JobQueueEntry,
): Promise<void> {
  const after = await changeOwn(ports, run, change);
  await leaveTurn(ports, turn);
  if (after === null || after.lastRun?.runId !== run.runId) return;
  const { status, earliestStart, attempts, lastRun } = after;
  const level = status === 'error' ? 'error' : 'information';
  const durationMs = toEpochMs(ports.clock.now()) - toEpochMs(lastRun.startedAt);
  const { job, runId } = run;
  ports.log(level, 'job-planned', { job, runId, status, earliestStart, attempts, durationMs });
  await askWhenDue(ports, after);
}

/** Changes the entry only while it is this run that it tells of. */
function changeOwn(
  ports: SyncPorts,
  { job, runId }: QueuedRun,
  change: (entry: JobQueueEntry) => JobQueueEntry,
): Promise<JobQueueEntry | null> {
  return changeJob(ports, job, (entry) => (entry.lastRun?.runId === runId ? change(entry) : entry));
}
