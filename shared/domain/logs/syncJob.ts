/** Rows of the integration synchronisation log (E-149, J-96) and of its errors (E-150, J-98). */
import type { MappingDirection, PassDirection } from '../common/directions.ts';
import type { FailureKind } from '../common/failures.ts';
import type {
  BusinessCentralId,
  DataverseId,
  MappingName,
  RunId,
  SyncErrorId,
  SyncJobId,
} from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';

export const syncJobTypes = ['synchronization', 'coupling', 'uncoupling'] as const;
export type SyncJobType = (typeof syncJobTypes)[number];

/** What made a run start. */
export const runTriggers = ['timer', 'wake', 'manual', 'fullSync', 'action'] as const;
export type RunTrigger = (typeof runTriggers)[number];

/** Each processed candidate ends in exactly one of the first five; the others count couplings (E-47). */
export const counterNames = [
  'inserted',
  'modified',
  'deleted',
  'unchanged',
  'skipped',
  'failed',
  'coupled',
  'uncoupled',
] as const;
export type CounterName = (typeof counterNames)[number];
export type Counters = Readonly<Record<CounterName, number>>;

/** Requests sent to each service, batches counted once. */
export interface RequestCounts {
  readonly businessCentral: number;
  readonly dataverse: number;
}

export interface SyncJob {
  readonly id: SyncJobId;
  readonly runId: RunId;
  readonly job: string;
  readonly mapping: MappingName;
  readonly type: SyncJobType;
  readonly direction: MappingDirection;
  readonly trigger: RunTrigger;
  readonly startedAt: Instant;
  /** Null while running, and for good when the run broke off (E-149, E-156). */
  readonly finishedAt: Instant | null;
  readonly message: string;
  readonly counts: Counters;
  readonly requests: RequestCounts;
}

export interface SyncError {
  readonly id: SyncErrorId;
  readonly syncJobId: SyncJobId;
  readonly mapping: MappingName;
  readonly direction: PassDirection;
  readonly businessCentralId: BusinessCentralId | null;
  readonly dataverseId: DataverseId | null;
  /** Number and name of the record, as a user knows it. */
  readonly name: string;
  readonly code: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly field: string | null;
  readonly occurredAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly suggestion: string;
}

/** Whether the row was closed because its run broke off or was given up; its message tells why. */
export function hasBrokenOff({ finishedAt, message }: Pick<SyncJob, 'finishedAt' | 'message'>): boolean {
  return finishedAt !== null && message !== '';
}

/** All counters at zero. */
export const zeroCounters: Counters = {
  inserted: 0,
  modified: 0,
  deleted: 0,
  unchanged: 0,
  skipped: 0,
  failed: 0,
  coupled: 0,
  uncoupled: 0,
};

/** The sum of two sets of counters. */
export function addCounters(left: Counters, right: Partial<Counters>): Counters {
  const sum: Record<CounterName, number> = { ...left };
  for (const name of counterNames) sum[name] += right[name] ?? 0;
  return sum;
}
