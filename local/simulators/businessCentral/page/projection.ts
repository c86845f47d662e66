/** What a page shows of a stored row: plain columns, stamps, id twins and page variables. */
import type { Value } from '../schema/entityModel.ts';
import { codeTwin, references } from '../schema/relations.ts';
import { type EntitySet, type Property, zeroGuid } from '../schema/schema.ts';
import type { Company } from '../store/company.ts';
import { instantText, type Row } from '../store/row.ts';
import { computedReaders } from './computed.ts';

/** Reads one property of a row; `nowMs` is for values that depend on the date. */
export type PropertyReader = (company: Company, row: Row, nowMs: number) => Value;

const compiled = new Map<EntitySet, ReadonlyMap<string, PropertyReader>>();

/** The readers of a set, by property name. */
export function readersOf(set: EntitySet): ReadonlyMap<string, PropertyReader> {
  let readers = compiled.get(set);
  if (!readers) {
    readers = new Map(set.properties.map((property) => [property.name, compile(set, property)]));
    compiled.set(set, readers);
  }
  return readers;
}

function compile(set: EntitySet, property: Property): PropertyReader {
  const { column, blank } = property;
  const computed = computedReaders[`${set.entitySet}.${property.name}`] ?? computedReaders[column];
  if (computed) return computed;
  if (property.source === '(computed) CurrencyCodeTxt') {
    return (company, row) => String(row.values[column] ?? '') || company.localCurrencyCode();
  }
  if (property.source === 'Id' || column === 'SystemId') return (_company, row) => row.id;
  if (column === 'SystemModifiedAt') return (_company, row) => instantText(row.stamps.modifiedAtMs);
  if (column === 'SystemCreatedAt') return (_company, row) => instantText(row.stamps.createdAtMs);
  if (column === 'SystemRowVersion') return (_company, row) => row.stamps.rowVersion;
  const twin = codeTwin(set.table, column);
  if (twin) return twinReader(twin);
  return (_company, row) => row.values[column] ?? blank;
}

/** Shows the id of the row that the code column names; the zero GUID when blank. */
function twinReader(codeColumn: string): PropertyReader {
  const reference = references[codeColumn];
  if (!reference) throw new Error(`Column ${codeColumn} has no reference.`);
  return (company, row) =>
    company.idOf(reference.table, reference.keyColumn, row.values[codeColumn] ?? '') ?? zeroGuid;
}

/** Whether the property is worked out when it is read and has no stored value. */
export function isWorkedOut(set: EntitySet, property: Property): boolean {
  return Boolean(computedReaders[`${set.entitySet}.${property.name}`] ?? computedReaders[property.column]);
}

/** Whether the property is a stored column and can be indexed. */
export function isStoredColumn(set: EntitySet, property: Property): boolean {
  if (property.computed || property.source === 'Id' || /^System/.test(property.column)) return false;
  if (codeTwin(set.table, property.column)) return false;
  return !computedReaders[`${set.entitySet}.${property.name}`] && !computedReaders[property.column];
}
