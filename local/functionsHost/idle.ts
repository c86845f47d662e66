/** Tells when an app has nothing to do: no function runs, no message waits in a trigger queue. */
import type { MessageListener } from './messageListener.ts';
import type { RunningFunctions } from './runningFunctions.ts';

interface IdleParts {
  readonly running: RunningFunctions;
  readonly queues: readonly MessageListener[];
  /** Milliseconds on a clock that only measures spans. */
  readonly elapsedMs: () => number;
  /** True once the host stops: nothing becomes idle any more, the wait ends. */
  readonly isStopping: () => boolean;
}

const checkEveryMs = 25;

/**
 * Looking at several queues takes time, so the answer counts only if nothing was started or received meanwhile: a
 * function that ended during the look may have sent a message to a queue that had been looked at already.
 */
async function isIdleNow({ running, queues }: IdleParts): Promise<boolean> {
  const startedBefore = running.started();
  const isQuiet = () => running.count() === 0 && !queues.some((queue) => queue.isBusy());
  if (!isQuiet()) return false;
  const waiting = await Promise.all(queues.map((queue) => queue.hasWaiting()));
  return !waiting.includes(true) && isQuiet() && running.started() === startedBefore;
}

/**
 * Resolves with true as soon as the app is idle, or with false after `timeoutMs`. Messages that become visible later do
 * not count. Rejects when a queue cannot be read.
 */
export async function waitUntilIdle(parts: IdleParts, timeoutMs: number): Promise<boolean> {
  const giveUpAtMs = parts.elapsedMs() + timeoutMs;
  for (;;) {
    if (parts.isStopping()) return false;
    if (await isIdleNow(parts)) return true;
    if (parts.elapsedMs() >= giveUpAtMs) return false;
    for (const queue of parts.queues) queue.poke();
    await new Promise((resolve) => setTimeout(resolve, checkEveryMs));
  }
}
