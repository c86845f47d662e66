/** How often and after which pauses a request is sent again; plain data and the arithmetic on it. */

export interface RetryPolicy {
  /** Sendings in all, the first included. */
  readonly attempts: number;
  readonly initialDelayMs: number;
  readonly factor: number;
  /** Longest pause between two attempts when the service does not name one. */
  readonly capMs: number;
  /** Share of a pause that chance may take away, 0 to 1. */
  readonly jitter: number;
  /** A longer Retry-After is not waited for but raised as `throttled`; absent = 300,000. */
  readonly longestWaitMs?: number;
}

/** Longest Retry-After that is waited for unless the policy says otherwise. */
export const defaultLongestWaitMs = 300_000;

/** Six attempts over about half a minute (business-central-api section 6, client rule). */
export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  initialDelayMs: 1_000,
  factor: 2,
  capMs: 60_000,
  jitter: 0.3,
  longestWaitMs: defaultLongestWaitMs,
};

/** The pause after attempt number `attempt` (from 1), in milliseconds; `random` is in [0, 1). */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
  const grown = policy.initialDelayMs * policy.factor ** (attempt - 1);
  return Math.round(Math.min(policy.capMs, grown) * (1 - policy.jitter * random));
}

/** The pause a Retry-After header asks for: seconds or an HTTP date; null when there is none to read. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
