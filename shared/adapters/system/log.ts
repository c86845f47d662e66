/** The structured log: one line of JSON per event, without secrets. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { Log, LogLevel } from '../../ports/system.ts';
import { isSecretName, redact, redactedText } from './redact.ts';

/**
 * A log that hands each event to `write` as one line of JSON with `level`, `event` and `details`. Errors become name, message, code, kind and cause. It never raises for what it is given.
 */
export function createConsoleLog(write: (line: string, level: LogLevel) => void): Log {
  return (level, event, details) => {
    write(line(level, event, details), level);
  };
}

function line(level: LogLevel, event: string, details: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ level, event: redact(event), details: plainMembers(details, []) });
}

function plainValue(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (parents.includes(value)) return '[circular]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return plainMembers(errorFacts(value), [...parents, value]);
  if (Array.isArray(value)) return value.map((item) => plainValue(item, [...parents, value]));
  return plainMembers(value, parents);
}

function plainMembers(value: object, parents: readonly object[]): Record<string, unknown> {
  const members = Object.entries(value).map(([name, member]) => [
    name,
    isSecretName(name) ? redactedText : plainValue(member, [...parents, value]),
  ]);
  return Object.fromEntries(members);
}

/** No stack: it names places on the machine, and the cause chain tells what went wrong. */
function errorFacts(error: Error): Record<string, unknown> {
  const { name, message, cause } = error;
  const kind = error instanceof SyncFailure ? { kind: error.kind } : {};
  const code = 'code' in error ? { code: error.code } : {};
  return { name, message, ...code, ...kind, ...(cause === undefined ? {} : { cause }) };
}
