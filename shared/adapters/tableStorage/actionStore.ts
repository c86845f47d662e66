/** Requested actions over one table: partition `actions`, row = inverted run id, newest first. The audit is beside them. */
import { z } from 'zod';
import type { ActionRun } from '../../domain/actions/actionRun.ts';
import {
  actionStatuses,
  chosenDirections,
  initialSynchronizations,
  mappingModes,
  synchronizeManners,
} from '../../domain/actions/actionRun.ts';
import type { ActionStore } from '../../ports/actionStore.ts';
import { auditRows } from './auditRows.ts';
import {
  column,
  cutMessage,
  joinedText,
  json,
  jsonOrNull,
  orNull,
  present,
  readRow,
  textParts,
} from './columns.ts';
import type { EntityTable, RowWrite, StoredRow } from './entityTable.ts';
import { newestFirstKey } from './keys.ts';
import { writeWherePossible } from './lookups.ts';

const partition = 'actions';

const recordKey = z.object({
  businessCentralId: column.businessCentralId.nullable(),
  dataverseId: column.dataverseId.nullable(),
});

const errorSelection = z.array(recordKey).nullable();

const taskSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('synchronize'),
    manner: z.enum(synchronizeManners),
    businessCentralIds: z.array(column.businessCentralId),
    dataverseIds: z.array(column.dataverseId),
  }),
  z.object({ kind: z.literal('mapping'), mode: z.enum(mappingModes) }),
  z.object({
    kind: z.literal('couple'),
    businessCentralId: column.businessCentralId,
    dataverseId: column.dataverseId,
    initialSync: z.enum(initialSynchronizations),
  }),
  z.object({
    kind: z.literal('match'),
    fields: z
      .array(z.object({ id: z.string(), priority: z.number(), caseSensitive: z.boolean() }))
      .nullable(),
    createNew: z.boolean(),
    synchronizeAfter: z.boolean(),
  }),
  z.object({ kind: z.literal('uncouple'), records: z.array(recordKey) }),
  z.object({ kind: z.literal('uncoupleAll') }),
  z.object({ kind: z.literal('uncoupleErrors') }),
  z.object({ kind: z.literal('retry'), records: errorSelection, wake: z.boolean() }),
  z.object({
    kind: z.literal('synchronizeErrors'),
    records: errorSelection,
    direction: z.enum(chosenDirections),
  }),
  z.object({ kind: z.literal('restore'), records: errorSelection }),
  z.object({ kind: z.literal('delete'), records: errorSelection }),
  z.object({ kind: z.literal('createOrders'), dataverseIds: z.array(column.dataverseId) }),
  z.object({ kind: z.literal('processQuotes'), dataverseIds: z.array(column.dataverseId) }),
  z.object({
    kind: z.literal('updateStatistics'),
    businessCentralIds: z.array(column.businessCentralId),
  }),
  z.object({ kind: z.literal('findDeleted') }),
]);

const progressSchema = z.object({
  position: z.string().nullable(),
  syncJobs: z.record(z.string(), column.syncJobId),
});

const actionSchema = z.object({
  runId: column.runId,
  mapping: column.mapping,
  task: json(taskSchema),
  requestedBy: z.string(),
  requestedAt: column.instant,
  status: z.enum(actionStatuses),
  finishedAt: orNull(column.instant),
  message: z.string(),
  progress: orNull(json(progressSchema)),
});

/** Actions in `table`. */
export function actionStore(table: EntityTable): ActionStore {
  return {
    ...auditRows(table),
    async save(action) {
      const { task, progress, message, ...scalars } = action;
      const properties = {
        ...present({ ...scalars, message: cutMessage(message), progress: jsonOrNull(progress) }),
        ...textParts('task', JSON.stringify(task)),
      };
      await table.write(partition, [{ kind: 'upsert', row: newestFirstKey(action.runId), properties }]);
    },
    async get(id) {
      const row = await table.get(partition, newestFirstKey(id));
      return row === null ? null : actionFrom(table.name, row);
    },
    async removeRequestedBefore(at) {
      const where = [{ property: 'requestedAt', operator: 'le', value: at } as const];
      const { rows } = await table.query({ partition, where });
      const ended = rows.filter(({ properties }) => properties['finishedAt'] !== undefined);
      await writeWherePossible(
        table,
        partition,
        ended.map(({ row }): RowWrite => ({ kind: 'delete', row })),
      );
      return ended.length;
    },
  };
}

function actionFrom(table: string, row: StoredRow): ActionRun {
  const task = joinedText('task', row.properties) ?? undefined;
  return readRow(table, row, actionSchema, { ...row.properties, task });
}
