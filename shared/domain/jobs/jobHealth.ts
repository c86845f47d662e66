/** What is wrong with a job queue entry, seen from outside. */
import { unreachable } from '../common/failures.ts';
import { type Instant, shift } from '../common/instants.ts';
import type { JobQueueEntry } from './jobQueueEntry.ts';

/**
 * `job-in-error` all attempts are used up (J-39); `job-overdue` it should have been started long ago, so ticks do not
 * come; `job-stuck` it has been In Process for longer than any run lasts (J-48).
 */
export const jobHealthProblemCodes = ['job-in-error', 'job-overdue', 'job-stuck'] as const;
export type JobHealthProblem = (typeof jobHealthProblemCodes)[number];

/** Longer than the longest interval of ticks in use, and than a busy queue. */
const overdueAfterMs = 15 * 60_000;

/** Several times the longest a function may run (host.json, functionTimeout). */
const stuckAfterMs = 60 * 60_000;

/** The problems of one entry; one that is on hold, or is never scheduled, cannot be late. */
export function jobHealthProblems(
  entry: JobQueueEntry,
  scheduled: boolean,
  now: Instant,
): readonly JobHealthProblem[] {
  switch (entry.status) {
    case 'error':
      return ['job-in-error'];
    case 'inProcess':
      return isBefore(entry.lastRun?.startedAt ?? entry.earliestStart, now, stuckAfterMs)
        ? ['job-stuck']
        : [];
    case 'ready':
    case 'waiting':
    case 'onHoldInactivity':
      return scheduled && isBefore(entry.earliestStart, now, overdueAfterMs) ? ['job-overdue'] : [];
    case 'onHold':
    case 'finished':
      return [];
    default:
      return unreachable(entry.status);
  }
}

function isBefore(at: Instant, now: Instant, byMs: number): boolean {
  return shift(at, byMs) < now;
}
