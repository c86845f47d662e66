/** Knows which functions are running now, and lets others wait for their end. */

/** Counts running functions. */
export class RunningFunctions {
  readonly #names = new Map<symbol, string>();
  readonly #endListeners = new Set<() => void>();
  #started = 0;

  /** How many functions are running. */
  count(): number {
    return this.#names.size;
  }

  /** How many functions were ever started; a change shows that something happened in between. */
  started(): number {
    return this.#started;
  }

  /** The names of the running functions, one per invocation. */
  names(): readonly string[] {
    return [...this.#names.values()];
  }

  /** Calls the listener after each end of a function, for the life of this object. */
  onEnd(listener: () => void): void {
    this.#endListeners.add(listener);
  }

  /** Counts `work` as a run of the named function and answers what it answers. */
  async track<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = Symbol(name);
    this.#names.set(key, name);
    this.#started += 1;
    try {
      return await work();
    } finally {
      this.#names.delete(key);
      for (const listener of this.#endListeners) listener();
    }
  }
}
