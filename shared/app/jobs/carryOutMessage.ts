/** What becomes of a message of the queue whose work fails (platform C-21). */
import { repeatDelaySeconds } from '../../domain/jobs/redelivery.ts';
import type { QueueMessage } from '../../ports/queue.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { asFailure } from './asFailure.ts';

/**
 * Does the work of a message. When that fails, as it does while storage is away, the message is handed over again with a
 * delay that grows, and counts as done: given back to the service it would come at once, hold up its session, and be set
 * aside within seconds. Raises the failure when the message was tried often enough, or cannot be handed over; then the
 * service decides. Work must be safe to repeat.
 */
export async function carryOutMessage(
  { queue, log }: Pick<SyncPorts, 'queue' | 'log'>,
  message: QueueMessage,
  failures: number,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const failure = asFailure(error);
    const { code, message: text, kind, retryAfterMs } = failure;
    const about = { ...identityOf(message), code, message: text, failures: failures + 1 };
    const delaySeconds = repeatDelaySeconds({ failures, kind, retryAfterMs });
    if (delaySeconds === null) {
      log('error', 'message-given-up', about);
      throw failure;
    }
    try {
      await queue.repeat(message, failures + 1, delaySeconds);
    } catch (sending) {
      log('error', 'message-not-repeated', { ...about, reason: asFailure(sending).message });
      throw failure;
    }
    log('warning', 'message-repeated', { ...about, delaySeconds });
  }
}

function identityOf(message: QueueMessage): Readonly<Record<string, string>> {
  if ('ask' in message) return { job: message.ask };
  const { job, runId, trigger } = message;
  return { job, runId, trigger };
}
