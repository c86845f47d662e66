/** When everything is compared by keys. */
import type { Instant } from '../common/instants.ts';
import { timeOf, wallClockAt, weekdayOf } from './wallClock.ts';

const hourMs = 60 * 60_000;

/** The hour from two o'clock in the night to Sunday: deletions are rare, and the comparison reads every key. */
export function isComparisonHour(now: Instant, zone: string): boolean {
  const shown = wallClockAt(now, zone);
  return weekdayOf(shown) === 'sunday' && Math.floor(timeOf(shown) / hourMs) === 2;
}
