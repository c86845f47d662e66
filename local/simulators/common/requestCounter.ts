/** Counts what callers asked of a simulator. */

/** The counters as `GET /simulator/requests` shows them. */
export interface RequestCounts {
  /** HTTP requests; a batch is one. */
  readonly total: number;
  /** Single operations; a batch counts as the operations inside it. */
  readonly operations: number;
  /** By `METHOD set`; operations inside a batch appear as `$batch METHOD set`, the batch itself as `POST $batch`. */
  readonly byOperation: Readonly<Record<string, number>>;
}

/** Counters of one simulator. */
export class RequestCounter {
  #total = 0;
  #operations = 0;
  readonly #byOperation = new Map<string, number>();

  get total(): number {
    return this.#total;
  }

  get operations(): number {
    return this.#operations;
  }

  get byOperation(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#byOperation].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
    );
  }

  /** Counts one HTTP request. */
  countRequest(method: string, set: string): void {
    this.#total += 1;
    if (set !== '$batch') this.#operations += 1;
    this.#count(`${method} ${set}`);
  }

  /** Counts one operation inside a batch. */
  countBatchOperation(method: string, set: string): void {
    this.#operations += 1;
    this.#count(`$batch ${method} ${set}`);
  }

  /** All counters to zero. Safe to call twice. */
  reset(): void {
    this.#total = 0;
    this.#operations = 0;
    this.#byOperation.clear();
  }

  /** A copy of the counters. */
  counts(): RequestCounts {
    return { total: this.total, operations: this.operations, byOperation: this.byOperation };
  }

  #count(operation: string): void {
    this.#byOperation.set(operation, (this.#byOperation.get(operation) ?? 0) + 1);
  }
}
