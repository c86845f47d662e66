/** Coupling by hand, creating counterparts, and forced synchronisation of chosen records (sync-engine section 9). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionTask, InitialSynchronization } from '../../shared/domain/actions/actionRun.ts';
import { type BusinessCentralId, type DataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { act, couplingsOf, planOf, recordId, rowId } from './acting.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let adatum: BusinessCentralId;
let account: DataverseId;

beforeEach(async () => {
  world = await startWorld();
  await world.run('SALESPEOPLE', 'fullSync');
  await world.run('CURRENCY', 'fullSync');
  adatum = recordId(world, 'customers', 'displayName', 'Adatum Corporation');
  account = rowId(world, 'account', 'name', 'Fourth Coffee (sample)');
});
afterEach(() => world.close());

const couple = (
  initialSync: InitialSynchronization,
  ids: Partial<{ ours: BusinessCentralId; theirs: DataverseId }> = {},
) =>
  ({
    kind: 'couple',
    businessCentralId: ids.ours ?? adatum,
    dataverseId: ids.theirs ?? account,
    initialSync,
  }) as const satisfies ActionTask;

const createNew = (ids: Partial<{ ours: BusinessCentralId; theirs: DataverseId }>) =>
  ({
    kind: 'synchronize',
    manner: 'createNew',
    businessCentralIds: ids.ours ? [ids.ours] : [],
    dataverseIds: ids.theirs ? [ids.theirs] : [],
  }) as const satisfies ActionTask;

describe('coupling two records', () => {
  it('without a first synchronisation makes a pending coupling and writes to neither system (E-112)', async () => {
    const before = world.dataverse.row('account', account);
    const [row, ...others] = await act(world, 'CUSTOMER', couple('none'));
    expect(row).toMatchObject({ type: 'coupling', counts: { coupled: 1, failed: 0 }, trigger: 'action' });
    expect(row?.finishedAt).not.toBeNull();
    expect(others).toEqual([]);
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([
      { businessCentralId: adatum, dataverseId: account, state: 'pending', lastSyncedAt: null },
    ]);
    expect(world.dataverse.row('account', account)).toEqual(before);
  });

  it.each([
    ['toDataverse', 'Adatum Corporation'],
    ['toBusinessCentral', 'Fourth Coffee (sample)'],
  ] as const)(
    'with a first synchronisation %s lets that side overwrite the other (E-112, E-126)',
    async (way, name) => {
      const [, row] = await act(world, 'CUSTOMER', couple(way));
      expect(row).toMatchObject({ type: 'synchronization', direction: way, counts: { modified: 1 } });
      expect(world.dataverse.row('account', account)).toMatchObject({ name });
      expect(world.businessCentral.record('customers', adatum)).toMatchObject({ displayName: name });
      // Fields that only travel to Sales, such as the owner, are still to be sent after the first way back.
      await world.run('CUSTOMER');
      const again = await world.run('CUSTOMER');
      expect(again.map(({ counts }) => [counts.modified, counts.failed])).toEqual([
        [0, 0],
        [0, 0],
      ]);
    },
  );

  it('that are coupled to each other changes nothing (E-112)', async () => {
    await act(world, 'CUSTOMER', couple('toDataverse'));
    const [row] = await act(world, 'CUSTOMER', couple('none'));
    expect(row?.counts).toMatchObject({ coupled: 0, unchanged: 1 });
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([{ state: 'synchronized' }]);
  });

  it('re-points a coupled customer to another account, with a new history (E-6, E-61)', async () => {
    await act(world, 'CUSTOMER', couple('toDataverse'));
    const other = rowId(world, 'account', 'name', 'Litware, Inc. (sample)');
    const [row] = await act(world, 'CUSTOMER', couple('none', { theirs: other }));
    expect(row?.counts).toMatchObject({ coupled: 1 });
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([
      { businessCentralId: adatum, dataverseId: other, state: 'pending', toDataverse: null, base: null },
    ]);
  });

  it('is refused when the account belongs to another existing customer (E-112, E-114)', async () => {
    await act(world, 'CUSTOMER', couple('none'));
    const trey = recordId(world, 'customers', 'displayName', 'Trey Research');
    const [row] = await act(world, 'CUSTOMER', couple('none', { ours: trey }));
    expect(row?.counts).toMatchObject({ coupled: 0, failed: 1 });
    const errors = (await world.openErrors('CUSTOMER')).filter(({ syncJobId }) => syncJobId === row?.id);
    expect(errors).toMatchObject([
      { code: 'already-coupled', businessCentralId: trey, dataverseId: account },
    ]);
    expect(await couplingsOf(world, 'CUSTOMER')).toHaveLength(1);
  });

  it('takes the place of a coupling whose customer was deleted (E-112)', async () => {
    const doomed = String(world.businessCentral.create('customers', { displayName: 'Doomed' })['id']);
    await act(world, 'CUSTOMER', couple('none', { ours: doomed as BusinessCentralId }));
    world.businessCentral.remove('customers', doomed);
    const [row] = await act(world, 'CUSTOMER', couple('none'));
    expect(row?.counts).toMatchObject({ coupled: 1 });
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([
      { businessCentralId: adatum, dataverseId: account },
    ]);
  });

  it('with a record that is gone is an error row and couples nothing', async () => {
    world.dataverse.remove('account', account, 'alice');
    const [row] = await act(world, 'CUSTOMER', couple('toDataverse'));
    expect(row?.counts).toMatchObject({ failed: 1 });
    const codes = (await world.openErrors('CUSTOMER')).map(({ code }) => code);
    expect(codes).toContain('source-not-found');
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual([]);
  });

  it('is planned with the values it would write, and a dry run writes nothing anywhere', async () => {
    const plan = await planOf(world, 'CUSTOMER', couple('toDataverse'));
    expect(plan.actions).toMatchObject([{ kind: 'couple', businessCentralId: adatum, dataverseId: account }]);
    const [action] = plan.actions;
    const names =
      action && 'fields' in action ? action.fields.filter(({ attribute }) => attribute === 'name') : [];
    expect(names).toMatchObject([{ before: 'Fourth Coffee (sample)', after: 'Adatum Corporation' }]);
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual([]);
    const logged = await world.ports.logs.listSyncJobs(
      { mapping: mappingName('CUSTOMER') },
      { top: 10, continuation: null },
    );
    expect(logged.rows).toEqual([]);
    expect(world.dataverse.row('account', account)).toMatchObject({ name: 'Fourth Coffee (sample)' });
  });
});

describe('creating a counterpart', () => {
  it('in Sales works although the mapping keeps to coupled records (E-113, E-126)', async () => {
    const [row] = await act(world, 'CUSTOMER', createNew({ ours: adatum }));
    expect(row).toMatchObject({ direction: 'toDataverse', counts: { inserted: 1, failed: 0 } });
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([
      { businessCentralId: adatum, state: 'synchronized' },
    ]);
  });

  it('in Business Central gives the account a customer (E-113)', async () => {
    const [row] = await act(world, 'CUSTOMER', createNew({ theirs: account }));
    expect(row).toMatchObject({ direction: 'toBusinessCentral', counts: { inserted: 1 } });
    expect(recordId(world, 'customers', 'displayName', 'Fourth Coffee (sample)')).toBeDefined();
  });

  it('replaces a coupling whose counterpart is gone (E-113)', async () => {
    await act(world, 'CUSTOMER', createNew({ ours: adatum }));
    const [coupling] = await couplingsOf(world, 'CUSTOMER');
    world.dataverse.remove('account', String(coupling?.dataverseId), 'alice');
    const [row] = await act(world, 'CUSTOMER', createNew({ ours: adatum }));
    expect(row?.counts).toMatchObject({ inserted: 1, failed: 0 });
    const [renewed] = await couplingsOf(world, 'CUSTOMER');
    expect(renewed?.dataverseId).not.toBe(coupling?.dataverseId);
    expect(world.dataverse.row('account', String(renewed?.dataverseId))).toMatchObject({
      name: 'Adatum Corporation',
    });
  });
});

describe('forced synchronisation of chosen records', () => {
  const force = (ids: Partial<{ ours: BusinessCentralId; theirs: DataverseId }>) =>
    ({ ...createNew(ids), manner: 'force' }) as const satisfies ActionTask;

  beforeEach(async () => {
    await act(world, 'CUSTOMER', couple('toDataverse'));
    await world.run('CUSTOMER');
    await world.advanceMinutes(5);
  });

  it('ends a conflict for both directions with the version chosen (E-42, E-126, A-53)', async () => {
    world.dataverse.edit('account', account, { address1_city: 'Tromsø' }, 'alice');
    world.businessCentral.edit('customers', adatum, { city: 'Oxford' }, 'bob');
    await world.run('CUSTOMER');
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([{ state: 'failed' }]);
    const [row] = await act(world, 'CUSTOMER', force({ theirs: account }));
    expect(row?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.businessCentral.record('customers', adatum)).toMatchObject({ city: 'Tromsø' });
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([{ state: 'synchronized', lastError: null }]);
    expect(await world.openErrors('CUSTOMER')).toEqual([]);
    const again = await world.run('CUSTOMER');
    expect(again.map(({ counts }) => [counts.modified, counts.failed])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('counts Modified even when nothing differs (E-35)', async () => {
    const [row] = await act(world, 'CUSTOMER', force({ ours: adatum }));
    expect(row?.counts).toMatchObject({ modified: 1, unchanged: 0 });
  });

  it('follows no deletion rule: a counterpart that is gone fails the record (E-42)', async () => {
    world.dataverse.remove('account', account, 'alice');
    const [row] = await act(world, 'CUSTOMER', force({ ours: adatum }));
    expect(row?.counts).toMatchObject({ failed: 1, inserted: 0 });
    expect((await world.openErrors('CUSTOMER')).map(({ code }) => code)).toEqual(['coupled-record-deleted']);
  });

  it('leaves a skipped record alone (E-25)', async () => {
    world.dataverse.edit('account', account, { address1_city: 'Tromsø' }, 'alice');
    world.businessCentral.edit('customers', adatum, { city: 'Oxford' }, 'bob');
    await world.run('CUSTOMER');
    await world.run('CUSTOMER');
    const [row] = await act(world, 'CUSTOMER', force({ ours: adatum }));
    expect(row?.counts).toMatchObject({ skipped: 1, modified: 0 });
    expect(world.dataverse.row('account', account)).toMatchObject({ address1_city: 'Tromsø' });
  });

  it('moves no watermark: what else changed is still found by the next run (E-126)', async () => {
    const before = (await world.ports.mappings.get(mappingName('CUSTOMER'))).state;
    world.businessCentral.edit('customers', adatum, { city: 'Oxford' }, 'bob');
    await act(world, 'CUSTOMER', force({ ours: adatum }));
    const after = (await world.ports.mappings.get(before.mapping)).state;
    expect(after.businessCentralWatermark).toBe(before.businessCentralWatermark);
    expect(after.dataversePosition).toBe(before.dataversePosition);
  });
});
