/** Every record is met and counted once, whatever woke the run and whether anybody touched it again (P3, P5, P6, P12). */
import { afterEach, describe, expect, it } from 'vitest';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { businessCentralId, dataverseId } from '../../shared/domain/common/ids.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import type { World } from '../engine/world.ts';
import { addAccount, addCustomer, customerMapping, runOver, startCompany } from './companies.ts';

let world: World;
afterEach(() => world.close());

/** A customer that cannot be created in Sales while its salesperson is not coupled. */
function addWaitingCustomer(): string {
  world.businessCentral.create('salespeoplePurchasers', { code: 'JO', displayName: 'Jo' }, 'bob');
  return addCustomer(world, { displayName: 'Adatum', salespersonCode: 'JO' });
}

/** A coupling as a user makes it, without a first synchronisation. */
function coupledByHand(id: string, accountId: string): Coupling {
  return {
    mapping: customerMapping,
    businessCentralId: businessCentralId(id),
    dataverseId: dataverseId(accountId),
    businessCentralName: 'Adatum',
    dataverseName: 'Adatum Ltd',
    state: 'pending',
    base: null,
    lastSyncedAt: null,
    toDataverse: null,
    toBusinessCentral: null,
    lastError: null,
  };
}

describe('a failed new record that waits for another one', () => {
  it('is tried in every run, long after the watermark has passed it (P5)', async () => {
    world = await startCompany();
    addWaitingCustomer();
    await runOver(world.ports, world);
    for (let hour = 1; hour <= 3; hour += 1) {
      await world.advanceMinutes(60);
      const [toSales] = await runOver(world.ports, world, 'manual');
      expect(toSales?.counts).toMatchObject({ failed: 1, skipped: 0 });
    }
    expect(await world.openErrors()).toMatchObject([{ kind: 'dependency' }]);
  });

  it('is in one counter only when it changed as well (P6)', async () => {
    world = await startCompany();
    const id = addWaitingCustomer();
    const [first] = await runOver(world.ports, world);
    expect(first?.counts).toMatchObject({ failed: 1 });
    world.businessCentral.edit('customers', id, { city: 'Oslo' }, 'bob');
    const [second] = await runOver(world.ports, world);
    expect(second?.counts).toMatchObject({ inserted: 0, unchanged: 0, skipped: 0, failed: 1 });
  });
});

describe('a pair coupled by hand', () => {
  it('is synchronised by the next run, though neither record changed since the watermark (P3)', async () => {
    const rule = { updateConflict: 'sendToDataverse' } as const;
    world = await startCompany({ change: (mapping) => ({ ...mapping, ...rule }) });
    const id = addCustomer(world, { displayName: 'Adatum', city: 'Oslo' });
    const accountId = addAccount(world, { name: 'Adatum Ltd', address1_city: 'Bergen' });
    for (let run = 1; run <= 3; run += 1) {
      await runOver(world.ports, world, 'manual');
      await world.advanceMinutes(30);
    }
    const coupling = coupledByHand(id, accountId);
    await world.ports.couplings.save(customerMapping, [{ kind: 'create', coupling }]);
    const { state, version } = await world.ports.mappings.get(customerMapping);
    await world.ports.mappings.replace({ ...state, mayHaveRetries: true }, version);
    await runOver(world.ports, world, 'manual');
    const agreed = { name: 'Adatum', address1_city: 'Oslo' };
    expect(world.dataverse.row('account', accountId)).toMatchObject(agreed);
    const again = await runOver(world.ports, world, 'manual');
    expect(again.map(({ counts }) => counts.modified)).toEqual([0, 0]);
  });
});

describe('a run that only a timer woke', () => {
  it('finds what changed since the watermark, after every message was lost (P12)', async () => {
    world = await startCompany();
    const id = addCustomer(world, { displayName: 'Adatum' });
    await runOver(world.ports, world);
    await world.advanceMinutes(31);
    world.businessCentral.edit('customers', id, { city: 'Oslo' }, 'bob');
    const [account] = world.dataverse.rows('account');
    const accountId = String(account?.['accountid']);
    world.dataverse.edit('account', accountId, { telephone1: '555-0123' }, 'alice');
    expect(await tickJob(world.ports, customerMapping)).toBe('queued');
    world.forgetQueue();
    await world.advanceMinutes(60);
    expect(await tickJob(world.ports, customerMapping)).toBe('queued');
    expect(await world.drainQueue()).toBe(1);
    expect(world.dataverse.row('account', accountId)).toMatchObject({ address1_city: 'Oslo' });
    expect(world.businessCentral.record('customers', id)).toMatchObject({ phoneNumber: '555-0123' });
  });
});
