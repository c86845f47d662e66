/** Keys in rising order with the row each belongs to; entries made stale by later ones stay until compaction. */

interface Entry<K> {
  readonly key: K;
  readonly id: string;
}

/** Mostly appended to: adding at the end costs O(1), finding a place O(log n). */
export class OrderedLog<K extends string | number> {
  #entries: Entry<K>[] = [];

  get length(): number {
    return this.#entries.length;
  }

  /** Adds an entry behind all entries with the same or a lower key. */
  add(key: K, id: string): void {
    const last = this.#entries.at(-1);
    if (!last || last.key <= key) this.#entries.push({ key, id });
    else this.#entries.splice(this.#firstAbove(key), 0, { key, id });
  }

  /** Entries with a key above (or at, when inclusive) the given one, in rising order. */
  *from(key: K, inclusive = false): Generator<Entry<K>> {
    let index = inclusive ? this.#firstAtOrAbove(key) : this.#firstAbove(key);
    for (let entry = this.#entries[index]; entry; entry = this.#entries[index]) {
      yield entry;
      index += 1;
    }
  }

  /** Drops entries that `keep` refuses. */
  compact(keep: (entry: Entry<K>) => boolean): void {
    this.#entries = this.#entries.filter(keep);
  }

  #firstAbove(key: K): number {
    return this.#search((candidate) => candidate > key);
  }

  #firstAtOrAbove(key: K): number {
    return this.#search((candidate) => candidate >= key);
  }

  #search(found: (key: K) => boolean): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (found((this.#entries[middle] as Entry<K>).key)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
