/** The rows of one table with the indexes that keep reads fast on hundreds of thousands of rows. */
import { OrderedLog } from './orderedLog.ts';
import { type ColumnValue, type Row, textOf, versionOf } from './row.ts';
import { SortedIds } from './sortedIds.ts';

/** Text compares without regard to case, so the index folds it. */
function indexKey(value: ColumnValue): string {
  return typeof value === 'string' ? `s${value.toLowerCase()}` : `${typeof value}${String(value)}`;
}

type EqualityIndex = Map<string, Set<string>>;

/** Rows by id, by version, by modification time and, once asked for, by the value of any property. */
export class TableStore {
  readonly #rows = new Map<string, Row>();
  readonly #ids = new SortedIds();
  readonly #versions = new OrderedLog<number>();
  readonly #modifications = new OrderedLog<string>();
  readonly #tombstones = new Map<string, number>();
  readonly #deletions = new OrderedLog<number>();
  readonly #equality = new Map<string, EqualityIndex>();
  /** Rises with every change; tells a cached result apart from the present. */
  changes = 0;

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Stores the row under the id, replacing what was there. */
  put(id: string, row: Row): void {
    const before = this.#rows.get(id);
    this.#rows.set(id, row);
    if (!before) this.#ids.add(id);
    this.#versions.add(versionOf(row), id);
    const modifiedOn = textOf(row, 'modifiedon');
    if (modifiedOn && modifiedOn !== textOf(before, 'modifiedon')) this.#modifications.add(modifiedOn, id);
    this.#tombstones.delete(id);
    this.#reindex(id, before, row);
    this.#changed();
  }

  /** Takes the row away; `version` marks the deletion for change tracking, null leaves no mark (undo of an insert). */
  remove(id: string, version: number | null): void {
    const before = this.#rows.get(id);
    if (!before) return;
    this.#rows.delete(id);
    this.#ids.remove();
    if (version !== null) this.setTombstone(id, version);
    this.#reindex(id, before, undefined);
    this.#changed();
  }

  tombstone(id: string): number | undefined {
    return this.#tombstones.get(id);
  }

  setTombstone(id: string, version: number | undefined): void {
    if (version === undefined) {
      this.#tombstones.delete(id);
      return;
    }
    this.#tombstones.set(id, version);
    this.#deletions.add(version, id);
  }

  /** Rows by rising primary key, after the given one. */
  *byId(after: string | null): Generator<Row> {
    for (const id of this.#ids.after(after, (candidate) => this.#rows.has(candidate))) {
      const row = this.#rows.get(id);
      if (row) yield row;
    }
  }

  /** Rows whose version is above the given one, by rising version. */
  *changedAfter(version: number): Generator<Row> {
    let last = version;
    for (const entry of this.#versions.from(version)) {
      const row = this.#rows.get(entry.id);
      if (!row || versionOf(row) !== entry.key || entry.key === last) continue;
      last = entry.key;
      yield row;
    }
  }

  /** Ids deleted with a version above the given one, by rising version. */
  *deletedAfter(version: number): Generator<{ readonly id: string; readonly version: number }> {
    let last = version;
    for (const entry of this.#deletions.from(version)) {
      if (this.#tombstones.get(entry.id) !== entry.key || entry.key === last) continue;
      last = entry.key;
      yield { id: entry.id, version: entry.key };
    }
  }

  /** Rows modified at or after the instant, by rising modification time. */
  *modifiedFrom(instant: string): Generator<Row> {
    const seen = new Set<string>();
    for (const entry of this.#modifications.from(instant, true)) {
      const row = this.#rows.get(entry.id);
      if (!row || seen.has(entry.id) || textOf(row, 'modifiedon') !== entry.key) continue;
      seen.add(entry.id);
      yield row;
    }
  }

  /** Rows whose property has the value; the index is built on first use and kept from then on. */
  withValue(property: string, value: ColumnValue): readonly Row[] {
    const ids = this.#indexOf(property).get(indexKey(value)) ?? new Set<string>();
    return [...ids].map((id) => this.#rows.get(id)).filter((row) => row !== undefined);
  }

  *rows(): Generator<Row> {
    yield* this.#rows.values();
  }

  *tombstones(): Generator<readonly [string, number]> {
    yield* this.#tombstones;
  }

  #indexOf(property: string): EqualityIndex {
    let index = this.#equality.get(property);
    if (!index) {
      index = new Map();
      for (const [id, row] of this.#rows) addTo(index, row[property] ?? null, id);
      this.#equality.set(property, index);
    }
    return index;
  }

  #reindex(id: string, before: Row | undefined, after: Row | undefined): void {
    for (const [property, index] of this.#equality) {
      const [old, next] = [before?.[property] ?? null, after?.[property] ?? null];
      if (before && after && old === next) continue;
      if (before) index.get(indexKey(old))?.delete(id);
      if (after) addTo(index, next, id);
    }
  }

  /** Superseded log entries are dropped once they outnumber the rows. */
  #changed(): void {
    this.changes += 1;
    const limit = this.#rows.size * 2 + 10_000;
    if (this.#versions.length > limit) {
      this.#versions.compact((entry) => {
        const row = this.#rows.get(entry.id);
        return row !== undefined && versionOf(row) === entry.key;
      });
    }
    if (this.#modifications.length > limit) {
      this.#modifications.compact((entry) => textOf(this.#rows.get(entry.id), 'modifiedon') === entry.key);
    }
  }
}

function addTo(index: EqualityIndex, value: ColumnValue, id: string): void {
  const key = indexKey(value);
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}
