/** Sorts the properties of a request body into column values, bound lookups and nested rows. */
import { badPayload, badQuery } from '../errors.ts';
import { type Column, isLookup, type Schema, type Table } from '../schema/schema.ts';
import type { ColumnValue } from '../store/row.ts';

/** A lookup to set: the address of the target as sent, or null to clear. */
export interface Binding {
  readonly column: Column;
  readonly target: string;
  readonly reference: string | null;
}

/** Rows to create together with this one, through a collection navigation property. */
export interface NestedRows {
  readonly navigation: string;
  readonly bodies: readonly Readonly<Record<string, unknown>>[];
}

/** A row to create first, through a single-valued navigation property, and then bind. */
export interface NestedRow {
  readonly column: Column;
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A body sorted by what has to be done with it. */
export interface ParsedBody {
  readonly values: ReadonlyMap<Column, ColumnValue>;
  readonly bindings: readonly Binding[];
  readonly nestedRows: readonly NestedRows[];
  readonly nestedParents: readonly NestedRow[];
}

/** A JSON object as sent. */
export type Body = Readonly<Record<string, unknown>>;

const bindSuffix = '@odata.bind';

interface Draft {
  readonly values: Map<Column, ColumnValue>;
  readonly bindings: Binding[];
  readonly nestedRows: NestedRows[];
  readonly nestedParents: NestedRow[];
}

/** Reads JSON text as one object. Raises 400 `0x80048d19`. */
export function parseJsonObject(text: string): Body {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw badPayload('An error occurred while validating input parameters: the body is not valid JSON.');
  }
  if (!isObject(parsed)) {
    throw badPayload('An error occurred while validating input parameters: an object is expected.');
  }
  return parsed;
}

/** Raises 400 `0x80048d19` for a property the table does not have, or that cannot be written this way. */
export function parseBody(schema: Schema, table: Table, body: Body): ParsedBody {
  const draft: Draft = { values: new Map(), bindings: [], nestedRows: [], nestedParents: [] };
  for (const [property, value] of Object.entries(body)) {
    if (property.endsWith(bindSuffix)) {
      addBindings(schema, table, property.slice(0, -bindSuffix.length), value, draft);
    } else if (!property.includes('@')) {
      addProperty(table, property, value, draft);
    }
  }
  return draft;
}

function addProperty(table: Table, property: string, value: unknown, draft: Draft): void {
  const column = table.byName.get(property);
  if (column && !isLookup(column)) {
    if (isObject(value) || Array.isArray(value)) throw wrongType(property, column.edm);
    draft.values.set(column, value as ColumnValue);
    return;
  }
  const collection = table.collections.get(property);
  if (collection && Array.isArray(value) && value.every(isObject)) {
    draft.nestedRows.push({ navigation: property, bodies: value });
    return;
  }
  const navigation = table.byNavigation.get(property);
  if (navigation && isObject(value)) {
    draft.nestedParents.push({ ...navigation, body: value });
    return;
  }
  throw refusedProperty(table, property);
}

function refusedProperty(table: Table, property: string): Error {
  if (table.byProperty.has(property)) {
    return badPayload(
      `The property '${property}' of entity '${table.logicalName}' is read only; set the lookup with its navigation property and @odata.bind.`,
    );
  }
  if (table.byNavigation.has(property)) {
    return badPayload(
      `A value was found for the navigation property '${property}'; an object or @odata.bind is expected.`,
    );
  }
  return badPayload(
    `Error identified in Payload provided by the user for Entity :'${table.entitySet}': Invalid property '${property}' was found in entity 'Microsoft.Dynamics.CRM.${table.logicalName}'.`,
  );
}

function addBindings(schema: Schema, table: Table, navigation: string, value: unknown, draft: Draft): void {
  const single = table.byNavigation.get(navigation);
  if (single) {
    if (value !== null && typeof value !== 'string')
      throw wrongType(`${navigation}@odata.bind`, 'Edm.String');
    const target = value === null ? single.target : boundTable(schema, single.column, single.target, value);
    draft.bindings.push({ column: single.column, target, reference: value });
    return;
  }
  throw badPayload(
    `An undeclared property '${navigation}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
  );
}

/** The owner is one navigation property for two tables; there the address decides. */
function boundTable(schema: Schema, column: Column, target: string, reference: string): string {
  if (reference.startsWith('$')) return target;
  const set = /([A-Za-z_]\w*)\([^()]*\)$/.exec(reference)?.[1];
  const table = set ? schema.bySet.get(set) : undefined;
  if (!table) throw badPayload(`The value '${reference}' is not the address of a row.`);
  const sameNavigation = column.navigation?.[table.logicalName] === column.navigation?.[target];
  if (table.logicalName !== target && !(sameNavigation && column.targets.includes(table.logicalName))) {
    throw badPayload(`'${reference}' does not point to a row of type 'Microsoft.Dynamics.CRM.${target}'.`);
  }
  return table.logicalName;
}

/** The row id inside a reference such as `/accounts(<guid>)`; null when it is not addressed by a guid. */
export function idInReference(reference: string): string | null {
  return (
    /\(([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)$/.exec(reference)?.[1]?.toLowerCase() ?? null
  );
}

/** Set and id of a reference to a row. Raises 400 when it is not one. */
export function parseReference(
  schema: Schema,
  reference: string,
): { readonly table: Table; readonly id: string } {
  const set = /([A-Za-z_]\w*)\([^()]*\)$/.exec(reference)?.[1] ?? '';
  const table = schema.bySet.get(set);
  const id = idInReference(reference);
  if (!table || !id)
    throw badQuery(`The reference '${reference}' does not address a row by its primary key.`);
  return { table, id };
}

/** 400 for a value of another type than the column's. */
export function wrongType(property: string, edm: string): Error {
  return badPayload(`Cannot convert the value of property '${property}' to the expected type '${edm}'.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
