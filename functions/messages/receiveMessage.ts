/** Receives one message of the queue, whichever service brought it. */
import type { InvocationContext } from '@azure/functions';
import { asFailure } from '../../shared/app/jobs/asFailure.ts';
import { carryOutMessage } from '../../shared/app/jobs/carryOutMessage.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { withInvocationLog } from '../../shared/composition/invocationLog.ts';
import { type DeliveredMessage, parseDelivered } from '../../shared/composition/runMessages.ts';
import type { QueueMessage } from '../../shared/ports/queue.ts';
import type { Log } from '../../shared/ports/system.ts';

/**
 * Carries a message out. Raises what only the host can deal with, by delivering the message again and setting it aside in
 * the end: a message of no known form, one that failed too often, and one that cannot be handed over again (C-21).
 */
export function receiveMessage(app: Composition, item: unknown, context: InvocationContext): Promise<void> {
  return withInvocationLog(context, async () => {
    const { queue, log } = app.messaging();
    const { message, failures } = read(item, log);
    await carryOutMessage({ queue, log }, message, failures, () => work(app, message));
  });
}

/** Trying again does not make it readable; the log says what is wrong with it. */
function read(item: unknown, log: Log): DeliveredMessage {
  try {
    return parseDelivered(item);
  } catch (error) {
    const { code, message } = asFailure(error);
    log('error', 'message-unreadable', { code, message });
    throw error;
  }
}

async function work(app: Composition, message: QueueMessage): Promise<void> {
  const { ports, mappings } = await app.open();
  if ('ask' in message) await tickJob(ports, message.ask);
  else await executeRun(ports, mappings, message);
}
