/** Messages of the run queue on their way in. */
import { z } from 'zod';
import { runMessageSchema } from '../adapters/storageQueue/runMessageSchema.ts';
import { SyncFailure } from '../domain/common/failures.ts';
import type { RunMessage } from '../ports/queue.ts';

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
