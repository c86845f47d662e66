/** Ordering rows by `$orderby`, with the primary key as the last word. */
import type { Organisation } from '../organisation.ts';
import type { Table } from '../schema/schema.ts';
import type { ColumnValue, Row } from '../store/row.ts';
import { columnAt } from './checkFilter.ts';
import { valueAt } from './navigate.ts';
import type { OrderItem } from './queryOptions.ts';

/** The values a row is ordered by, its id last. */
export type SortKey = readonly ColumnValue[];

/** How rows of a query compare. */
export interface Ordering {
  keyOf(row: Row): SortKey;
  compare(left: SortKey, right: SortKey): number;
}

/** Raises 400 for an unknown column. */
export function orderingFor(organisation: Organisation, table: Table, items: readonly OrderItem[]): Ordering {
  for (const item of items) columnAt(organisation, table, item.path);
  return {
    keyOf: (row) => [
      ...items.map((item) => folded(valueAt(organisation, table, row, item.path))),
      String(row[table.primaryId]),
    ],
    compare: (left, right) => {
      for (let index = 0; index <= items.length; index += 1) {
        const order = compareValues(left[index] ?? null, right[index] ?? null);
        if (order !== 0) return items[index]?.descending ? -order : order;
      }
      return 0;
    },
  };
}

/** Text orders without regard to case. */
function folded(value: ColumnValue): ColumnValue {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** Null comes first, as in SQL Server. */
function compareValues(left: ColumnValue, right: ColumnValue): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : 1;
}
