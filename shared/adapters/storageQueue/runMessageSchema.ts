/** The forms of messages on their way through a queue. */
import { z } from 'zod';
import { isGuid, runId } from '../../domain/common/ids.ts';
import { runTriggers } from '../../domain/logs/syncJob.ts';
import type { RunMessage } from '../../ports/queue.ts';

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

/** What travels over the queue. */
export type QueueItem = RunMessage | z.output<typeof questionSchema>;
