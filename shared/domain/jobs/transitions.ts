/** The beginning and the end of a run as transitions of its job queue entry (J-18, J-25, J-39 to J-42, J-50 to J-57). */

import type { MappingName, RunId } from '../common/ids.ts';
import { type Instant, shift } from '../common/instants.ts';
import type { RunTrigger } from '../logs/syncJob.ts';
import type { TableMapping } from '../mappings/model.ts';
import { type JobQueueEntry, type JobStatus, noDeletions, weekdays } from './jobQueueEntry.ts';
import { idleRunAt, nextRunAt } from './nextRun.ts';
import { type WakeTiming, woken } from './wake.ts';

/** Mapping jobs are tried up to 10 times, at least 30 seconds apart (J-41). */
const mappingJobAttempts = 10;
const mappingJobRerunDelaySeconds = 30;

/** No entry is retried more often than this, whatever its own maximum says (J-39). */
const mostAttempts = 10;

/** The entry a mapping's job begins with; null when the mapping has no scheduled job. */
export function newJobQueueEntry(mapping: TableMapping, at: Instant): JobQueueEntry | null {
  if (mapping.job === null) return null;
  return {
    name: mapping.name,
    mapping: mapping.name as MappingName,
    description: mapping.description,
    status: 'ready',
    frequencyMinutes: mapping.job.frequencyMinutes,
    inactivityTimeoutMinutes: mapping.job.inactivityTimeoutMinutes,
    earliestStart: at,
    lastRun: null,
    attempts: 0,
    maxAttempts: mappingJobAttempts,
    rerunDelaySeconds: mappingJobRerunDelaySeconds,
    category: mapping.job.category,
    window: null,
    weekdays,
    errorMessage: '',
    statusBefore: null,
    woken: false,
    reportedDeletions: noDeletions,
  };
}

/** Ready, waiting or held to In Process: clears the error and stamps the run (J-18 g, J-23 step 6). */
export function started(
  entry: JobQueueEntry,
  run: { readonly runId: RunId; readonly trigger: RunTrigger; readonly at: Instant },
): JobQueueEntry {
  const { runId, trigger, at } = run;
  const lastRun = { runId, trigger, startedAt: at, finishedAt: null, outcome: null };
  // One that died In Process began from what its entry remembers.
  const statusBefore = entry.status === 'inProcess' ? entry.statusBefore : entry.status;
  return { ...entry, status: 'inProcess', errorMessage: '', lastRun, statusBefore, woken: false };
}

/** The end of a run, and what goes into its planning. */
export interface RunEnd extends WakeTiming {
  /** IANA zone of windows and weekdays. */
  readonly zone: string;
}

/**
 * The end of a successful run: attempts return to 0 and the next run counts from now (J-25, J-42). An idle run puts the
 * entry on hold for its inactivity timeout (J-18 n), one that found work does not (J-18 m, J-57). A change told of
 * meanwhile comes before a hold (J-73). An entry that was on hold before the run, or was put on hold during it, stays so
 * (J-18 s, A-14); a full synchronisation leaves an inactivity hold as it was (J-92).
 */
export function succeeded(entry: JobQueueEntry, idle: boolean, end: RunEnd): JobQueueEntry {
  const finished = { ...finishedRun(entry, end.now, 'success'), attempts: 0 };
  if (staysOnHold(entry)) return { ...finished, status: 'onHold', woken: false };
  return wokenMeanwhile(planned(finished, entry.statusBefore, idle, end), end);
}

function planned(
  entry: JobQueueEntry,
  before: JobStatus | null,
  idle: boolean,
  { now, zone }: RunEnd,
): JobQueueEntry {
  const trigger = entry.lastRun?.trigger;
  const isOneOff = trigger === 'fullSync' || trigger === 'action';
  if (isOneOff && before === 'onHoldInactivity') return { ...entry, status: before };
  if (!isOneOff && idle && entry.inactivityTimeoutMinutes > 0)
    return { ...entry, status: 'onHoldInactivity', earliestStart: idleRunAt(entry, now, zone) };
  return { ...entry, status: 'ready', earliestStart: nextRunAt(entry, now, zone) };
}

/** The end of a failed run: another attempt later (J-18 p), or Error when none is left (J-18 q, J-39, J-40). */
export function failed(entry: JobQueueEntry, message: string, end: RunEnd): JobQueueEntry {
  const finished = { ...finishedRun(entry, end.now, 'error'), errorMessage: message };
  if (staysOnHold(entry)) return { ...finished, status: 'onHold', woken: false };
  const attemptsLeft = entry.attempts < Math.min(entry.maxAttempts, mostAttempts);
  if (!attemptsLeft) return { ...finished, status: 'error', woken: false };
  const attempts = entry.attempts + 1;
  const earliestStart = shift(end.now, retryDelayMs(entry.rerunDelaySeconds, attempts));
  return wokenMeanwhile({ ...finished, status: 'ready', attempts, earliestStart }, end);
}

/** What the error of an interrupted run says (J-48). */
export const interruptedMessage = 'The run was interrupted: the program that carried it out went away.';

/** A run that died with its host counts as a failed attempt (J-18 r, J-123). */
export function interrupted(entry: JobQueueEntry, end: RunEnd): JobQueueEntry {
  return failed(entry, interruptedMessage, end);
}

/** Rerun delay plus 10^n milliseconds for the n-th retry, 6 hours from the eighth on (J-40). */
export function retryDelayMs(rerunDelaySeconds: number, attempt: number): number {
  const extraMs = attempt >= 8 ? 6 * 60 * 60_000 : 10 ** attempt;
  return rerunDelaySeconds * 1000 + extraMs;
}

function staysOnHold({ status, statusBefore }: JobQueueEntry): boolean {
  return status === 'onHold' || statusBefore === 'onHold';
}

function wokenMeanwhile(entry: JobQueueEntry, timing: WakeTiming): JobQueueEntry {
  return entry.woken ? woken({ ...entry, woken: false }, timing) : entry;
}

function finishedRun(entry: JobQueueEntry, at: Instant, outcome: 'success' | 'error'): JobQueueEntry {
  const { lastRun } = entry;
  return {
    ...entry,
    statusBefore: null,
    lastRun: lastRun === null ? null : { ...lastRun, finishedAt: at, outcome },
  };
}
