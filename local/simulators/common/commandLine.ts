/** What the two simulators share as programs of their own. */
import { basename, dirname, join } from 'node:path';

const entry = process.argv[1] ?? '';

/** A folder of demo data, found from the bundle, which lies in dist/local. */
export function demoDataFolder(name: string): string {
  return join(dirname(entry), '..', '..', 'local', 'data', name);
}

/** The number of an option. Raises an Error with the usage when the text is no whole number. */
export function wholeNumber(name: string, text: string, usage: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, not "${text}".\n${usage}`);
  return Number(text);
}

/**
 * Starts a simulator when `bundle` is the program being run (importing it must not start anything), tells its address, and
 * closes it on SIGINT and SIGTERM. What goes wrong is one message and exit code 1.
 */
export function runSimulator(
  bundle: string,
  title: string,
  start: () => Promise<{ readonly url: string; close(): Promise<void> }>,
): void {
  if (basename(entry) !== bundle) return;
  const run = async (): Promise<void> => {
    const simulator = await start();
    console.log(`${title} ready at ${simulator.url}`);
    const stop = () => void simulator.close();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  };
  run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
