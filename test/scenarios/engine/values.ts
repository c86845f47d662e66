/** Turns values of a scenario file into what the simulators take, and compares them with what they hold. */
import { loadSchema } from '../../../local/simulators/dataverse/schema/loadSchema.ts';
import {
  type Column,
  isLookup,
  type Table,
  tableNamed,
} from '../../../local/simulators/dataverse/schema/schema.ts';
import type { ScenarioValue, ScenarioValues } from '../schemaValues.ts';
import type { AliasEntry } from './aliases.ts';
import type { Stage } from './stage.ts';

type Plain = string | number | boolean | null;

const schema = loadSchema();

/** The table of a logical name. */
export function tableOf(name: string): Table {
  return tableNamed(schema, name);
}

function columnOf(table: Table, name: string): Column {
  const column = table.byName.get(name);
  if (!column) throw new Error(`The table ${table.logicalName} has no column "${name}".`);
  return column;
}

/** The value without shorthand; references are left as they are. */
export function expanded(value: ScenarioValue): Plain {
  if (typeof value !== 'object' || value === null) return value;
  if ('repeat' in value) return value.repeat.repeat(value.times);
  throw new Error(`${JSON.stringify(value)} can only be expected, not written.`);
}

function referenceIn(value: ScenarioValue): string | null {
  return typeof value === 'string' && /^@[^@]/.test(value) ? value.slice(1) : null;
}

function literal(value: ScenarioValue): Plain {
  const plain = expanded(value);
  return typeof plain === 'string' && plain.startsWith('@@') ? plain.slice(1) : plain;
}

/** `@alias` is the key (code or number), `@alias.id` the SystemId, `@alias.companyContact` the number of its contact. */
export function businessCentralValue(stage: Stage, value: ScenarioValue): Plain {
  const reference = referenceIn(value);
  if (reference === null) return literal(value);
  const [alias = '', part] = reference.split('.');
  const entry = stage.aliases.get(alias);
  const id = stage.aliases.idOn(alias, 'businessCentral');
  if (part === 'id') return id;
  if (part === 'companyContact') return companyContactNumber(stage, entry, id);
  return String(stage.world.businessCentral.record(entry.entitySet, id)?.[stage.keyProperty(entry)]);
}

function companyContactNumber({ world }: Stage, entry: AliasEntry, id: string): string {
  const customer = world.businessCentral.record(entry.entitySet, id);
  const relation = world.businessCentral
    .records('contactBusinessRelations')
    .find((row) => row['number'] === customer?.['number'] && row['linkToTable'] === 'Customer');
  return String(relation?.['contactNumber'] ?? '');
}

/** Values by entity set: `city` belongs to the main set, `customerExtras/faxNumber` to a companion. */
export function businessCentralValues(
  stage: Stage,
  entitySet: string,
  values: ScenarioValues,
): ReadonlyMap<string, Record<string, Plain>> {
  const bySet = new Map<string, Record<string, Plain>>([[entitySet, {}]]);
  for (const [key, value] of Object.entries(values)) {
    const [set, property] = splitKey(entitySet, key);
    bySet.set(set, { ...bySet.get(set), [property]: businessCentralValue(stage, value) });
  }
  return bySet;
}

/** Entity set and property of a key. */
export function splitKey(entitySet: string, key: string): readonly [string, string] {
  const slash = key.indexOf('/');
  return slash < 0 ? [entitySet, key] : [key.slice(0, slash), key.slice(slash + 1)];
}

/** Values that can be given at create, and those that need an update afterwards, such as a state. */
export function splitForCreate(tableName: string, values: ScenarioValues) {
  const table = tableOf(tableName);
  const entries = Object.entries(values);
  const [first, later] = [true, false].map((atCreate) =>
    Object.fromEntries(entries.filter(([name]) => columnOf(table, name).create === atCreate)),
  );
  return { first: first ?? {}, later: later ?? {} };
}

/** A request body: lookups are bound by their navigation property. */
export function dataverseBody(
  stage: Stage,
  tableName: string,
  values: ScenarioValues,
): Record<string, Plain> {
  const table = tableOf(tableName);
  const body: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(values)) {
    const column = columnOf(table, name);
    if (isLookup(column)) Object.assign(body, bound(stage, column, value));
    else body[name] = literal(value);
  }
  return body;
}

function bound(stage: Stage, column: Column, value: ScenarioValue): Record<string, string | null> {
  const reference = referenceIn(value);
  const navigations = column.navigation ?? {};
  if (reference === null) {
    if (value !== null) throw new Error(`The lookup "${column.name}" takes "@alias" or null.`);
    return Object.fromEntries(
      Object.values(navigations)
        .slice(0, 1)
        .map((name) => [`${name}@odata.bind`, null]),
    );
  }
  const { table, id } = targetOf(stage, reference);
  const navigation = navigations[table];
  if (navigation === undefined) throw new Error(`"${column.name}" cannot point at a row of ${table}.`);
  const address = `/${tableOf(table).entitySet}(${id})`;
  return { [`${navigation}@odata.bind`]: address };
}

/** The row a reference names; `@product.unit` is the default unit of a product. */
function targetOf(
  { aliases, world }: Stage,
  reference: string,
): { readonly table: string; readonly id: string } {
  const [alias = '', part] = reference.split('.');
  const { table } = aliases.get(alias);
  const id = aliases.idOn(alias, 'dataverse');
  if (part === undefined) return { table, id };
  if (part !== 'unit') throw new Error(`"@${reference}" names nothing in Sales.`);
  return { table: 'uom', id: String(world.dataverse.row(table, id)?.['_defaultuomid_value']) };
}

/** What the simulator shows under a column's logical name. */
export function dataverseShown(
  row: Readonly<Record<string, unknown>>,
  tableName: string,
  name: string,
): unknown {
  return row[columnOf(tableOf(tableName), name).property] ?? null;
}

/** The value a Dataverse column is expected to hold: of a reference the row's id, or its key in a text column. */
export function dataverseWanted(stage: Stage, tableName: string, name: string, value: ScenarioValue): Plain {
  const reference = referenceIn(value);
  if (reference === null) return literal(value);
  const isId = isLookup(columnOf(tableOf(tableName), name));
  return isId ? stage.aliases.idOn(reference, 'dataverse') : businessCentralValue(stage, value);
}

/** Whether a shown value is what a scenario expects. */
export function agrees(wanted: ScenarioValue, resolved: () => Plain, seen: unknown): boolean {
  if (typeof wanted === 'object' && wanted !== null) {
    if ('matches' in wanted) return typeof seen === 'string' && new RegExp(wanted.matches, 'u').test(seen);
    if ('near' in wanted)
      return typeof seen === 'number' && Math.abs(seen - wanted.near) < 0.5 * 10 ** -wanted.decimals;
  }
  return resolved() === seen;
}
