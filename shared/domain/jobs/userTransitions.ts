/** What a user may do to a job queue entry (A-9 to A-11, J-18 d, e and f, J-20, J-33, J-34). */
import { SyncFailure } from '../common/failures.ts';
import type { Instant } from '../common/instants.ts';
import { type JobQueueEntry, type JobWindow, type Weekday, weekdays } from './jobQueueEntry.ts';
import { initialRunAt } from './nextRun.ts';

/** Set On Hold: nothing is started any more; a run under way continues to its end (A-10, J-18 f). */
export function putOnHold(entry: JobQueueEntry): JobQueueEntry {
  return entry.status === 'onHold' ? entry : { ...entry, status: 'onHold', woken: false };
}

/**
 * Set Status to Ready: attempts and error are cleared, the run time is not in the past and within the window (J-18 d,
 * J-33). From the inactivity hold the planned time stays (J-34); an entry that is Ready stays as it is (A-9, J-20).
 */
export function setReady(entry: JobQueueEntry, now: Instant, zone: string): JobQueueEntry {
  return entry.status === 'ready' ? entry : madeReady(entry, now, zone);
}

/**
 * Restart: on hold and ready in one step. From the inactivity hold it runs now (J-34). It also frees an entry
 * whose run died and left it In Process; should that run be alive after all, the mapping's lease keeps others out.
 */
export function restarted(entry: JobQueueEntry, now: Instant, zone: string): JobQueueEntry {
  const isHeld = entry.status === 'onHoldInactivity';
  return madeReady(isHeld ? { ...entry, earliestStart: now } : entry, now, zone);
}

function madeReady(entry: JobQueueEntry, now: Instant, zone: string): JobQueueEntry {
  const earliestStart = initialRunAt(entry, now, zone);
  return { ...entry, status: 'ready', attempts: 0, errorMessage: '', earliestStart, statusBefore: null };
}

/** What a user may change of an entry. */
export interface JobDetails {
  readonly frequencyMinutes: number;
  readonly inactivityTimeoutMinutes: number;
  readonly maxAttempts: number;
  readonly rerunDelaySeconds: number;
  readonly window: JobWindow | null;
  readonly weekdays: readonly Weekday[];
}

/** Changes details, weekdays in their order; only while On Hold (J-11). Raises SyncFailure `job-not-on-hold`. */
export function withDetails(entry: JobQueueEntry, details: Partial<JobDetails>): JobQueueEntry {
  if (entry.status !== 'onHold') throw notOnHold(entry);
  const days = details.weekdays ?? entry.weekdays;
  return { ...entry, ...details, weekdays: weekdays.filter((day) => days.includes(day)) };
}

function notOnHold(entry: JobQueueEntry): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'job-not-on-hold',
    message: `The job ${entry.name} can be changed only while it is on hold; its status is ${entry.status}.`,
    suggestion: 'Put the job on hold, change it, and set it to ready.',
  });
}
