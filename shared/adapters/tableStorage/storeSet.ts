/** All stores over whatever tables they are given; the same code runs in Azure and in memory. */
import type { ActionStore } from '../../ports/actionStore.ts';
import type { CouplingStore } from '../../ports/couplingStore.ts';
import type { FullSyncStore } from '../../ports/fullSyncStore.ts';
import type { JobStore } from '../../ports/jobStore.ts';
import type { LogStore, RetryStore } from '../../ports/logStore.ts';
import type { MappingStore } from '../../ports/mappingStore.ts';
import type { StatisticsStore } from '../../ports/statisticsStore.ts';
import { actionStore } from './actionStore.ts';
import { couplingStore } from './couplingStore.ts';
import type { EntityTable } from './entityTable.ts';
import { fullSyncStore } from './fullSyncStore.ts';
import { jobStore } from './jobStore.ts';
import { logStore } from './logStore.ts';
import { mappingStore } from './mappingStore.ts';
import { retryStore } from './retryStore.ts';
import { statisticsStore } from './statisticsStore.ts';

/** Names of the tables; a prefix may stand before them. */
export const tableNames = [
  'Couplings',
  'Retries',
  'Jobs',
  'Mappings',
  'SyncJobs',
  'SyncErrors',
  'Actions',
  'FullSync',
  'Statistics',
] as const;
export type TableName = (typeof tableNames)[number];

/** The stores, ready to use once `ensureTables` has ended. */
export interface StoreSet {
  readonly couplings: CouplingStore;
  readonly logs: LogStore;
  readonly retries: RetryStore;
  readonly jobs: JobStore;
  readonly mappings: MappingStore;
  readonly actions: ActionStore;
  readonly fullSync: FullSyncStore;
  readonly statistics: StatisticsStore;
  /** Creates the tables that do not exist. Safe to call often: later calls send nothing. */
  ensureTables(): Promise<void>;
  /** Table requests sent so far, creation of tables included. */
  readonly requests: { readonly sent: number };
}

/** Builds every store but `ensureTables` and `requests`, which depend on where the tables are. */
export function storesOver(
  tables: Readonly<Record<TableName, EntityTable>>,
  random: (size: number) => string,
): Omit<StoreSet, 'ensureTables' | 'requests'> {
  return {
    couplings: couplingStore(tables.Couplings),
    logs: logStore(tables.SyncJobs, tables.SyncErrors),
    retries: retryStore(tables.Retries),
    jobs: jobStore(tables.Jobs),
    mappings: mappingStore(tables.Mappings, random),
    actions: actionStore(tables.Actions),
    fullSync: fullSyncStore(tables.FullSync),
    statistics: statisticsStore(tables.Statistics),
  };
}
