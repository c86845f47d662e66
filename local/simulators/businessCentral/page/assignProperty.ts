/** Writes one property of a request body into a draft: pairs of id and code, references, field triggers. */

import { rulesOf } from '../rules/rules.ts';
import type { Value } from '../schema/entityModel.ts';
import { codeTwin, references } from '../schema/relations.ts';
import { type Property, zeroGuid } from '../schema/schema.ts';
import { badRequest, dialogError, invalidRelation } from '../serviceError.ts';
import { checkValue } from './checkValue.ts';
import type { Draft } from './draft.ts';

/** Properties whose value the page derives; a write is accepted and has no effect. */
const derived = ['contacts.contactBusinessRelation'];

/** Writes the property. Raises the errors of sections 4 and 5. */
export function assignProperty(draft: Draft, property: Property, given: unknown): void {
  refuseReadOnly(draft, property);
  if (derived.includes(`${draft.set.entitySet}.${property.name}`)) return;
  const value = checkValue(property, given);
  const code = codeTwin(draft.set.table, property.column);
  if (code) assignTwin(draft, code, property, String(value));
  else if (property.column === 'Item Id') assignLineItem(draft, String(value));
  else assignColumn(draft, property.column, localCurrencyAsBlank(draft, property, value));
}

function refuseReadOnly(draft: Draft, property: Property): void {
  if (draft.context.asClientUser) return;
  if (!property.readOnly || (draft.isNew && property.writableOnInsert)) return;
  throw badRequest(`Control '${property.name}' is read-only.`, 'BadRequest_InvalidOperation');
}

/** The local currency code and blank both mean blank (section 3.5). */
function localCurrencyAsBlank(draft: Draft, property: Property, value: Value): Value {
  if (property.column !== 'Currency Code' || draft.set.table === 'Currency Exchange Rate') return value;
  const code = String(value).toUpperCase();
  return code === draft.context.company.localCurrencyCode() ? '' : code;
}

/** An id fills the code; when both are given they must agree. */
function assignTwin(draft: Draft, codeColumn: string, property: Property, id: string): void {
  const reference = references[codeColumn];
  if (!reference) throw new Error(`Column ${codeColumn} has no reference.`);
  const row = id === zeroGuid ? null : draft.context.company.table(reference.table).get(id);
  if (row === undefined) {
    throw dialogError(`The "${property.name}" does not match to a ${reference.table}.`);
  }
  assignColumn(draft, codeColumn, row?.values[reference.keyColumn] ?? '');
}

function assignLineItem(draft: Draft, id: string): void {
  if (id === zeroGuid) return;
  if (draft.given.has('Account Id') && draft.text('Account Id') !== zeroGuid) {
    throw dialogError('Both "itemId" and "accountId" cannot be set at the same time.');
  }
  const item = draft.context.company.table('Item').get(id);
  if (!item) throw dialogError('The "itemId" does not match to an Item.');
  assignColumn(draft, 'API Type', 'Item');
  assignColumn(draft, 'No.', item.values['No.'] ?? '');
}

/** Sets a column as AL validates a field: table relation, then the field trigger. */
export function assignColumn(draft: Draft, column: string, value: Value): void {
  if (draft.given.has(column)) {
    if (draft.get(column) === value) return;
    if (references[column]) throw dialogError(`The values given for ${column} and its id do not match.`);
  }
  draft.given.add(column);
  checkReference(draft, column, value);
  if (!draft.isNew && draft.get(column) === value) return;
  draft.assign(column, value);
  rulesOf(draft.set.table).validate?.[column]?.(draft);
}

function checkReference(draft: Draft, column: string, value: Value): void {
  const reference = references[column];
  if (!reference || value === '') return;
  if (column === 'Company No.' && value === draft.get('No.')) return;
  if (draft.find(reference.table, reference.keyColumn, value)) return;
  if (reference.dialog) throw dialogError(`The ${reference.table} "${String(value)}" does not exist.`);
  throw invalidRelation(column, draft.set.table, String(value), reference.table);
}
