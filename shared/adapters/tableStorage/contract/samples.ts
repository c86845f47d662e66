/** Sample rows for the contract tests, numbered so that ids are known and unique. */
import {
  businessCentralId,
  dataverseId,
  type MappingName,
  mappingName,
  runId,
  syncErrorId,
  syncJobId,
} from '../../../domain/common/ids.ts';
import { fromEpochMs, instant } from '../../../domain/common/instants.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import type { JobQueueEntry } from '../../../domain/jobs/jobQueueEntry.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import { type SyncError, type SyncJob, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { CouplingWrite } from '../../../ports/couplingStore.ts';
import { createIds } from '../../system/ids.ts';
import type { StoreSet } from '../storeSet.ts';

export const customer = mappingName('CUSTOMER');
const start = Date.UTC(2026, 0, 5);
const ids = createIds();

/** The instant `minutes` after the start of the samples. */
export const minute = (minutes: number) => fromEpochMs(start + minutes * 60_000);

const numbered = (first: string, number: number): string =>
  `${first}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
export const erpId = (number: number) => businessCentralId(numbered('b', number));
export const crmId = (number: number) => dataverseId(numbered('d', number));
export const jobId = (minutes: number) => syncJobId(ids.syncJobId(minute(minutes)));
const anyJobId = syncJobId('01940000-0000-7000-8000-000000000001');
const anyErrorId = syncErrorId('01940000-0000-7000-8000-000000000002');

/** The numbers 0 to count - 1. */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Coupling of the records of one number, with every member set. */
export function coupling(number: number, changes: Partial<Coupling> = {}): Coupling {
  return {
    mapping: customer,
    businessCentralId: erpId(number),
    dataverseId: crmId(number),
    businessCentralName: `C${number} O'Neill`,
    dataverseName: `Account ${number}`,
    state: 'synchronized',
    base: { name: { businessCentral: 'aaaaaaaa' }, city: { businessCentral: 'b', dataverse: 'c' } },
    lastSyncedAt: minute(1),
    toDataverse: { result: 'success', syncJobId: anyJobId, fingerprint: null },
    toBusinessCentral: { result: 'failure', syncJobId: anyJobId, fingerprint: 'code|field' },
    lastError: { errorId: anyErrorId, code: 'code', message: 'It failed.', occurredAt: minute(2) },
    ...changes,
  };
}

/** Creates of the couplings of numbers 0 to count - 1. */
export const creates = (count: number, mapping: MappingName = customer): readonly CouplingWrite[] =>
  range(count).map((number) => ({ kind: 'create', coupling: coupling(number, { mapping }) }));

export function job(changes: Partial<JobQueueEntry> = {}): JobQueueEntry {
  return {
    name: 'CUSTOMER',
    mapping: customer,
    description: 'Customers and accounts',
    status: 'ready',
    frequencyMinutes: 30,
    inactivityTimeoutMinutes: 720,
    earliestStart: instant('2026-01-05T00:00:00Z'),
    lastRun: {
      runId: runId('01940000-0000-7000-8000-000000000003'),
      trigger: 'timer',
      startedAt: minute(0),
      finishedAt: null,
      outcome: null,
    },
    attempts: 0,
    maxAttempts: 3,
    rerunDelaySeconds: 30,
    category: 'sales',
    window: { start: '06:00', end: null },
    weekdays: ['monday', 'friday'],
    errorMessage: '',
    statusBefore: null,
    woken: false,
    reportedDeletions: { ids: [], more: false },
    ...changes,
  };
}

/** A log row that started `minutes` after the start of the samples. */
export function syncJob(minutes: number, changes: Partial<SyncJob> = {}): SyncJob {
  return {
    id: jobId(minutes),
    runId: ids.runId(minute(minutes)),
    job: 'CUSTOMER',
    mapping: customer,
    type: 'synchronization',
    direction: 'toDataverse',
    trigger: 'timer',
    startedAt: minute(minutes),
    finishedAt: null,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 1, dataverse: 2 },
    ...changes,
  };
}

/** An open error that occurred `minutes` after the start of the samples. */
export function syncError(minutes: number, changes: Partial<SyncError> = {}): SyncError {
  return {
    id: ids.syncErrorId(minute(minutes)),
    syncJobId: anyJobId,
    mapping: customer,
    direction: 'toDataverse',
    businessCentralId: erpId(minutes),
    dataverseId: null,
    name: 'C10 Contoso',
    code: 'text-too-long',
    kind: 'data',
    message: 'The name is too long.',
    field: 'name',
    occurredAt: minute(minutes),
    resolvedAt: null,
    suggestion: 'Shorten it.',
    ...changes,
  };
}

export function retry(number: number, changes: Partial<RetryRecord> = {}): RetryRecord {
  return {
    mapping: customer,
    side: 'businessCentral',
    id: erpId(number),
    name: `C${number}`,
    kind: 'dependency',
    code: 'salesperson-not-coupled',
    message: 'The salesperson is not coupled.',
    fingerprint: 'salesperson-not-coupled|JR',
    skipped: false,
    modifiedAt: instant('2026-01-30T10:00:00Z'),
    attempts: 1,
    firstFailedAt: minute(0),
    lastFailedAt: minute(1),
    errorId: anyErrorId,
    ...changes,
  };
}

/** How many table requests an action sends. */
export async function sentBy(stores: StoreSet, action: () => Promise<unknown>): Promise<number> {
  const before = stores.requests.sent;
  await action();
  return stores.requests.sent - before;
}
