/** One stored table: rows by id, with hash and ordered indexes that are built when first needed. */
import type { Value } from '../schema/entityModel.ts';
import { OrderedIndex } from './orderedIndex.ts';
import type { Row, RowStamps, RowValues } from './row.ts';

/** Pseudo columns an ordered index can be built on. */
export const idColumn = 'SystemId';
export const modifiedAtColumn = 'SystemModifiedAt';

/** Gives the blank value of a column of this table. */
export type BlankOf = (column: string) => Value;

export class Table {
  readonly name: string;
  readonly #blankOf: BlankOf;
  readonly #rows = new Map<string, Row>();
  readonly #hashes = new Map<string, Map<Value, Set<Row>>>();
  readonly #ordered = new Map<string, OrderedIndex>();

  constructor(name: string, blankOf: BlankOf) {
    this.name = name;
    this.#blankOf = blankOf;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** The value of a column; the blank value when the row has none. */
  value(row: Row, column: string): Value {
    return row.values[column] ?? this.#blankOf(column);
  }

  /** Rows whose column has that value, through a hash index. */
  findAll(column: string, value: Value): readonly Row[] {
    return [...(this.#hash(column).get(value) ?? [])];
  }

  /** How many rows have that value in the column. */
  countOf(column: string, value: Value): number {
    return this.#hash(column).get(value)?.size ?? 0;
  }

  /** One of the rows whose column has that value. */
  find(column: string, value: Value): Row | undefined {
    for (const row of this.#hash(column).get(value) ?? []) return row;
    return undefined;
  }

  /** The rows in the order of a column, `SystemId` or `SystemModifiedAt`. */
  ordered(column: string): OrderedIndex {
    let index = this.#ordered.get(column);
    if (!index) {
      index = new OrderedIndex(this.#orderKey(column), this.#rows.values());
      this.#ordered.set(column, index);
    }
    return index;
  }

  insert(row: Row): void {
    this.#rows.set(row.id, row);
    for (const [column, hash] of this.#hashes) addTo(hash, this.value(row, column), row);
    for (const index of this.#ordered.values()) index.put(row);
  }

  remove(row: Row): void {
    this.#rows.delete(row.id);
    for (const [column, hash] of this.#hashes) hash.get(this.value(row, column))?.delete(row);
    for (const index of this.#ordered.values()) index.remove(row);
  }

  /** Replaces values and stamps of a row that is in the table. */
  replace(row: Row, values: RowValues, stamps: RowStamps): void {
    for (const [column, hash] of this.#hashes) {
      const before = this.value(row, column);
      const after = values[column] ?? this.#blankOf(column);
      if (before === after) continue;
      hash.get(before)?.delete(row);
      addTo(hash, after, row);
    }
    row.values = values;
    row.stamps = stamps;
    for (const index of this.#ordered.values()) index.put(row);
  }

  #hash(column: string): Map<Value, Set<Row>> {
    let hash = this.#hashes.get(column);
    if (!hash) {
      hash = new Map();
      for (const row of this.#rows.values()) addTo(hash, this.value(row, column), row);
      this.#hashes.set(column, hash);
    }
    return hash;
  }

  #orderKey(column: string): (row: Row) => Value {
    if (column === idColumn) return (row) => row.id;
    if (column === modifiedAtColumn) return (row) => row.stamps.modifiedAtMs;
    return (row) => this.value(row, column);
  }
}

function addTo(hash: Map<Value, Set<Row>>, value: Value, row: Row): void {
  const rows = hash.get(value);
  if (rows) rows.add(row);
  else hash.set(value, new Set([row]));
}
