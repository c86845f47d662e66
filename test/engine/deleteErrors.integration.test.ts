/** Deleting what is left of a pair, and finding what is gone, against both services (E-142, E-143, E-145, E-146). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTask } from '../../shared/app/actions/runTask.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import type { ActionRun, ActionTask } from '../../shared/domain/actions/actionRun.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { act, couplingsOf, planOf } from './acting.ts';
import {
  accountsNamed,
  couplingNamed,
  customersNamed,
  keyOf,
  loseAccount,
  loseCustomer,
  makeConflict,
  newPair,
  synchronisedWorld,
} from './erring.ts';
import { intercept } from './intercept.ts';
import type { World } from './world.ts';

const adatum = 'Adatum Corporation';
const fresh = 'Fresh Foods';

let world: World;
beforeEach(async () => {
  world = await synchronisedWorld();
});
afterEach(() => world.close());

const couplingCount = async () => (await couplingsOf(world, 'CUSTOMER')).length;

/** Carries a task out with other ports, slice by slice, and gives the number of slices and the rows. */
async function runSliced(ports: SyncPorts, task: ActionTask) {
  const runId = ports.ids.runId(ports.clock.now());
  let progress: ActionRun['progress'] = null;
  for (let slices = 1; ; slices += 1) {
    const action = { runId, mapping: mappingName('CUSTOMER'), task, progress };
    const result = await runTask(ports, world.mappings, action, false);
    if (result.status === 'done') return { slices, syncJobs: result.syncJobs };
    progress = result.status === 'paused' ? result.progress : progress;
  }
}

describe('delete', () => {
  it.each(['account', 'customer'])(
    'deletes the %s that is left, then the coupling (E-145, A-65)',
    async (left) => {
      await newPair(world, fresh);
      const lost = left === 'account' ? await loseCustomer(world, fresh) : await loseAccount(world, fresh);
      const before = await couplingCount();
      const task = { kind: 'delete', records: [keyOf(lost)] } as const;
      const plan = await planOf(world, 'CUSTOMER', task);
      expect(plan).toMatchObject({
        actions: [{ kind: 'delete', direction: left === 'account' ? 'toDataverse' : 'toBusinessCentral' }],
        counts: { deleted: 1, uncoupled: 1 },
      });
      expect(customersNamed(world, fresh).length + accountsNamed(world, fresh).length).toBe(1);
      expect(await act(world, 'CUSTOMER', task)).toMatchObject([
        { type: 'uncoupling', counts: { deleted: 1, uncoupled: 1, failed: 0 } },
      ]);
      expect(customersNamed(world, fresh).length + accountsNamed(world, fresh).length).toBe(0);
      expect(await couplingCount()).toBe(before - 1);
    },
  );

  it('leaves both alone when both exist (E-145)', async () => {
    const whole = await couplingNamed(world, adatum);
    const [row] = await act(world, 'CUSTOMER', { kind: 'delete', records: [keyOf(whole)] });
    expect(row?.counts).toMatchObject({ deleted: 0, uncoupled: 0, failed: 0 });
    expect(customersNamed(world, adatum)).toHaveLength(1);
    expect(accountsNamed(world, adatum)).toHaveLength(1);
  });

  it('of a record the service keeps removes nothing, and says why: delete-not-permitted (E-145)', async () => {
    const lost = await loseAccount(world, adatum);
    const ok = await newPair(world, fresh);
    world.dataverse.remove('account', ok.dataverseId, 'alice');
    const records = [lost, ok].map(keyOf);
    const [row] = await act(world, 'CUSTOMER', { kind: 'delete', records });
    expect(row?.counts).toMatchObject({ deleted: 1, uncoupled: 1, failed: 1 });
    expect(customersNamed(world, adatum)).toHaveLength(1);
    const [error] = await world.openErrors('CUSTOMER');
    expect(error).toMatchObject({ code: 'delete-not-permitted', syncJobId: row?.id });
    expect(await couplingNamed(world, adatum)).toMatchObject({
      state: 'skipped',
      lastError: { code: 'delete-not-permitted' },
    });
    await act(world, 'CUSTOMER', { kind: 'uncouple', records: [keyOf(lost)] });
    expect(await world.openErrors('CUSTOMER')).toEqual([]);
  });

  it('does not delete a record that somebody changed meanwhile (P1)', async () => {
    await newPair(world, fresh);
    const lost = await loseCustomer(world, fresh);
    const ports: SyncPorts = {
      ...world.ports,
      dataverse: intercept(world.ports.dataverse, {
        delete: (original) => (table, rows) => {
          world.dataverse.edit('account', lost.dataverseId, { telephone1: '555-0177' }, 'alice');
          return original(table, rows);
        },
      }),
    };
    const { syncJobs } = await runSliced(ports, { kind: 'delete', records: [keyOf(lost)] });
    expect(syncJobs).toMatchObject([{ counts: { deleted: 0, failed: 1 } }]);
    expect(accountsNamed(world, fresh)).toHaveLength(1);
    expect((await couplingNamed(world, fresh)).lastError?.code).toBe('record-changed');
  });

  it('whose answer was lost is looked up before anything is said (P2)', async () => {
    await newPair(world, fresh);
    const lost = await loseCustomer(world, fresh);
    const ports: SyncPorts = {
      ...world.ports,
      dataverse: intercept(world.ports.dataverse, {
        delete: (original) => async (table, rows) => {
          await original(table, rows);
          return rows.map(() => ({ status: 'unknown', message: 'The connection broke.' }));
        },
      }),
    };
    const { syncJobs } = await runSliced(ports, { kind: 'delete', records: [keyOf(lost)] });
    expect(syncJobs).toMatchObject([{ counts: { deleted: 1, uncoupled: 1, failed: 0 } }]);
  });

  it('that was cut off after the deletion goes on with the coupling', async () => {
    await newPair(world, fresh);
    const lost = await loseCustomer(world, fresh);
    world.dataverse.remove('account', lost.dataverseId, 'integration');
    const before = await couplingCount();
    const [row] = await act(world, 'CUSTOMER', { kind: 'delete', records: [keyOf(lost)] });
    expect(row?.counts).toMatchObject({ deleted: 0, uncoupled: 1 });
    expect(await couplingCount()).toBe(before - 1);
  });
});

describe('finding deleted records', () => {
  it('marks what is gone on either side, and not what only left the filter (E-143, E-163, A-70)', async () => {
    const ours = await loseCustomer(world, 'Fourth Coffee (sample)');
    await loseAccount(world, adatum);
    const outside = await couplingNamed(world, 'Trey Research');
    world.businessCentral.edit('customers', outside.businessCentralId, { blocked: 'All' }, 'bob');
    const plan = await planOf(world, 'CUSTOMER', { kind: 'findDeleted' });
    expect(plan.actions.map(({ kind }) => kind)).toEqual(['fail', 'fail']);
    expect((await couplingNamed(world, adatum)).state).toBe('synchronized');
    const [row] = await act(world, 'CUSTOMER', { kind: 'findDeleted' });
    expect(row?.counts).toMatchObject({ skipped: 2, uncoupled: 0, failed: 0 });
    expect(await couplingNamed(world, adatum)).toMatchObject({
      state: 'skipped',
      lastError: { code: 'coupled-record-deleted', message: expect.stringContaining('Sales') },
    });
    expect(await couplingNamed(world, 'Fourth Coffee (sample)')).toMatchObject({
      businessCentralId: ours.businessCentralId,
      state: 'skipped',
      lastError: { message: expect.stringContaining('Business Central') },
    });
    expect((await couplingNamed(world, 'Trey Research')).state).toBe('synchronized');
    expect((await world.openErrors('CUSTOMER')).map(({ code }) => code)).toEqual([
      'coupled-record-deleted',
      'coupled-record-deleted',
    ]);
    const again = await act(world, 'CUSTOMER', { kind: 'findDeleted' });
    expect(again).toMatchObject([{ counts: { skipped: 0 } }]);
  });

  it('also in mappings of one direction, where a retry of all meets it in the only pass (E-143, A-59)', async () => {
    const [currency] = await couplingsOf(world, 'CURRENCY');
    if (!currency) throw new Error('no currency is coupled');
    world.businessCentral.remove('currencies', currency.businessCentralId, 'bob');
    await act(world, 'CURRENCY', { kind: 'findDeleted' });
    const state = async () =>
      (await couplingsOf(world, 'CURRENCY')).find(({ dataverseId }) => dataverseId === currency.dataverseId)
        ?.state;
    expect(await state()).toBe('skipped');
    await act(world, 'CURRENCY', { kind: 'retry', records: null, wake: false });
    expect(await state()).toBe('failed');
    expect(await world.run('CURRENCY')).toMatchObject([{ counts: { skipped: 1 } }]);
    expect(await state()).toBe('skipped');
  });

  it('removes couplings of which both records are gone, and leaves other errors as they are (E-142)', async () => {
    const conflict = await makeConflict(world, 'Trey Research');
    await newPair(world, fresh);
    const both = await loseCustomer(world, fresh);
    world.dataverse.remove('account', both.dataverseId, 'alice');
    const before = await couplingCount();
    const [row] = await act(world, 'CUSTOMER', { kind: 'findDeleted' });
    expect(row?.counts).toMatchObject({ skipped: 0, uncoupled: 1 });
    expect(await couplingCount()).toBe(before - 1);
    expect(await couplingNamed(world, 'Trey Research')).toEqual(conflict);
  });

  it('asks for keys in bulk: one request to each service for all couplings (P10)', async () => {
    await act(world, 'CUSTOMER', { kind: 'findDeleted' });
    const before = [world.businessCentral.requests.total, world.dataverse.requests.total] as const;
    await act(world, 'CUSTOMER', { kind: 'findDeleted' });
    expect(world.businessCentral.requests.total - before[0]).toBe(1);
    expect(world.dataverse.requests.total - before[1]).toBe(1);
  });

  it('goes on page by page when its time is used up, with one row of the log (P10)', async () => {
    await loseAccount(world, adatum);
    const ports: SyncPorts = {
      ...world.ports,
      couplings: intercept(world.ports.couplings, {
        list: (original) => (query, page) => original(query, { ...page, top: 20 }),
      }),
      policy: { ...world.ports.policy, sliceMs: 0 },
    };
    const { slices, syncJobs } = await runSliced(ports, { kind: 'findDeleted' });
    expect(slices).toBe(Math.ceil((await couplingCount()) / 20));
    expect(syncJobs).toMatchObject([{ counts: { skipped: 1 } }]);
  });
});

describe('removing the coupling of every error', () => {
  it('uncouples the skipped records only (E-146, A-56)', async () => {
    await makeConflict(world, adatum);
    const before = await couplingCount();
    const [row] = await act(world, 'CUSTOMER', { kind: 'uncoupleErrors' });
    expect(row).toMatchObject({ type: 'uncoupling', counts: { uncoupled: 1 } });
    expect(await couplingCount()).toBe(before - 1);
    await expect(couplingNamed(world, adatum)).rejects.toThrow('not coupled');
  });
});

describe('a full synchronisation', () => {
  it('removes a skipped coupling of which both records are gone (E-142)', async () => {
    const lost = await newPair(world, fresh);
    world.dataverse.remove('account', lost.dataverseId, 'alice');
    await act(world, 'CUSTOMER', { kind: 'findDeleted' });
    expect((await couplingNamed(world, fresh)).state).toBe('skipped');
    world.businessCentral.remove('customers', lost.businessCentralId, 'bob');
    await world.run('CUSTOMER', 'fullSync');
    await expect(couplingNamed(world, fresh)).rejects.toThrow('not coupled');
  });
});
