/** Match-based coupling of a whole mapping (E-116 to E-121). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionTask } from '../../shared/domain/actions/actionRun.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { UpdateConflictRule } from '../../shared/domain/mappings/model.ts';
import { act, couplingsOf, planOf, recordId, rowId } from './acting.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const byName = [{ id: 'name', priority: 0, caseSensitive: false }];
const match = (changes: Partial<Extract<ActionTask, { kind: 'match' }>> = {}) =>
  ({ kind: 'match', fields: byName, createNew: false, synchronizeAfter: false, ...changes }) as const;

/** An empty company with two customers and three accounts: one pair by name, one twin, one stranger. */
async function smallWorld(updateConflict: UpdateConflictRule = 'none', sliceMs = 480_000, pageSize = 5000) {
  world = await startWorld({
    demo: false,
    sliceMs,
    pageSize,
    change: (mapping) => ({ ...mapping, updateConflict }),
  });
  const pound = {
    isocurrencycode: 'GBP',
    currencyname: 'Pound',
    currencysymbol: 'GBP',
    exchangerate: 0.8,
    currencyprecision: 2,
  };
  const currency = world.dataverse.create('transactioncurrency', pound, 'alice')['transactioncurrencyid'];
  const bind = { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currency})` };
  const account = (name: string, city: string) =>
    world.dataverse.create('account', { name, address1_city: city, customertypecode: 3, ...bind }, 'alice');
  const customer = (displayName: string, city: string) =>
    world.businessCentral.create('customers', { displayName, city }, 'bob');
  customer('Adatum', 'Atlanta');
  customer('Trey', 'Chicago');
  customer('Lonely', 'Oslo');
  account('ADATUM', 'Boston');
  account('Trey', 'Here');
  account('Trey', 'There');
}

describe('match-based coupling', () => {
  beforeEach(() => smallWorld());

  it('couples the one uncoupled match without regard to case, and writes to neither system (E-117, E-118)', async () => {
    const [row, ...others] = await act(world, 'CUSTOMER', match());
    expect(row).toMatchObject({ type: 'coupling', counts: { coupled: 1, failed: 2, inserted: 0 } });
    expect(others).toEqual([]);
    expect(await couplingsOf(world, 'CUSTOMER')).toMatchObject([
      {
        businessCentralId: recordId(world, 'customers', 'displayName', 'Adatum'),
        dataverseId: rowId(world, 'account', 'name', 'ADATUM'),
        state: 'pending',
      },
    ]);
  });

  it('counts records without a unique match as failed, in one error row without record ids (E-119, E-120)', async () => {
    const [row] = await act(world, 'CUSTOMER', match());
    const errors = await world.openErrors('CUSTOMER');
    expect(errors).toMatchObject([
      { syncJobId: row?.id, code: 'match-not-found', businessCentralId: null, dataverseId: null },
    ]);
    expect(errors[0]?.message).toContain('2 records');
  });

  it('distinguishes case where the field says so (E-118)', async () => {
    const fields = [{ id: 'name', priority: 0, caseSensitive: true }];
    const [row] = await act(world, 'CUSTOMER', match({ fields }));
    expect(row?.counts).toMatchObject({ coupled: 0, failed: 3 });
  });

  it('goes on to the next group where one finds several, each group standing alone (E-119, E-161)', async () => {
    world.businessCentral.edit(
      'customers',
      recordId(world, 'customers', 'displayName', 'Trey'),
      { city: 'There' },
      'bob',
    );
    const fields = [...byName, { id: 'address1_city', priority: 1, caseSensitive: false }];
    const [row] = await act(world, 'CUSTOMER', match({ fields }));
    expect(row?.counts).toMatchObject({ coupled: 2, failed: 1 });
    const ours = recordId(world, 'customers', 'displayName', 'Trey');
    const coupling = (await couplingsOf(world, 'CUSTOMER')).find(
      ({ businessCentralId }) => businessCentralId === ours,
    );
    expect(world.dataverse.row('account', String(coupling?.dataverseId))).toMatchObject({
      address1_city: 'There',
    });
  });

  it('passes rows outside the Sales filter over (E-117)', async () => {
    world.dataverse.edit(
      'account',
      rowId(world, 'account', 'name', 'ADATUM'),
      { customertypecode: 1 },
      'alice',
    );
    const [row] = await act(world, 'CUSTOMER', match());
    expect(row?.counts).toMatchObject({ coupled: 0, failed: 3 });
  });

  it('creates the records without a match when asked to, never those with several (E-120, DESIGN decisions)', async () => {
    const [coupling, creation] = await act(world, 'CUSTOMER', match({ createNew: true }));
    expect(coupling?.counts).toMatchObject({ coupled: 1, failed: 1 });
    expect(creation).toMatchObject({
      type: 'synchronization',
      direction: 'toDataverse',
      counts: { inserted: 1 },
    });
    expect(rowId(world, 'account', 'name', 'Lonely')).toBeDefined();
    expect(world.dataverse.rows('account')).toHaveLength(4);
  });

  it('repeated finds nothing more to couple (P8)', async () => {
    await act(world, 'CUSTOMER', match());
    const [row] = await act(world, 'CUSTOMER', match());
    expect(row?.counts).toMatchObject({ coupled: 0, failed: 2 });
  });

  it('without any match field is an error that names the mapping (E-116)', async () => {
    const [row] = await act(world, 'CUSTOMER', match({ fields: [] }));
    expect(row?.counts).toMatchObject({ coupled: 0, failed: 0 });
    expect(await world.openErrors('CUSTOMER')).toMatchObject([{ code: 'match-no-criteria' }]);
  });

  it('is planned by the same code, and a dry run couples nothing', async () => {
    const plan = await planOf(world, 'CUSTOMER', match({ createNew: true }));
    expect(plan.actions.map(({ kind, name }) => [kind, name.replace(/^\S+ /, '')])).toEqual([
      ['couple', 'Adatum'],
      ['fail', 'Trey'],
      ['insert', 'Lonely'],
    ]);
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual([]);
  });
});

describe('synchronising after a match', () => {
  it.each([
    ['sendToDataverse', ['Adatum', 'Atlanta']],
    ['getFromDataverse', ['ADATUM', 'Boston']],
    ['none', ['Adatum', 'Atlanta']],
  ] as const)(
    'under the conflict rule %s keeps the values of %j (E-121, DESIGN decisions)',
    async (rule, [name, city]) => {
      await smallWorld(rule);
      const [, ...passes] = await act(world, 'CUSTOMER', match({ synchronizeAfter: true }));
      const ways = passes.map(({ direction }) => direction);
      const expected = {
        sendToDataverse: ['toDataverse'],
        getFromDataverse: ['toBusinessCentral'],
        none: ['toDataverse', 'toBusinessCentral'],
      };
      expect(ways).toEqual(expected[rule]);
      expect(
        world.dataverse.row('account', String((await couplingsOf(world, 'CUSTOMER'))[0]?.dataverseId)),
      ).toMatchObject({
        name,
        address1_city: city,
      });
      expect((await couplingsOf(world, 'CUSTOMER'))[0]).toMatchObject({ state: 'synchronized' });
    },
  );

  it('does nothing where nothing was coupled (E-121)', async () => {
    await smallWorld();
    const fields = [{ id: 'name', priority: 0, caseSensitive: true }];
    expect(await act(world, 'CUSTOMER', match({ fields, synchronizeAfter: true }))).toHaveLength(1);
  });
});

describe('a match that does not fit into one time slice', () => {
  it('goes on page by page with the same log rows, and couples as one that fits (J-87)', async () => {
    await smallWorld('none', 0, 1);
    const [row, ...passes] = await act(world, 'CUSTOMER', match({ createNew: true, synchronizeAfter: true }));
    expect(row?.counts).toMatchObject({ coupled: 1, failed: 1 });
    expect(row?.finishedAt).not.toBeNull();
    expect(passes.map(({ counts }) => [counts.inserted, counts.modified]).toSorted()).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
    expect((await world.ports.mappings.get(mappingName('CUSTOMER'))).state.lease?.owner).toBe('');
  });
});
