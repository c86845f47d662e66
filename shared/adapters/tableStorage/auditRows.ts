/** The audit beside the actions: partition `audit`, row = inverted id, newest first. */
import { z } from 'zod';
import type { AuditRow } from '../../domain/audit/auditRow.ts';
import type { ActionStore, AuditQuery } from '../../ports/actionStore.ts';
import { column, joinedText, json, orNull, present, readRow, textParts } from './columns.ts';
import type { Condition, EntityTable, RowWrite, StoredRow } from './entityTable.ts';
import { newestFirstKey } from './keys.ts';
import { writeWherePossible } from './lookups.ts';
import { newestRows } from './newestFirst.ts';

const partition = 'audit';

const outcomeSchema = z.object({
  status: z.number(),
  code: z.string().nullable(),
  runIds: z.array(column.runId),
});

const rowSchema = z.object({
  id: column.auditId,
  at: column.instant,
  user: z.string(),
  action: z.string(),
  target: orNull(z.string()),
  input: json(z.unknown()),
  outcome: orNull(json(outcomeSchema)),
});

/** The part of the action store that is about the audit. */
export function auditRows(
  table: EntityTable,
): Pick<ActionStore, 'saveAudit' | 'listAudit' | 'removeAuditBefore'> {
  return {
    async saveAudit({ input, outcome, ...scalars }) {
      const properties = {
        ...present({ ...scalars, outcome: outcome && JSON.stringify(outcome) }),
        ...textParts('input', JSON.stringify(input ?? null)),
      };
      await table.write(partition, [{ kind: 'upsert', row: newestFirstKey(scalars.id), properties }]);
    },
    async listAudit(query, page) {
      const found = await newestRows(table, partition, conditions(query), page);
      return { ...found, rows: found.rows.map((row) => auditRowFrom(table.name, row)) };
    },
    async removeAuditBefore(at) {
      const where = [{ property: 'at', operator: 'le', value: at } as const];
      const { rows } = await table.query({ partition, where, select: [] });
      await writeWherePossible(
        table,
        partition,
        rows.map(({ row }): RowWrite => ({ kind: 'delete', row })),
      );
      return rows.length;
    },
  };
}

function conditions({ user, action, target, since }: AuditQuery): readonly Condition[] {
  return [
    ...equal('user', user),
    ...equal('action', action),
    ...equal('target', target),
    ...(since === undefined ? [] : [{ property: 'at', operator: 'ge', value: since } as const]),
  ];
}

function equal(property: string, value: string | undefined): readonly Condition[] {
  return value === undefined ? [] : [{ property, operator: 'eq', value }];
}

function auditRowFrom(table: string, row: StoredRow): AuditRow {
  const input = joinedText('input', row.properties) ?? undefined;
  return readRow(table, row, rowSchema, { ...row.properties, input });
}
