/** The clock of the host's timers: real time plus an offset that tests and `POST /local/clock` move forward. */

/** What a scheduled task learns about why it runs. */
export interface ClockOccasion {
  /** The instant the task was scheduled for, epoch milliseconds. */
  readonly dueMs: number;
  /** True while the clock is being moved: the clock stood at `dueMs` when the task began. */
  readonly isAdvancing: boolean;
}

/** A task of the clock; it handles its own errors. */
export type ClockTask = (occasion: ClockOccasion) => Promise<void>;

/** A clock that can be moved forward. */
export interface HostClock {
  /** Epoch milliseconds; never goes backwards. */
  now(): number;
  /** How far this clock is ahead of the real one, milliseconds. */
  offsetMs(): number;
  /** Runs the task once, when the clock reaches `dueMs`. Returns a cancel function, safe to call at any time. */
  schedule(dueMs: number, task: ClockTask): () => void;
  /**
   * Moves the clock forward. Tasks that become due run in time order; all tasks of one instant are awaited before the
   * clock goes on. `onStep` is awaited after each move and before the tasks of that instant. Overlapping calls queue.
   */
  advance(byMs: number, onStep: (byMs: number) => Promise<void>): Promise<void>;
  /** Drops every scheduled task. Safe to call twice. */
  stop(): void;
}

interface Entry {
  readonly dueMs: number;
  readonly task: ClockTask;
}

const longestSleepMs = 60_000;

class OffsetClock implements HostClock {
  readonly #realNow: () => number;
  readonly #entries = new Set<Entry>();
  readonly #runs = new Set<Promise<void>>();
  #offsetMs = 0;
  #isAdvancing = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #lastAdvance: Promise<void> = Promise.resolve();

  constructor(realNow: () => number) {
    this.#realNow = realNow;
  }

  now(): number {
    return this.#realNow() + this.#offsetMs;
  }

  offsetMs(): number {
    return this.#offsetMs;
  }

  schedule(dueMs: number, task: ClockTask): () => void {
    const entry: Entry = { dueMs, task };
    if (!this.#isStopped) this.#entries.add(entry);
    this.#arm();
    return () => {
      this.#entries.delete(entry);
      this.#arm();
    };
  }

  advance(byMs: number, onStep: (byMs: number) => Promise<void>): Promise<void> {
    const result = this.#lastAdvance.then(() => this.#advanceNow(byMs, onStep));
    this.#lastAdvance = result.catch(() => undefined);
    return result;
  }

  stop(): void {
    this.#isStopped = true;
    this.#entries.clear();
    clearTimeout(this.#timer);
  }

  async #advanceNow(byMs: number, onStep: (byMs: number) => Promise<void>): Promise<void> {
    const targetMs = this.now() + byMs;
    this.#isAdvancing = true;
    clearTimeout(this.#timer);
    try {
      // A timer function that is still running would make its next tick be skipped: let it end first.
      await Promise.all(this.#runs);
      for (let dueMs = this.#earliest(); dueMs <= targetMs; dueMs = this.#earliest()) {
        await this.#moveTo(dueMs, onStep);
        await Promise.all(this.#fire(dueMs));
      }
      await this.#moveTo(targetMs, onStep);
    } finally {
      this.#isAdvancing = false;
      this.#arm();
    }
  }

  async #moveTo(instantMs: number, onStep: (byMs: number) => Promise<void>): Promise<void> {
    const byMs = instantMs - this.now();
    if (byMs <= 0) return;
    this.#offsetMs += byMs;
    await onStep(byMs);
  }

  #earliest(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries) earliest = Math.min(earliest, entry.dueMs);
    return earliest;
  }

  #fire(untilMs: number): readonly Promise<void>[] {
    const due = [...this.#entries].filter((entry) => entry.dueMs <= untilMs);
    due.sort((left, right) => left.dueMs - right.dueMs);
    return due.map((entry) => {
      this.#entries.delete(entry);
      const run = entry.task({ dueMs: entry.dueMs, isAdvancing: this.#isAdvancing });
      this.#runs.add(run);
      return run.finally(() => this.#runs.delete(run));
    });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#isAdvancing || this.#isStopped || this.#entries.size === 0) return;
    // A short longest sleep notices a machine that was suspended, or whose real clock was set.
    const sleepMs = Math.min(Math.max(this.#earliest() - this.now(), 0), longestSleepMs);
    this.#timer = setTimeout(() => {
      this.#fire(this.now());
      this.#arm();
    }, sleepMs);
  }
}

/** Creates a clock that starts level with the real one. `realNow` answers epoch milliseconds. */
export function createHostClock(realNow: () => number): HostClock {
  return new OffsetClock(realNow);
}
