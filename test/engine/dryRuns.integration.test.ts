/** Every action as a dry run: its plan tells what it then does, and making the plan writes nothing anywhere (contract section 3). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allEndpoints } from '../../functions/api/endpoints.ts';
import { callApi } from '../../functions/api/testing/callApi.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { addCounters, type SyncJob, zeroCounters } from '../../shared/domain/logs/syncJob.ts';
import { couplingNamed, newPair, synchronisedWorld } from './erring.ts';
import { systemsOf, watchedWrites } from './watchedWrites.ts';
import type { World } from './world.ts';

/** Operations that change what the app keeps for itself, and no record; they have nothing to plan. */
const changesNoRecord = [
  'connection-disable',
  'connection-enable',
  'full-sync-reset',
  'jobs-change',
  'jobs-hold',
  'jobs-ready',
  'jobs-restart',
  'sync-jobs-delete',
  'table-mappings-change',
  'table-mappings-create',
  'table-mappings-remove',
  'table-mappings-reset',
];

let world: World;
let composition: Composition;
const writes: string[] = [];

beforeAll(async () => {
  world = await synchronisedWorld();
  const onPause = async () => {
    await world.drainQueue();
  };
  composition = memoryComposition({ ports: watchedWrites(world.ports, writes), onPause }).composition;
  await composition.open();
}, 60_000);
afterAll(() => world.close());

interface Case {
  readonly operation: string;
  readonly path: string;
  /** Makes something for the action to do, and gives its body. */
  prepare(): Promise<unknown>;
}

const adatum = () => couplingNamed(world, 'Adatum Corporation');
const keyOf = async (name: string) => {
  const { businessCentralId } = await couplingNamed(world, name);
  return { mapping: 'CUSTOMER', businessCentralId };
};

async function editCustomer(city: string): Promise<void> {
  world.businessCentral.edit('customers', (await adatum()).businessCentralId, { city }, 'bob');
  await world.advanceMinutes(1);
}

async function newCustomer(displayName: string): Promise<string> {
  const created = world.businessCentral.create('customers', { displayName }, 'bob');
  await world.advanceMinutes(1);
  return String(created['id']);
}

/** In this order, each on what the one before has left. */
const cases: readonly Case[] = [
  {
    operation: 'jobs-run',
    path: 'jobs/CUSTOMER/run',
    prepare: async () => {
      await editCustomer('Oxford');
    },
  },
  {
    operation: 'table-mappings-synchronize',
    path: 'table-mappings/CUSTOMER/synchronize',
    prepare: async () => {
      world.dataverse.edit('account', (await adatum()).dataverseId, { address1_city: 'Bath' }, 'alice');
      await world.advanceMinutes(1);
      return { mode: 'full' };
    },
  },
  {
    operation: 'records-synchronize',
    path: 'records/synchronize',
    prepare: async () => {
      await editCustomer('Leeds');
      const { businessCentralId } = await adatum();
      return { mapping: 'CUSTOMER', businessCentralIds: [businessCentralId], direction: 'toDataverse' };
    },
  },
  {
    operation: 'couplings-create',
    path: 'couplings',
    prepare: async () => ({
      mapping: 'CUSTOMER',
      businessCentralId: await newCustomer('Brand New'),
      createNew: true,
    }),
  },
  {
    operation: 'couplings-delete',
    path: 'couplings/delete',
    prepare: async () => ({ records: [await keyOf('Brand New')] }),
  },
  {
    operation: 'table-mappings-match',
    path: 'table-mappings/CUSTOMER/match',
    prepare: async () => ({ fields: [{ id: 'name' }] }),
  },
  {
    operation: 'coupled-data-errors-find-deleted',
    path: 'coupled-data-errors/find-deleted',
    prepare: async () => {
      const { dataverseId } = await newPair(world, 'Fresh Foods');
      world.dataverse.remove('account', dataverseId, 'alice');
      return { mapping: 'CUSTOMER' };
    },
  },
  {
    operation: 'coupled-data-errors-actions',
    path: 'coupled-data-errors/actions',
    prepare: async () => ({ action: 'restore', records: [await keyOf('Fresh Foods')] }),
  },
  {
    operation: 'full-sync-start',
    path: 'full-sync',
    prepare: async () => {
      await newCustomer('Newer Still');
      return { mappings: ['CUSTOMER'] };
    },
  },
  {
    operation: 'full-sync-restart',
    path: 'full-sync/restart',
    prepare: async () => {
      await newCustomer('Newest Of All');
      return { mappings: ['CUSTOMER'] };
    },
  },
  {
    operation: 'synchronize-modified',
    path: 'synchronize-modified',
    prepare: async () => {
      await editCustomer('York');
    },
  },
  {
    operation: 'table-mappings-uncouple',
    path: 'table-mappings/CUSTOMER/uncouple',
    prepare: async () => ({ confirm: true }),
  },
];

describe('a dry run', () => {
  it('exists of every operation that changes records, and each is tried here', () => {
    const changing = allEndpoints.filter(
      ({ isAudited, name }) => isAudited && !changesNoRecord.includes(name),
    );
    const withoutDryRun = changing.filter(({ input }) => !('dryRun' in input.query));
    expect(withoutDryRun.map(({ name }) => name)).toEqual([]);
    const tried = cases.map(({ operation }) => operation);
    expect(changing.map(({ name }) => name).toSorted()).toEqual(tried.toSorted());
  });

  it.each(cases)('of $operation writes nothing and tells what is done', async ({ path, prepare }) => {
    const body = (await prepare()) ?? {};
    const before = systemsOf(world);
    writes.length = 0;
    const planned = await callApi(composition, `POST /api/${path}?dryRun=true`, { body });
    expect(planned.status).toBe(200);
    expect(writes).toEqual([]);
    expect(systemsOf(world)).toBe(before);
    const done = await callApi(composition, `POST /api/${path}?wait=true`, { body });
    expect(done.status).toBe(200);
    const rows = done.body['syncJobs'] as readonly SyncJob[];
    const counts = rows.reduce((sum, row) => addCounters(sum, row.counts), zeroCounters);
    expect(planned.body['counts']).toEqual(counts);
    expect(Object.values(counts).some((number) => number > 0)).toBe(true);
    await world.advanceMinutes(30);
  });
});
