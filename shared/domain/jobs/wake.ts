/** What a change that was told of does to a job queue entry (J-61 to J-74). */
import type { BusinessCentralId } from '../common/ids.ts';
import { earlier, type Instant, later, shift } from '../common/instants.ts';
import type { JobQueueEntry } from './jobQueueEntry.ts';

/** When the change was told of, and how long after that a run begins (WAKE_DELAY_SECONDS, J-67). */
export interface WakeTiming {
  readonly now: Instant;
  readonly wakeDelayMs: number;
}

/**
 * Plans a run for a moment after now, unless one is planned for twice that moment or sooner (J-65, J-66). Only a ready
 * entry and one on hold by inactivity can be woken (J-64); one in process keeps the wake until its run ends (J-73).
 * After a failed run it waits for the normal frequency, so that busy users do not use up the attempts of a job whose
 * service is away. Returns the entry itself when nothing changes, so that a repeated or late notification writes nothing
 * (J-121).
 */
export function woken(entry: JobQueueEntry, { now, wakeDelayMs }: WakeTiming): JobQueueEntry {
  if (entry.status === 'inProcess') return entry.woken ? entry : { ...entry, woken: true };
  if (entry.status !== 'ready' && entry.status !== 'onHoldInactivity') return entry;
  if (shift(now, 2 * wakeDelayMs) >= entry.earliestStart) return entry;
  const earliestStart = later(shift(now, wakeDelayMs), afterFailure(entry)) ?? now;
  if (earliestStart >= entry.earliestStart) return entry;
  return { ...entry, status: 'ready', earliestStart, woken: true };
}

/** The first moment at which a job that failed last is woken; null after a success. */
function afterFailure({ attempts, lastRun, frequencyMinutes }: JobQueueEntry): Instant | null {
  const endedAt = attempts > 0 ? (lastRun?.finishedAt ?? null) : null;
  return endedAt === null ? null : shift(endedAt, frequencyMinutes * 60_000);
}

/** When the change was told of that the entry is to look at, or now if that is not known; null when none was. */
export function toldAt(entry: JobQueueEntry, { now, wakeDelayMs }: WakeTiming): Instant | null {
  const { status, earliestStart, lastRun } = entry;
  if (!entry.woken) return null;
  const told = status === 'inProcess' ? (lastRun?.startedAt ?? now) : shift(earliestStart, -wakeDelayMs);
  return earlier(told, now);
}

/** Ids kept at most: as many as fit into a property of a row several times. */
export const mostReportedDeletions = 200;

/** Notes deletions for the next run to look at; they wake nothing (J-61). `more`: records were deleted and not named. */
export function withReportedDeletions(
  entry: JobQueueEntry,
  ids: readonly BusinessCentralId[],
  more: boolean,
): JobQueueEntry {
  const before = entry.reportedDeletions;
  const fresh = [...new Set(ids)].filter((id) => !before.ids.includes(id));
  if (fresh.length === 0 && (before.more || !more)) return entry;
  const all = [...before.ids, ...fresh];
  const isFull = all.length > mostReportedDeletions;
  return {
    ...entry,
    reportedDeletions: { ids: all.slice(0, mostReportedDeletions), more: before.more || more || isFull },
  };
}

/** Forgets deletions that a run has looked at; those told of meanwhile stay. */
export function withoutReportedDeletions(
  entry: JobQueueEntry,
  { ids, more }: JobQueueEntry['reportedDeletions'],
): JobQueueEntry {
  const { reportedDeletions: now } = entry;
  const left = now.ids.filter((id) => !ids.includes(id));
  return { ...entry, reportedDeletions: { ids: left, more: now.more && !more } };
}
