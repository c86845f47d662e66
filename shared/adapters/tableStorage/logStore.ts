/** The synchronisation log over two tables, newest first. */
import type { MappingName } from '../../domain/common/ids.ts';
import type { LogStore, SyncErrorQuery, SyncJobQuery } from '../../ports/logStore.ts';
import type { Condition, EntityTable, RowWrite } from './entityTable.ts';
import { encodeKey, newestFirstKey } from './keys.ts';
import { syncErrorFrom, syncErrorWrite, syncJobFrom, syncJobWrite } from './logRows.ts';
import { groupByMapping, writeWherePossible } from './lookups.ts';
import { newestRows } from './newestFirst.ts';

/**
 * Log rows in `syncJobs`, their errors in `syncErrors`. Finding a sync job by id alone looks through the
 * whole table, as its mapping is not known: fit for a person who opens one row, not for loops.
 */
export function logStore(syncJobs: EntityTable, syncErrors: EntityTable): LogStore {
  return {
    async saveSyncJob(job) {
      await syncJobs.write(encodeKey(job.mapping), [syncJobWrite(job)]);
    },
    async saveSyncJobs(mapping, jobs) {
      await syncJobs.write(encodeKey(mapping), jobs.map(syncJobWrite));
    },
    async syncJob(id) {
      const [row] = (await syncJobs.query({ rows: [newestFirstKey(id)] })).rows;
      return row === undefined ? null : syncJobFrom(syncJobs.name, row);
    },
    async listSyncJobs(query, page) {
      const found = await newestRows(syncJobs, query.mapping, syncJobConditions(query), page, query.until);
      return { ...found, rows: found.rows.map((row) => syncJobFrom(syncJobs.name, row)) };
    },
    async saveErrors(errors) {
      for (const [mapping, group] of groupByMapping(errors)) {
        await writeWherePossible(syncErrors, encodeKey(mapping), group.map(syncErrorWrite));
      }
    },
    async resolveErrors(mapping, ids, at) {
      const properties = { resolvedAt: at, isOpen: false };
      const writes = ids.map((id): RowWrite => ({ kind: 'merge', row: newestFirstKey(id), properties }));
      await writeWherePossible(syncErrors, encodeKey(mapping), writes);
    },
    async listErrors(query, page) {
      const found = await newestRows(
        syncErrors,
        query.mapping,
        syncErrorConditions(query),
        page,
        query.until,
      );
      return { ...found, rows: found.rows.map((row) => syncErrorFrom(syncErrors.name, row)) };
    },
    removeSyncJobs: (mapping, ids) => removeRows(syncJobs, mapping, ids),
    removeErrors: (mapping, ids) => removeRows(syncErrors, mapping, ids),
  };
}

async function removeRows(table: EntityTable, mapping: MappingName, ids: readonly string[]): Promise<void> {
  const writes = ids.map((id): RowWrite => ({ kind: 'delete', row: newestFirstKey(id) }));
  await writeWherePossible(table, encodeKey(mapping), writes);
}

function syncJobConditions(query: SyncJobQuery): readonly Condition[] {
  return [
    ...equal('job', query.job),
    ...equal('type', query.type),
    ...equal('runId', query.runId?.toLowerCase()),
    ...equal('hasFailed', query.failed === true ? true : undefined),
    ...(query.since === undefined
      ? []
      : [{ property: 'startedAt', operator: 'ge', value: query.since } as const]),
  ];
}

function syncErrorConditions(query: SyncErrorQuery): readonly Condition[] {
  return [
    ...equal('code', query.code),
    ...equal('syncJobId', query.syncJobId),
    ...equal('businessCentralId', query.businessCentralId),
    ...equal('dataverseId', query.dataverseId),
    ...equal('isOpen', query.open === true ? true : undefined),
  ];
}

function equal(property: string, value: string | boolean | undefined): readonly Condition[] {
  return value === undefined ? [] : [{ property, operator: 'eq', value }];
}
