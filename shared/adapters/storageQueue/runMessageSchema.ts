/** The forms of messages on their way through a queue. */
import { z } from 'zod';
import { isGuid, runId } from '../../domain/common/ids.ts';
import { runTriggers } from '../../domain/logs/syncJob.ts';
import type { QueueMessage, RunMessage } from '../../ports/queue.ts';

const queuedRunSchema = z.object({
  job: z.string().min(1),
  runId: z.string().refine(isGuid, 'must be a GUID').transform(runId),
  trigger: z.enum(runTriggers),
});

/** Checks a message taken from a queue; unknown members are dropped, and nothing follows unless it says so. */
export const runMessageSchema = queuedRunSchema.extend({
  followedBy: z.array(queuedRunSchema).default([]),
}) satisfies z.ZodType<RunMessage>;

/** The question whether a job is due. */
export const questionSchema = z.object({ ask: z.string().min(1) });

/** How often a message could not be carried out so far; most say nothing of it. */
export const failuresSchema = z.object({ failures: z.int().min(0).default(0) });

/** What travels over the queue. */
export type QueueItem = QueueMessage & { readonly failures?: number };

/** The form of a message that has failed so many times. */
export function repeated(message: QueueMessage, failures: number): QueueItem {
  return { ...message, failures };
}
