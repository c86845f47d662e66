/** When a job runs next: frequency, inactivity timeout, daily window and weekdays (J-24 to J-36). */
import { invariant } from '../common/failures.ts';
import { type Instant, later, shift } from '../common/instants.ts';
import type { JobQueueEntry } from './jobQueueEntry.ts';
import { dayMs, dayOf, instantAt, timeOf, type WallClock, wallClockAt, weekdayOf } from './wallClock.ts';

const minuteMs = 60_000;

/** The parts of an entry that say when it may run. */
export type Timetable = Pick<JobQueueEntry, 'window' | 'weekdays'>;

/** The next run after one that ended at `end` (J-25, J-30). Without a frequency it is the next day. */
export function nextRunAt(
  entry: Timetable & Pick<JobQueueEntry, 'frequencyMinutes' | 'earliestStart'>,
  end: Instant,
  zone: string,
): Instant {
  const { frequencyMinutes, earliestStart } = entry;
  if (frequencyMinutes > 0) return fitted(entry, shift(end, frequencyMinutes * minuteMs), zone);
  const nextDay = dayOf(wallClockAt(earliestStart, zone)) + dayMs;
  return fitted(entry, instantAt(nextDay, zone), zone);
}

/** When an idle job looks again: after its inactivity timeout, within its window (J-36). */
export function idleRunAt(
  entry: Timetable & Pick<JobQueueEntry, 'inactivityTimeoutMinutes'>,
  end: Instant,
  zone: string,
): Instant {
  return fitted(entry, shift(end, entry.inactivityTimeoutMinutes * minuteMs), zone);
}

/** The run time of an entry that is set ready, or that came up outside its window (J-33). */
export function initialRunAt(
  entry: Timetable & Pick<JobQueueEntry, 'earliestStart'>,
  now: Instant,
  zone: string,
): Instant {
  return fitted(entry, later(entry.earliestStart, now) ?? now, zone);
}

/** Whether the daily window is open; both its ends belong to it (J-24). */
export function isWindowOpen({ window }: Timetable, at: Instant, zone: string): boolean {
  const { start, end } = limits(window);
  const time = timeOf(wallClockAt(at, zone));
  if (start === null || end === null || start === end) {
    if (start !== null) return time >= start;
    return end === null || time <= end;
  }
  return start > end ? time >= start || time <= end : time >= start && time <= end;
}

/** Moves a candidate to the next time that window and weekdays allow; one that fits stays to the millisecond (J-31). */
function fitted(timetable: Timetable, candidate: Instant, zone: string): Instant {
  const shown = wallClockAt(candidate, zone);
  const allowed = allowedFrom(timetable, shown);
  return allowed === shown ? candidate : instantAt(allowed, zone);
}

function allowedFrom(timetable: Timetable, candidate: WallClock): WallClock {
  const { start, end } = limits(timetable.window);
  const opensAt = start ?? 0;
  const isOvernight = start !== null && end !== null && start > end;
  const date = dayOf(candidate);
  let time = timeOf(candidate);
  let days = 0;
  if (isOvernight && end < time && time < start) time = start;
  if (!isOvernight && end !== null && time > end) {
    time = opensAt;
    days = 1;
  }
  days += daysUntilAllowed(timetable, date + days * dayMs);
  if (!isOvernight && time < opensAt) time = opensAt;
  // A run put off to another day takes place at the beginning of that day's window, or of the day (J-31 d, e).
  if (days > 0 && time > opensAt) time = opensAt;
  return date + days * dayMs + time;
}

/** Days from this one to the next allowed weekday, 0 when it is allowed itself (J-31 b, f). */
function daysUntilAllowed({ weekdays }: Timetable, date: WallClock): number {
  invariant(weekdays.length > 0, 'a job has at least one day it may run on (J-31)');
  let days = 0;
  while (!weekdays.includes(weekdayOf(date + days * dayMs))) days += 1;
  return days;
}

function limits(window: Timetable['window']): { readonly start: number | null; readonly end: number | null } {
  return { start: timeOfDay(window?.start ?? null), end: timeOfDay(window?.end ?? null) };
}

/** Milliseconds since midnight of `HH:mm` or `HH:mm:ss`. */
function timeOfDay(text: string | null): number | null {
  if (text === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
