/** The ports the use cases are given; one composition root builds the real ones. */
import type { DocumentSettings } from '../domain/documents/documentSettings.ts';
import type { ActionStore } from '../ports/actionStore.ts';
import type { BusinessCentral } from '../ports/businessCentral.ts';
import type { CouplingStore } from '../ports/couplingStore.ts';
import type { Dataverse } from '../ports/dataverse.ts';
import type { FullSyncStore } from '../ports/fullSyncStore.ts';
import type { JobStore } from '../ports/jobStore.ts';
import type { LogStore, RetryStore } from '../ports/logStore.ts';
import type { MappingStore } from '../ports/mappingStore.ts';
import type { RunQueue } from '../ports/queue.ts';
import type { StatisticsStore } from '../ports/statisticsStore.ts';
import type { Clock, Digest, Ids, Log } from '../ports/system.ts';

/** Settings that bound what a run may do. */
export interface RunPolicy {
  /** The mass-change guard's share, 0 to 100 (setting MAX_DELETE_PERCENT). */
  readonly maxDeletePercent: number;
  /** How long a run may go on before it saves its position and lets the queue continue it, in milliseconds. */
  readonly sliceMs: number;
  /** IANA zone of windows and weekdays of jobs (setting TIME_ZONE, J-28). */
  readonly timeZone: string;
  /** From a change that was told of to the run it causes, in milliseconds (setting WAKE_DELAY_SECONDS, J-65). */
  readonly wakeDelayMs: number;
  /** Jobs that are never scheduled (setting DISABLED_JOBS); they can still be run by hand. */
  readonly disabledJobs: readonly string[];
  /** What is asked for of documents and statistics. */
  readonly documents: DocumentSettings;
}

export interface SyncPorts {
  readonly businessCentral: BusinessCentral;
  readonly dataverse: Dataverse;
  readonly couplings: CouplingStore;
  readonly logs: LogStore;
  readonly retries: RetryStore;
  readonly jobs: JobStore;
  readonly mappings: MappingStore;
  readonly actions: ActionStore;
  readonly fullSync: FullSyncStore;
  readonly statistics: StatisticsStore;
  readonly queue: RunQueue;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Makes the digest function for a key (see MappingStore.digestKey). */
  readonly digestWith: (key: string) => Digest;
  readonly log: Log;
  readonly policy: RunPolicy;
}
