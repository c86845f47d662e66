/** A run queue in memory, for unit tests; nothing consumes it but the test. */
import type { RunMessage, RunQueue } from '../../ports/queue.ts';

export interface SentMessage {
  readonly message: RunMessage;
  readonly delaySeconds: number;
}

/** `sent` holds everything handed over, in order; messages are copies, so later changes do not show. */
export function createMemoryRunQueue(): RunQueue & { readonly sent: readonly SentMessage[] } {
  const sent: SentMessage[] = [];
  return {
    sent,
    async send(message, delaySeconds = 0) {
      sent.push({ message: structuredClone(message), delaySeconds });
    },
  };
}
