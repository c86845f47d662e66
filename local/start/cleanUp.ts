/** Remembers what was started, and ends it in the opposite order. */
import { oneLine } from './startError.ts';

/** A list of things to end; the last one added ends first. */
export class CleanUp {
  readonly #steps: { readonly name: string; readonly end: () => Promise<void> | void }[] = [];

  /** Adds something to end. `name` is for the line that tells it could not be ended. */
  add(name: string, end: () => Promise<void> | void): void {
    this.#steps.push({ name, end });
  }

  /** Ends everything, also what comes after a failure. Returns one line per failure. Safe to call twice. */
  async run(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.end();
      } catch (error) {
        problems.push(`${step.name}: ${oneLine(error)}`);
      }
    }
    return problems;
  }
}
