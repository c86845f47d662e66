/** How far a line of the full synchronisation review is, by its run's rows in the log (E-139, A-83). */
import { type PassDirection, passesOf } from '../common/directions.ts';
import { type Instant, later, shift } from '../common/instants.ts';
import { hasBrokenOff, type SyncJob } from '../logs/syncJob.ts';
import type { TableMapping } from '../mappings/model.ts';
import type { DirectionStatus, LineRun, LineStatus } from './review.ts';

/** After this long without a sign of life the message that carries the remaining runs is taken for lost. */
const silenceMs = 10 * 60_000;

/** What is known of the run of a line. */
export interface LineFacts {
  readonly run: LineRun | null;
  /** The run's rows in the log, oldest first. */
  readonly syncJobs: readonly SyncJob[];
  /** What the job queue entry tells of this very run; null when it tells of another, or there is no entry. */
  readonly entry: 'inProcess' | 'finished' | 'error' | null;
  /** Whether the run holds the mapping, or paused in it a moment ago. */
  readonly isHolding: boolean;
  /** Whether another run holds it, so that this one cannot begin. */
  readonly isKeptWaiting: boolean;
}

/**
 * The status of a line. Failed records do not make it an error; a run that broke off does. A run without any trace waits.
 */
export function lineStatus(facts: LineFacts, mapping: TableMapping): LineStatus {
  const { run, syncJobs, entry, isHolding } = facts;
  if (run === null) return 'notStarted';
  if (run.outcome !== null) return run.outcome;
  if (entry !== null) return entry;
  if (syncJobs.length === 0) return isHolding ? 'inProcess' : 'waiting';
  const passes = passesOf(mapping.direction);
  const isComplete = passes.every((pass) => rowOf(syncJobs, pass)?.finishedAt);
  if (isComplete) return passes.some((pass) => isBroken(syncJobs, pass)) ? 'error' : 'finished';
  return isHolding ? 'inProcess' : 'error';
}

/** The status of one direction of a line. */
export function directionStatus(
  status: LineStatus,
  syncJobs: readonly SyncJob[],
  pass: PassDirection,
): DirectionStatus {
  const row = rowOf(syncJobs, pass);
  if (row === undefined) return 'notRun';
  if (row.finishedAt === null) return status === 'error' ? 'error' : 'inProcess';
  return row.counts.failed > 0 || hasBrokenOff(row) ? 'error' : 'success';
}

function isBroken(syncJobs: readonly SyncJob[], pass: PassDirection): boolean {
  const row = rowOf(syncJobs, pass);
  return row !== undefined && hasBrokenOff(row);
}

/** Whether nothing has happened in a full synchronisation for so long that what waits is not going to start. */
export function isSilent(lines: readonly LineFacts[], now: Instant): boolean {
  if (lines.some(({ isKeptWaiting }) => isKeptWaiting)) return false;
  const signs = lines.flatMap(({ run, syncJobs }) => [
    run?.requestedAt ?? null,
    ...syncJobs.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]),
  ]);
  const last = signs.reduce(later, null);
  return last !== null && shift(last, silenceMs) < now;
}

/** The last one: a run that began anew has left rows before it. */
function rowOf(syncJobs: readonly SyncJob[], pass: PassDirection): SyncJob | undefined {
  return syncJobs.findLast(({ type, direction }) => type === 'synchronization' && direction === pass);
}
