/**
 * Job queue entries over one table: partition `jobs`, row = name, guarded by the row's version (J-119); partition
 * `categories`, row = category, who runs of each (J-120); partition
 * `integration`, one row, whether anything runs at all.
 */
import { z } from 'zod';
import { neverStamped } from '../../domain/common/instants.ts';
import { neverSwitched } from '../../domain/jobs/integrationState.ts';
import { type JobQueueEntry, jobStatuses, noDeletions, weekdays } from '../../domain/jobs/jobQueueEntry.ts';
import { runTriggers } from '../../domain/logs/syncJob.ts';
import type { JobStore, StoredJob } from '../../ports/jobStore.ts';
import { column, cutMessage, json, jsonOrNull, orNull, present, readRow } from './columns.ts';
import type { EntityTable, Properties, StoredRow } from './entityTable.ts';
import { encodeKey } from './keys.ts';
import { replaceVersion, writeWherePossible } from './lookups.ts';

const partition = 'jobs';
const categoryPartition = 'categories';
const integrationPartition = 'integration';
const integrationRow = 'state';

const lastRun = z.object({
  runId: column.runId,
  trigger: z.enum(runTriggers),
  startedAt: column.instant,
  finishedAt: column.instant.nullable(),
  outcome: z.enum(['success', 'error']).nullable(),
});

const jobSchema = z.object({
  name: z.string(),
  mapping: orNull(column.mapping),
  description: z.string(),
  status: z.enum(jobStatuses),
  frequencyMinutes: z.number(),
  inactivityTimeoutMinutes: z.number(),
  earliestStart: column.instant,
  lastRun: orNull(json(lastRun)),
  attempts: column.count,
  maxAttempts: column.count,
  rerunDelaySeconds: z.number(),
  category: orNull(z.string()),
  window: orNull(json(z.object({ start: z.string().nullable(), end: z.string().nullable() }))),
  weekdays: json(z.array(z.enum(weekdays))),
  errorMessage: z.string(),
  statusBefore: orNull(z.enum(jobStatuses)),
  woken: z.boolean().default(false),
  reportedDeletions: orNull(
    json(z.object({ ids: z.array(column.businessCentralId), more: z.boolean() })),
  ).transform((deletions) => deletions ?? noDeletions),
});

const integrationSchema = z.object({
  enabled: z.boolean(),
  changedAt: orNull(column.instant),
  changedBy: z.string(),
  reason: z.string(),
});

const categoryLeaseSchema = z.object({ category: z.string(), owner: z.string(), expiresAt: column.instant });

/** Job queue entries in `table`; a version is the row's ETag. */
export function jobStore(table: EntityTable): JobStore {
  return {
    async get(name) {
      const row = await table.get(partition, encodeKey(name));
      return row === null ? null : storedJob(table.name, row);
    },
    async list() {
      const { rows } = await table.query({ partition });
      return rows.map((row) => storedJob(table.name, row));
    },
    async createIfMissing(entry) {
      const row = encodeKey(entry.name);
      await table.write(partition, [{ kind: 'insert', row, properties: jobProperties(entry) }]);
    },
    replace: (entry, version) =>
      replaceVersion(table, partition, encodeKey(entry.name), jobProperties(entry), version),
    remove: (name) => writeWherePossible(table, partition, [{ kind: 'delete', row: encodeKey(name) }]),
    async category(category) {
      const row = await table.get(categoryPartition, encodeKey(category));
      if (row === null) return { lease: { category, owner: '', expiresAt: neverStamped }, version: null };
      return { lease: readRow(table.name, row, categoryLeaseSchema), version: row.version };
    },
    replaceCategory: (lease, version) =>
      replaceVersion(table, categoryPartition, encodeKey(lease.category), { ...lease }, version),
    async integration() {
      const row = await table.get(integrationPartition, integrationRow);
      if (row === null) return { state: neverSwitched, version: null };
      return { state: readRow(table.name, row, integrationSchema), version: row.version };
    },
    replaceIntegration: (state, version) =>
      replaceVersion(table, integrationPartition, integrationRow, present({ ...state }), version),
  };
}

function jobProperties(entry: JobQueueEntry): Properties {
  return present({
    ...entry,
    lastRun: jsonOrNull(entry.lastRun),
    window: jsonOrNull(entry.window),
    weekdays: JSON.stringify(entry.weekdays),
    errorMessage: cutMessage(entry.errorMessage),
    reportedDeletions: JSON.stringify(entry.reportedDeletions),
  });
}

function storedJob(table: string, row: StoredRow): StoredJob {
  return { entry: readRow(table, row, jobSchema), version: row.version };
}
