/** The log row of a coupling or uncoupling action, and errors that belong to it (E-149, E-150). */
import type { SyncJobId } from '../../domain/common/ids.ts';
import {
  addCounters,
  type Counters,
  type SyncError,
  type SyncJob,
  type SyncJobType,
} from '../../domain/logs/syncJob.ts';
import type { RecordProblem } from '../../domain/sync/problems.ts';
import { openedSyncJob } from '../run/openedSyncJob.ts';
import type { RunScope } from '../run/runScope.ts';

/** Opens the row, or goes on with the one an interrupted action has begun; a purged one begins anew. */
export async function openActionJob(
  scope: RunScope,
  type: SyncJobType,
  begunId: SyncJobId | undefined,
): Promise<SyncJob> {
  const begun = begunId === undefined ? null : await scope.ports.logs.syncJob(begunId);
  if (begun) return begun;
  const opened = openedSyncJob(scope, type, scope.mapping.direction);
  await saveActionJob(scope, opened);
  return opened;
}

/** Writes the row; a dry run writes nothing. */
export function saveActionJob({ log }: RunScope, syncJob: SyncJob): Promise<void> {
  return log.save(syncJob);
}

/** The row with counters added, written. */
export async function countInto(
  scope: RunScope,
  syncJob: SyncJob,
  counts: Partial<Counters>,
): Promise<SyncJob> {
  const counted = { ...syncJob, counts: addCounters(syncJob.counts, counts) };
  await saveActionJob(scope, counted);
  return counted;
}

/** The row with its finish time and the requests of the action, written. */
export async function finishActionJob(scope: RunScope, syncJob: SyncJob, message = ''): Promise<SyncJob> {
  const { businessCentral, dataverse } = scope.meters;
  const requests = {
    businessCentral: syncJob.requests.businessCentral + businessCentral.sent,
    dataverse: syncJob.requests.dataverse + dataverse.sent,
  };
  const finished = { ...syncJob, message, requests, finishedAt: scope.ports.clock.now() };
  await saveActionJob(scope, finished);
  return finished;
}

/** Writes one error row for the action; ids are null when it is about no single record (E-120). */
export async function saveActionError(
  scope: RunScope,
  syncJob: SyncJob,
  raised: RecordProblem,
  record: Pick<SyncError, 'businessCentralId' | 'dataverseId' | 'name'>,
): Promise<void> {
  const { ports, mapping, request } = scope;
  if (request.dryRun) return;
  const occurredAt = ports.clock.now();
  const { code, kind, message, field, suggestion } = raised;
  const error: SyncError = {
    ...record,
    ...{ code, kind, message, field, suggestion },
    id: ports.ids.syncErrorId(occurredAt),
    syncJobId: syncJob.id,
    mapping: mapping.name,
    direction: mapping.direction === 'toBusinessCentral' ? 'toBusinessCentral' : 'toDataverse',
    occurredAt,
    resolvedAt: null,
  };
  await ports.logs.saveErrors([error]);
}
