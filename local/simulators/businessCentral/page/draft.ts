/** A record being written: the row as it will be, and what rules need to change it. */
import type { Value } from '../schema/entityModel.ts';
import type { EntitySet } from '../schema/schema.ts';
import type { Company } from '../store/company.ts';
import type { Database } from '../store/database.ts';
import type { Row } from '../store/row.ts';
import type { Table } from '../store/table.ts';

/** Who writes, where, and as what. */
export interface WriteContext {
  readonly database: Database;
  readonly company: Company;
  readonly user: string;
  /** A user of the client may change what an API page only shows. */
  readonly asClientUser: boolean;
}

/** The new values of one record. Field triggers read and set columns through it. */
export class Draft {
  readonly context: WriteContext;
  readonly set: EntitySet;
  /** The stored row; null while the record is created. */
  readonly row: Row | null;
  readonly changes: Record<string, Value> = {};
  /** Columns the caller gave, in the order of the body. */
  readonly given = new Set<string>();
  #id: string | null = null;

  constructor(context: WriteContext, set: EntitySet, row: Row | null) {
    this.context = context;
    this.set = set;
    this.row = row;
  }

  get table(): Table {
    return this.context.company.table(this.set.table);
  }

  get isNew(): boolean {
    return this.row === null;
  }

  /** SystemId of the record; a new one is drawn once. */
  get id(): string {
    if (this.row) return this.row.id;
    this.#id ??= this.context.database.newGuid();
    return this.#id;
  }

  /** Keeps the id a caller gives at creation (section 1). */
  useId(id: string): void {
    this.#id = id;
  }

  get(column: string): Value {
    const changed = this.changes[column];
    if (changed !== undefined) return changed;
    if (this.row) return this.table.value(this.row, column);
    return this.table.value({ id: '', values: {}, stamps: noStamps }, column);
  }

  text(column: string): string {
    return String(this.get(column));
  }

  number(column: string): number {
    return Number(this.get(column));
  }

  assign(column: string, value: Value): void {
    this.changes[column] = value;
  }

  /** Columns whose value really differs from the stored row. */
  changed(): Record<string, Value> {
    const { row } = this;
    if (!row) return { ...this.changes };
    return Object.fromEntries(
      Object.entries(this.changes).filter(([column, value]) => this.table.value(row, column) !== value),
    );
  }

  /** A row of another table by a column. */
  find(table: string, column: string, value: Value): Row | undefined {
    return value === '' ? undefined : this.context.company.table(table).find(column, value);
  }

  /** Today by the simulator clock, as `YYYY-MM-DD`. */
  today(): string {
    return new Date(this.context.database.clock.now()).toISOString().slice(0, 10);
  }
}

const noStamps = { createdAtMs: 0, createdBy: '', modifiedAtMs: 0, modifiedBy: '', rowVersion: 0 };
