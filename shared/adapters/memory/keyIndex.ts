/** Row keys in ordinal order, cheap to add to and to take ranges of. */

export interface KeyRange {
  /** Inclusive lower bound. */
  readonly rowFrom?: string;
  /** Exclusive lower bound. */
  readonly rowAfter?: string;
  /** Exclusive upper bound. */
  readonly rowBefore?: string;
}

/** Keys are never taken out: who reads a range skips those whose row is gone. */
export class KeyIndex {
  readonly #known = new Set<string>();
  #sorted: string[] = [];
  #added: string[] = [];

  /** Adds a key unless it is known. */
  add(key: string): void {
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#added.push(key);
  }

  /** The keys of a range in order. New keys are merged in first; sorting two sorted runs is a merge. */
  *between({ rowFrom, rowAfter, rowBefore }: KeyRange): Generator<string> {
    if (this.#added.length > 0) {
      this.#sorted = this.#sorted.concat(this.#added.sort()).sort();
      this.#added = [];
    }
    const keys = this.#sorted;
    const start = Math.max(firstAtLeast(keys, rowFrom ?? ''), firstAtLeast(keys, rowAfter ?? ''));
    for (let index = start; index < keys.length; index += 1) {
      const key = keys[index];
      if (key === undefined || (rowBefore !== undefined && key >= rowBefore)) return;
      if (key !== rowAfter) yield key;
    }
  }
}

function firstAtLeast(keys: readonly string[], bound: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
