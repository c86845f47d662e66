/** Schemas of job queue entries, their health, and the full synchronisation review (contract section 3). */
import { z } from 'zod';
import { failureKinds } from '../../../shared/domain/common/failures.ts';
import { directionStatuses, lineStatuses, recommendations } from '../../../shared/domain/fullSync/review.ts';
import { jobHealthProblemCodes } from '../../../shared/domain/jobs/jobHealth.ts';
import { jobStatuses, weekdays } from '../../../shared/domain/jobs/jobQueueEntry.ts';
import { runTriggers } from '../../../shared/domain/logs/syncJob.ts';
import { count, guid, instant, named } from '../../http/answerSchema.ts';
import { shortcoming } from './shortcoming.ts';

const timeOfDay = z.string().regex(/^\d\d:\d\d$/);

/** A job queue entry. */
export const job = named(
  'Job',
  z.strictObject({
    name: z.string(),
    mapping: z.string().nullable(),
    description: z.string(),
    status: z.enum(jobStatuses),
    frequencyMinutes: count,
    inactivityTimeoutMinutes: count,
    earliestStart: instant,
    lastRun: z
      .strictObject({
        runId: guid,
        trigger: z.enum(runTriggers),
        startedAt: instant,
        finishedAt: instant.nullable(),
        outcome: z.enum(['success', 'error']).nullable(),
      })
      .nullable(),
    attempts: count,
    maxAttempts: count,
    rerunDelaySeconds: count,
    category: z.string().nullable(),
    window: z.strictObject({ start: timeOfDay.nullable(), end: timeOfDay.nullable() }).nullable(),
    weekdays: z.array(z.enum(weekdays)),
    errorMessage: z.string(),
    shortcomings: z.array(shortcoming).exactOptional(),
  }),
);

const jobHealth = z.strictObject({
  job: z.string(),
  status: z.enum(jobStatuses),
  scheduled: z.boolean(),
  earliestStart: instant,
  lastSuccessAt: instant.nullable(),
  lagSeconds: count.nullable(),
  backlog: count,
  oldestPendingChangeAt: instant.nullable(),
  openErrors: z.partialRecord(z.enum(failureKinds), count),
  problems: z.array(z.enum(jobHealthProblemCodes)),
  errorMessage: z.string(),
});

/** Health of the jobs. */
export const health = named(
  'Health',
  z.strictObject({
    healthy: z.boolean(),
    enabled: z.boolean(),
    checkedAt: instant,
    jobs: z.array(jobHealth),
    openErrorsComplete: z.boolean(),
    messagesSetAside: z.int().nullable(),
  }),
);

/** What is told when the storage does not answer. */
export const unreadableHealth = z.strictObject({
  healthy: z.literal(false),
  jobs: z.array(z.never()),
  problems: z.array(z.strictObject({ code: z.string(), message: z.string() })),
});

/** One line of the full synchronisation review. */
export const fullSyncLine = named(
  'FullSyncLine',
  z.strictObject({
    mapping: z.string(),
    recommendation: z.enum(recommendations),
    status: z.enum(lineStatuses),
    toDataverse: z.enum(directionStatuses),
    toBusinessCentral: z.enum(directionStatuses),
    syncJobIds: z.array(guid),
  }),
);
