/** Creating a row, with the rows nested in its body (dataverse-web-api sections 8 and 9). */
import { badPayload, DataverseError, errorCodes } from '../errors.ts';
import type { Column, Table } from '../schema/schema.ts';
import type { ColumnValue, Row } from '../store/row.ts';
import { storedValue } from './columnValues.ts';
import type { WriteContext } from './context.ts';
import { afterRowWritten } from './dependentRows.ts';
import { freshId } from './freshId.ts';
import { type Body, type ParsedBody, parseBody } from './parseBody.ts';
import { applyBindings } from './references.ts';
import { RowDraft } from './rowDraft.ts';
import { saveDraft } from './saveRow.ts';

/** Rows that exist once or come into being with the organisation only. */
const notCreatable: readonly string[] = ['organization'];

/** Where a new row comes from besides its body. */
export interface CreateOptions {
  /** The id in the address of an upsert; the body's primary key wins over it. */
  readonly id?: string;
  /** The row this one is nested in. */
  readonly parent?: { readonly column: Column; readonly table: string; readonly id: string };
}

/** Creates the row in one transaction with everything nested in it. Raises the refusal of the rule broken. */
export function createRow(context: WriteContext, table: Table, body: Body, options: CreateOptions = {}): Row {
  if (notCreatable.includes(table.logicalName)) {
    throw new DataverseError(405, errorCodes.badQuery, `Rows of '${table.logicalName}' cannot be created.`);
  }
  const parsed = parseBody(context.organisation.schema, table, body);
  return context.organisation.store.transaction(() => {
    const draft = new RowDraft(context, table, newId(context, table, parsed, options.id), null);
    createParents(draft, parsed);
    applyValues(draft, parsed);
    applyBindings(draft, parsed.bindings);
    const { parent } = options;
    if (parent) draft.setLookup(parent.column.name, parent.table, parent.id);
    const row = saveDraft(draft);
    createChildren(draft, parsed);
    afterRowWritten(draft);
    return context.organisation.store.get(table, draft.id) ?? row;
  });
}

function newId(context: WriteContext, table: Table, parsed: ParsedBody, urlId: string | undefined): string {
  const { store, options } = context.organisation;
  const keyColumn = table.byName.get(table.primaryId);
  const given = keyColumn ? (parsed.values.get(keyColumn) ?? null) : null;
  const asked = keyColumn && given !== null ? storedValue(options, table, keyColumn, given) : (urlId ?? null);
  if (asked === null) return freshId(context.organisation, table);
  if (store.get(table, String(asked))) throw duplicateKey();
  return String(asked);
}

/** 412 for a row that is there already. */
export function duplicateKey(): DataverseError {
  return new DataverseError(
    412,
    errorCodes.duplicateKey,
    'A record with matching key values already exists.',
  );
}

/** Takes the writable values over; read-only columns are ignored (dataverse-web-api section 19). */
export function applyValues(draft: RowDraft, parsed: ParsedBody): void {
  const { options } = draft.context.organisation;
  for (const [column, value] of parsed.values) {
    if (column.name === draft.table.primaryId) continue;
    const stored: ColumnValue = storedValue(options, draft.table, column, value);
    if (draft.isCreate ? column.create : column.update) draft.changes[column.property] = stored;
  }
}

function createParents(draft: RowDraft, parsed: ParsedBody): void {
  const { context } = draft;
  for (const { column, target, body } of parsed.nestedParents) {
    const table = context.organisation.schema.byName.get(target);
    if (!table) throw badPayload(`The table '${target}' is not available.`);
    const parent = createRow(context, table, body);
    draft.setLookup(column.name, target, String(parent[table.primaryId]));
  }
}

function createChildren(draft: RowDraft, parsed: ParsedBody): void {
  const { context, table } = draft;
  for (const { navigation, bodies } of parsed.nestedRows) {
    const relation = table.collections.get(navigation);
    const childTable = relation ? context.organisation.store.tableOf(relation.table) : undefined;
    const column = relation ? childTable?.byName.get(relation.column) : undefined;
    if (!childTable || !column) throw badPayload(`'${navigation}' cannot hold new rows.`);
    const parent = { column, table: table.logicalName, id: draft.id };
    for (const body of bodies) createRow(context, childTable, body, { parent });
  }
}
