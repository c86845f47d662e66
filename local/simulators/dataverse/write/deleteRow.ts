/** Deleting a row with everything the delete rules attach to it (section 11). Not simulated: the recycle bin. */
import { DataverseError, errorCodes, rowNotFound } from '../errors.ts';
import type { Column, Table } from '../schema/schema.ts';
import { cellOf, type Row } from '../store/row.ts';
import type { WriteContext } from './context.ts';
import { type DeleteBehaviour, deleteBehaviour } from './deleteRules.ts';
import { refreshHeader } from './dependentRows.ts';
import { RowDraft } from './rowDraft.ts';
import { applyCustomer } from './rules/customers.ts';
import { kindOfLine } from './rules/documents.ts';
import { checkLinesEditable } from './rules/editability.ts';
import { headerIdOf } from './rules/headerTotals.ts';
import { storeDraft } from './saveRow.ts';

const notDeletable: readonly string[] = ['organization', 'systemuser', 'businessunit'];

interface Reference {
  readonly table: Table;
  readonly column: Column;
  readonly row: Row;
  readonly behaviour: DeleteBehaviour;
}

/** Deletes in one transaction. Raises 404 when missing and 405 `0x80040227` when other rows forbid it. */
export function deleteRow(context: WriteContext, table: Table, id: string): void {
  const row = context.organisation.store.get(table, id);
  if (!row) throw rowNotFound(table.logicalName, id);
  const isFixed = cellOf(row, 'isdefault') === true || cellOf(row, 'isschedulebaseuom') === true;
  if (notDeletable.includes(table.logicalName) || isFixed) {
    throw restricted(`A row of '${table.logicalName}' cannot be deleted.`);
  }
  checkLine(context, table, row);
  context.organisation.store.transaction(() => removeWithDependants(context, table, id));
}

function restricted(message: string): DataverseError {
  return new DataverseError(405, errorCodes.deleteRestricted, message);
}

function checkLine(context: WriteContext, table: Table, row: Row): void {
  const kind = kindOfLine(table.logicalName);
  if (!kind) return;
  const header = context.organisation.store.get(kind.header, headerIdOf(kind, row));
  if (header) checkLinesEditable(kind.header, header);
}

function removeWithDependants(context: WriteContext, table: Table, id: string): void {
  const { store } = context.organisation;
  const row = store.get(table, id);
  if (!row) return;
  const references = referencesTo(context, table, id);
  if (references.some((reference) => reference.behaviour === 'restrict')) {
    throw restricted(
      'The object you tried to delete is associated with another object and cannot be deleted.',
    );
  }
  for (const { table: from, column, row: referring, behaviour } of references) {
    const referringId = String(referring[from.primaryId]);
    if (behaviour === 'cascade') removeWithDependants(context, from, referringId);
    else removeLink(context, from, column, referringId);
  }
  store.remove(table, id);
  if (table.logicalName === 'team')
    for (const user of [...store.members(id)]) store.setMember(id, user, false);
  const kind = kindOfLine(table.logicalName);
  if (kind) refreshHeader(context, kind, headerIdOf(kind, row));
}

function referencesTo(context: WriteContext, table: Table, id: string): readonly Reference[] {
  const { schema, store } = context.organisation;
  const found: Reference[] = [];
  for (const from of schema.tables) {
    const rows = store.table(from);
    if (rows.size === 0) continue;
    for (const column of from.columns) {
      if (!column.targets.includes(table.logicalName)) continue;
      const behaviour = deleteBehaviour(from, column);
      if (behaviour === 'none') continue;
      for (const row of rows.withValue(column.property, id))
        found.push({ table: from, column, row, behaviour });
    }
  }
  return found;
}

function removeLink(context: WriteContext, table: Table, column: Column, id: string): void {
  const row = context.organisation.store.get(table, id);
  if (!row) return;
  const draft = new RowDraft(context, table, id, row);
  draft.setLookup(column.name, column.targets[0] ?? '', null);
  applyCustomer(draft);
  storeDraft(draft);
}
