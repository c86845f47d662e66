/** A cache of things that change rarely: one request for callers that ask at the same time, nothing kept of failures. */

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly bestBeforeMs: number;
}

/** Keeps values by key for a fixed time. */
export class TimedCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maxAgeMs: number;
  readonly #now: () => number;

  /** `now` gives epoch milliseconds. */
  constructor(maxAgeMs: number, now: () => number) {
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  /** The value of the key while it is fresh; undefined when absent or too old. */
  peek(key: string): Promise<Value> | undefined {
    const known = this.#entries.get(key);
    return known && known.bestBeforeMs > this.#now() ? known.value : undefined;
  }

  /** The value of the key, loaded when absent or too old. Raises what `load` raises, to everyone waiting. */
  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    if (known && known.bestBeforeMs > this.#now()) return known.value;
    const entry = { value: load(), bestBeforeMs: this.#now() + this.#maxAgeMs };
    this.#entries.set(key, entry);
    try {
      return await entry.value;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }
}
