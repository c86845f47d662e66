/** Retrying, synchronising, restoring and deleting coupled data errors, against both services (E-59, E-60, E-142 to E-146). */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTask } from '../../shared/app/actions/runTask.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { act, couplingsOf, planOf } from './acting.ts';
import {
  accountsNamed,
  couplingNamed,
  customersNamed,
  keyOf,
  loseAccount,
  loseCustomer,
  makeConflict,
  planOfJob,
  synchronisedWorld,
} from './erring.ts';
import { intercept, once } from './intercept.ts';
import type { World } from './world.ts';

const adatum = 'Adatum Corporation';
const trey = 'Trey Research';

let world: World;
beforeEach(async () => {
  world = await synchronisedWorld();
});
afterEach(() => world.close());

const city = async () => {
  const { businessCentralId, dataverseId } = await couplingNamed(world, adatum);
  return [
    world.businessCentral.record('customers', businessCentralId)?.['city'],
    world.dataverse.row('account', dataverseId)?.['address1_city'],
  ];
};
const errorCodes = async () => (await world.openErrors('CUSTOMER')).map(({ code }) => code);

describe('retry', () => {
  it('takes the skip off and wakes the job; the same failure skips it again at once (E-59, A-57, A-58)', async () => {
    const coupling = await makeConflict(world, adatum);
    expect(coupling.state).toBe('skipped');
    const now = world.ports.clock.now();
    expect((await planOfJob(world)).earliestStart).not.toBe(now);
    const rows = await act(world, 'CUSTOMER', { kind: 'retry', records: [keyOf(coupling)], wake: true });
    expect(rows.filter(({ trigger }) => trigger === 'action')).toEqual([]);
    expect((await couplingNamed(world, adatum)).state).toBe('failed');
    expect(world.events.map(({ event }) => event)).toContain('job-woken');
    await world.advanceMinutes(1);
    expect(await tickJob(world.ports, 'CUSTOMER')).toBe('queued');
    await world.drainQueue();
    expect((await couplingNamed(world, adatum)).state).toBe('skipped');
    const { rows: jobs } = await world.ports.logs.listSyncJobs({}, { top: 2, continuation: null });
    expect(jobs.map(({ trigger, counts }) => [trigger, counts.skipped])).toEqual([
      ['wake', 1],
      ['wake', 1],
    ]);
  });

  it('without wake leaves the job as planned; the next run settles what was corrected meanwhile (A-57)', async () => {
    const coupling = await makeConflict(world, adatum);
    const before = await planOfJob(world);
    await act(world, 'CUSTOMER', { kind: 'retry', records: [keyOf(coupling)], wake: false });
    expect(await planOfJob(world)).toEqual(before);
    expect((await couplingNamed(world, adatum)).state).toBe('failed');
    world.dataverse.edit('account', coupling.dataverseId, { address1_city: 'Oxford' }, 'alice');
    await world.run('CUSTOMER');
    expect(await couplingNamed(world, adatum)).toMatchObject({ state: 'synchronized', lastError: null });
    expect(await errorCodes()).toEqual([]);
  });

  it('of named records leaves those alone that lost a side; of all it takes them, too (A-57, A-59)', async () => {
    const lost = await loseAccount(world, adatum);
    await world.run('CUSTOMER');
    await world.run('CUSTOMER');
    await act(world, 'CUSTOMER', { kind: 'retry', records: [keyOf(lost)], wake: false });
    expect((await couplingNamed(world, adatum)).state).toBe('skipped');
    await act(world, 'CUSTOMER', { kind: 'retry', records: null, wake: false });
    expect((await couplingNamed(world, adatum)).state).toBe('failed');
    await world.run('CUSTOMER');
    expect((await couplingNamed(world, adatum)).state).toBe('skipped');
  });

  it('of a failed record without a coupling has it tried again, too (E-52)', async () => {
    const [customer] = customersNamed(world, trey);
    const id = String(customer?.['id']);
    const retries = async () => world.ports.retries.list((await couplingNamed(world, adatum)).mapping);
    const { mapping } = await couplingNamed(world, adatum);
    await act(world, 'CUSTOMER', { kind: 'uncouple', records: [keyOf(await couplingNamed(world, trey))] });
    const at = world.ports.clock.now();
    const errorId = world.ports.ids.syncErrorId(at);
    const failure = {
      kind: 'data',
      code: 'insert-failed',
      message: 'No.',
      fingerprint: 'insert-failed||',
    } as const;
    const times = { modifiedAt: at, firstFailedAt: at, lastFailedAt: at, attempts: 2 };
    const record = {
      mapping,
      side: 'businessCentral',
      id: id as typeof errorId & never,
      name: trey,
    } as const;
    await world.ports.retries.save([{ ...record, ...failure, ...times, skipped: true, errorId }]);
    const records = [{ businessCentralId: id as never, dataverseId: null }];
    await act(world, 'CUSTOMER', { kind: 'retry', records, wake: false });
    expect(await retries()).toMatchObject([{ skipped: false }]);
    await world.run('CUSTOMER');
    expect(await retries()).toEqual([]);
    expect((await couplingNamed(world, trey)).state).toBe('synchronized');
  });

  it('is planned as what the next run would do, and a dry run changes nothing', async () => {
    const coupling = await makeConflict(world, adatum);
    const plan = await planOf(world, 'CUSTOMER', { kind: 'retry', records: [keyOf(coupling)], wake: true });
    expect(plan.actions.map(({ kind }) => kind)).toEqual(['conflict', 'conflict']);
    expect(await couplingNamed(world, adatum)).toEqual(coupling);
  });
});

describe('synchronise', () => {
  it.each([
    ['toDataverse', 'Oxford'],
    ['toBusinessCentral', 'Tromsø'],
  ] as const)(
    'lets one side win in the direction %s, and closes the error (E-60, E-129)',
    async (direction, expected) => {
      const coupling = await makeConflict(world, adatum);
      const task = { kind: 'synchronizeErrors', records: [keyOf(coupling)], direction } as const;
      const plan = await planOf(world, 'CUSTOMER', task);
      expect(plan.actions).toMatchObject([{ kind: 'modify', direction }]);
      expect(await couplingNamed(world, adatum)).toEqual(coupling);
      const rows = await act(world, 'CUSTOMER', task);
      expect(rows).toMatchObject([{ direction, counts: { modified: 1 } }]);
      expect(await city()).toEqual([expected, expected]);
      expect((await couplingNamed(world, adatum)).state).toBe('synchronized');
      expect(await errorCodes()).toEqual([]);
      expect((await world.run('CUSTOMER')).map(({ counts }) => counts.modified)).toEqual([0, 0]);
    },
  );

  it('leaves records alone that lost a side (A-60)', async () => {
    const lost = await loseAccount(world, adatum);
    const task = { kind: 'synchronizeErrors', records: [keyOf(lost)], direction: 'toDataverse' } as const;
    expect(await act(world, 'CUSTOMER', task)).toEqual([]);
    expect(await couplingNamed(world, adatum)).toEqual(lost);
  });

  it('of all takes every skipped record and no other (A-59)', async () => {
    await makeConflict(world, adatum);
    const other = await couplingNamed(world, trey);
    world.dataverse.edit('account', other.dataverseId, { address1_city: 'Tromsø' }, 'alice');
    const task = { kind: 'synchronizeErrors', records: null, direction: 'toDataverse' } as const;
    expect(await act(world, 'CUSTOMER', task)).toMatchObject([{ counts: { modified: 1, failed: 0 } }]);
    expect(await city()).toEqual(['Oxford', 'Oxford']);
    expect(world.dataverse.row('account', other.dataverseId)).toMatchObject({ address1_city: 'Tromsø' });
  });
});

describe('restore', () => {
  it('makes a new account in the place of the deleted one, and couples it (E-144, A-64)', async () => {
    const lost = await loseAccount(world, adatum);
    await world.run('CUSTOMER');
    await world.run('CUSTOMER');
    expect((await couplingNamed(world, adatum)).state).toBe('skipped');
    const task = { kind: 'restore', records: [keyOf(lost)] } as const;
    expect((await planOf(world, 'CUSTOMER', task)).actions).toMatchObject([
      { kind: 'insert', direction: 'toDataverse' },
    ]);
    expect(accountsNamed(world, adatum)).toHaveLength(0);
    expect(await act(world, 'CUSTOMER', task)).toMatchObject([{ counts: { inserted: 1, failed: 0 } }]);
    const after = await couplingNamed(world, adatum);
    expect(after).toMatchObject({ businessCentralId: lost.businessCentralId, state: 'synchronized' });
    expect(after.dataverseId).not.toBe(lost.dataverseId);
    expect(accountsNamed(world, adatum)).toHaveLength(1);
    expect(await errorCodes()).toEqual([]);
    expect(await act(world, 'CUSTOMER', task)).toEqual([]);
    expect((await world.run('CUSTOMER')).map(({ counts }) => counts.inserted)).toEqual([0, 0]);
  });

  it('makes a new customer, with a new number, for an account whose customer was deleted (E-144)', async () => {
    const lost = await loseCustomer(world, 'Fourth Coffee (sample)');
    await act(world, 'CUSTOMER', { kind: 'restore', records: [keyOf(lost)] });
    expect(customersNamed(world, 'Fourth Coffee (sample)')).toHaveLength(1);
    const after = await couplingNamed(world, 'Fourth Coffee (sample)');
    expect(after.dataverseId).toBe(lost.dataverseId);
    expect(after.businessCentralId).not.toBe(lost.businessCentralId);
  });

  it.each(['account', 'customer'])(
    'that was cut off after it made the %s finds it again, and makes no second one (P2)',
    async (lostSide) => {
      const name = 'Fourth Coffee (sample)';
      const own = lostSide === 'account' ? adatum : name;
      const lost = lostSide === 'account' ? await loseAccount(world, own) : await loseCustomer(world, own);
      const state = { left: 1 };
      const couplings = intercept(world.ports.couplings, {
        save: (original) => once(original, () => Promise.reject(new Error('The host went away.')), state),
      });
      const task = { kind: 'restore', records: [keyOf(lost)] } as const;
      const runId = world.ports.ids.runId(world.ports.clock.now());
      const action = { runId, mapping: lost.mapping, task, progress: null };
      const attempt = runTask({ ...world.ports, couplings }, world.mappings, action, false);
      await expect(attempt).rejects.toThrow('The host went away.');
      expect(await couplingNamed(world, own)).toEqual(lost);
      await act(world, 'CUSTOMER', task);
      expect(accountsNamed(world, own)).toHaveLength(1);
      expect(customersNamed(world, own)).toHaveLength(1);
      expect((await couplingNamed(world, own)).state).toBe('synchronized');
    },
  );

  it('of more records than the guard lets a run lose is what the user asked for (P9)', async () => {
    const all = (await couplingsOf(world, 'CUSTOMER')).filter(
      ({ dataverseId }) => !dataverseId.startsWith('c0de'),
    );
    const lost = all.slice(0, 25);
    for (const { dataverseId } of lost) world.dataverse.remove('account', dataverseId, 'alice');
    const rows = await act(world, 'CUSTOMER', { kind: 'restore', records: lost.map(keyOf) });
    expect(rows).toMatchObject([{ counts: { inserted: 25, failed: 0 } }]);
  });

  it('leaves pairs alone that exist on both sides, and sides the mapping does not write to (A-71, E-157)', async () => {
    const whole = await couplingNamed(world, adatum);
    expect(await act(world, 'CUSTOMER', { kind: 'restore', records: [keyOf(whole)] })).toEqual([]);
    const [currency] = await couplingsOf(world, 'CURRENCY');
    if (!currency) throw new Error('no currency is coupled');
    world.businessCentral.remove('currencies', currency.businessCentralId, 'bob');
    expect(await act(world, 'CURRENCY', { kind: 'restore', records: [keyOf(currency)] })).toEqual([]);
    expect(await couplingsOf(world, 'CURRENCY')).toContainEqual(currency);
  });
});
