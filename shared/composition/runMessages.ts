/** Messages of the run queue on their way in. */
import { z } from 'zod';
import { questionSchema, runMessageSchema } from '../adapters/storageQueue/runMessageSchema.ts';
import { SyncFailure } from '../domain/common/failures.ts';
import type { RunMessage } from '../ports/queue.ts';

/** What comes out of the queue: a run to carry out, or the name of a job to ask. */
export type QueueMessage = RunMessage | { readonly ask: string };

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
