/**
 * All stores in memory, for unit tests.
 *
 * They are the stores of Table Storage over memory tables, so keys, checks, outcomes and request counts are the
 * same; what differs is said in memoryEntityTable.ts. Nothing is shared between two sets of stores.
 */
import { type StoreSet, storesOver } from '../tableStorage/storeSet.ts';
import { memoryEntityTable } from './memoryEntityTable.ts';

export interface MemoryStoresOptions {
  /** That many random bytes as hexadecimal text; a fixed text when absent, so that tests repeat. */
  random?(size: number): string;
}

/** Fresh, empty stores. `ensureTables` has nothing to do and sends nothing. */
export function createMemoryStores(options: MemoryStoresOptions = {}): StoreSet {
  const requests = { sent: 0 };
  const tables = {
    Couplings: memoryEntityTable('Couplings', requests),
    Retries: memoryEntityTable('Retries', requests),
    Jobs: memoryEntityTable('Jobs', requests),
    Mappings: memoryEntityTable('Mappings', requests),
    SyncJobs: memoryEntityTable('SyncJobs', requests),
    SyncErrors: memoryEntityTable('SyncErrors', requests),
    Actions: memoryEntityTable('Actions', requests),
    FullSync: memoryEntityTable('FullSync', requests),
    Statistics: memoryEntityTable('Statistics', requests),
  };
  const random = options.random ?? ((size: number) => '5a'.repeat(size));
  return { ...storesOver(tables, random), requests, ensureTables: async () => {} };
}
