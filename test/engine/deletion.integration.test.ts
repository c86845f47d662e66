/** Coupled records that are deleted on one side (E-39), and the mass-change guard (P9). */
import { afterEach, describe, expect, it } from 'vitest';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A synchronised demo company without Litware's error, which would be in every counter. */
async function synchronised(change: Partial<TableMapping> = {}): Promise<void> {
  world = await startWorld({ change: (mapping) => ({ ...mapping, ...change }) });
  const litware = world.dataverse.rows('account').find((row) => row['name'] === 'Litware, Inc. (sample)');
  world.dataverse.remove('account', String(litware?.['accountid']), 'alice');
  for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await world.run(job, 'fullSync');
  await world.advanceMinutes(30);
}

async function couplings(): Promise<readonly Coupling[]> {
  const query = { mapping: mappingName('CUSTOMER') };
  return (await world.ports.couplings.list(query, { top: 1000, continuation: null })).rows;
}

async function couplingOf(name: string): Promise<Coupling | undefined> {
  return (await couplings()).find((coupling) => coupling.businessCentralName.endsWith(name));
}

const adatum = 'Adatum Corporation';
const accountsNamed = (name: string) => world.dataverse.rows('account').filter((row) => row['name'] === name);
const customersNamed = (name: string) =>
  world.businessCentral.records('customers').filter((row) => row['displayName'] === name);

async function deleteAccount(): Promise<Coupling | undefined> {
  const coupling = await couplingOf(adatum);
  world.dataverse.remove('account', String(coupling?.dataverseId), 'alice');
  return coupling;
}

const counts = (runs: Awaited<ReturnType<World['run']>>) =>
  runs.map(({ counts: { inserted, modified, failed, skipped } }) => ({
    inserted,
    modified,
    failed,
    skipped,
  }));
const none = { inserted: 0, modified: 0, failed: 0, skipped: 0 };

describe('an account that was deleted in Sales', () => {
  it('is left to a user: failed, then skipped, and nothing is deleted or created (E-39 None)', async () => {
    await synchronised();
    await deleteAccount();
    expect(counts(await world.run('CUSTOMER'))).toEqual([none, { ...none, failed: 1 }]);
    const [error] = await world.openErrors('CUSTOMER');
    expect(error).toMatchObject({
      code: 'coupled-record-deleted',
      kind: 'deleted',
      name: expect.stringContaining(adatum),
    });
    expect(counts(await world.run('CUSTOMER'))).toEqual([{ ...none, skipped: 1 }, none]);
    expect(counts(await world.run('CUSTOMER'))).toEqual([none, none]);
    expect(customersNamed(adatum)).toHaveLength(1);
    expect(accountsNamed(adatum)).toHaveLength(0);
  });

  it('is restored under a fresh id and coupled again (E-39 Restore Records)', async () => {
    await synchronised({ deletionConflict: 'restoreRecords' });
    const before = await deleteAccount();
    expect(counts(await world.run('CUSTOMER'))).toEqual([none, { ...none, inserted: 1 }]);
    const after = await couplingOf(adatum);
    expect(after?.businessCentralId).toBe(before?.businessCentralId);
    expect(after?.dataverseId).not.toBe(before?.dataverseId);
    expect(accountsNamed(adatum)).toHaveLength(1);
    expect(counts(await world.run('CUSTOMER'))).toEqual([none, none]);
    expect(accountsNamed(adatum)).toHaveLength(1);
  });

  it('loses its coupling, and the customer stays (E-39 Remove Coupling)', async () => {
    await synchronised({ deletionConflict: 'removeCoupling' });
    await deleteAccount();
    const [, fromSales] = await world.run('CUSTOMER');
    expect(fromSales?.counts).toMatchObject({ unchanged: 1, failed: 0 });
    expect(await couplingOf(adatum)).toBeUndefined();
    expect(customersNamed(adatum)).toHaveLength(1);
    expect(counts(await world.run('CUSTOMER'))).toEqual([none, none]);
  });
});

describe('a customer that was deleted in Business Central', () => {
  it.each([
    ['none', { ...none, failed: 1 }, 0],
    ['restoreRecords', { ...none, inserted: 1 }, 1],
    ['removeCoupling', none, 0],
  ] as const)(
    'is met when its account changes, and handled as %s says (E-39)',
    async (deletionConflict, expected, customers) => {
      await synchronised({ deletionConflict });
      const coupling = await couplingOf('Fourth Coffee (sample)');
      world.businessCentral.remove('customers', String(coupling?.businessCentralId), 'bob');
      world.dataverse.edit('account', String(coupling?.dataverseId), { telephone1: '555-0177' }, 'alice');
      expect(counts(await world.run('CUSTOMER'))).toEqual([none, expected]);
      expect(customersNamed('Fourth Coffee (sample)')).toHaveLength(customers);
      expect(accountsNamed('Fourth Coffee (sample)')).toHaveLength(1);
      expect((await couplingOf('Fourth Coffee (sample)')) === undefined).toBe(
        deletionConflict === 'removeCoupling',
      );
      await world.run('CUSTOMER');
      expect(customersNamed('Fourth Coffee (sample)')).toHaveLength(customers);
    },
  );
});

describe('a deletion that nobody reported', () => {
  it('is found by keys after the change-tracking token has expired, and a record outside the filter is not taken for it (P9)', async () => {
    await synchronised({ deletionConflict: 'removeCoupling' });
    await deleteAccount();
    const other = await couplingOf('Fourth Coffee (sample)');
    world.dataverse.edit('account', String(other?.dataverseId), { customertypecode: 8 }, 'alice');
    await world.advanceMinutes(40 * 24 * 60);
    const before = (await couplings()).length;
    await world.run('CUSTOMER');
    expect(world.events.map(({ event }) => event)).toContain('change-tracking-expired');
    expect(await couplings()).toHaveLength(before - 1);
    expect(await couplingOf(adatum)).toBeUndefined();
    expect(await couplingOf('Fourth Coffee (sample)')).toBeDefined();
  });

  it('in Business Central is found by a full synchronisation', async () => {
    await synchronised({ deletionConflict: 'removeCoupling' });
    const coupling = await couplingOf('Fourth Coffee (sample)');
    world.businessCentral.remove('customers', String(coupling?.businessCentralId), 'bob');
    const [, fromSales] = await world.run('CUSTOMER', 'fullSync');
    expect(fromSales?.counts).toMatchObject({ inserted: 0, failed: 0 });
    expect(await couplingOf('Fourth Coffee (sample)')).toBeUndefined();
  });
});

describe('a deletion met twice in one run', () => {
  it('fails once: the changed customer in one pass, the deleted account in the other (E-39)', async () => {
    await synchronised();
    const coupling = await deleteAccount();
    world.businessCentral.edit('customers', String(coupling?.businessCentralId), { city: 'Oxford' }, 'bob');
    expect(counts(await world.run('CUSTOMER'))).toEqual([{ ...none, failed: 1 }, none]);
  });
});

/** Accounts that came from Business Central; the demo's own have orders and cannot be deleted. */
function removable(all: readonly Coupling[]): readonly Coupling[] {
  return all.filter(({ dataverseId }) => !dataverseId.startsWith('c0de'));
}

describe('the mass-change guard', () => {
  it('stops the job before anything is done about too many deletions (P9)', async () => {
    await synchronised({ deletionConflict: 'removeCoupling' });
    const all = await couplings();
    for (const { dataverseId } of removable(all).slice(0, 20))
      world.dataverse.remove('account', dataverseId, 'alice');
    await world.run('CUSTOMER');
    const { entry } = (await world.ports.jobs.get('CUSTOMER')) ?? {};
    expect(entry?.errorMessage).toContain('20 of 73 coupled records of CUSTOMER');
    expect(await couplings()).toHaveLength(all.length);
  });

  it('lets a few deletions pass', async () => {
    await synchronised({ deletionConflict: 'removeCoupling' });
    const all = await couplings();
    for (const { dataverseId } of removable(all).slice(0, 9))
      world.dataverse.remove('account', dataverseId, 'alice');
    await world.run('CUSTOMER');
    expect(await couplings()).toHaveLength(all.length - 9);
  });
});
