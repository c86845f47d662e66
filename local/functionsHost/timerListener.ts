/** Fires one timer function by its schedule: one run at a time, a tick during a run is skipped. */
import type { LogLevel, TypedData } from './coreTypes.ts';
import type { HostFunction, TimerTrigger } from './functionDefinition.ts';
import type { ClockOccasion, HostClock } from './hostClock.ts';
import type { Invoke } from './invocation.ts';

interface TimerListenerParts {
  readonly one: HostFunction<TimerTrigger>;
  readonly clock: HostClock;
  readonly invoke: Invoke;
  readonly log: (level: LogLevel, message: string) => void;
}

const pastDueAfterMs = 1000;
/** What the real host reports as the last occurrence before there was one. */
const noOccurrence = '0001-01-01T00:00:00.000Z';

/** Drives one timer function. */
export class TimerListener {
  readonly #parts: TimerListenerParts;
  #current: Promise<void> | undefined;
  #cancelTick: () => void = () => undefined;
  #isStopped = false;
  #last = noOccurrence;
  #lastUpdated = noOccurrence;

  constructor(parts: TimerListenerParts) {
    this.#parts = parts;
  }

  /** Arms the schedule; with `runOnStartup` runs the function at once as well. Call once. */
  start(): void {
    const { clock, one, log } = this.#parts;
    this.#scheduleAfter(clock.now());
    if (!one.trigger.runOnStartup) return;
    this.runNow().catch(() => log('debug', `${one.name}: the run on start-up failed`));
  }

  /** Runs the function now, after a run that is under way. Rejects with what the function threw. */
  async runNow(): Promise<void> {
    while (this.#current !== undefined) await this.#current;
    await this.#run(this.#parts.clock.now(), false);
  }

  /** Fires no more; a run under way goes on. Safe to call twice. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTick();
  }

  #scheduleAfter(afterMs: number): void {
    if (this.#isStopped) return;
    const dueMs = this.#parts.one.trigger.schedule.nextAfter(afterMs);
    this.#cancelTick = this.#parts.clock.schedule(dueMs, (occasion) => this.#tick(occasion));
  }

  async #tick({ dueMs, isAdvancing }: ClockOccasion): Promise<void> {
    const { clock, one, log } = this.#parts;
    // A clock that is being moved waits for the run, so that no occurrence within the span is lost.
    while (isAdvancing && this.#current !== undefined) await this.#current;
    if (this.#current !== undefined) {
      log('information', `${one.name}: skipped, the run before is still going on`);
    } else {
      const isPastDue = !isAdvancing && clock.now() - dueMs > pastDueAfterMs;
      await this.#run(dueMs, isPastDue).catch(() => undefined); // the invoker has logged it; the schedule goes on
    }
    this.#scheduleAfter(isAdvancing ? dueMs : Math.max(dueMs, clock.now()));
  }

  async #run(occurrenceMs: number, isPastDue: boolean): Promise<void> {
    const { invoke, one } = this.#parts;
    const run = invoke(one, { data: this.#timerInfo(occurrenceMs, isPastDue) });
    const current = run.then(
      () => undefined,
      () => undefined,
    );
    this.#current = current;
    try {
      await run;
    } finally {
      if (this.#current === current) this.#current = undefined;
      this.#last = new Date(occurrenceMs).toISOString();
      this.#lastUpdated = new Date(this.#parts.clock.now()).toISOString();
    }
  }

  #timerInfo(occurrenceMs: number, isPastDue: boolean): TypedData {
    const nextMs = this.#parts.one.trigger.schedule.nextAfter(occurrenceMs);
    const info = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: {
        Last: this.#last,
        Next: new Date(nextMs).toISOString(),
        LastUpdated: this.#lastUpdated,
      },
      IsPastDue: isPastDue,
    };
    return { json: JSON.stringify(info) };
  }
}
