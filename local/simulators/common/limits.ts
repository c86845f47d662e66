/** Request limits over a sliding window of simulator time. */
import type { SimulatorClock } from './clock.ts';

interface Entry {
  readonly atMs: number;
  readonly amount: number;
}

interface Window {
  entries: Entry[];
  /** Index of the oldest entry that still counts. */
  start: number;
  sum: number;
}

/** Adds up amounts (requests, milliseconds, ...) per identity over the last `windowMs` of the clock. */
export class SlidingWindowLimit {
  readonly #clock: Pick<SimulatorClock, 'now'>;
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #windows = new Map<string, Window>();

  constructor(options: {
    readonly clock: Pick<SimulatorClock, 'now'>;
    readonly limit: number;
    readonly windowMs: number;
  }) {
    this.#clock = options.clock;
    this.#limit = options.limit;
    this.#windowMs = options.windowMs;
  }

  /** Adds an amount (1 when absent) without asking whether it fits. */
  add(identity: string, amount = 1): void {
    const window = this.#current(identity);
    window.entries.push({ atMs: this.#clock.now(), amount });
    window.sum += amount;
  }

  /** Takes one if it fits and returns 0; otherwise takes nothing and returns the milliseconds until it fits. */
  take(identity: string, amount = 1): number {
    const waitMs = this.waitMs(identity, amount);
    if (waitMs === 0) this.add(identity, amount);
    return waitMs;
  }

  /** Milliseconds until `amount` more would fit; 0 when it fits now. */
  waitMs(identity: string, amount = 1): number {
    const window = this.#current(identity);
    let excess = window.sum + amount - this.#limit;
    if (excess <= 0) return 0;
    for (let index = window.start; index < window.entries.length; index += 1) {
      const entry = window.entries[index] as Entry;
      excess -= entry.amount;
      if (excess <= 0) return Math.max(1, entry.atMs + this.#windowMs - this.#clock.now());
    }
    return this.#windowMs;
  }

  /** What is left in the window, never below 0. */
  remaining(identity: string): number {
    return Math.max(0, this.#limit - this.#current(identity).sum);
  }

  #current(identity: string): Window {
    let window = this.#windows.get(identity);
    if (!window) {
      window = { entries: [], start: 0, sum: 0 };
      this.#windows.set(identity, window);
    }
    dropExpired(window, this.#clock.now() - this.#windowMs);
    return window;
  }
}

/** An entry counts until it is exactly one window old. */
function dropExpired(window: Window, untilMs: number): void {
  for (let entry = window.entries[window.start]; entry && entry.atMs <= untilMs; ) {
    window.sum -= entry.amount;
    window.start += 1;
    entry = window.entries[window.start];
  }
  if (window.start > 1024 && window.start * 2 > window.entries.length) {
    window.entries = window.entries.slice(window.start);
    window.start = 0;
  }
}
