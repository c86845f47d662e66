/** The stores on the storage emulator, and what only a real table service can show. */
import { randomBytes } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from './contract/azurite.ts';
import { couplingReadContract } from './contract/couplingReads.contract.ts';
import { couplingContract } from './contract/couplings.contract.ts';
import { recordContract } from './contract/records.contract.ts';
import { coupling, customer, job, range } from './contract/samples.ts';
import type { StoreSet } from './storeSet.ts';
import { createTableStores } from './tableStores.ts';

let emulator: Emulator;
let lastPrefix = 0;
const random = (size: number) => randomBytes(size).toString('hex');

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

/** Stores over tables of their own: a table is never emptied and used again (B-22). */
async function openAt(tablePrefix: string): Promise<StoreSet> {
  const storage = { kind: 'connectionString', connectionString: emulator.connectionString } as const;
  const stores = createTableStores({ storage, random, tablePrefix });
  await stores.ensureTables();
  return stores;
}

function open(): Promise<StoreSet> {
  lastPrefix += 1;
  return openAt(`t${lastPrefix}x`);
}

const client = (table: string) =>
  TableClient.fromConnectionString(emulator.connectionString, table, { allowInsecureConnection: true });

describe('Table Storage', () => {
  couplingContract(open);
  couplingReadContract(open);
  recordContract(open);

  test('tables are created once however many ask, and creating them again from elsewhere does no harm', async () => {
    const stores = await openAt('again');
    const { sent } = stores.requests;
    await Promise.all(range(3).map(() => stores.ensureTables()));
    expect(stores.requests.sent).toBe(sent);
    await (await openAt('again')).jobs.createIfMissing(job());
    expect(await stores.jobs.list()).toHaveLength(1);
  });

  test('instances that start together agree on the digest key', async () => {
    const instances = await Promise.all(range(6).map(() => openAt('together')));
    const keys = await Promise.all(instances.map((stores) => stores.mappings.digestKey()));
    expect(new Set(keys).size).toBe(1);
  });

  test('a coupling is two rows of the partition of its mapping, the state a property of its own', async () => {
    const stores = await openAt('rows');
    await stores.couplings.save(customer, [{ kind: 'create', coupling: coupling(1) }]);
    const { businessCentralId, dataverseId } = coupling(1);
    const main = await client('rowsCouplings').getEntity('CUSTOMER', `b|${businessCentralId}`);
    const index = await client('rowsCouplings').getEntity('CUSTOMER', `d|${dataverseId}`);
    expect(main['state']).toBe('synchronized');
    expect(index['businessCentralId']).toBe(businessCentralId);
  });

  test('a row that another program wrote is named, not guessed at', async () => {
    const stores = await openAt('foreign');
    await client('foreignJobs').createEntity({ partitionKey: 'jobs', rowKey: 'CUSTOMER', status: 'asleep' });
    const failure = { kind: 'bug', code: 'stored-row-unreadable' };
    await expect(stores.jobs.get('CUSTOMER')).rejects.toMatchObject(failure);
    await expect(stores.jobs.get('CUSTOMER')).rejects.toThrow(
      /CUSTOMER in partition jobs of table foreignJobs.*status/,
    );
  });

  test('a table that was never created is a matter of configuration', async () => {
    const storage = { kind: 'connectionString', connectionString: emulator.connectionString } as const;
    const stores = createTableStores({ storage, random, tablePrefix: 'never' });
    const failure = { kind: 'config', code: 'storage-not-prepared' };
    await expect(stores.jobs.list()).rejects.toMatchObject(failure);
    await expect(stores.jobs.get('CUSTOMER')).rejects.toMatchObject(failure);
    await expect(stores.jobs.createIfMissing(job())).rejects.toMatchObject(failure);
  });

  test('a wrong key is a matter of permission, and does not show in the message', async () => {
    const connectionString = emulator.connectionString.replace(/AccountKey=[^;]+/, 'AccountKey=d3Jvbmc=');
    const stores = createTableStores({ storage: { kind: 'connectionString', connectionString }, random });
    const listing = stores.jobs.list();
    await expect(listing).rejects.toMatchObject({ kind: 'permission', code: 'storage-access-denied' });
    await expect(listing).rejects.toThrow(/^((?!d3Jvbmc).)*$/);
  });
});
