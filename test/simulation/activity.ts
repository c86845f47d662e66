/** Work in virtual time: time moves only while everything either has ended or sleeps. */
import type { SimulatorClock } from '../../local/simulators/common/clock.ts';

/** Everything under way on one clock. */
export class Activity {
  readonly #clock: SimulatorClock;
  readonly #waiting: (() => void)[] = [];
  /** What was raised by work that nobody waited for. */
  readonly failures: unknown[] = [];
  #atWork = 0;

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
  }

  /** Starts work; resolves once it has ended or sleeps, as has everything else. */
  begin(work: () => Promise<unknown>): Promise<void> {
    this.#atWork += 1;
    void work()
      .catch((error: unknown) => this.failures.push(error))
      .finally(() => this.#rest());
    return this.#quiet();
  }

  /** Called by work: lets virtual time pass. */
  async sleep(ms: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#clock.schedule(this.#clock.now() + ms, () => {
        this.#atWork += 1;
        resolve();
        return this.#quiet();
      });
    });
    this.#rest();
    await woken;
  }

  #rest(): void {
    this.#atWork -= 1;
    if (this.#atWork === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #quiet(): Promise<void> {
    return this.#atWork === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#waiting.push(resolve);
        });
  }
}
