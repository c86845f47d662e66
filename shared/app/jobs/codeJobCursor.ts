/** Where a paused job that runs code goes on: the same run, the same row of the log, a position of the job's own. */
import type { RunCursor } from '../../domain/jobs/runCursor.ts';
import type { SyncJob } from '../../domain/logs/syncJob.ts';
import { type CodeJobResult, type CodeJobScope, finishCodeJobRow, openCodeJobRow } from './codeJob.ts';

/** The row of the log the run writes, and the position it begins at; null = from the beginning. */
export interface OpenedRow<Position> {
  readonly syncJob: SyncJob;
  readonly position: Position | null;
}

/** Opens the row, or goes on with the one this run began; another run's cursor is no concern of this one. */
export async function openOrGoOn<Position>(scope: CodeJobScope): Promise<OpenedRow<Position>> {
  const { cursor } = scope.lease.state;
  const [rowId] = cursor?.runId === scope.run.runId ? cursor.syncJobIds : [];
  const begun = rowId === undefined ? null : await scope.ports.logs.syncJob(rowId);
  if (begun && cursor) return { syncJob: begun, position: JSON.parse(cursor.position.page) as Position };
  return { syncJob: await openCodeJobRow(scope, 'toDataverse'), position: null };
}

const nothingRead = { newest: null, settledUntil: null, readAt: null };

/** Keeps what was counted and sent so far, and where to go on; `position` is kept as JSON. */
export async function pauseAt(
  { ports, run, meters }: CodeJobScope,
  syncJob: SyncJob,
  position: unknown,
): Promise<Extract<CodeJobResult, { status: 'paused' }>> {
  const requests = {
    businessCentral: syncJob.requests.businessCentral + meters.businessCentral.sent,
    dataverse: syncJob.requests.dataverse + meters.dataverse.sent,
  };
  await ports.logs.saveSyncJob({ ...syncJob, requests });
  const cursor: RunCursor = {
    runId: run.runId,
    pass: 'toDataverse',
    position: { side: 'dataverse', page: JSON.stringify(position) },
    syncJobIds: [syncJob.id],
    businessCentral: nothingRead,
    dataverse: null,
    tokenExpired: false,
    definition: '',
    coupled: 0,
    lost: 0,
    handled: [],
  };
  return { status: 'paused', state: { cursor } };
}

/** Finishes the row with the requests of all slices. */
export function finishSlicedRow(scope: CodeJobScope, syncJob: SyncJob, message = ''): Promise<SyncJob> {
  const { businessCentral, dataverse } = syncJob.requests;
  const sentBefore = { businessCentral: -businessCentral, dataverse: -dataverse };
  return finishCodeJobRow(scope, syncJob, syncJob.counts, message, sentBefore);
}
