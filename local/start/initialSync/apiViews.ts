/** The part of the app's API answers (contract section 3) that the initial synchronisation shows. */
import { z } from 'zod';

const count = z.number().default(0);

/** Answer of `POST /api/full-sync`: the runs, in the order in which they are carried out; a skipped one has no id. */
export const fullSyncSchema = z
  .object({ results: z.array(z.object({ job: z.string(), runId: z.string().optional() })) })
  .transform(({ results }) =>
    results.flatMap(({ job, runId }) => (runId === undefined ? [] : [{ job, runId }])),
  );

/** A job queue entry. */
export const jobSchema = z.object({
  name: z.string(),
  /** Null for a job that runs code. */
  mapping: z.string().nullable(),
  errorMessage: z.string().nullish(),
  lastRun: z
    .object({
      runId: z.string(),
      finishedAt: z.string().nullable(),
      outcome: z.enum(['success', 'error']).nullish(),
    })
    .nullable(),
});

/** A row of the integration synchronisation log: one pass of one run. */
export const syncJobSchema = z.object({
  id: z.string(),
  runId: z.string(),
  job: z.string(),
  trigger: z.string(),
  direction: z.enum(['toDataverse', 'toBusinessCentral', 'both']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  counts: z.object({
    inserted: count,
    modified: count,
    deleted: count,
    unchanged: count,
    skipped: count,
    failed: count,
  }),
  requests: z.object({ businessCentral: count, dataverse: count }).prefault({}),
});

/** An integration synchronisation error. */
export const syncErrorSchema = z.object({
  mapping: z.string(),
  name: z.string(),
  code: z.string(),
  message: z.string(),
  suggestion: z.string().nullish(),
});

/** A table mapping. */
export const tableMappingSchema = z.object({
  name: z.string(),
  businessCentral: z.object({ entitySet: z.string() }),
  dataverse: z.object({ entitySet: z.string() }),
});

/** One page of a list. */
export function listSchema<Item>(item: z.ZodType<Item>) {
  return z.object({ value: z.array(item), nextLink: z.string().optional() });
}

/** The error shape of every refusal. */
export const errorSchema = z.object({
  error: z.object({ message: z.string(), details: z.array(z.object({ message: z.string() })).optional() }),
});

export type QueuedRunView = z.infer<typeof fullSyncSchema>[number];
export type JobView = z.infer<typeof jobSchema>;
export type SyncJobView = z.infer<typeof syncJobSchema>;
export type SyncErrorView = z.infer<typeof syncErrorSchema>;
export type TableMappingView = z.infer<typeof tableMappingSchema>;
export type CountsView = SyncJobView['counts'];
