/** The stores in Azure Table Storage. */
import { azureEntityTable } from './azureEntityTable.ts';
import type { StorageAccount } from './storageAccount.ts';
import { type StoreSet, storesOver } from './storeSet.ts';

export interface TableStoresOptions {
  readonly storage: StorageAccount;
  /** That many random bytes as lower-case hexadecimal text; used once, for the key of digests. */
  random(size: number): string;
  /** Letters put before every table name, for several deployments or tests in one account. */
  readonly tablePrefix?: string;
}

/** Opens the stores of an account; sends nothing yet. Safe to share between runs. */
export function createTableStores(options: TableStoresOptions): StoreSet {
  const requests = { sent: 0 };
  const open = (name: string) =>
    azureEntityTable(options.storage, `${options.tablePrefix ?? ''}${name}`, requests);
  const tables = {
    Couplings: open('Couplings'),
    Retries: open('Retries'),
    Jobs: open('Jobs'),
    Mappings: open('Mappings'),
    SyncJobs: open('SyncJobs'),
    SyncErrors: open('SyncErrors'),
    Actions: open('Actions'),
    FullSync: open('FullSync'),
    Statistics: open('Statistics'),
  };
  let ensured: Promise<void> | null = null;
  const ensure = async (): Promise<void> => {
    await Promise.all(Object.values(tables).map((table) => table.create()));
  };
  return {
    ...storesOver(tables, options.random),
    requests,
    ensureTables() {
      ensured ??= ensure().catch((error: unknown) => {
        ensured = null;
        throw error;
      });
      return ensured;
    },
  };
}
