/** The log rows of a run that broke off, or never began, and of which no job queue entry tells so. */
import { passesOf } from '../../domain/common/directions.ts';
import type { SyncFailure } from '../../domain/common/failures.ts';
import { zeroCounters } from '../../domain/logs/syncJob.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { type RunSubject, syncJobsOfRun } from '../queries/runEnd.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Ends the row of every direction that has not ended, with the reason; so that nobody waits for the run. Safe to repeat. */
export async function endFailedRows(
  ports: SyncPorts,
  run: QueuedRun,
  mapping: RunSubject,
  { message }: SyncFailure,
): Promise<void> {
  const begun = await syncJobsOfRun(ports, run, mapping);
  const finishedAt = ports.clock.now();
  // Code has rows of its own kinds; one tells that it did not run.
  const directions = mapping.direction === undefined ? (['both'] as const) : passesOf(mapping.direction);
  for (const direction of directions) {
    const row = begun.find((each) => each.direction === direction);
    if (row && row.finishedAt !== null) continue;
    await ports.logs.saveSyncJob({
      ...(row ?? {
        id: ports.ids.syncJobId(finishedAt),
        ...{ runId: run.runId, job: run.job, mapping: mapping.name, type: 'synchronization', direction },
        ...{ trigger: run.trigger, startedAt: finishedAt, counts: zeroCounters },
        requests: { businessCentral: 0, dataverse: 0 },
      }),
      finishedAt,
      message,
    });
  }
}
