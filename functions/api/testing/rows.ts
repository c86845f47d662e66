/** Rows for tests of the lists; a test states only what it is about. */
import {
  businessCentralId,
  dataverseId,
  mappingName,
  runId,
  syncErrorId,
  syncJobId,
} from '../../../shared/domain/common/ids.ts';
import { instant } from '../../../shared/domain/common/instants.ts';
import type { Coupling } from '../../../shared/domain/couplings/coupling.ts';
import { type SyncError, type SyncJob, zeroCounters } from '../../../shared/domain/logs/syncJob.ts';

const at = instant('2026-01-31T09:00:00Z');

/** A time-ordered GUID: a greater number is newer. */
export function guidOf(number: number): string {
  return `0190${String(number).padStart(4, '0')}-0000-7000-8000-000000000000`;
}

/** A finished row of the log, of CUSTOMER unless told otherwise. */
export function syncJobRow(number: number, more: Partial<SyncJob> = {}): SyncJob {
  return {
    id: syncJobId(guidOf(number)),
    runId: runId(guidOf(1)),
    job: 'CUSTOMER',
    mapping: mappingName('CUSTOMER'),
    type: 'synchronization',
    direction: 'toDataverse',
    trigger: 'timer',
    startedAt: at,
    finishedAt: at,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 2, dataverse: 1 },
    ...more,
  };
}

/** An open error of CUSTOMER unless told otherwise. */
export function syncErrorRow(number: number, more: Partial<SyncError> = {}): SyncError {
  return {
    id: syncErrorId(guidOf(number)),
    syncJobId: syncJobId(guidOf(1)),
    mapping: mappingName('CUSTOMER'),
    direction: 'toDataverse',
    businessCentralId: businessCentralId(guidOf(number)),
    dataverseId: null,
    name: '10000 Adatum',
    code: 'record-not-coupled',
    kind: 'dependency',
    message: 'The salesperson is not coupled.',
    field: null,
    occurredAt: at,
    resolvedAt: null,
    suggestion: 'Couple the salesperson.',
    ...more,
  };
}

/** A synchronised coupling of CUSTOMER unless told otherwise. */
export function couplingRow(number: number, more: Partial<Coupling> = {}): Coupling {
  return {
    mapping: mappingName('CUSTOMER'),
    businessCentralId: businessCentralId(guidOf(number)),
    dataverseId: dataverseId(guidOf(5_000 + number)),
    businessCentralName: '10000 Adatum',
    dataverseName: 'Adatum',
    state: 'synchronized',
    base: { name: { businessCentral: 'digest' } },
    lastSyncedAt: at,
    toDataverse: null,
    toBusinessCentral: null,
    lastError: null,
    ...more,
  };
}
