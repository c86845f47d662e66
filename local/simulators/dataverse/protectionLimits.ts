/** Service protection limits per user (dataverse-web-api section 15). */
import type { SimulatorClock } from '../common/clock.ts';
import { SlidingWindowLimit } from '../common/limits.ts';
import { DataverseError, errorCodes } from './errors.ts';

/** Absent values take the documented ones: 6,000 requests, 1,200 s, 52 at once, 300 s. */
export interface ProtectionLimitOptions {
  readonly requestsPerWindow?: number;
  readonly executionSecondsPerWindow?: number;
  readonly concurrent?: number;
  readonly windowMs?: number;
}

/** What concurrency refusals tell callers to wait; the other two compute it. */
const concurrencyRetryMs = 1_000;

/** Checks each request before it is carried out. A refused request counts too: asking on lengthens the wait. */
export class ProtectionLimits {
  readonly #requests: SlidingWindowLimit;
  readonly #executionMs: SlidingWindowLimit;
  readonly #concurrent: number;
  readonly #running = new Map<string, number>();

  constructor(clock: Pick<SimulatorClock, 'now'>, options: ProtectionLimitOptions) {
    const windowMs = options.windowMs ?? 300_000;
    this.#requests = new SlidingWindowLimit({ clock, windowMs, limit: options.requestsPerWindow ?? 6_000 });
    const limitMs = (options.executionSecondsPerWindow ?? 1_200) * 1_000;
    this.#executionMs = new SlidingWindowLimit({ clock, windowMs, limit: limitMs });
    this.#concurrent = options.concurrent ?? 52;
  }

  /** Starts a request of the user; the returned function ends it. Raises 429 with Retry-After. */
  begin(user: string, executionMs: number): () => void {
    const running = this.#running.get(user) ?? 0;
    if (running >= this.#concurrent) {
      throw tooMany(errorCodes.tooManyConcurrent, concurrencyRetryMs, 'concurrent requests');
    }
    const requestWaitMs = this.#requests.waitMs(user);
    this.#requests.add(user);
    if (requestWaitMs > 0) throw tooMany(errorCodes.tooManyRequests, requestWaitMs, 'requests');
    const executionWaitMs = this.#executionMs.waitMs(user, 0);
    if (executionWaitMs > 0) {
      throw tooMany(errorCodes.tooMuchExecutionTime, executionWaitMs, 'combined execution time');
    }
    this.#executionMs.add(user, executionMs);
    this.#running.set(user, running + 1);
    return () => this.#running.set(user, (this.#running.get(user) ?? 1) - 1);
  }

  /** The debug headers of every answer. */
  headers(user: string): Readonly<Record<string, string>> {
    return {
      'x-ms-ratelimit-burst-remaining-xrm-requests': String(this.#requests.remaining(user)),
      'x-ms-ratelimit-time-remaining-xrm-requests': `${(this.#executionMs.remaining(user) / 1_000).toFixed(2)}`,
    };
  }
}

function tooMany(code: string, waitMs: number, what: string): DataverseError {
  return new DataverseError(
    429,
    code,
    `The limit of ${what} for this user was exceeded. Decrease the number of requests and try again later.`,
    { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
  );
}
