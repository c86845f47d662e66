/** A queue as the storage service has it: a message whose handler died becomes visible again. */
import type { RunMessage, RunQueue } from '../../shared/ports/queue.ts';

interface Held {
  readonly message: RunMessage;
  readonly visibleAtMs: number;
}

export class RedeliveringQueue implements RunQueue {
  readonly #now: () => number;
  #held: readonly Held[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  async send(message: RunMessage, delaySeconds = 0): Promise<void> {
    const held = { message: structuredClone(message), visibleAtMs: this.#now() + delaySeconds * 1000 };
    this.#held = [...this.#held, held];
  }

  /** Questions are lost here, as any of them may be: ticks ask, too. */
  async ask(): Promise<void> {}

  /** Hands the oldest visible message over and removes it once `handle` has ended well. False: none is visible. */
  async deliver(handle: (message: RunMessage) => Promise<void>): Promise<boolean> {
    const next = this.#held.find(({ visibleAtMs }) => visibleAtMs <= this.#now());
    if (!next) return false;
    await handle(next.message);
    this.#held = this.#held.filter((held) => held !== next);
    return true;
  }
}
