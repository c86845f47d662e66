/** Where the records of a set come from: a stored table, or rows worked out for one request. */

import { readersOf } from '../page/projection.ts';
import type { Value } from '../schema/entityModel.ts';
import type { EntitySet } from '../schema/schema.ts';
import type { Company } from '../store/company.ts';
import type { Row, RowValues } from '../store/row.ts';
import type { Table } from '../store/table.ts';

/** A set ready to be read within one request. */
export interface PageSource {
  readonly set: EntitySet;
  readonly company: Company;
  /** Null when `rows` is the whole content. */
  readonly table: Table | null;
  readonly rows: readonly Row[];
  /** The value of a property of a row. */
  read(row: Row, property: string): Value;
}

function readerFor(set: EntitySet, company: Company, nowMs: number): PageSource['read'] {
  const readers = readersOf(set);
  return (row, property) => readers.get(property)?.(company, row, nowMs) ?? '';
}

/** The set over its stored table. */
export function tableSource(set: EntitySet, company: Company, nowMs: number): PageSource {
  return { set, company, table: company.table(set.table), rows: [], read: readerFor(set, company, nowMs) };
}

/** The set over given rows. */
export function rowsSource(
  set: EntitySet,
  company: Company,
  rows: readonly Row[],
  nowMs: number,
): PageSource {
  return { set, company, table: null, rows, read: readerFor(set, company, nowMs) };
}

/** A row that is stored nowhere. */
export function passingRow(id: string, values: RowValues): Row {
  const stamps = { createdAtMs: 0, createdBy: '', modifiedAtMs: 0, modifiedBy: '', rowVersion: 0 };
  return { id, values, stamps };
}
