/** A run queue that delivers in virtual time, each message punctually and once. */
import type { SimulatorClock } from '../../local/simulators/common/clock.ts';
import { type QueueItem, repeated } from '../../shared/adapters/storageQueue/runMessageSchema.ts';
import type { RunQueue } from '../../shared/ports/queue.ts';

/** Hands a message to `deliver` once the clock reaches the time it is due. */
export function virtualQueue(clock: SimulatorClock, deliver: (item: unknown) => Promise<void>): RunQueue {
  const put = async (item: QueueItem, delaySeconds: number): Promise<void> => {
    const text = JSON.stringify(item);
    const dueMs = clock.now() + Math.max(0, Math.round(delaySeconds * 1000));
    clock.schedule(dueMs, () => deliver(JSON.parse(text)));
  };
  return {
    send: (message, delaySeconds = 0) => put(message, delaySeconds),
    ask: (job, delaySeconds) => put({ ask: job }, delaySeconds),
    repeat: (message, failures, delaySeconds) => put(repeated(message, failures), delaySeconds),
    setAside: async () => 0,
  };
}
