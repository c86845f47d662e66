/** Whether an entry may be started, and what becomes of one that may not (J-14, J-16, J-24, J-46). */
import { type Instant, shift } from '../common/instants.ts';
import type { JobQueueEntry, JobStatus } from './jobQueueEntry.ts';
import { initialRunAt, isWindowOpen } from './nextRun.ts';

/** A run that ended this far in the future ended before the clock was put back. */
const clockToleranceMs = 5 * 60_000;

/** Statuses in which a due entry may be started (J-14); a run under way is the lease's business. */
const startable: ReadonlySet<JobStatus> = new Set(['ready', 'waiting', 'onHoldInactivity']);

/**
 * Whether a tick should start the entry (J-14, J-119). After the clock was put back, planned times lie too far ahead; an
 * entry whose last run ended in the future is due at once.
 */
export function isDue(entry: JobQueueEntry, now: Instant): boolean {
  if (!startable.has(entry.status)) return false;
  const endedAt = entry.lastRun?.finishedAt ?? null;
  const isClockBack = endedAt !== null && endedAt > shift(now, clockToleranceMs);
  return entry.earliestStart <= now || isClockBack;
}

/** A due entry outside its daily window is planned for when that opens (J-18 i); null when it may run now. */
export function movedIntoWindow(entry: JobQueueEntry, now: Instant, zone: string): JobQueueEntry | null {
  if (isWindowOpen(entry, now, zone)) return null;
  return { ...entry, status: 'ready', earliestStart: initialRunAt(entry, now, zone) };
}

/** A due entry whose category is busy waits for its turn (J-16, J-18 j). */
export function waiting(entry: JobQueueEntry): JobQueueEntry {
  return entry.status === 'waiting' ? entry : { ...entry, status: 'waiting' };
}

/** The turn of a waiting entry has come (J-18 k). */
export function activated(entry: JobQueueEntry): JobQueueEntry {
  return entry.status === 'waiting' ? { ...entry, status: 'ready' } : entry;
}

/** Which of a category's waiting entries is next: the one that was due first (J-46); null when none waits. */
export function nextWaiting(entries: readonly JobQueueEntry[], category: string): JobQueueEntry | null {
  const inTurn = entries
    .filter((entry) => entry.status === 'waiting' && entry.category === category)
    .toSorted(
      (left, right) => compare(left.earliestStart, right.earliestStart) || compare(left.name, right.name),
    );
  return inTurn[0] ?? null;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
