/** The full synchronisation review over one table: one row, so that it changes as a whole. */
import { z } from 'zod';
import { recommendations } from '../../domain/fullSync/review.ts';
import type { FullSyncStore } from '../../ports/fullSyncStore.ts';
import { column, joinedText, json, readRow, textParts } from './columns.ts';
import type { EntityTable } from './entityTable.ts';
import { replaceVersion } from './lookups.ts';

const partition = 'fullSync';
const rowKey = 'review';

const runSchema = z.object({
  runId: column.runId,
  requestedAt: column.instant,
  outcome: z.enum(['finished', 'error']).nullable(),
  // Rows of earlier versions know no such wish.
  keepsCreatingNew: z.boolean().default(false),
});

const lineSchema = z.object({
  mapping: column.mapping,
  chosen: z.enum(recommendations).nullable(),
  counted: z.enum(recommendations).nullable(),
  run: runSchema.nullable(),
});

const rowSchema = z.object({ review: json(z.array(lineSchema)) });

/** The review in `table`; its version is the row's ETag. */
export function fullSyncStore(table: EntityTable): FullSyncStore {
  return {
    async get() {
      const row = await table.get(partition, rowKey);
      if (row === null) return { review: [], version: null };
      const review = joinedText('review', row.properties) ?? undefined;
      return { ...readRow(table.name, row, rowSchema, { ...row.properties, review }), version: row.version };
    },
    replace: (review, version) =>
      replaceVersion(table, partition, rowKey, textParts('review', JSON.stringify(review)), version),
  };
}
