/** Works out from the app's own log how far each run of a full synchronisation is. Pure. */
import type { JobView, QueuedRunView, SyncJobView } from './apiViews.ts';

/** `notRun`: the turn of the run came and passed, or never came. */
export type RunStatus = 'waiting' | 'running' | 'success' | 'error' | 'notRun';

/** One run and what is known of it. */
export interface TrackedRun {
  readonly job: string;
  readonly runId: string;
  readonly status: RunStatus;
  /** Why it ended in error, else empty. */
  readonly errorMessage: string;
  /** Its passes in the order in which they began. */
  readonly syncJobs: readonly SyncJobView[];
}

/** The runs before anything is known of them. */
export function waitingRuns(queued: readonly QueuedRunView[]): readonly TrackedRun[] {
  return queued.map(({ job, runId }) => ({ job, runId, status: 'waiting', errorMessage: '', syncJobs: [] }));
}

/** Whether nothing more can be learned of the run. */
export function hasEnded({ status }: TrackedRun): boolean {
  return status === 'success' || status === 'error' || status === 'notRun';
}

/** Whether the job ended otherwise than it should. */
export function isFailed({ status }: TrackedRun): boolean {
  return status === 'error' || status === 'notRun';
}

/** Log rows and job queue entries; the rows must have been read before the entries. */
export interface Observation {
  readonly syncJobs: readonly SyncJobView[];
  readonly jobs: readonly JobView[];
}

/** The runs after another look at the app. A run that has ended keeps its end, and learns of late log rows. */
export function trackRuns(runs: readonly TrackedRun[], seen: Observation): readonly TrackedRun[] {
  const known = withRows(runs, seen.syncJobs);
  return known.map((run, index) => {
    if (hasEnded(run)) return run;
    const entry = seen.jobs.find(({ name }) => name === run.job);
    const hasLater = known.slice(index + 1).some((later) => isSeen(later, seen.jobs));
    return { ...run, ...stateOf(run, entry, hasLater) };
  });
}

/** The runs with their log rows as they are now; how far each is stays as it was found, for rows alone do not tell. */
export function withRows(runs: readonly TrackedRun[], rows: readonly SyncJobView[]): readonly TrackedRun[] {
  return runs.map((run) => ({ ...run, syncJobs: rowsOf(run, rows) }));
}

/** Gives up on runs that never came. */
export function abandonWaiting(runs: readonly TrackedRun[]): readonly TrackedRun[] {
  return runs.map((run) =>
    hasEnded(run) ? run : { ...run, ...(run.status === 'running' ? brokenOff : notRun) },
  );
}

/**
 * Adds log rows of further runs of the same jobs, such as those that dependants caused, or lines that a run of their
 * headers brought along (E-151). Runs of the timers are left out: they were not asked for.
 */
export function withFurtherRows(
  runs: readonly TrackedRun[],
  rows: readonly SyncJobView[],
): readonly TrackedRun[] {
  const known = new Set(runs.map(({ runId, job }) => `${runId} ${job}`));
  const further = rows.filter(
    ({ runId, job, trigger }) => !known.has(`${runId} ${job}`) && trigger !== 'timer',
  );
  const jobs = new Set(runs.map(({ job }) => job));
  return runs.flatMap((run) => [
    { ...run, syncJobs: [...rowsOf(run, rows), ...further.filter(({ job }) => job === run.job)] },
    ...linesOf(
      run,
      further.filter(({ job }) => !jobs.has(job)),
    ),
  ]);
}

/** Lines that have no run of their own, because they are synchronised with their headers only (E-151). */
function linesOf(run: TrackedRun, rows: readonly SyncJobView[]): readonly TrackedRun[] {
  const own = rows.filter(({ runId }) => runId === run.runId);
  return [...new Set(own.map(({ job }) => job))].map((job) => ({
    ...run,
    job,
    syncJobs: own.filter((row) => row.job === job),
  }));
}

type State = Pick<TrackedRun, 'status' | 'errorMessage'>;
const success: State = { status: 'success', errorMessage: '' };
const notRun: State = { status: 'notRun', errorMessage: 'The job did not run; see the log of the app.' };
const brokenOff: State = { status: 'error', errorMessage: 'The run broke off; see the log of the app.' };

function rowsOf(run: TrackedRun, rows: readonly SyncJobView[]): readonly SyncJobView[] {
  const own = rows.filter(({ runId, job }) => runId === run.runId && job === run.job);
  return own.toSorted(
    (left, right) => left.startedAt.localeCompare(right.startedAt) || left.id.localeCompare(right.id),
  );
}

function isSeen(run: TrackedRun, jobs: readonly JobView[]): boolean {
  return (
    run.syncJobs.length > 0 ||
    jobs.some(({ name, lastRun }) => name === run.job && lastRun?.runId === run.runId)
  );
}

/**
 * The entry tells the state while the run is its last one. Afterwards, as with a job that has no entry, only the log
 * does: a pass without a finish time broke off (E-156). An entry that is not the run's any more and no log row is a run
 * that gave way to another and is to come again.
 */
function stateOf(run: TrackedRun, entry: JobView | undefined, hasLater: boolean): State {
  const { syncJobs } = run;
  if (entry?.lastRun?.runId === run.runId) {
    const { finishedAt, outcome } = entry.lastRun;
    if (finishedAt !== null) return outcome === 'error' ? failedWith(entry) : success;
    return hasLater ? stateByRows(syncJobs) : { status: 'running', errorMessage: '' };
  }
  const isReplaced = entry?.lastRun != null && syncJobs.length > 0;
  const bothWays = !entry && syncJobs.length === 2 && syncJobs.every(({ finishedAt }) => finishedAt !== null);
  if (hasLater || isReplaced || bothWays) return stateByRows(syncJobs);
  return { status: syncJobs.length > 0 ? 'running' : 'waiting', errorMessage: '' };
}

function failedWith(entry: JobView): State {
  return { status: 'error', errorMessage: entry.errorMessage || 'The job ended in error.' };
}

function stateByRows(rows: readonly SyncJobView[]): State {
  if (rows.length === 0) return notRun;
  return rows.every(({ finishedAt }) => finishedAt !== null) ? success : brokenOff;
}
