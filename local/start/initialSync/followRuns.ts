/** Watches the runs of a full synchronisation until the last one has ended. */
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

/** One look. The rows are read before the entries, and again when a run has just ended: its last row came late. */
async function look(
  runs: readonly TrackedRun[],
  { api, sinceMs }: FollowOptions,
): Promise<readonly TrackedRun[]> {
  const syncJobs = await api.syncJobs(sinceMs);
  const jobs = await api.jobs();
  const seen = trackRuns(runs, { syncJobs, jobs });
  const hasNewEnd = seen.some((run, index) => hasEnded(run) && run.status !== runs[index]?.status);
  return hasNewEnd ? withRows(seen, await api.syncJobs(sinceMs)) : seen;
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
