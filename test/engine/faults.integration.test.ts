/** What must hold when answers get lost, runs break off, and others write at the same time. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { intercept, once } from './intercept.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  await world.run('SALESPEOPLE', 'fullSync');
  await world.run('CURRENCY', 'fullSync');
});
afterEach(() => world.close());

async function runWith(ports: SyncPorts, job: string): Promise<void> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job, runId, trigger: 'fullSync', followedBy: [] });
}

function expectNoDoubles(): void {
  expect(world.dataverse.rows('account')).toHaveLength(63 + 15);
  expect(world.businessCentral.records('customers')).toHaveLength(63 + 10);
}

async function expectTidy(): Promise<void> {
  const page = { top: 1000, continuation: null };
  const couplings = (await world.ports.couplings.list({ mapping: mappingName('CUSTOMER') }, page)).rows;
  expect(couplings).toHaveLength(63 + 10);
  expect(new Set(couplings.map((coupling) => coupling.dataverseId)).size).toBe(couplings.length);
  expectNoDoubles();
}

describe('a lost answer', () => {
  it('to creates in Dataverse makes no second account, and the run counts what it inserted (P2)', async () => {
    world.dataverse.faults.add({
      method: 'POST',
      path: '\\$batch',
      skip: 2,
      times: 1,
      effect: { kind: 'dropAfter' },
    });
    const [toSales] = await world.run('CUSTOMER', 'fullSync');
    expect(toSales?.counts).toMatchObject({ inserted: 63, failed: 0 });
    await expectTidy();
  });

  it('to creates in Business Central makes no second customer: they are found by what was sent (P2)', async () => {
    const state = { left: 1 };
    const businessCentral = intercept(world.ports.businessCentral, {
      create: (original) =>
        once(
          original,
          async (create, selection, inserts) => {
            await create(selection, inserts);
            return inserts.map(() => ({ status: 'unknown', message: 'the connection broke' }) as const);
          },
          state,
        ),
    });
    await runWith({ ...world.ports, businessCentral }, 'CUSTOMER');
    await expectTidy();
  });

  it('to creates that never arrived is cured by the next run (P3)', async () => {
    const state = { left: 1 };
    const businessCentral = intercept(world.ports.businessCentral, {
      create: (original) =>
        once(
          original,
          async (_create, _selection, inserts) =>
            inserts.map(() => ({ status: 'unknown', message: 'the connection broke' }) as const),
          state,
        ),
    });
    await runWith({ ...world.ports, businessCentral }, 'CUSTOMER');
    expect(world.businessCentral.records('customers')).toHaveLength(63);
    await world.run('CUSTOMER');
    await expectTidy();
  });
});

describe('a run that breaks off', () => {
  it.each([1, 2])(
    'before its couplings are stored (write %i) makes no second record, and moves no watermark (P2, P7)',
    async (nth) => {
      const state = { calls: 0 };
      const couplings = intercept(world.ports.couplings, {
        save: (original) => async (mapping, writes) => {
          state.calls += 1;
          if (state.calls === nth) throw new Error('the host went away');
          return original(mapping, writes);
        },
      });
      await runWith({ ...world.ports, couplings }, 'CUSTOMER');
      const { entry } = (await world.ports.jobs.get('CUSTOMER')) ?? {};
      expect(entry).toMatchObject({ status: 'ready', attempts: 1, lastRun: { outcome: 'error' } });
      const { state: after } = await world.ports.mappings.get(mappingName('CUSTOMER'));
      expect(after).toMatchObject({ businessCentralWatermark: null, dataversePosition: null });
      await world.run('CUSTOMER', 'fullSync');
      await expectTidy();
    },
  );
});

describe('two runs of one mapping at the same time', () => {
  it('do the work once: the second finds the lease taken (P2)', async () => {
    const runs = await Promise.all([world.run('CUSTOMER', 'fullSync'), world.run('CUSTOMER', 'fullSync')]);
    expect(runs.filter((syncJobs) => syncJobs.length > 0)).toHaveLength(1);
    await expectTidy();
  });
});

describe('a record that changes between reading and writing', () => {
  it('is read and merged again, and the user keeps what was typed meanwhile (P1)', async () => {
    await world.run('CUSTOMER', 'fullSync');
    const account = world.dataverse.rows('account').find((row) => row['name'] === 'Adatum Corporation');
    const customer = world.businessCentral
      .records('customers')
      .find((row) => row['displayName'] === 'Adatum Corporation');
    const accountId = String(account?.['accountid']);
    world.businessCentral.edit('customers', String(customer?.['id']), { city: 'Oxford' }, 'bob');
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      update: (original) =>
        once(
          original,
          async (update, selection, updates) => {
            world.dataverse.edit('account', accountId, { telephone1: '555-0123' }, 'alice');
            return update(selection, updates);
          },
          state,
        ),
    });
    await runWith({ ...world.ports, dataverse }, 'CUSTOMER');
    expect(world.dataverse.row('account', accountId)).toMatchObject({
      address1_city: 'Oxford',
      telephone1: '555-0123',
    });
    const after = world.businessCentral.record('customers', String(customer?.['id']));
    expect(after).toMatchObject({ city: 'Oxford', phoneNumber: '555-0123' });
  });
});

describe('a change in Business Central that is committed late with an earlier time', () => {
  it('is not lost (P7, business-central-api 3.3)', async () => {
    await world.run('CUSTOMER', 'fullSync');
    const [one, two] = world.businessCentral.records('customers');
    const late = world.businessCentral.reserveWrite(
      'customers',
      { id: String(one?.['id']), city: 'Lateville' },
      'bob',
    );
    await world.advanceMinutes(2);
    world.businessCentral.edit('customers', String(two?.['id']), { city: 'Earlyton' }, 'bob');
    await world.run('CUSTOMER');
    late.commit();
    await world.run('CUSTOMER');
    const cities = world.dataverse.rows('account').map((row) => row['address1_city']);
    expect(cities).toContain('Earlyton');
    expect(cities).toContain('Lateville');
  });
});
