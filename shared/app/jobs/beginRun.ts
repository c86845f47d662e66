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
import { type HeldCategory, leaveCategory, takeCategory } from './categories.ts';
import { interruptRun } from './interruptRun.ts';
import { isStarting } from './liveRun.ts';

/**
 * `begun`: the entry is this run's; `entry` tells how it was found, `turn` the category the run holds. `busy`: another
 * run is at work. `over`: this run has ended already, or there is nothing to do now. `unknown`: there is no such job.
 */
export type Beginning =
  | { readonly status: 'begun'; readonly entry: JobQueueEntry; readonly turn: HeldCategory | null }
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
    const turn = isScheduled(run) ? await scheduledTurn(ports, run, stored) : null;
    if (turn === 'notNow') return over;
    const marked = started(entry, { ...run, at: ports.clock.now() });
    if ((await ports.jobs.replace(marked, version)) === null) {
      await leaveTurn(ports, turn);
      continue;
    }
    const { trigger, runId } = run;
    ports.log('information', 'job-started', { job: run.job, runId, trigger, attempts: entry.attempts });
    return { status: 'begun', entry, turn };
  }
  const message = `The job queue entry ${run.job} is being changed by others; the run comes back.`;
  throw new SyncFailure({ kind: 'transient', code: 'job-busy', message });
}

/** The next slice of a run, or one whose message came again, keeps its category for as long again. */
async function goOn(ports: SyncPorts, run: QueuedRun, entry: JobQueueEntry): Promise<Beginning> {
  const { category } = entry;
  const turn = isScheduled(run) && category !== null ? await takeCategory(ports, category, run.runId) : null;
  return { status: 'begun', entry, turn };
}

/** What a run holds of its category, null when it has none. */
type Turn = HeldCategory | null;

/** Whether the schedule lets a run begin now; if not, the entry says what comes instead (J-18 h to j). */
async function scheduledTurn(
  ports: SyncPorts,
  run: QueuedRun,
  { entry, version }: StoredJob,
): Promise<Turn | 'notNow'> {
  const now = ports.clock.now();
  if (ports.policy.disabledJobs.includes(entry.name)) return 'notNow';
  if (entry.status === 'inProcess') {
    await interruptRun(ports, entry, version);
    return 'notNow';
  }
  if (!isDue(entry, now)) return 'notNow';
  const moved = movedIntoWindow(entry, now, ports.policy.timeZone);
  if (moved !== null) {
    ports.log('information', 'job-moved-by-window', { job: entry.name, earliestStart: moved.earliestStart });
    if ((await ports.jobs.replace(moved, version)) !== null) await askWhenDue(ports, moved);
    return 'notNow';
  }
  return categoryTurn(ports, run, { entry, version });
}

async function categoryTurn(
  ports: SyncPorts,
  run: QueuedRun,
  { entry, version }: StoredJob,
): Promise<Turn | 'notNow'> {
  const { category } = entry;
  if (category === null) return null;
  const held = await takeCategory(ports, category, run.runId);
  if (held !== null) return held;
  const waits = waiting(entry);
  if (waits === entry || (await ports.jobs.replace(waits, version)) === null) return 'notNow';
  ports.log('information', 'job-waiting', { job: entry.name, category });
  return 'notNow';
}

/** Gives up what a run that did not begin, or has ended, holds of its category. Safe to repeat. */
export async function leaveTurn(ports: SyncPorts, turn: Turn): Promise<void> {
  if (turn !== null) await leaveCategory(ports, turn);
}
