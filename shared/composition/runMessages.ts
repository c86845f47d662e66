/** Messages of the run queue on their way in. */
import { z } from 'zod';
import {
  failuresSchema,
  questionSchema,
  runMessageSchema,
} from '../adapters/storageQueue/runMessageSchema.ts';
import { SyncFailure } from '../domain/common/failures.ts';
import type { QueueMessage, RunMessage } from '../ports/queue.ts';

/** A message as it came out of the queue. */
export interface DeliveredMessage {
  readonly message: QueueMessage;
  /** How often it could not be carried out so far. */
  readonly failures: number;
}

/** Checks a message of either form, and how often it has failed. Raises as parseRunMessage does. */
export function parseDelivered(item: unknown): DeliveredMessage {
  const message = parseQueueMessage(item);
  const parsed = failuresSchema.safeParse(item);
  return { message, failures: parsed.success ? parsed.data.failures : 0 };
}

/** Checks a message of either form. Raises as parseRunMessage does. */
export function parseQueueMessage(item: unknown): QueueMessage {
  const question = questionSchema.safeParse(item);
  return question.success ? question.data : parseRunMessage(item);
}

/** Checks a message. Raises SyncFailure `unreadable-message` (bug), upon which the host sets it aside after some tries. */
export function parseRunMessage(item: unknown): RunMessage {
  const parsed = runMessageSchema.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new SyncFailure({
    kind: 'bug',
    code: 'unreadable-message',
    message: `A message of the run queue cannot be read: ${z.prettifyError(parsed.error)}`,
  });
}
