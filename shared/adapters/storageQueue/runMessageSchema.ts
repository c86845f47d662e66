/** The form of a run message on its way through a queue. */
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
  keepOnHold: z.boolean().exactOptional(),
}) satisfies z.ZodType<RunMessage>;
