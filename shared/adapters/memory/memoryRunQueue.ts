/** A run queue in memory, for unit tests; nothing consumes it but the test. */
import { invariant } from '../../domain/common/failures.ts';
import type { QueueMessage, RunMessage, RunQueue } from '../../ports/queue.ts';

export interface SentMessage {
  readonly message: RunMessage;
  readonly delaySeconds: number;
}

/** A question whether a job is due, and after how long. */
export interface AskedQuestion {
  readonly job: string;
  readonly delaySeconds: number;
}

/** A message that could not be carried out, and after how long it comes again. */
export interface RepeatedMessage {
  readonly message: QueueMessage;
  readonly failures: number;
  readonly delaySeconds: number;
}

/** What a memory queue holds: everything handed over, in order. */
export interface MemoryRunQueue extends RunQueue {
  readonly sent: readonly SentMessage[];
  readonly asked: readonly AskedQuestion[];
  readonly repeated: readonly RepeatedMessage[];
  /** Messages that count as set aside; a test puts them there. */
  readonly poison: QueueMessage[];
}

/** An empty queue; messages are copies, so later changes do not show. */
export function createMemoryRunQueue(): MemoryRunQueue {
  const sent: SentMessage[] = [];
  const asked: AskedQuestion[] = [];
  const repeated: RepeatedMessage[] = [];
  const poison: QueueMessage[] = [];
  return {
    poison,
    sent,
    asked,
    repeated,
    async send(message, delaySeconds = 0) {
      checkDelay(delaySeconds);
      sent.push({ message: structuredClone(message), delaySeconds });
    },
    async ask(job, delaySeconds) {
      checkDelay(delaySeconds);
      asked.push({ job, delaySeconds });
    },
    async repeat(message, failures, delaySeconds) {
      checkDelay(delaySeconds);
      repeated.push({ message: structuredClone(message), failures, delaySeconds });
    },
    setAside: async () => poison.length,
  };
}

function checkDelay(delaySeconds: number): void {
  invariant(Number.isFinite(delaySeconds), `Delay of ${delaySeconds} seconds`);
}
