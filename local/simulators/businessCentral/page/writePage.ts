/** Creating, changing and deleting records through a page (section 4). Must run inside a transaction. */
import { rulesOf } from '../rules/rules.ts';
import type { Value } from '../schema/entityModel.ts';
import { keyColumns, numberedTables } from '../schema/relations.ts';
import { type EntitySet, type Property, setsOfTable, zeroGuid } from '../schema/schema.ts';
import { badRequest, dialogError, fieldMissing, sameKeyExists } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { assignProperty } from './assignProperty.ts';
import { Draft, type WriteContext } from './draft.ts';

/** Property values as they come in a body; null means "leave out" (section 3.5). */
export type PropertyValues = Readonly<Record<string, unknown>>;

/** Creates a record from property values and returns its row. */
export function createRecord(context: WriteContext, set: EntitySet, values: PropertyValues): Row {
  const draft = new Draft(context, set, null);
  assignAll(draft, values);
  return insertDraft(draft);
}

/** Inserts a draft whose columns are set: number series, keys, rules. */
export function insertDraft(draft: Draft): Row {
  const { context, set, table } = draft;
  const rules = rulesOf(set.table);
  rules.beforeInsert?.(draft);
  takeNumber(draft);
  refuseBlankCode(draft);
  if (table.get(draft.id)) throw sameKeyExists(table.name, `id='${draft.id}'`);
  refuseSameKey(draft);
  const row = context.database.insert(context.company, table, draft.id, { ...draft.changes }, context.user);
  rules.afterInsert?.(draft, row);
  return row;
}

/** Changes a record. A change of nothing leaves stamps and etag alone (section 3.3). */
export function updateRecord(context: WriteContext, set: EntitySet, row: Row, values: PropertyValues): void {
  const draft = new Draft(context, set, row);
  assignAll(draft, values);
  updateDraft(draft);
}

/** Writes the changes of a draft over its stored row. */
export function updateDraft(draft: Draft): void {
  const { context, set, table, row } = draft;
  if (!row) throw new Error('A draft without a row cannot be updated.');
  const rules = rulesOf(set.table);
  rules.beforeModify?.(draft);
  const changed = draft.changed();
  if (Object.keys(changed).length === 0) return;
  if (keyColumns(set.table).some((column) => column in changed)) refuseSameKey(draft);
  refuseBlankCode(draft);
  const flowFields = flowFieldsOf(set.table);
  if (Object.keys(changed).every((column) => flowFields.has(column))) {
    context.database.updateSilently(table, row, changed);
  } else {
    context.database.update(context.company, table, row, changed, context.user);
  }
  rules.afterModify?.(draft, row, changed);
}

/** Deletes a record after its rules agree. */
export function deleteRecord(context: WriteContext, set: EntitySet, row: Row): void {
  const rules = rulesOf(set.table);
  rules.beforeDelete?.(context, row);
  context.database.delete(context.company, context.company.table(set.table), row);
  rules.afterDelete?.(context, row);
}

function assignAll(draft: Draft, values: PropertyValues): void {
  for (const [name, value] of Object.entries(values)) {
    if (name.includes('@') || value === null) continue;
    const property = draft.set.property.get(name);
    if (!property) {
      throw badRequest(
        `The property '${name}' does not exist on type 'Microsoft.NAV.${draft.set.entityType}'. Make sure to only use property names that are defined by the type.`,
      );
    }
    if (name === draft.set.key && name === 'id') assignId(draft, property, value);
    else assignProperty(draft, property, value);
  }
}

/** The id may be given at creation and never changed (section 1). */
function assignId(draft: Draft, property: Property, value: unknown): void {
  if (typeof value !== 'string' || !/^[0-9a-f-]{36}$/i.test(value)) {
    throw badRequest(`Cannot convert the value of '${property.name}' to Edm.Guid.`);
  }
  if (draft.isNew) {
    if (value !== zeroGuid) draft.useId(value.toLowerCase());
  } else if (value.toLowerCase() !== draft.id) {
    throw dialogError('The id cannot be changed.');
  }
}

function takeNumber(draft: Draft): void {
  const table = draft.set.table;
  if (!numberedTables.includes(table)) return;
  const { numbers } = draft.context.company;
  if (draft.text('No.') === '') {
    draft.assign(
      'No.',
      numbers.next(table, (number) => draft.table.find('No.', number) !== undefined),
    );
  } else {
    numbers.use(table, draft.text('No.'));
  }
}

function refuseBlankCode(draft: Draft): void {
  const keys = keyColumns(draft.set.table);
  if (keys.length === 1 && draft.get(keys[0] ?? '') === '')
    throw fieldMissing(keys[0] ?? '', draft.table.name);
}

/** Looks only at the rows of the rarest key value: a price list may have very many lines. */
function refuseSameKey(draft: Draft): void {
  const { table } = draft;
  const keys = keyColumns(draft.set.table);
  const [rarest] = [...keys].sort(
    (left, right) => table.countOf(left, draft.get(left)) - table.countOf(right, draft.get(right)),
  );
  if (rarest === undefined) return;
  const same = table
    .findAll(rarest, draft.get(rarest))
    .find((row) => row !== draft.row && keys.every((key) => table.value(row, key) === draft.get(key)));
  if (!same) return;
  throw sameKeyExists(table.name, keys.map((key) => `${key}='${String(draft.get(key))}'`).join(','));
}

const flowFields = new Map<string, ReadonlySet<string>>();

/** Columns that are FlowFields on every page: changing them is no change of the row. */
function flowFieldsOf(table: string): ReadonlySet<string> {
  let columns = flowFields.get(table);
  if (!columns) {
    const properties = setsOfTable(table).flatMap((set): readonly Property[] => set.properties);
    columns = new Set(properties.filter(isFlowField).map((property) => property.column));
    flowFields.set(table, columns);
  }
  return columns;
}

function isFlowField(property: Property): boolean {
  return property.flowField === true || property.column === 'Inventory';
}

/** Adds to FlowFields of a row without touching it. */
export function addToFlowFields(
  context: WriteContext,
  table: string,
  row: Row | undefined,
  amounts: Readonly<Record<string, number>>,
): void {
  if (!row) return;
  const changes: Record<string, Value> = {};
  for (const [column, amount] of Object.entries(amounts)) {
    changes[column] = Math.round((Number(row.values[column] ?? 0) + amount) * 100) / 100;
  }
  context.database.updateSilently(context.company.table(table), row, changes);
}
