/** A fresh row of the synchronisation log (E-149). */
import type { MappingDirection } from '../../domain/common/directions.ts';
import { type SyncJob, type SyncJobType, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { RunScope } from './runScope.ts';

/** A row of the run's mapping that begins now, with nothing counted yet. Each call makes another id; nothing is written. */
export function openedSyncJob(
  { request, mapping, ports }: RunScope,
  type: SyncJobType,
  direction: MappingDirection,
): SyncJob {
  const startedAt = ports.clock.now();
  return {
    id: ports.ids.syncJobId(startedAt),
    runId: request.runId,
    job: request.job,
    mapping: mapping.name,
    type,
    direction,
    trigger: request.trigger,
    startedAt,
    finishedAt: null,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 0, dataverse: 0 },
  };
}
