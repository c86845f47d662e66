/** Follows navigation properties from a row. */
import type { Organisation } from '../organisation.ts';
import { teamMembership } from '../schema/collections.ts';
import { lookupTypeProperty, type Table } from '../schema/schema.ts';
import { type ColumnValue, type Row, textOf } from '../store/row.ts';

/** A row together with its table. */
export interface LocatedRow {
  readonly table: Table;
  readonly row: Row;
}

/** The row behind a single-valued navigation property; null when empty or of another table. */
export function relatedRow(
  organisation: Organisation,
  table: Table,
  row: Row,
  navigation: string,
): LocatedRow | null {
  const entry = table.byNavigation.get(navigation);
  if (!entry) return null;
  const { column } = entry;
  const target = column.targets.length > 1 ? textOf(row, lookupTypeProperty(column)) : entry.target;
  if (!target || column.navigation?.[target] !== navigation) return null;
  const related = organisation.schema.byName.get(target);
  const found = related ? organisation.store.get(related, textOf(row, column.property)) : undefined;
  return related && found ? { table: related, row: found } : null;
}

/** The table on the other end of a collection navigation property; null when there is no such property. */
export function collectionTable(organisation: Organisation, table: Table, navigation: string): Table | null {
  if (isMembership(table, navigation)) {
    return organisation.store.tableOf(table.logicalName === 'team' ? 'systemuser' : 'team');
  }
  const relation = table.collections.get(navigation);
  return relation ? organisation.store.tableOf(relation.table) : null;
}

/** The rows behind a collection navigation property. */
export function relatedRows(
  organisation: Organisation,
  table: Table,
  row: Row,
  navigation: string,
): readonly Row[] {
  const { store } = organisation;
  const id = String(row[table.primaryId]);
  if (isMembership(table, navigation)) {
    const ids = table.logicalName === 'team' ? [...store.members(id)] : store.teamsOf(id);
    const other = table.logicalName === 'team' ? 'systemuser' : 'team';
    return ids.map((otherId) => store.get(other, otherId)).filter((found) => found !== undefined);
  }
  const relation = table.collections.get(navigation);
  const column = relation ? store.tableOf(relation.table).byName.get(relation.column) : undefined;
  return relation && column ? store.table(relation.table).withValue(column.property, id) : [];
}

/** Whether the name is the many-to-many relationship of teams and users. */
export function isMembership(table: Table, navigation: string): boolean {
  return (
    navigation === teamMembership.name &&
    (teamMembership.tables as readonly string[]).includes(table.logicalName)
  );
}

/** The value at the end of a property path. */
export function valueAt(
  organisation: Organisation,
  table: Table,
  row: Row,
  path: readonly string[],
): ColumnValue {
  const [first, ...rest] = path;
  if (first === undefined) return null;
  if (rest.length === 0) return row[first] ?? null;
  const related = relatedRow(organisation, table, row, first);
  return related ? valueAt(organisation, related.table, related.row, rest) : null;
}
