/** Schemas of the synchronisation log and of answers of actions (contract section 3). */
import { z } from 'zod';
import { mappingDirections, passDirections } from '../../../shared/domain/common/directions.ts';
import { failureKinds } from '../../../shared/domain/common/failures.ts';
import { runTriggers, syncJobTypes } from '../../../shared/domain/logs/syncJob.ts';
import { count, guid, instant, named } from '../../http/answerSchema.ts';

/** Records by what became of them (E-47). */
export const counts = named(
  'Counts',
  z.strictObject({
    inserted: count,
    modified: count,
    deleted: count,
    unchanged: count,
    skipped: count,
    failed: count,
    coupled: count,
    uncoupled: count,
  }),
);

/** Requests sent to each service. */
export const requests = z.strictObject({ businessCentral: count, dataverse: count });

/** A row of the integration synchronisation log. */
export const syncJob = named(
  'SyncJob',
  z.strictObject({
    id: guid,
    runId: guid,
    job: z.string(),
    mapping: z.string(),
    type: z.enum(syncJobTypes),
    direction: z.enum(mappingDirections),
    trigger: z.enum(runTriggers),
    startedAt: instant,
    finishedAt: instant.nullable(),
    message: z.string(),
    counts,
    requests,
  }),
);

/** A row of the integration synchronisation errors. */
export const syncError = named(
  'SyncError',
  z.strictObject({
    id: guid,
    syncJobId: guid,
    mapping: z.string(),
    direction: z.enum(passDirections),
    businessCentralId: guid.nullable(),
    dataverseId: guid.nullable(),
    name: z.string(),
    code: z.string(),
    kind: z.enum(failureKinds),
    message: z.string(),
    field: z.string().exactOptional(),
    occurredAt: instant,
    resolvedAt: instant.nullable(),
    suggestion: z.string(),
  }),
);

const result = z.strictObject({
  job: z.string().exactOptional(),
  mapping: z.string().exactOptional(),
  businessCentralId: guid.exactOptional(),
  dataverseId: guid.exactOptional(),
  runId: guid.exactOptional(),
  status: z.enum(['accepted', 'skipped', 'failed']),
  records: count.exactOptional(),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
});

const acceptedShape = {
  runIds: z.array(guid),
  accepted: count,
  skipped: count,
  failed: count,
  results: z.array(result),
};

/** What an action answers at once. */
export const acceptedAction = named('AcceptedAction', z.strictObject(acceptedShape));

/** What an action answers once its runs have ended. */
export const endedAction = named(
  'EndedAction',
  z.strictObject({ ...acceptedShape, syncJobs: z.array(syncJob) }),
);
