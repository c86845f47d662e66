/** Decides in the app whether a record is within its mapping's filter. */
import type { BusinessCentralRecord, DataverseRow, FieldValue } from '../common/records.ts';
import { evaluateFilter } from '../odata/evaluateFilter.ts';
import { type FilterExpression, propertiesOf } from '../odata/filterExpression.ts';
import { parseFilter } from '../odata/parseFilter.ts';

/** A parsed filter; null passes everything. */
export type RecordFilter = FilterExpression | null;

function recordFilter(text: string | null): RecordFilter {
  return text === null || text.trim() === '' ? null : parseFilter(text);
}

/**
 * Parses a Business Central filter. Enum members may be written as they travel (`_x0020_`) or decoded
 * (business-central-api 3.1); records hold them decoded. Raises FilterSyntaxError.
 */
export function businessCentralFilter(text: string | null): RecordFilter {
  if (text === null) return null;
  const decoded = text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return character === "'" ? "''" : character;
  });
  return recordFilter(decoded);
}

/** Parses a Dataverse filter. Raises FilterSyntaxError. */
export function dataverseFilter(text: string | null): RecordFilter {
  return recordFilter(text);
}

/** Whether a Business Central record passes; text compares with regard to case. */
export function passesBusinessCentral(filter: RecordFilter, record: BusinessCentralRecord): boolean {
  if (filter === null) return true;
  return evaluateFilter(filter, {
    read: (path) => record.values[path.join('/')],
    semantics: { ignoreCase: false },
  });
}

/** Whether a Dataverse row passes; text compares without regard to case. */
export function passesDataverse(filter: RecordFilter, row: DataverseRow): boolean {
  if (filter === null) return true;
  return evaluateFilter(filter, {
    read: (path) => dataverseValue(row, path),
    semantics: { ignoreCase: true },
  });
}

/**
 * The value behind a Web API property path: `_ownerid_value` is the lookup's id, and `parentcustomerid_account/accountid`
 * is the lookup's id while it points at an account.
 */
function dataverseValue(row: DataverseRow, path: readonly string[]): FieldValue | undefined {
  const [first = ''] = path;
  if (path.length === 1) return row.values[lookupColumn(first) ?? first];
  if (first in row.values) return row.values[first];
  const split = first.lastIndexOf('_');
  const attribute = first.slice(0, split);
  return row.lookupTables[attribute] === first.slice(split + 1) ? row.values[attribute] : null;
}

function lookupColumn(property: string): string | null {
  return /^_(.+)_value$/.exec(property)?.[1] ?? null;
}

/** Columns a Dataverse filter reads, by logical name, so that they can be selected. */
export function filterAttributes(filter: RecordFilter): readonly string[] {
  if (filter === null) return [];
  return propertiesOf(filter).map(([first = '', second]) => {
    if (second === undefined) return lookupColumn(first) ?? first;
    const polymorphic = /^(parentcustomerid|customerid|ownerid|objectid)_/.exec(first)?.[1];
    return polymorphic ?? first;
  });
}

/** Properties a Business Central filter reads, keyed as in a record's values. */
export function filterProperties(filter: RecordFilter): readonly string[] {
  return filter === null ? [] : propertiesOf(filter).map((path) => path.join('/'));
}
