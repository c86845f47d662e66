/** Sends log lines to the invocation they belong to, so that the host shows them under the right function. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogLevel } from '../ports/system.ts';

/** The part of an invocation's context that takes log lines. */
export interface InvocationLog {
  trace(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

const current = new AsyncLocalStorage<InvocationLog>();

/** Runs `work`; what it logs, also later in its own promises, goes to `log`. */
export function withInvocationLog<Result>(log: InvocationLog, work: () => Result): Result {
  return current.run(log, work);
}

/** Runs work that outlives the invocation: its log lines belong to none, for an ended one takes no more. */
export function outsideInvocations<Result>(work: () => Result): Result {
  return current.exit(work);
}

/** Writes one line to the present invocation; outside any, to the error output, where the host picks it up. */
export function writeLogLine(line: string, level: LogLevel): void {
  const log = current.getStore();
  if (log === undefined) process.stderr.write(`${line}\n`);
  else log[methods[level]](line);
}

const methods = {
  trace: 'trace',
  information: 'info',
  warning: 'warn',
  error: 'error',
} as const satisfies Readonly<Record<LogLevel, keyof InvocationLog>>;
