/** At which calls of a run a host dies: each of them, or one of every few from a first that a seed decides. */

/** Where to begin, and how far to go on each time. */
export interface CrashCalls {
  readonly first: number;
  readonly step: number;
}

/**
 * CRASH=all takes every call; the usual run one of every `step`, from another first one each time, which CRASH_SEED repeats. What was
 * chosen is printed under the name of the test.
 */
export function crashCalls(name: string, step: number): CrashCalls {
  if (process.env['CRASH'] === 'all') return { first: 1, step: 1 };
  const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 100_000);
  process.stdout.write(`${name}: each ${step} calls from ${1 + (seed % step)} on, CRASH_SEED=${seed}\n`);
  return { first: 1 + (seed % step), step };
}
