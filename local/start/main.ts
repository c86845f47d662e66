/** The program behind `npm start`: starts everything locally, synchronises once, and keeps running. */
import { runStart } from './runStart.ts';

/** Output to a pipe may still be on its way when the process ends. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

async function main(): Promise<void> {
  const code = await runStart(process.argv.slice(2));
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

void main();
