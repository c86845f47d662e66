/** When a message that could not be carried out comes again (platform C-21). */
import type { FailureKind } from '../common/failures.ts';

const firstDelaySeconds = 5;
const longestDelaySeconds = 300;

/** About a day at the longest delay: an outage is over by then, or somebody has to look. */
const mostFailures = 300;

/** What a bug broke once it breaks again; a few more tries find out whether it depended on the moment. */
const mostFailuresOfBugs = 5;

/** What went wrong with a message, and how often before. */
export interface MessageFailure {
  readonly failures: number;
  readonly kind: FailureKind;
  /** How long the service asked to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;
}

/**
 * Seconds until a message comes again that has failed now and `failures` times before: twice as long each time, up to five
 * minutes. Null when it has been tried often enough and is to be set aside.
 */
export function repeatDelaySeconds({ failures, kind, retryAfterMs }: MessageFailure): number | null {
  if (failures >= (kind === 'bug' ? mostFailuresOfBugs : mostFailures)) return null;
  const grown = Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** failures);
  return Math.max(grown, Math.ceil((retryAfterMs ?? 0) / 1000));
}
