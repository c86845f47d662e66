/** Creates that broke off in the middle: what users typed since survives (P1), and nothing is created twice (P2). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLease } from '../../shared/app/run/lease.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { businessCentralId, dataverseId } from '../../shared/domain/common/ids.ts';
import { coupled, guidOf, record, row, thingMapping } from '../builders/records.ts';
import { intercept, once } from '../engine/intercept.ts';
import type { World } from '../engine/world.ts';
import { addAccount, addCustomer, customerMapping, runOver, startCompany } from './companies.ts';

let world: World;
beforeEach(async () => {
  world = await startCompany({ pageSize: 2, sliceMs: 60 * 60_000 });
});
afterEach(() => world.close());

type Create = SyncPorts['businessCentral']['create'];
type Save = SyncPorts['couplings']['save'];

const accounts = () => world.dataverse.rows('account');
const customers = () => world.businessCentral.records('customers');
const wentAway = () => Promise.reject(new Error('the host went away'));

/** A run in which the first create in Business Central is handled otherwise. */
async function runWithFirstCreate(
  instead: (create: Create, ...input: Parameters<Create>) => ReturnType<Create>,
) {
  const state = { left: 1 };
  const businessCentral = intercept(world.ports.businessCentral, {
    create: (original) => once(original, instead, state),
  });
  return runOver({ ...world.ports, businessCentral }, world);
}

/** A run in which the first save of couplings is handled otherwise. */
async function runWithFirstSave(instead: (save: Save, ...input: Parameters<Save>) => ReturnType<Save>) {
  const state = { left: 1 };
  const couplings = intercept(world.ports.couplings, {
    save: (original) => once(original, instead, state),
  });
  return runOver({ ...world.ports, couplings }, world);
}

describe('a create in Business Central of which only the intent is remembered', () => {
  let accountId: string;
  let customerId: string;
  beforeEach(async () => {
    accountId = addAccount(world, { name: 'Fabrikam', address1_city: 'Oslo' });
    await runWithFirstCreate(async (create, ...input) => {
      await create(...input);
      return wentAway();
    });
    customerId = String(customers()[0]?.['id']);
  });

  it('makes no second customer of an account: the first is found and coupled (P2)', async () => {
    await runOver(world.ports, world);
    expect(customers()).toHaveLength(1);
    expect(await world.openErrors()).toEqual([]);
  });

  it('makes no second account from a customer that is not coupled yet (P2)', async () => {
    await runOver(world.ports, world);
    expect(accounts()).toHaveLength(1);
  });

  it('stops with an error where two customers could be the one it made (P2)', async () => {
    addCustomer(world, { displayName: 'Fabrikam', city: 'Oslo' });
    await runOver(world.ports, world);
    expect(customers()).toHaveLength(2);
    expect(accounts()).toHaveLength(1);
    expect(await world.openErrors()).toMatchObject([{ code: 'create-ambiguous' }]);
  });

  it('keeps what users typed into the customer and into its account before it was found (P1)', async () => {
    world.businessCentral.edit('customers', customerId, { phoneNumber: '555-0123' }, 'bob');
    world.dataverse.edit('account', accountId, { address1_city: 'Bergen' }, 'alice');
    await runOver(world.ports, world);
    await runOver(world.ports, world);
    const ours = { city: 'Bergen', phoneNumber: '555-0123' };
    const theirs = { address1_city: 'Bergen', telephone1: '555-0123' };
    expect(world.businessCentral.record('customers', customerId)).toMatchObject(ours);
    expect(world.dataverse.row('account', accountId)).toMatchObject(theirs);
  });
});

describe('a customer created without its companion values', () => {
  it('fails, is sent them again, and never clears them in Sales (P1, P5)', async () => {
    const accountId = addAccount(world, { name: 'Fabrikam', fax: '555-0199' });
    const withoutCompanions = <Value>(values: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(values).filter(([key]) => !key.includes('/')));
    const [, fromSales] = await runWithFirstCreate((create, selection, inserts) =>
      create(
        selection,
        inserts.map(({ values }) => ({ values: withoutCompanions(values) })),
      ),
    );
    expect(fromSales?.counts).toMatchObject({ inserted: 0, failed: 1 });
    expect(await world.openErrors()).toMatchObject([{ code: 'insert-incomplete' }]);
    await runOver(world.ports, world, 'manual');
    expect(world.businessCentral.records('customerExtras')).toMatchObject([{ faxNumber: '555-0199' }]);
    expect(world.dataverse.row('account', accountId)).toMatchObject({ fax: '555-0199' });
    expect(await world.openErrors()).toEqual([]);
  });
});

describe('a create in Dataverse that was never coupled', () => {
  let accountId: string;
  let customerId: string;
  beforeEach(async () => {
    customerId = addCustomer(world, { displayName: 'Adatum', city: 'Oslo', phoneNumber: '1' });
    await runWithFirstSave(wentAway);
    accountId = String(accounts()[0]?.['accountid']);
    await world.advanceMinutes(1);
  });

  it('keeps what a user typed into the row before it was found (P1)', async () => {
    world.dataverse.edit('account', accountId, { telephone1: '555-0123' }, 'alice');
    await runOver(world.ports, world);
    const ours = { city: 'Oslo', phoneNumber: '555-0123' };
    expect(world.businessCentral.record('customers', customerId)).toMatchObject(ours);
    expect(world.dataverse.row('account', accountId)).toMatchObject({ telephone1: '555-0123' });
  });

  it('is an open conflict when users changed both records before it was found, and both keep theirs (P1)', async () => {
    world.dataverse.edit('account', accountId, { telephone1: '555-0123' }, 'alice');
    world.businessCentral.edit('customers', customerId, { city: 'Bergen' }, 'bob');
    await runOver(world.ports, world);
    await runOver(world.ports, world);
    const ours = { city: 'Bergen', phoneNumber: '1' };
    const theirs = { address1_city: 'Oslo', telephone1: '555-0123' };
    expect(world.businessCentral.record('customers', customerId)).toMatchObject(ours);
    expect(world.dataverse.row('account', accountId)).toMatchObject(theirs);
    expect(await world.openErrors()).toMatchObject([{ code: 'update-conflict' }]);
    expect([customers().length, accounts().length]).toEqual([1, 1]);
  });

  it('makes no second customer from the row when its customer has left the filter (P2)', async () => {
    world.businessCentral.edit('customers', customerId, { blocked: 'All' }, 'bob');
    await runOver(world.ports, world);
    expect(customers()).toHaveLength(1);
  });
});

describe('a new record that was coupled to another row meanwhile', () => {
  it('keeps that coupling, counts as failed only, and says so (P6, P8)', async () => {
    const id = businessCentralId(addCustomer(world, { displayName: 'Adatum' }));
    const other = { businessCentralId: id, dataverseId: dataverseId(guidOf('d', 7)) };
    const pair = coupled(thingMapping(), record({ displayName: 'Adatum' }), row({ name: 'Adatum' }));
    const rival = { ...pair, mapping: customerMapping, ...other };
    const [toSales] = await runWithFirstSave(async (save, ...input) => {
      await save(customerMapping, [{ kind: 'create', coupling: rival }]);
      return save(...input);
    });
    expect(toSales?.counts).toMatchObject({ inserted: 0, modified: 0, unchanged: 0, skipped: 0, failed: 1 });
    expect(await world.openErrors()).toMatchObject([{ code: 'already-coupled', businessCentralId: id }]);
    const page = { top: 10, continuation: null };
    const { rows } = await world.ports.couplings.list({ mapping: customerMapping }, page);
    expect(rows).toMatchObject([other]);
    expect(customers()).toHaveLength(1);
  });
});

describe('a run that another one took for dead', () => {
  it('stops before the next page, and leaves it to the other (P2)', async () => {
    for (const displayName of ['Alpha', 'Beta', 'Gamma', 'Delta']) addCustomer(world, { displayName });
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      create: (original) =>
        once(
          original,
          async (create, ...input) => {
            await world.advanceMinutes(16);
            await takeLease(world.ports, customerMapping, 'another run');
            return create(...input);
          },
          state,
        ),
    });
    await runOver({ ...world.ports, dataverse }, world);
    expect(accounts()).toHaveLength(2);
  });
});
