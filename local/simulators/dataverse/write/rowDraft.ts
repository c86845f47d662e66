/** A row on its way into the store: what was there, what changes, and what rules add. */
import { isLookup, lookupTypeProperty, type Table } from '../schema/schema.ts';
import type { ColumnValue, Row } from '../store/row.ts';
import type { WriteContext } from './context.ts';

/** Rules read through it and write derived columns into it. */
export class RowDraft {
  readonly context: WriteContext;
  readonly table: Table;
  readonly id: string;
  /** The stored row; null on create. */
  readonly before: Row | null;
  readonly changes: Record<string, ColumnValue> = {};

  constructor(context: WriteContext, table: Table, id: string, before: Row | null) {
    this.context = context;
    this.table = table;
    this.id = id;
    this.before = before;
  }

  get isCreate(): boolean {
    return this.before === null;
  }

  /** The value the row will have. */
  get(property: string): ColumnValue {
    return property in this.changes ? (this.changes[property] ?? null) : (this.before?.[property] ?? null);
  }

  text(property: string): string | null {
    const value = this.get(property);
    return typeof value === 'string' ? value : null;
  }

  number(property: string): number | null {
    const value = this.get(property);
    return typeof value === 'number' ? value : null;
  }

  /** Whether the caller or a rule writes the property. */
  writes(property: string): boolean {
    return property in this.changes;
  }

  /** Sets a property when the table has it. */
  set(property: string, value: ColumnValue): void {
    if (this.table.byProperty.has(property)) this.changes[property] = value;
  }

  /** Sets the property unless it has a value already. */
  setDefault(property: string, value: ColumnValue): void {
    if (this.get(property) === null) this.set(property, value);
  }

  /** Points a lookup to a row; the name of the table goes beside it where several are possible. */
  setLookup(columnName: string, target: string, id: string | null): void {
    const column = this.table.byName.get(columnName);
    if (!column || !isLookup(column)) return;
    this.changes[column.property] = id;
    if (column.targets.length > 1) this.changes[lookupTypeProperty(column)] = id === null ? null : target;
  }

  /** The table a polymorphic lookup will point to. */
  lookupTable(columnName: string): string | null {
    const column = this.table.byName.get(columnName);
    if (!column || this.get(column.property) === null) return null;
    return column.targets.length > 1 ? this.text(lookupTypeProperty(column)) : (column.targets[0] ?? null);
  }

  /** The row a lookup will point to. */
  related(columnName: string): Row | undefined {
    const target = this.lookupTable(columnName);
    const column = this.table.byName.get(columnName);
    return target && column
      ? this.context.organisation.store.get(target, this.text(column.property))
      : undefined;
  }
}
