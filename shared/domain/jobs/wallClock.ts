/** Clock and calendar of a time zone, for windows and weekdays of jobs (J-28). */
import { fromEpochMs, type Instant, toEpochMs } from '../common/instants.ts';
import { type Weekday, weekdays } from './jobQueueEntry.ts';

/** What clock and calendar of a zone show, as the epoch milliseconds at which those of UTC show the same. */
export type WallClock = number;

export const dayMs = 24 * 60 * 60_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** What the clock of an IANA zone shows at an instant. */
export function wallClockAt(at: Instant, zone: string): WallClock {
  const epochMs = toEpochMs(at);
  if (zone === 'UTC') return epochMs;
  const shown: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(epochMs)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((epochMs % 1000) + 1000) % 1000);
}

/**
 * The instant at which the clock of the zone shows this. Of a time that comes twice, when summer time ends, the first; a
 * time that is left out, when it begins, counts as that much after the change.
 */
export function instantAt(shown: WallClock, zone: string): Instant {
  const offsets = [shown - dayMs, shown + dayMs].map((near) => wallClockAt(fromEpochMs(near), zone) - near);
  const [before = 0, after = 0] = offsets;
  const candidates = [...new Set([shown - before, shown - after])].sort((left, right) => left - right);
  const found = candidates.find((epochMs) => wallClockAt(fromEpochMs(epochMs), zone) === shown);
  return fromEpochMs(found ?? shown - before);
}

/** Midnight at the beginning of the day shown. */
export function dayOf(shown: WallClock): WallClock {
  return Math.floor(shown / dayMs) * dayMs;
}

/** Milliseconds since midnight. */
export function timeOf(shown: WallClock): number {
  return shown - dayOf(shown);
}

/** Monday first (J-29). */
export function weekdayOf(shown: WallClock): Weekday {
  const sundayFirst = new Date(shown).getUTCDay();
  return weekdays[(sundayFirst + 6) % 7] ?? 'monday';
}

/** Loading a zone's rules takes a while; the formatter of each zone is kept. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const kept = formatters.get(timeZone);
  if (kept) return kept;
  const numeric = 'numeric';
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  });
  formatters.set(timeZone, made);
  return made;
}
