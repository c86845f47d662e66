/** Rows of the synchronisation log and its errors: partition = mapping, row = inverted id (newest first). */
import { z } from 'zod';
import { mappingDirections, passDirections } from '../../domain/common/directions.ts';
import { failureKinds } from '../../domain/common/failures.ts';
import { runTriggers, type SyncError, type SyncJob, syncJobTypes } from '../../domain/logs/syncJob.ts';
import { column, cutMessage, json, orNull, present, readRow } from './columns.ts';
import type { RowWrite, StoredRow } from './entityTable.ts';
import { newestFirstKey } from './keys.ts';

const counts = z.object({
  inserted: column.count,
  modified: column.count,
  deleted: column.count,
  unchanged: column.count,
  skipped: column.count,
  failed: column.count,
  coupled: column.count,
  uncoupled: column.count,
});

const syncJobSchema = z.object({
  id: column.syncJobId,
  runId: column.runId,
  job: z.string(),
  mapping: column.mapping,
  type: z.enum(syncJobTypes),
  direction: z.enum(mappingDirections),
  trigger: z.enum(runTriggers),
  startedAt: column.instant,
  finishedAt: orNull(column.instant),
  message: z.string(),
  counts: json(counts),
  requests: json(z.object({ businessCentral: column.count, dataverse: column.count })),
});

/** `hasFailed` is kept so that the service can filter by it. */
export function syncJobWrite(job: SyncJob): RowWrite {
  const properties = present({
    ...job,
    message: cutMessage(job.message),
    counts: JSON.stringify(job.counts),
    requests: JSON.stringify(job.requests),
    hasFailed: job.counts.failed > 0,
  });
  return { kind: 'upsert', row: newestFirstKey(job.id), properties };
}

/** The log row; raises SyncFailure `stored-row-unreadable`. */
export function syncJobFrom(table: string, row: StoredRow): SyncJob {
  return readRow(table, row, syncJobSchema);
}

const syncErrorSchema = z.object({
  id: column.syncErrorId,
  syncJobId: column.syncJobId,
  mapping: column.mapping,
  direction: z.enum(passDirections),
  businessCentralId: orNull(column.businessCentralId),
  dataverseId: orNull(column.dataverseId),
  name: z.string(),
  code: z.string(),
  kind: z.enum(failureKinds),
  message: z.string(),
  field: orNull(z.string()),
  occurredAt: column.instant,
  resolvedAt: orNull(column.instant),
  suggestion: z.string(),
});

/** `isOpen` is kept because a missing `resolvedAt` passes no filter (B-14). */
export function syncErrorWrite(error: SyncError): RowWrite {
  const properties = present({
    ...error,
    message: cutMessage(error.message),
    suggestion: cutMessage(error.suggestion),
    isOpen: error.resolvedAt === null,
  });
  return { kind: 'upsert', row: newestFirstKey(error.id), properties };
}

/** The error; raises SyncFailure `stored-row-unreadable`. */
export function syncErrorFrom(table: string, row: StoredRow): SyncError {
  return readRow(table, row, syncErrorSchema);
}
