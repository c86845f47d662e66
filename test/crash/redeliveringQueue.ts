/** A queue as the storage service has it: a message whose handler died becomes visible again. */
import type { QueueMessage, RunMessage, RunQueue } from '../../shared/ports/queue.ts';

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

  async repeat(message: QueueMessage, _failures: number, delaySeconds: number): Promise<void> {
    if (!('ask' in message)) await this.send(message, delaySeconds);
  }

  async setAside(): Promise<number> {
    return 0;
  }

  /** Hands the oldest visible message over and removes it once `handle` has ended well. False: none is visible. */
  async deliver(handle: (message: RunMessage) => Promise<void>): Promise<boolean> {
    const next = this.#held.find(({ visibleAtMs }) => visibleAtMs <= this.#now());
    if (!next) return false;
    await handle(next.message);
    this.#held = this.#held.filter((held) => held !== next);
    return true;
  }
}
