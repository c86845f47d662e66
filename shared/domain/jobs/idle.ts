/** Whether a run found anything to do. */
import type { SyncJob } from '../logs/syncJob.ts';

/**
 * The idle test over the log rows of one run, both directions together: nothing was inserted, modified, deleted or failed
 * (J-50, E-153). Unchanged, skipped, coupled and uncoupled records are no work; a run without any row is not idle (J-51).
 */
export function isIdle(syncJobs: readonly Pick<SyncJob, 'counts'>[]): boolean {
  const work = syncJobs.reduce(
    (sum, { counts }) => sum + counts.inserted + counts.modified + counts.deleted + counts.failed,
    0,
  );
  return syncJobs.length > 0 && work === 0;
}
