/** Updating a row and clearing single columns (dataverse-web-api sections 7, 8 and 11). */
import { badPayload, rowNotFound } from '../errors.ts';
import { isLookup, type Table } from '../schema/schema.ts';
import type { Row } from '../store/row.ts';
import type { WriteContext } from './context.ts';
import { applyValues } from './createRow.ts';
import { afterRowWritten } from './dependentRows.ts';
import { type Body, parseBody } from './parseBody.ts';
import { applyBindings } from './references.ts';
import { RowDraft } from './rowDraft.ts';
import { saveDraft } from './saveRow.ts';

/**
 * Applies the body to the row. Values that equal the stored ones count as a change all the same (section 7);
 * only a body without any writable property leaves the row alone. Raises 404 and the refusal of the rule broken.
 */
export function updateRow(context: WriteContext, table: Table, id: string, body: Body): Row {
  const { store, schema } = context.organisation;
  const before = store.get(table, id);
  if (!before) throw rowNotFound(table.logicalName, id);
  const parsed = parseBody(schema, table, body);
  if (parsed.nestedRows.length > 0 || parsed.nestedParents.length > 0) {
    throw badPayload('Rows nested in an update are not supported; write them by themselves.');
  }
  return store.transaction(() => {
    const draft = new RowDraft(context, table, id, before);
    applyValues(draft, parsed);
    applyBindings(draft, parsed.bindings);
    if (Object.keys(draft.changes).length === 0) return before;
    const row = saveDraft(draft);
    afterRowWritten(draft);
    return store.get(table, id) ?? row;
  });
}

/** Sets one column or lookup to null: `DELETE /accounts(id)/description`, `.../primarycontactid/$ref`. */
export function clearProperty(context: WriteContext, table: Table, id: string, property: string): Row {
  const navigation = table.byNavigation.get(property);
  if (navigation) return updateRow(context, table, id, { [`${property}@odata.bind`]: null });
  const column = table.byName.get(property);
  if (!column || isLookup(column)) throw badPayload(`The property '${property}' cannot be cleared.`);
  return updateRow(context, table, id, { [property]: null });
}
