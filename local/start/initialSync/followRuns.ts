/** Watches the runs of a full synchronisation until the last one has ended. */
import type { JobView, SyncJobView } from './apiViews.ts';
import type { AppApi } from './appApi.ts';
import { abandonWaiting, hasEnded, type TrackedRun, trackRuns, withRows } from './trackRuns.ts';

export interface FollowOptions {
  readonly api: Pick<AppApi, 'jobs' | 'syncJobs'>;
  /** From when on log rows matter, epoch milliseconds of the app's clock. */
  readonly sinceMs: number;
  /** Called after each look. */
  readonly onProgress: (runs: readonly TrackedRun[]) => void;
  /** Waits between two looks; rejects to break off. */
  readonly pause: () => Promise<void>;
  /** True when the app does nothing and nothing is due. */
  readonly isIdle: () => Promise<boolean>;
  /** A clock that only measures spans, milliseconds. */
  readonly elapsedMs: () => number;
}

/** A run whose mapping is busy comes again within 5 s, and the queue repeats a lost one after a minute or so. */
const giveUpAfterMs = 120_000;
const toleratedFailures = 20;

/** Failures in a row that are passed over: the storage behind the app may need a moment. */
class Patience {
  #failures = 0;

  async look<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      const result = await read();
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures > toleratedFailures) throw error;
      return null;
    }
  }
}

/**
 * How many runs, in their order, may have begun by now: up to the last one that its job knows of, one more, and those
 * of mappings without a job, which no entry can tell of.
 */
function begunCount(runs: readonly TrackedRun[], jobs: readonly JobView[]): number {
  const last = runs.findLastIndex((run) => hasEnded(run) || run.syncJobs.length > 0 || isLastRun(run, jobs));
  let count = last + 2;
  while (count < runs.length && !jobs.some(({ name }) => name === runs[count - 1]?.job)) count += 1;
  return count;
}

function isLastRun({ job, runId }: TrackedRun, jobs: readonly JobView[]): boolean {
  return jobs.some(({ name, lastRun }) => name === job && lastRun?.runId === runId);
}

/** Rows of these runs. Jobs that run code may write theirs under any mapping. */
async function rowsOfRuns(
  runs: readonly TrackedRun[],
  jobs: readonly JobView[],
  { api, sinceMs }: FollowOptions,
): Promise<readonly SyncJobView[]> {
  const runsCode = ({ job }: TrackedRun) =>
    jobs.some(({ name, mapping }) => name === job && mapping === null);
  if (runs.some(runsCode)) return api.syncJobs(sinceMs);
  return (await Promise.all(runs.map(({ job }) => api.syncJobs(sinceMs, job)))).flat();
}

/**
 * One look at the runs whose turn may have come; rows of other mappings are not asked for. The rows are read before the
 * entries, and again when a run has just ended: its last row came late.
 */
async function look(runs: readonly TrackedRun[], options: FollowOptions): Promise<readonly TrackedRun[]> {
  const jobsBefore = await options.api.jobs();
  const count = begunCount(runs, jobsBefore);
  const begun = runs.slice(0, count);
  const read = (some: readonly TrackedRun[]) => rowsOfRuns(some, jobsBefore, options);
  const known = begun.filter(hasEnded).flatMap(({ syncJobs }) => syncJobs);
  const rows = await read(begun.filter((run) => !hasEnded(run)));
  const jobs = await options.api.jobs();
  const seen = trackRuns(begun, { syncJobs: [...known, ...rows], jobs });
  const ended = seen.filter((run, index) => hasEnded(run) && run.status !== begun[index]?.status);
  const others = seen.filter((run) => !ended.includes(run)).flatMap(({ syncJobs }) => syncJobs);
  const settled = ended.length === 0 ? seen : withRows(seen, [...others, ...(await read(ended))]);
  return [...settled, ...runs.slice(count)];
}

function signature(runs: readonly TrackedRun[]): string {
  return JSON.stringify(runs.map(({ status, syncJobs }) => [status, syncJobs]));
}

/**
 * Resolves with every run ended. A run that shows no sign of life while the app has been idle for two minutes is given
 * up. Rejects when the app stops answering, or `pause` rejects.
 */
export async function followRuns(
  queued: readonly TrackedRun[],
  options: FollowOptions,
): Promise<readonly TrackedRun[]> {
  const { elapsedMs, isIdle, onProgress, pause } = options;
  const patience = new Patience();
  let runs = queued;
  let changedAtMs = elapsedMs();
  while (!runs.every(hasEnded)) {
    const seen = await patience.look(() => look(runs, options));
    if (seen !== null) {
      if (signature(seen) !== signature(runs)) changedAtMs = elapsedMs();
      runs = seen;
      onProgress(runs);
    }
    if (runs.every(hasEnded)) break;
    if (elapsedMs() - changedAtMs > giveUpAfterMs && (await isIdle())) {
      runs = abandonWaiting(runs);
      onProgress(runs);
      break;
    }
    await pause();
  }
  return runs;
}
