/** Which rows of the log may be deleted, and which are still needed (E-152, J-108 to J-112). */
import type { SyncErrorId, SyncJobId } from '../common/ids.ts';
import { type Instant, shift } from '../common/instants.ts';
import type { Coupling } from '../couplings/coupling.ts';
import type { RetryRecord } from './retryRecord.ts';
import type { SyncError, SyncJob } from './syncJob.ts';

const dayMs = 24 * 60 * 60_000;

/** A row that never finished is that of a run that broke off, once it is older than any run lasts. */
const brokenOffAfterMs = dayMs;

/** Rows finished up to here are old: so many days ago, at this time of day (J-109). */
export function oldBefore(now: Instant, days: number): Instant {
  return shift(now, -days * dayMs);
}

/** Whether a row is old enough to go. */
export function isOld(row: Pick<SyncJob, 'startedAt' | 'finishedAt'>, until: Instant, now: Instant): boolean {
  if (row.finishedAt !== null) return row.finishedAt <= until;
  return row.startedAt <= until && row.startedAt < shift(now, -brokenOffAfterMs);
}

/** What skipped records refer to: their cause must stay readable until a user has dealt with it (J-112). */
export interface References {
  readonly syncJobs: ReadonlySet<SyncJobId>;
  readonly errors: ReadonlySet<SyncErrorId>;
}

/** The references of skipped couplings and of skipped records without one; others refer to nothing that must stay. */
export function referencesOf(couplings: readonly Coupling[], retries: readonly RetryRecord[]): References {
  const skipped = couplings.filter(({ state }) => state === 'skipped');
  const results = skipped.flatMap(({ toDataverse, toBusinessCentral }) => [toDataverse, toBusinessCentral]);
  const errors = [
    ...skipped.flatMap(({ lastError }) => (lastError === null ? [] : [lastError.errorId])),
    ...retries.filter((retry) => retry.skipped).map(({ errorId }) => errorId),
  ];
  const syncJobs = results.flatMap((result) => (result === null ? [] : [result.syncJobId]));
  return { syncJobs: new Set(syncJobs), errors: new Set(errors) };
}

/** The rows that must stay because of an error that is referred to. */
export function withErrorRows(
  references: References,
  errors: readonly Pick<SyncError, 'id' | 'syncJobId'>[],
): References {
  const kept = errors.filter(({ id }) => references.errors.has(id)).map(({ syncJobId }) => syncJobId);
  return { ...references, syncJobs: new Set([...references.syncJobs, ...kept]) };
}

/** Whether an old row may go: without failures in any case, with failures unless a skipped record refers to it (E-152). */
export function mayGo(row: Pick<SyncJob, 'id' | 'counts'>, references: References): boolean {
  const { failed, skipped } = row.counts;
  return failed + skipped === 0 || !references.syncJobs.has(row.id);
}
