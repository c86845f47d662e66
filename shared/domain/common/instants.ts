/** Points in time as ISO 8601 UTC text with milliseconds; they sort as text. */

declare const instantBrand: unique symbol;
/** `2026-01-05T12:10:44.796Z`. */
export type Instant = string & { readonly [instantBrand]: 'Instant' };

/** Time of a record that was never stamped; Business Central sends it for empty date-times. */
export const neverStamped = '0001-01-01T00:00:00.000Z' as Instant;

/** Brings any ISO date-time into the one form; digits beyond milliseconds are cut. Raises RangeError. */
export function instant(text: string): Instant {
  return fromEpochMs(Date.parse(text));
}

const isoForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Whether the text is an ISO date or date-time; Date.parse alone also takes all kinds of other text for one. */
export function isIsoDate(text: string): boolean {
  return isoForm.test(text) && !Number.isNaN(Date.parse(text));
}

/** The instant of an epoch time in milliseconds. Raises RangeError when it is not a finite time. */
export function fromEpochMs(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

/** Epoch time in milliseconds. */
export function toEpochMs(at: Instant): number {
  return Date.parse(at);
}

/** The instant `byMs` milliseconds later (earlier when negative); never before the year 1. */
export function shift(at: Instant, byMs: number): Instant {
  return fromEpochMs(Math.max(Date.parse(neverStamped), toEpochMs(at) + byMs));
}

/** The later of two instants; null counts as earlier than everything. */
export function later(left: Instant | null, right: Instant | null): Instant | null {
  if (left === null || right === null) return left ?? right;
  return left > right ? left : right;
}

/** The earlier of two instants. */
export function earlier(left: Instant, right: Instant): Instant {
  return left < right ? left : right;
}
