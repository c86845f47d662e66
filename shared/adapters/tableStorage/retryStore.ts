/** The retry list over one table: partition = mapping, row = `{side}|{id}`. */
import { z } from 'zod';
import { sides } from '../../domain/common/directions.ts';
import { failureKinds } from '../../domain/common/failures.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import type { RetryStore } from '../../ports/logStore.ts';
import { column, cutMessage, present, readRow } from './columns.ts';
import type { EntityTable, RowWrite, StoredRow } from './entityTable.ts';
import { encodeKey } from './keys.ts';
import { groupByMapping, writeWherePossible } from './lookups.ts';

const retrySchema = z.object({
  mapping: column.mapping,
  side: z.enum(sides),
  id: z.union([column.businessCentralId, column.dataverseId]),
  name: z.string(),
  kind: z.enum(failureKinds),
  code: z.string(),
  message: z.string(),
  fingerprint: z.string(),
  skipped: z.boolean(),
  modifiedAt: column.instant,
  attempts: column.count,
  firstFailedAt: column.instant,
  lastFailedAt: column.instant,
  errorId: column.syncErrorId,
});

/** Failed records without a coupling, in `table`. */
export function retryStore(table: EntityTable): RetryStore {
  return {
    async list(mapping) {
      const { rows } = await table.query({ partition: encodeKey(mapping) });
      return rows.map((row) => retryFrom(table.name, row));
    },
    async save(records) {
      for (const [mapping, group] of groupByMapping(records)) {
        await writeWherePossible(table, encodeKey(mapping), group.map(upsert));
      }
    },
    async remove(mapping, keys) {
      const writes = keys.map((key): RowWrite => ({ kind: 'delete', row: rowKey(key) }));
      await writeWherePossible(table, encodeKey(mapping), writes);
    },
  };
}

function rowKey({ side, id }: Pick<RetryRecord, 'side' | 'id'>): string {
  return `${side}|${id}`;
}

function upsert(record: RetryRecord): RowWrite {
  const properties = present({ ...record, message: cutMessage(record.message) });
  return { kind: 'upsert', row: rowKey(record), properties };
}

function retryFrom(table: string, row: StoredRow): RetryRecord {
  return readRow(table, row, retrySchema);
}
