/** A run whose mapping was changed between two time slices: what it read by the old definition is not gone on with. */
import type { RunCursor } from '../../domain/jobs/runCursor.ts';
import type { RunScope } from './runScope.ts';

/**
 * Ends the row of the log of the pass that was cut off. Pages after it would lack what the new definition reads, so the
 * run begins anew; what the old pass wrote is found unchanged then. Safe to repeat.
 */
export async function closeAbandonedPass({ ports }: RunScope, { syncJobIds }: RunCursor): Promise<void> {
  const last = syncJobIds.at(-1);
  const syncJob = last === undefined ? null : await ports.logs.syncJob(last);
  if (syncJob === null || syncJob.finishedAt !== null) return;
  const message = 'The table mapping was changed during the run, which began anew.';
  await ports.logs.saveSyncJob({ ...syncJob, finishedAt: ports.clock.now(), message });
}
