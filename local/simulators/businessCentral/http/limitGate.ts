/** Request limits of the service (section 6): rate, five at once per user, a queue behind them. */
import type { SimulatorClock } from '../../common/clock.ts';
import { SlidingWindowLimit } from '../../common/limits.ts';
import { ServiceError } from '../serviceError.ts';

/** The limits per user. */
export interface BusinessCentralLimits {
  readonly requestsPerWindow: number;
  readonly windowMs: number;
  readonly concurrent: number;
  readonly queued: number;
  /** How long a request may wait in the queue before it is answered with 503. */
  readonly longestWaitMs: number;
  /** Whether a 429 names `Retry-After`; the service does not document it. */
  readonly retryAfter: boolean;
}

/** The documented limits online. */
export const documentedLimits: BusinessCentralLimits = {
  requestsPerWindow: 6_000,
  windowMs: 300_000,
  concurrent: 5,
  queued: 95,
  longestWaitMs: 480_000,
  retryAfter: false,
};

interface Waiting {
  readonly sinceMs: number;
  readonly start: () => void;
}

interface Lane {
  active: number;
  readonly waiting: Waiting[];
}

/** Lets requests through, makes them wait, or refuses them. */
export class LimitGate {
  readonly #limits: BusinessCentralLimits;
  readonly #clock: SimulatorClock;
  readonly #rate: SlidingWindowLimit;
  readonly #lanes = new Map<string, Lane>();

  constructor(limits: BusinessCentralLimits, clock: SimulatorClock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#rate = new SlidingWindowLimit({
      clock,
      limit: limits.requestsPerWindow,
      windowMs: limits.windowMs,
    });
  }

  /** Runs the work in a place of the user. Raises 429 when rate or queue is full, 503 after too long a wait. */
  async run<T>(user: string, work: () => Promise<T>): Promise<T> {
    const waitMs = this.#rate.take(user);
    if (waitMs > 0) throw this.#tooMany(waitMs);
    const lane = this.#lane(user);
    await this.#enter(lane);
    try {
      return await work();
    } finally {
      lane.active -= 1;
      lane.waiting.shift()?.start();
    }
  }

  #lane(user: string): Lane {
    let lane = this.#lanes.get(user);
    if (!lane) {
      lane = { active: 0, waiting: [] };
      this.#lanes.set(user, lane);
    }
    return lane;
  }

  /** The place is taken synchronously when it is handed over, so it cannot be taken twice. */
  async #enter(lane: Lane): Promise<void> {
    if (lane.active < this.#limits.concurrent) {
      lane.active += 1;
      return;
    }
    if (lane.waiting.length >= this.#limits.queued) throw this.#tooMany(1_000);
    const sinceMs = this.#clock.now();
    await new Promise<void>((resolve) => {
      const start = () => {
        lane.active += 1;
        resolve();
      };
      lane.waiting.push({ sinceMs, start });
    });
    if (this.#clock.now() - sinceMs <= this.#limits.longestWaitMs) return;
    lane.active -= 1;
    lane.waiting.shift()?.start();
    throw new ServiceError(503, 'Unknown', 'The request waited too long in the queue.', {
      'Retry-After': '10',
    });
  }

  #tooMany(waitMs: number): ServiceError {
    const headers = this.#limits.retryAfter ? { 'Retry-After': String(Math.ceil(waitMs / 1000)) } : {};
    return new ServiceError(429, 'Unknown', 'Too many requests reached. Try again later.', headers);
  }
}
