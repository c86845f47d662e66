/** The primary keys of a table in rising order, kept without sorting everything again on each insert. */

/** Adding is O(1); the next read merges what was added in one pass. */
export class SortedIds {
  #sorted: string[] = [];
  #added: string[] = [];
  #removed = 0;

  add(id: string): void {
    this.#added.push(id);
  }

  /** The id stays listed until the next merge; readers skip ids whose row is gone. */
  remove(): void {
    this.#removed += 1;
  }

  /** All ids in order, from the first above `after` (from the start when null). May hold ids of deleted rows. */
  *after(after: string | null, exists: (id: string) => boolean): Generator<string> {
    const ids = this.#merged(exists);
    for (let index = after === null ? 0 : firstAbove(ids, after); index < ids.length; index += 1) {
      yield ids[index] as string;
    }
  }

  #merged(exists: (id: string) => boolean): readonly string[] {
    if (this.#removed > 1_000 && this.#removed * 2 > this.#sorted.length) {
      this.#sorted = this.#sorted.filter(exists);
      this.#removed = 0;
    }
    if (this.#added.length > 0) {
      this.#sorted = merge(this.#sorted, this.#added.sort());
      this.#added = [];
    }
    return this.#sorted;
  }
}

function firstAbove(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as string) > id) high = middle;
    else low = middle + 1;
  }
  return low;
}

function merge(left: readonly string[], right: readonly string[]): string[] {
  const merged: string[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const a = left[l];
    const b = right[r];
    const takeLeft = b === undefined || (a !== undefined && a <= b);
    const next = (takeLeft ? a : b) as string;
    if (merged.at(-1) !== next) merged.push(next);
    if (takeLeft) l += 1;
    else r += 1;
  }
  return merged;
}
