/** One thing that somebody asked this program to do: who, when, what, and what was answered. */
import type { AuditId, RunId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';

/** What the request was answered with. */
export interface AuditOutcome {
  /** Status of HTTP; below 400 it was done, or goes on in the background. */
  readonly status: number;
  /** Code of the error; null when there was none. */
  readonly code: string | null;
  /** Runs that carry it out. */
  readonly runIds: readonly RunId[];
}

/** Written before anything is done, so that nothing is done without it; the outcome follows. */
export interface AuditRow {
  readonly id: AuditId;
  readonly at: Instant;
  /** Who asked; empty where access control does not tell. */
  readonly user: string;
  /** Name of the operation, such as `couplings-delete`. */
  readonly action: string;
  /** The mapping or job that the address names; null when it names none. */
  readonly target: string | null;
  /** What was sent with it, the ids of records among it. */
  readonly input: unknown;
  /** Null until it was answered, and for good when the host went away before. */
  readonly outcome: AuditOutcome | null;
}

/** Longest input that is kept, in characters of JSON: a list of a thousand records fits. */
const longestInput = 200_000;

/** The input as it is kept: whole, or the beginning of its text with how long it was. Pure. */
export function keptInput(input: unknown): unknown {
  const text = JSON.stringify(input) ?? 'null';
  if (text.length <= longestInput) return input;
  return { cut: text.slice(0, longestInput), characters: text.length };
}

const dayMs = 24 * 60 * 60_000;

/** The audit outlives the log by far: what was asked for is looked up when somebody wonders, months later. */
export const leastAuditDays = 365;

/** How long rows are kept, in milliseconds, where the log is kept for so many days. */
export function auditRetentionMs(retentionDays: number): number {
  return Math.max(leastAuditDays, retentionDays) * dayMs;
}
