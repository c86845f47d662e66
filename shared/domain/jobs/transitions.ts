/** Transitions of a job queue entry as pure functions (J-18, J-25, J-39, J-40). */

import type { MappingName, RunId } from '../common/ids.ts';
import { type Instant, shift } from '../common/instants.ts';
import type { RunTrigger } from '../logs/syncJob.ts';
import type { TableMapping } from '../mappings/model.ts';
import { type JobQueueEntry, type JobStatus, weekdays } from './jobQueueEntry.ts';

/** Mapping jobs are tried up to 10 times, at least 30 seconds apart (J-41). */
const mappingJobAttempts = 10;
const mappingJobRerunDelaySeconds = 30;

/** No entry is retried more often than this, whatever its own maximum says (J-39). */
const mostAttempts = 10;

/** Statuses in which a due entry may be started (J-14). */
const startable: ReadonlySet<JobStatus> = new Set(['ready', 'waiting', 'inProcess', 'onHoldInactivity']);

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
  };
}

/** Whether a tick should start the entry (J-14, J-119); a run under way is the lease's business. */
export function isDue(entry: JobQueueEntry, now: Instant): boolean {
  return startable.has(entry.status) && entry.status !== 'inProcess' && entry.earliestStart <= now;
}

/** Ready or held to In Process: clears the error and stamps the run (J-23 step 6). */
export function started(
  entry: JobQueueEntry,
  run: { readonly runId: RunId; readonly trigger: RunTrigger; readonly at: Instant },
): JobQueueEntry {
  const { runId, trigger, at } = run;
  const lastRun = { runId, trigger, startedAt: at, finishedAt: null, outcome: null };
  return { ...entry, status: 'inProcess', errorMessage: '', lastRun };
}

/**
 * The end of a successful run: attempts return to 0 and the next run counts from now (J-25, J-42). An entry that was on
 * hold before the run, or was put on hold during it, stays on hold (J-18 s, A-14). The message tells what the run had to
 * do without; usually it is empty.
 */
export function succeeded(entry: JobQueueEntry, before: JobStatus, at: Instant, message = ''): JobQueueEntry {
  const finished = { ...finishedRun(entry, at, 'success'), errorMessage: message };
  const status = statusAfter(entry, before);
  if (status === 'onHold') return { ...finished, status };
  return { ...finished, status, attempts: 0, earliestStart: shift(at, entry.frequencyMinutes * 60_000) };
}

/** The end of a failed run: another attempt later, or Error when none is left (J-39, J-40). */
export function failed(entry: JobQueueEntry, before: JobStatus, message: string, at: Instant): JobQueueEntry {
  const finished = { ...finishedRun(entry, at, 'error'), errorMessage: message };
  if (statusAfter(entry, before) === 'onHold') return { ...finished, status: 'onHold' };
  const attemptsLeft = entry.attempts < Math.min(entry.maxAttempts, mostAttempts);
  if (!attemptsLeft) return { ...finished, status: 'error' };
  const attempts = entry.attempts + 1;
  const earliestStart = shift(at, retryDelayMs(entry.rerunDelaySeconds, attempts));
  return { ...finished, status: 'ready', attempts, earliestStart };
}

/** Rerun delay plus 10^n milliseconds for the n-th retry, 6 hours from the eighth on (J-40). */
export function retryDelayMs(rerunDelaySeconds: number, attempt: number): number {
  const extraMs = attempt >= 8 ? 6 * 60 * 60_000 : 10 ** attempt;
  return rerunDelaySeconds * 1000 + extraMs;
}

function statusAfter(entry: JobQueueEntry, before: JobStatus): JobStatus {
  const keepsHold = before === 'onHold' || entry.status === 'onHold';
  return keepsHold ? 'onHold' : 'ready';
}

function finishedRun(entry: JobQueueEntry, at: Instant, outcome: 'success' | 'error'): JobQueueEntry {
  return entry.lastRun === null
    ? entry
    : { ...entry, lastRun: { ...entry.lastRun, finishedAt: at, outcome } };
}
