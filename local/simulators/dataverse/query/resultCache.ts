/** Remembers sorted results between the pages of one query. */
import type { Row } from '../store/row.ts';
import type { SortKey } from './orderBy.ts';

/** A row with the key it is sorted by. */
export interface SortedEntry {
  readonly row: Row;
  readonly key: SortKey;
}

interface CachedResult {
  readonly changes: number;
  readonly entries: readonly SortedEntry[];
}

const keptResults = 8;

/** A result holds as long as its table does not change; the least recently made ones are forgotten. */
export class ResultCache {
  readonly #results = new Map<string, CachedResult>();

  get(key: string, changes: number, compute: () => readonly SortedEntry[]): readonly SortedEntry[] {
    const cached = this.#results.get(key);
    if (cached?.changes === changes) return cached.entries;
    const entries = compute();
    this.#results.delete(key);
    this.#results.set(key, { changes, entries });
    const oldest = this.#results.keys().next().value;
    if (this.#results.size > keptResults && oldest !== undefined) this.#results.delete(oldest);
    return entries;
  }
}
