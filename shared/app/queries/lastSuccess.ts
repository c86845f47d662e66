/** When a job last succeeded, as far as entry and log tell. */
import { passDirections } from '../../domain/common/directions.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { type Instant, later } from '../../domain/common/instants.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import { hasBrokenOff, type SyncJob } from '../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A job in trouble is tried about ten times before it stops (J-41); twice that, with a row per direction, reaches back. */
const rowsLookedAt = 20 * passDirections.length;

/**
 * The end of the newest successful run. The entry tells it while its last run succeeded; otherwise the log does, one
 * request: a run succeeded when all its rows have finished. Null when neither knows one.
 */
export async function lastSuccessAt(ports: SyncPorts, entry: JobQueueEntry): Promise<Instant | null> {
  const { lastRun, mapping } = entry;
  if (lastRun === null) return null;
  if (lastRun.outcome === 'success') return lastRun.finishedAt;
  const query = {
    mapping: mapping ?? mappingName(entry.name),
    job: entry.name,
    type: 'synchronization',
  } as const;
  const page = await ports.logs.listSyncJobs(query, { top: rowsLookedAt, continuation: null });
  return newestSuccess(page.rows.filter((row) => row.runId !== lastRun.runId));
}

/** Rows are newest first, so the first run without a row that is open or broke off is the one. */
function newestSuccess(rows: readonly SyncJob[]): Instant | null {
  const broken = new Set(
    rows.filter((row) => row.finishedAt === null || hasBrokenOff(row)).map((row) => row.runId),
  );
  const newest = rows.find((row) => !broken.has(row.runId));
  if (newest === undefined) return null;
  const ofRun = rows.filter((row) => row.runId === newest.runId);
  return ofRun.reduce<Instant | null>((at, row) => later(at, row.finishedAt), null);
}
