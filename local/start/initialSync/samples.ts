/** Sample log rows and runs for the tests of the initial synchronisation. */
import type { JobView, SyncJobView } from './apiViews.ts';
import type { TrackedRun } from './trackRuns.ts';

const zero = { inserted: 0, modified: 0, deleted: 0, unchanged: 0, skipped: 0, failed: 0 };

/** Second 0 of the samples, epoch milliseconds. */
export const zeroMs = Date.parse('2026-01-05T08:00:00.000Z');

/** An instant some seconds into the samples. */
export function at(second: number): string {
  return new Date(zeroMs + second * 1000).toISOString();
}

export type SampleRow = Partial<Omit<SyncJobView, 'counts'>> & {
  readonly counts?: Partial<SyncJobView['counts']>;
};

/** A log row of run `1` of CUSTOMER, finished after a second unless told otherwise. */
export function row({ counts, ...given }: SampleRow = {}): SyncJobView {
  return {
    id: `${given.startedAt ?? at(0)} ${given.direction ?? 'toDataverse'}`,
    runId: '1',
    job: 'CUSTOMER',
    trigger: 'fullSync',
    direction: 'toDataverse',
    startedAt: at(0),
    finishedAt: at(1),
    requests: { businessCentral: 0, dataverse: 0 },
    ...given,
    counts: { ...zero, ...counts },
  };
}

/** A job queue entry; its last run ended well unless told otherwise. */
export function entry(
  name: string,
  lastRun: Partial<NonNullable<JobView['lastRun']>> | null,
  errorMessage = '',
): JobView {
  const run = { runId: '1', finishedAt: at(1), outcome: 'success' as const, ...lastRun };
  return { name, mapping: name, errorMessage, lastRun: lastRun === null ? null : run };
}

/** Run `1` of CUSTOMER, ended well. */
export function run(given: Partial<TrackedRun> = {}): TrackedRun {
  return { job: 'CUSTOMER', runId: '1', status: 'success', errorMessage: '', syncJobs: [], ...given };
}
