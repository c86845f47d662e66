/** The port to the integration synchronisation log, its errors, and the retry list. */
import type {
  BusinessCentralId,
  DataverseId,
  MappingName,
  SyncErrorId,
  SyncJobId,
} from '../domain/common/ids.ts';
import type { Instant } from '../domain/common/instants.ts';
import type { RetryRecord } from '../domain/logs/retryRecord.ts';
import type { SyncError, SyncJob, SyncJobType } from '../domain/logs/syncJob.ts';
import type { PageRequest, StoredPage } from './pages.ts';

export interface SyncJobQuery {
  readonly mapping?: MappingName;
  readonly job?: string;
  readonly type?: SyncJobType;
  /** Only rows with at least one failed record. */
  readonly failed?: boolean;
  /** Only rows started at or after. */
  readonly since?: Instant;
  /** Only rows whose ids were made up to then, which is when they were started. */
  readonly until?: Instant;
  readonly runId?: string;
}

export interface SyncErrorQuery {
  readonly mapping?: MappingName;
  readonly code?: string;
  /** Only errors not resolved yet. */
  readonly open?: boolean;
  readonly syncJobId?: SyncJobId;
  /** Only errors whose ids were made up to then, which is when they occurred. */
  readonly until?: Instant;
  /** Only errors about this record. */
  readonly businessCentralId?: BusinessCentralId;
  readonly dataverseId?: DataverseId;
}

/** Newest first everywhere. */
export interface LogStore {
  /** Inserts or replaces a row by its id. Safe to repeat. */
  saveSyncJob(job: SyncJob): Promise<void>;
  /** The same for rows of one mapping, all or none, in one request: at most 100. Safe to repeat. */
  saveSyncJobs(mapping: MappingName, jobs: readonly SyncJob[]): Promise<void>;
  /** Null when there is no such row. */
  syncJob(id: SyncJobId): Promise<SyncJob | null>;
  listSyncJobs(query: SyncJobQuery, page: PageRequest): Promise<StoredPage<SyncJob>>;
  /** Inserts or replaces errors by id, in entity-group transactions. Safe to repeat. */
  saveErrors(errors: readonly SyncError[]): Promise<void>;
  /** Sets `resolvedAt` on errors that still exist; ids that are gone are passed over. Safe to repeat. */
  resolveErrors(mapping: MappingName, ids: readonly SyncErrorId[], at: Instant): Promise<void>;
  listErrors(query: SyncErrorQuery, page: PageRequest): Promise<StoredPage<SyncError>>;
  /** Deletes rows; missing ones are passed over. Safe to repeat. */
  removeSyncJobs(mapping: MappingName, ids: readonly SyncJobId[]): Promise<void>;
  /** Deletes errors; missing ones are passed over. Safe to repeat. */
  removeErrors(mapping: MappingName, ids: readonly SyncErrorId[]): Promise<void>;
}

/** Failed records without a coupling, by mapping and record. */
export interface RetryStore {
  /** The whole list of a mapping; skipped records included. */
  list(mapping: MappingName): Promise<readonly RetryRecord[]>;
  /** Inserts or replaces by side and id. Safe to repeat. */
  save(records: readonly RetryRecord[]): Promise<void>;
  /** Removes entries; missing ones are passed over. Safe to repeat. */
  remove(
    mapping: MappingName,
    keys: readonly { readonly side: RetryRecord['side']; readonly id: BusinessCentralId | DataverseId }[],
  ): Promise<void>;
}
