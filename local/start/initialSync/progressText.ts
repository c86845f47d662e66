/** Progress of a run as text: what it did, how fast, and how long it may still take. Pure. */
import type { CountsView, SyncJobView } from './apiViews.ts';
import type { TrackedRun } from './trackRuns.ts';

/** How many records each direction of a job may have to look at; null when it cannot be told. */
export interface ExpectedRecords {
  readonly toDataverse: number | null;
  readonly toBusinessCentral: number | null;
}

/** Nothing is known. */
export const unknownRecords: ExpectedRecords = { toDataverse: null, toBusinessCentral: null };

const counterLabels = ['inserted', 'modified', 'deleted', 'unchanged', 'skipped', 'failed'] as const;

/** Records that have met their end, whatever it was (E-47). */
export function recordCount(counts: CountsView): number {
  return counterLabels.reduce((sum, name) => sum + counts[name], 0);
}

/** The counters that are not zero, such as `3 inserted, 1 failed`; empty when all are. */
export function countersText(syncJobs: readonly SyncJobView[]): string {
  const parts = counterLabels.flatMap((name) => {
    const sum = syncJobs.reduce((total, { counts }) => total + counts[name], 0);
    return sum > 0 ? [`${sum} ${name}`] : [];
  });
  return parts.join(', ');
}

/** Seconds from the first start to the last finish; to `nowMs` (epoch milliseconds) while a pass is under way. */
export function elapsedSeconds(syncJobs: readonly SyncJobView[], nowMs: number): number {
  if (syncJobs.length === 0) return 0;
  const starts = syncJobs.map(({ startedAt }) => Date.parse(startedAt));
  const ends = syncJobs.map(({ finishedAt }) => (finishedAt === null ? nowMs : Date.parse(finishedAt)));
  return Math.max(0, Math.max(...ends) - Math.min(...starts)) / 1000;
}

/** Records per second, rounded; null while the time is too short to tell. */
export function recordsPerSecond(records: number, seconds: number): number | null {
  return seconds <= 0 ? null : Math.round(records / seconds);
}

function expectedOf(syncJob: SyncJobView, expected: ExpectedRecords): number | null {
  if (syncJob.direction === 'both') return null;
  return expected[syncJob.direction];
}

/**
 * Seconds the pass under way may still take at its speed so far, rounded up. Null when no pass is under way, nothing is
 * done yet, or the number of records is unknown. Filters may leave fewer records: this is the longest it should take.
 */
export function secondsLeft(run: TrackedRun, expected: ExpectedRecords, nowMs: number): number | null {
  const current = run.syncJobs.find(({ finishedAt }) => finishedAt === null);
  const total = current === undefined ? null : expectedOf(current, expected);
  if (current === undefined || total === null) return null;
  const done = recordCount(current.counts);
  const seconds = elapsedSeconds([current], nowMs);
  if (done === 0 || seconds <= 0) return null;
  return Math.ceil((Math.max(0, total - done) / done) * seconds);
}

/** `1.2 s`, `75 s`. */
export function secondsText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** `12 records, 46 records/s: 4 inserted, 8 modified`. */
function factsText(run: TrackedRun, seconds: number): string {
  const records = run.syncJobs.reduce((sum, { counts }) => sum + recordCount(counts), 0);
  if (records === 0) return 'no records';
  const speed = recordsPerSecond(records, seconds);
  const speedText = speed === null ? '' : `, ${speed} records/s`;
  return `${records} records${speedText}: ${countersText(run.syncJobs)}`;
}

/** One line on a run, whatever its state: the updating line of a terminal, and the end line elsewhere. */
export function progressText(run: TrackedRun, expected: ExpectedRecords, nowMs: number): string {
  const seconds = elapsedSeconds(run.syncJobs, nowMs);
  const facts = factsText(run, seconds);
  switch (run.status) {
    case 'waiting':
      return `${run.job}: waiting`;
    case 'running': {
      const left = secondsLeft(run, expected, nowMs);
      const leftText = left === null ? '' : `, at most ${secondsText(left)} left`;
      return `${run.job}: running for ${secondsText(seconds)}, ${facts}${leftText}`;
    }
    case 'success':
      return `${run.job}: finished in ${secondsText(seconds)}, ${facts}`;
    case 'error':
      return `${run.job}: ended in error after ${secondsText(seconds)}, ${facts}`;
    case 'notRun':
      return `${run.job}: did not run`;
  }
}
