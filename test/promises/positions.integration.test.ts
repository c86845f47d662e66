/** Watermarks stay behind what was recorded (P7), and nothing is uncoupled by accident (P9). */
import { afterEach, describe, expect, it } from 'vitest';
import { runRequestFor } from '../../shared/app/jobs/runRequest.ts';
import { runMapping } from '../../shared/app/runMapping.ts';
import { businessCentralId, dataverseId } from '../../shared/domain/common/ids.ts';
import { instant, shift } from '../../shared/domain/common/instants.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { intercept } from '../engine/intercept.ts';
import type { World, WorldOptions } from '../engine/world.ts';
import { addAccount, addCustomer, customerMapping, runOver, startCompany, stateOf } from './companies.ts';

let world: World;
afterEach(() => world.close());

describe('both watermarks', () => {
  it('stay where they were while a run pauses, in whatever pass (P7, E-50)', async () => {
    world = await startCompany({ pageSize: 2, sliceMs: 0 });
    for (const displayName of ['Alpha', 'Beta', 'Gamma']) addCustomer(world, { displayName });
    for (const name of ['Delta', 'Epsilon', 'Zeta']) addAccount(world, { name });
    const run = { runId: world.ports.ids.runId(world.ports.clock.now()), trigger: 'fullSync' } as const;
    const request = runRequestFor(findMapping(world.mappings, customerMapping), run);
    const met = new Set<unknown>();
    while ((await runMapping(world.ports, world.mappings, request)).status === 'paused') {
      const state = await stateOf(world);
      met.add(state.cursor?.pass);
      expect(state).toMatchObject({ businessCentralWatermark: null, dataversePosition: null });
    }
    expect([...met]).toEqual(['toDataverse', 'toBusinessCentral']);
    expect((await stateOf(world)).businessCentralWatermark).not.toBeNull();
  });

  it('do not follow a time in the future: what is edited before it comes is still read (P7)', async () => {
    world = await startCompany();
    addCustomer(world, { displayName: 'Alpha' });
    const id = addCustomer(world, { displayName: 'Beta' });
    const nextWeek = shift(world.ports.clock.now(), 7 * 24 * 60 * 60_000);
    const businessCentral = intercept(world.ports.businessCentral, {
      readChanges: (original) => async (request) => {
        const page = await original(request);
        const [first, ...others] = page.records;
        return { ...page, records: first ? [{ ...first, modifiedAt: nextWeek }, ...others] : [] };
      },
    });
    await runOver({ ...world.ports, businessCentral }, world);
    await world.advanceMinutes(30);
    world.businessCentral.edit('customers', id, { city: 'Oslo' }, 'bob');
    await runOver(world.ports, world, 'manual');
    expect(world.dataverse.rows('account').map((row) => row['address1_city'])).toContain('Oslo');
    expect(instant((await stateOf(world)).businessCentralWatermark ?? nextWeek) < nextWeek).toBe(true);
  });

  it('say nothing new after a run for chosen records: what a changed filter lets in is still read (P7, P9)', async () => {
    const open = { syncOnlyCoupled: false };
    world = await startCompany({ change: (mapping) => ({ ...mapping, ...open }) });
    const id = addCustomer(world, { displayName: 'Alpha' });
    addCustomer(world, { displayName: 'Beta', blocked: 'All' });
    await runOver(world.ports, world);
    await world.advanceMinutes(30);
    await runOver(world.ports, world, 'manual');
    const mappings = world.mappings.map((mapping) =>
      mapping.name === customerMapping
        ? { ...mapping, businessCentral: { ...mapping.businessCentral, filter: null } }
        : mapping,
    );
    const chosen = { businessCentral: [businessCentralId(id)], dataverse: [], withinFilter: false };
    const run = () => ({
      runId: world.ports.ids.runId(world.ports.clock.now()),
      trigger: 'manual' as const,
    });
    const mapping = findMapping(mappings, customerMapping);
    await runMapping(world.ports, mappings, { ...runRequestFor(mapping, run()), chosen });
    await runMapping(world.ports, mappings, runRequestFor(mapping, run()));
    expect(world.dataverse.rows('account').map((row) => row['name'])).toContain('Beta');
  });
});

/** Synchronised customers in a mapping that removes couplings of deleted records. */
async function synchronised(count: number, options: WorldOptions = {}): Promise<void> {
  const change = (mapping: TableMapping) => ({ ...mapping, deletionConflict: 'removeCoupling' }) as const;
  world = await startCompany({ ...options, change });
  for (let number = 1; number <= count; number += 1)
    addCustomer(world, { displayName: `Customer ${number}` });
  await runOver(world.ports, world);
  await world.drainQueue();
  await world.advanceMinutes(30);
}

async function couplings() {
  const page = { top: 100, continuation: null };
  return (await world.ports.couplings.list({ mapping: customerMapping }, page)).rows;
}

describe('a row that is reported as deleted but is there', () => {
  it('keeps its coupling: it is read once more before the deletion is believed (P9)', async () => {
    await synchronised(1);
    const [account] = world.dataverse.rows('account');
    const deletedIds = [dataverseId(String(account?.['accountid']))];
    const dataverse = intercept(world.ports.dataverse, {
      readChanges: (original) => async (request) => ({ ...(await original(request)), deletedIds }),
    });
    await runOver({ ...world.ports, dataverse }, world, 'manual');
    expect(await couplings()).toHaveLength(1);
    expect(await world.openErrors()).toEqual([]);
  });
});

describe('the mass-change guard', () => {
  it('stops a run in slices, too: it counts what the slices before have lost (P9)', async () => {
    await synchronised(24, { pageSize: 6, sliceMs: 0 });
    for (const row of world.dataverse.rows('account'))
      world.dataverse.remove('account', String(row['accountid']), 'alice');
    await runOver(world.ports, world, 'manual');
    await world.drainQueue();
    const { entry } = (await world.ports.jobs.get(customerMapping)) ?? {};
    expect(entry?.errorMessage).toContain('coupled records of CUSTOMER lost one side');
    expect((await couplings()).length).toBeGreaterThanOrEqual(12);
  });
});
