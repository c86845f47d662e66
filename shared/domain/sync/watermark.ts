/** How far the Business Central side has been read, and where the next read begins (E-49, business-central-api 3.3). */
import { type Instant, later, shift, toEpochMs } from '../common/instants.ts';

/**
 * A record is stamped while it is being written and becomes visible up to 8 minutes later, the longest an operation may
 * take (business-central-api section 6); this much is read again.
 */
export const commitDelayMs = 10 * 60_000;

/** What a mapping remembers of its reads. The first two are Business Central's times, the third is our own. */
export interface Watermark {
  /** Newest modification time read. */
  readonly newest: Instant | null;
  /** No record stamped up to here can still become visible; the next read begins after it. */
  readonly settledUntil: Instant | null;
  /** When the read that gave `newest` began. */
  readonly readAt: Instant | null;
}

/** The inclusive lower bound of the next read; null reads everything. */
export function readFrom({ newest, settledUntil }: Watermark): Instant | null {
  if (newest === null) return null;
  const overlapping = shift(newest, -commitDelayMs);
  return settledUntil === null ? overlapping : later(overlapping, shift(settledUntil, 1));
}

/**
 * The watermark after a complete read that began at `startedAt` and met `newestRead`.
 *
 * It never goes back (E-5). What was newest at the read before is settled once the longest commit has passed since
 * that read began: only lengths of time on our own clock are compared, never the clocks of two systems (E-48).
 */
export function advanced(before: Watermark, newestRead: Instant | null, startedAt: Instant): Watermark {
  const waitedMs = before.readAt === null ? 0 : toEpochMs(startedAt) - toEpochMs(before.readAt);
  const settledUntil = waitedMs >= commitDelayMs ? before.newest : before.settledUntil;
  return {
    newest: later(before.newest, newestRead),
    settledUntil: later(before.settledUntil, settledUntil),
    readAt: startedAt,
  };
}
