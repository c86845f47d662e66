/** The clock of a simulator: real time with an offset, or a clock that only tests move. */

/** Time as a simulator sees it. All values are epoch milliseconds. */
export interface SimulatorClock {
  /** The current time in epoch milliseconds. */
  now(): number;
  /** Runs the task once, when the clock reaches `atMs`. The returned function cancels it; safe to call twice. */
  schedule(atMs: number, task: () => void | Promise<void>): () => void;
  /** Moves the clock forward, running due tasks in time order and waiting for each. Tasks may schedule more. */
  advance(byMs: number): Promise<void>;
}

interface ScheduledTask {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void | Promise<void>;
}

const longestTimerMs = 2_000_000_000;

class OffsetClock implements SimulatorClock {
  readonly #manual: boolean;
  readonly #tasks = new Set<ScheduledTask>();
  /** The time itself when manual, otherwise what is added to the real time. */
  #base: number;
  #sequence = 0;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: { readonly startMs?: number; readonly manual?: boolean }) {
    this.#manual = options.manual ?? false;
    const startMs = options.startMs ?? Date.now();
    this.#base = this.#manual ? startMs : startMs - Date.now();
  }

  now(): number {
    return this.#manual ? this.#base : Date.now() + this.#base;
  }

  schedule(atMs: number, task: () => void | Promise<void>): () => void {
    this.#sequence += 1;
    const entry = { atMs, sequence: this.#sequence, run: task };
    this.#tasks.add(entry);
    this.#arm();
    return () => {
      this.#tasks.delete(entry);
    };
  }

  async advance(byMs: number): Promise<void> {
    const target = this.now() + byMs;
    for (let due = this.#next(target); due; due = this.#next(target)) {
      this.#tasks.delete(due);
      this.#moveTo(due.atMs);
      await due.run();
    }
    this.#moveTo(target);
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#tasks.clear();
    this.#arm();
  }

  /** Never backwards. */
  #moveTo(timeMs: number): void {
    const byMs = timeMs - this.now();
    if (byMs > 0) this.#base += byMs;
  }

  #next(untilMs = Number.POSITIVE_INFINITY): ScheduledTask | null {
    let first: ScheduledTask | null = null;
    for (const task of this.#tasks) {
      if (task.atMs > untilMs) continue;
      if (!first || task.atMs < first.atMs || (task.atMs === first.atMs && task.sequence < first.sequence)) {
        first = task;
      }
    }
    return first;
  }

  #arm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#next();
    if (this.#manual || this.#stopped || !next) return;
    const waitMs = Math.min(Math.max(0, next.atMs - this.now()), longestTimerMs);
    this.#timer = setTimeout(() => void this.#fire(), waitMs);
    this.#timer.unref();
  }

  /** A task that fails must not take the simulator down with it. */
  async #fire(): Promise<void> {
    try {
      await this.advance(0);
    } catch (error) {
      console.error('A scheduled simulator task failed:', error);
      this.#arm();
    }
  }
}

/**
 * Creates a simulator clock.
 *
 * Not manual: real time plus an offset that `advance` enlarges; scheduled tasks also fire in real time on
 * timers that do not keep the process alive. Manual: time stands still until `advance`.
 */
export function createSimulatorClock(options?: {
  readonly startMs?: number;
  readonly manual?: boolean;
}): SimulatorClock & { stop(): void } {
  return new OffsetClock(options ?? {});
}
