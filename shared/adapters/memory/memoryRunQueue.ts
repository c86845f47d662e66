/** A run queue in memory, for unit tests; nothing consumes it but the test. */
import type { RunMessage, RunQueue } from '../../ports/queue.ts';

export interface SentMessage {
  readonly message: RunMessage;
  readonly delaySeconds: number;
}

/** A question whether a job is due, and after how long. */
export interface AskedQuestion {
  readonly job: string;
  readonly delaySeconds: number;
}

/** What a memory queue holds: everything handed over, in order. */
export interface MemoryRunQueue extends RunQueue {
  readonly sent: readonly SentMessage[];
  readonly asked: readonly AskedQuestion[];
}

/** An empty queue; messages are copies, so later changes do not show. */
export function createMemoryRunQueue(): MemoryRunQueue {
  const sent: SentMessage[] = [];
  const asked: AskedQuestion[] = [];
  return {
    sent,
    asked,
    async send(message, delaySeconds = 0) {
      sent.push({ message: structuredClone(message), delaySeconds });
    },
    async ask(job, delaySeconds) {
      asked.push({ job, delaySeconds });
    },
  };
}
