/** What a run or a question looks like as a message of Service Bus. */
import { createHash } from 'node:crypto';
import type { ServiceBusMessage } from '@azure/service-bus';
import type { QueueMessage, RunMessage } from '../../ports/queue.ts';
import type { QueueItem } from '../storageQueue/runMessageSchema.ts';

const longestId = 128;
const second = 1000;

/**
 * A run: one session per mapping, so that one consumer works on it at a time (DESIGN, Scale).
 *
 * The same run is sent again on purpose: when it met a running one, and to go on after a time slice. So its id is that of
 * the run and the instant it is for: what is sent twice for one instant is a repetition and arrives once.
 */
export function runBusMessage(
  message: RunMessage & Pick<QueueItem, 'failures'>,
  nowMs: number,
  delayMs: number,
): ServiceBusMessage {
  const dueMs = nowMs + delayMs;
  const id = `run|${message.runId}|${dueMs}`;
  return busMessage(message, message.job, id, delayMs > 0 ? dueMs : null);
}

/**
 * A question: all that are asked for one job and one second are one message. That second is always still to come, so none
 * of them can have been answered before the last was asked: nothing is lost by dropping repetitions (platform C-20).
 */
export function questionBusMessage(
  question: Exclude<QueueItem, RunMessage>,
  nowMs: number,
  delayMs: number,
): ServiceBusMessage {
  const dueMs = (Math.floor((nowMs + delayMs) / second) + 1) * second;
  return busMessage(question, question.ask, `ask|${question.ask}|${dueMs}`, dueMs);
}

/** A message of either form that comes again. */
export function repeatedBusMessage(
  message: QueueMessage,
  failures: number,
  nowMs: number,
  delayMs: number,
): ServiceBusMessage {
  return 'ask' in message
    ? questionBusMessage({ ...message, failures }, nowMs, delayMs)
    : runBusMessage({ ...message, failures }, nowMs, delayMs);
}

function busMessage(item: QueueItem, job: string, id: string, dueMs: number | null): ServiceBusMessage {
  return {
    body: item,
    contentType: 'application/json',
    sessionId: shortened(job),
    messageId: shortened(id),
    ...(dueMs === null ? {} : { scheduledEnqueueTimeUtc: new Date(dueMs) }),
  };
}

/** Service Bus takes 128 characters; a longer id is told apart by its digest. */
function shortened(id: string): string {
  return id.length <= longestId ? id : createHash('sha256').update(id).digest('hex');
}
