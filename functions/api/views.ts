/** The shapes of answers (contract section 3), made of what the app works with. */
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import type { JobQueueEntry } from '../../shared/domain/jobs/jobQueueEntry.ts';
import type { SyncError, SyncJob } from '../../shared/domain/logs/syncJob.ts';
import type { Shortcoming } from '../../shared/domain/mappings/fitMapping.ts';
import { shortcomingView } from './mappingView.ts';

/** A job queue entry, with what its mapping has to do without, which is told in place of an error message too. */
export function jobView(entry: JobQueueEntry, shortcomings: readonly Shortcoming[] = []) {
  const told = shortcomings.map(({ message }) => message).join(' ');
  return {
    name: entry.name,
    mapping: entry.mapping,
    description: entry.description,
    status: entry.status,
    frequencyMinutes: entry.frequencyMinutes,
    inactivityTimeoutMinutes: entry.inactivityTimeoutMinutes,
    earliestStart: entry.earliestStart,
    lastRun: entry.lastRun,
    attempts: entry.attempts,
    maxAttempts: entry.maxAttempts,
    rerunDelaySeconds: entry.rerunDelaySeconds,
    category: entry.category,
    window: entry.window,
    weekdays: entry.weekdays,
    errorMessage: entry.errorMessage || told,
    ...(shortcomings.length === 0 ? {} : { shortcomings: shortcomings.map(shortcomingView) }),
  };
}

/** A row of the integration synchronisation log; `requests` says what it cost. */
export function syncJobView(row: SyncJob) {
  return {
    id: row.id,
    runId: row.runId,
    job: row.job,
    mapping: row.mapping,
    type: row.type,
    direction: row.direction,
    trigger: row.trigger,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    message: row.message,
    counts: row.counts,
    requests: row.requests,
  };
}

/** A row of the integration synchronisation errors; `kind` is the class of its cause. */
export function syncErrorView(error: SyncError) {
  return {
    id: error.id,
    syncJobId: error.syncJobId,
    mapping: error.mapping,
    direction: error.direction,
    businessCentralId: error.businessCentralId,
    dataverseId: error.dataverseId,
    name: error.name,
    code: error.code,
    kind: error.kind,
    message: error.message,
    ...(error.field === null ? {} : { field: error.field }),
    occurredAt: error.occurredAt,
    resolvedAt: error.resolvedAt,
    suggestion: error.suggestion,
  };
}

/** A coupling, without the digests of its values. */
export function couplingView(coupling: Coupling) {
  const { lastError } = coupling;
  return {
    mapping: coupling.mapping,
    businessCentralId: coupling.businessCentralId,
    dataverseId: coupling.dataverseId,
    businessCentralName: coupling.businessCentralName,
    dataverseName: coupling.dataverseName,
    state: coupling.state,
    lastSyncedAt: coupling.lastSyncedAt,
    lastError:
      lastError === null
        ? null
        : { code: lastError.code, message: lastError.message, occurredAt: lastError.occurredAt },
  };
}
