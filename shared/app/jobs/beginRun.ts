/** The beginning of a run: whether it may begin now, and the mark on its job queue entry (J-23). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { isDue, movedIntoWindow, waiting } from '../../domain/jobs/dispatch.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import { started } from '../../domain/jobs/transitions.ts';
import type { StoredJob } from '../../ports/jobStore.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { isTakenByAnother } from '../run/lease.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { askWhenDue } from './askWhenDue.ts';
import { leaveCategory, takeCategory } from './categories.ts';
import { interruptRun } from './interruptRun.ts';
import { isStarting } from './liveRun.ts';

/**
 * `begun`: the entry is this run's; `entry` tells how it was found. `busy`: another run is at work. `over`: this run has
 * ended already, or there is nothing to do now. `unknown`: there is no such job.
 */
export type Beginning =
  | { readonly status: 'begun'; readonly entry: JobQueueEntry }
  | { readonly status: 'busy' | 'over' | 'unknown' };

const over: Beginning = { status: 'over' };
const mostTries = 10;

/** Runs that the schedule starts keep to it; those a user asks for do not. */
export function isScheduled({ trigger }: Pick<QueuedRun, 'trigger'>): boolean {
  return trigger === 'timer' || trigger === 'wake';
}

/**
 * Marks the entry In Process unless another writer was first, in which case everything is looked at anew: of several
 * messages for one job a single one begins (J-119). Safe to repeat: a run that began goes on.
 */
export async function beginRun(ports: SyncPorts, run: QueuedRun): Promise<Beginning> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = await ports.jobs.get(run.job);
    if (stored === null) return { status: 'unknown' };
    const { entry, version } = stored;
    const isOwn = entry.lastRun?.runId === run.runId;
    if (isOwn && entry.lastRun?.finishedAt !== null) return over;
    const isTaken = await isTakenByAnother(ports, run.job, run.runId);
    if (isTaken || (!isOwn && isStarting(entry, ports.clock.now()))) return { status: 'busy' };
    if (isOwn) return goOn(ports, run, entry);
    if (isScheduled(run) && !(await mayBegin(ports, run, stored))) return over;
    const marked = started(entry, { ...run, at: ports.clock.now() });
    if ((await ports.jobs.replace(marked, version)) === null) continue;
    const { trigger, runId } = run;
    ports.log('information', 'job-started', { job: run.job, runId, trigger, attempts: entry.attempts });
    return { status: 'begun', entry };
  }
  const message = `The job queue entry ${run.job} is being changed by others; the run comes back.`;
  throw new SyncFailure({ kind: 'transient', code: 'job-busy', message });
}

/** The next slice of a run, or one whose message came again, keeps its category for as long again. */
async function goOn(ports: SyncPorts, run: QueuedRun, entry: JobQueueEntry): Promise<Beginning> {
  if (isScheduled(run) && entry.category !== null) await takeCategory(ports, entry.category, run.runId);
  return { status: 'begun', entry };
}

/** Whether the schedule lets a run begin now; if not, the entry says what comes instead (J-18 h to j). */
async function mayBegin(ports: SyncPorts, run: QueuedRun, { entry, version }: StoredJob): Promise<boolean> {
  const now = ports.clock.now();
  if (ports.policy.disabledJobs.includes(entry.name)) return false;
  if (entry.status === 'inProcess') {
    await interruptRun(ports, entry, version);
    return false;
  }
  if (!isDue(entry, now)) return false;
  const moved = movedIntoWindow(entry, now, ports.policy.timeZone);
  if (moved !== null) {
    ports.log('information', 'job-moved-by-window', { job: entry.name, earliestStart: moved.earliestStart });
    if ((await ports.jobs.replace(moved, version)) !== null) await askWhenDue(ports, moved);
    return false;
  }
  return hasItsTurn(ports, run, { entry, version });
}

async function hasItsTurn(ports: SyncPorts, run: QueuedRun, { entry, version }: StoredJob): Promise<boolean> {
  const { category } = entry;
  if (category === null || (await takeCategory(ports, category, run.runId))) return true;
  const waits = waiting(entry);
  if (waits === entry || (await ports.jobs.replace(waits, version)) === null) return false;
  ports.log('information', 'job-waiting', { job: entry.name, category });
  return false;
}

/** Gives up what a run that did not begin, or has ended, may hold of its category. Safe to repeat. */
export async function leaveTurn(ports: SyncPorts, run: QueuedRun, entry: JobQueueEntry): Promise<void> {
  if (isScheduled(run) && entry.category !== null) await leaveCategory(ports, entry.category, run.runId);
}
