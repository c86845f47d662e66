/** An index in the order of (key, id) that stays cheap for 200,000 rows: writes are buffered and merged at the next read. */
import type { Value } from '../schema/entityModel.ts';
import type { Row } from './row.ts';

/** A place in the index. */
export interface IndexPosition {
  readonly key: Value;
  readonly id: string;
}

interface Entry extends IndexPosition {
  readonly row: Row;
}

/** Negative, zero or positive. Numbers by size, everything else by its text. */
export function compareValues(left: Value, right: Value): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function comparePositions(left: IndexPosition, right: IndexPosition): number {
  return compareValues(left.key, right.key) || compareValues(left.id, right.id);
}

/** Rows of one table in the order of a key. */
export class OrderedIndex {
  readonly #keyOf: (row: Row) => Value;
  readonly #current = new Map<Row, Entry>();
  #sorted: Entry[] = [];
  #pending: Entry[] = [];
  #staleCount = 0;

  constructor(keyOf: (row: Row) => Value, rows: Iterable<Row>) {
    this.#keyOf = keyOf;
    for (const row of rows) this.put(row);
  }

  /** Adds the row or moves it to where its key now belongs. Safe to call twice. */
  put(row: Row): void {
    const key = this.#keyOf(row);
    const known = this.#current.get(row);
    if (known) {
      if (known.key === key) return;
      this.#staleCount += 1;
    }
    const entry = { key, id: row.id, row };
    this.#current.set(row, entry);
    this.#pending.push(entry);
  }

  /** Safe to call twice. */
  remove(row: Row): void {
    if (this.#current.delete(row)) this.#staleCount += 1;
  }

  /** Rows after `start` (or from it, when `inclusive`) in ascending order; all rows when `start` is null. */
  *ascending(start: IndexPosition | null, inclusive: boolean): Generator<Row> {
    const entries = this.#settled();
    let index = start ? firstAtOrAfter(entries, start) : 0;
    for (; index < entries.length; index += 1) {
      const entry = entries[index] as Entry;
      if (this.#current.get(entry.row) !== entry) continue;
      if (!inclusive && start && comparePositions(entry, start) === 0) continue;
      yield entry.row;
    }
  }

  /** Rows before `start` in descending order of (key, id); all rows when `start` is null. */
  *descending(start: IndexPosition | null): Generator<Row> {
    const entries = this.#settled();
    let index = (start ? firstAtOrAfter(entries, start) : entries.length) - 1;
    for (; index >= 0; index -= 1) {
      const entry = entries[index] as Entry;
      if (this.#current.get(entry.row) === entry) yield entry.row;
    }
  }

  #settled(): readonly Entry[] {
    if (this.#staleCount > 1024 && this.#staleCount * 2 > this.#sorted.length) this.#dropStale();
    if (this.#pending.length > 0) this.#merge();
    return this.#sorted;
  }

  #dropStale(): void {
    const isCurrent = (entry: Entry) => this.#current.get(entry.row) === entry;
    this.#sorted = this.#sorted.filter(isCurrent);
    this.#pending = this.#pending.filter(isCurrent);
    this.#staleCount = 0;
  }

  /** Only the part behind the smallest new entry is sorted again; new stamps land at the end. */
  #merge(): void {
    const pending = this.#pending.sort(comparePositions);
    this.#pending = [];
    const smallest = pending[0] as Entry;
    const from = firstAtOrAfter(this.#sorted, smallest);
    const tail = this.#sorted.slice(from);
    this.#sorted.length = from;
    let next = 0;
    for (const entry of tail) {
      for (; next < pending.length && comparePositions(pending[next] as Entry, entry) < 0; next += 1) {
        this.#sorted.push(pending[next] as Entry);
      }
      this.#sorted.push(entry);
    }
    for (; next < pending.length; next += 1) this.#sorted.push(pending[next] as Entry);
  }
}

function firstAtOrAfter(entries: readonly Entry[], position: IndexPosition): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePositions(entries[middle] as Entry, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
