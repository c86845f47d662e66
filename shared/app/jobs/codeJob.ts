/** A job that runs code instead of a table mapping, as its queue entry sees it. */
import type { PassDirection } from '../../domain/common/directions.ts';
import { type MappingName, mappingName } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import { type Counters, type SyncJob, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { Shortcoming } from '../../domain/mappings/fitMapping.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { MappingState } from '../../ports/mappingStore.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import type { HeldLease } from '../run/lease.ts';
import type { MeteredPorts } from '../run/runScope.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { JobPlan } from './jobPlan.ts';

/** What a run of such a job works with. */
export interface CodeJobScope {
  /** Requests to both services are counted. */
  readonly ports: SyncPorts;
  readonly meters: MeteredPorts['meters'];
  /** Mappings in force, fitted to what both services have. */
  readonly mappings: readonly TableMapping[];
  readonly run: QueuedRun;
  /** The lease of the job; renew it before each page that is written. Its state is the job's state between runs. */
  readonly lease: HeldLease;
  /** When the run's time slice is used up. */
  readonly sliceEnd: Instant;
}

/**
 * `done`: rows of the log that were finished, and what is to be remembered for the next run. `paused`: the time slice is
 * used up; the same run is called again. `busy`: another run holds what this one needs; nothing was written.
 */
export type CodeJobResult =
  | {
      readonly status: 'done';
      readonly syncJobs: readonly SyncJob[];
      /** What the job could not do because something is missing in one of the systems; told on its entry (ST-2). */
      readonly shortcomings?: readonly Shortcoming[];
      readonly state?: Partial<MappingState>;
    }
  | { readonly status: 'paused'; readonly state?: Partial<MappingState> }
  | { readonly status: 'busy' };

/**
 * Carries the job out. Failures of records are logged and counted, not thrown. Raises SyncFailure when the run cannot go
 * on. Must be safe to call again after a crash at any point.
 */
export type CodeJob = (scope: CodeJobScope) => Promise<CodeJobResult>;

/** What a dry run of the job answers; writes nothing, neither to a system nor to storage. */
export type CodeJobPlan = (scope: PlanScope) => Promise<JobPlan>;

/** What planning a job takes: neither a lease nor a run. */
export type PlanScope = Pick<CodeJobScope, 'ports' | 'mappings'>;

/** Begins a row of the log under the job's own name (J-80), or that of the mapping its records belong to, and writes it. */
export async function openCodeJobRow(
  { ports, run }: CodeJobScope,
  direction: PassDirection,
  mapping: MappingName = mappingName(run.job),
): Promise<SyncJob> {
  const startedAt = ports.clock.now();
  const row: SyncJob = {
    id: ports.ids.syncJobId(startedAt),
    runId: run.runId,
    job: run.job,
    mapping,
    type: 'synchronization',
    direction,
    trigger: run.trigger,
    startedAt,
    finishedAt: null,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 0, dataverse: 0 },
  };
  await ports.logs.saveSyncJob(row);
  return row;
}

/** Writes the finished row with what was counted, and the requests of the run so far that no other row has. */
export async function finishCodeJobRow(
  { ports, meters }: CodeJobScope,
  row: SyncJob,
  counts: Counters,
  message = '',
  requestsBefore: SyncJob['requests'] = { businessCentral: 0, dataverse: 0 },
): Promise<SyncJob> {
  const requests = {
    businessCentral: meters.businessCentral.sent - requestsBefore.businessCentral,
    dataverse: meters.dataverse.sent - requestsBefore.dataverse,
  };
  const finished = { ...row, counts, message, requests, finishedAt: ports.clock.now() };
  await ports.logs.saveSyncJob(finished);
  return finished;
}
