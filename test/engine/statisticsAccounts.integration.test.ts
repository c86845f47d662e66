/** Customer statistics at their accounts: links, losses, strays and retries (ST-20 to ST-31). */
import { afterEach, describe, expect, it } from 'vitest';
import { act } from './acting.ts';
import { couplingNamed, keyOf } from './erring.ts';
import {
  accountOf,
  customerCouplings,
  customerOf,
  customersWithLimits,
  manyCustomers,
  runStatistics,
  statisticsJob,
  statisticsOf,
  statisticsRows,
} from './statisticsWorld.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

describe('the account', () => {
  it('does not look changed to CUSTOMER because its lookup was set; a user’s edit beside it does (ST-21, P4)', async () => {
    world = await customersWithLimits();
    await world.run('CUSTOMER');
    await runStatistics(world);
    const coupling = await couplingNamed(world, 'Customer C00000');
    world.dataverse.edit('account', coupling.dataverseId, { address1_city: 'Ely' }, 'alice');
    const versions = new Map(
      world.dataverse.rows('account').map((row) => [row['accountid'], row['versionnumber']]),
    );
    const rows = await world.run('CUSTOMER');
    const written = rows.map(({ counts }) => counts.inserted + counts.modified);
    expect(written).toEqual([0, 1]);
    expect(customerOf(world, 'C00000')['city']).toBe('Ely');
    const changed = world.dataverse
      .rows('account')
      .filter((row) => versions.get(row['accountid']) !== row['versionnumber']);
    expect(changed).toEqual([]);
  });

  it('that is gone fails alone, with its own code and a skip; restoring and retrying cures it (ST-24, E-7, A-57)', async () => {
    world = await customersWithLimits();
    const coupling = await couplingNamed(world, 'Customer C00000');
    world.dataverse.remove('account', coupling.dataverseId, 'alice');
    const coupled = (await customerCouplings(world)).length;
    expect(await runStatistics(world)).toMatchObject({ inserted: coupled - 1, failed: 1 });
    expect(await world.openErrors(statisticsJob)).toMatchObject([
      { code: 'STAT_ACCOUNT_NOT_FOUND', name: coupling.businessCentralName },
    ]);
    const skipped = await couplingNamed(world, 'Customer C00000');
    expect(skipped).toMatchObject({ state: 'skipped', lastError: { code: 'STAT_ACCOUNT_NOT_FOUND' } });
    expect((await world.ports.jobs.get(statisticsJob as never))?.entry.status).not.toBe('error');
    expect(await runStatistics(world)).toMatchObject({ failed: 0, inserted: 0 });
    expect(await world.openErrors(statisticsJob)).toHaveLength(1);
  });

  it('whose customer is gone fails alone, with its own code (ST-24)', async () => {
    world = await manyCustomers(3);
    world.businessCentral.remove('customers', String(customerOf(world, 'C00001')['id']));
    expect(await runStatistics(world)).toMatchObject({ inserted: 2, failed: 1 });
    expect(await world.openErrors(statisticsJob)).toMatchObject([{ code: 'STAT_CUSTOMER_NOT_FOUND' }]);
  });

  it('of an uncoupled customer loses its statistics (ST-26)', async () => {
    world = await customersWithLimits();
    await runStatistics(world);
    const coupling = await couplingNamed(world, 'Customer C00000');
    await act(world, 'CUSTOMER', { kind: 'uncouple', records: [keyOf(coupling)] });
    expect(() => statisticsOf(world, 'C00000')).toThrow('0 rows');
    const account = world.dataverse.row('account', coupling.dataverseId);
    expect(account?.['_nav_accountstatisticsid_value'] ?? null).toBeNull();
  });

  it('retried by name has its statistics looked at again (E-7, A-57)', async () => {
    world = await customersWithLimits();
    await runStatistics(world);
    const coupling = await couplingNamed(world, 'Customer C00000');
    const { nav_accountstatisticsid: id } = statisticsOf(world, 'C00000');
    world.dataverse.edit('nav_accountstatistics', String(id), { nav_creditlimitlcy: 5 }, 'alice');
    await act(world, 'CUSTOMER', { kind: 'retry', records: [keyOf(coupling)], wake: false });
    expect(await runStatistics(world)).toMatchObject({ modified: 1 });
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(100);
  });

  it('coupled anew to another customer keeps one row (ST-31)', async () => {
    world = await customersWithLimits();
    await runStatistics(world);
    const before = statisticsRows(world).length;
    const coupling = await couplingNamed(world, 'Customer C00000');
    await world.ports.statistics.remove([coupling.businessCentralId]);
    expect(await runStatistics(world)).toMatchObject({ inserted: 0, modified: 0, unchanged: 1 });
    expect(statisticsRows(world)).toHaveLength(before);
  });

  it('gets the row that another program made for it and could not link (ST-30), unless it belongs to another account (ST-31)', async () => {
    world = await manyCustomers(2);
    const values = { nav_name: 'Customer C00000', nav_customerno: 'C00000', nav_balancelcy: 3 };
    const stray = world.dataverse.create('nav_accountstatistics', values, 'bob');
    const other = { nav_name: 'Customer C00001', nav_customerno: 'C00001' };
    const taken = world.dataverse.create('nav_accountstatistics', other, 'bob');
    const foreign = world.dataverse.create(
      'account',
      {
        name: 'Elsewhere',
        'nav_AccountStatisticsId@odata.bind': `/nav_accountstatisticses(${String(taken['nav_accountstatisticsid'])})`,
      },
      'bob',
    );
    expect(foreign['_nav_accountstatisticsid_value']).toBe(taken['nav_accountstatisticsid']);
    expect(await runStatistics(world)).toMatchObject({ modified: 1, inserted: 1 });
    expect(accountOf(world, 'C00000')?.['_nav_accountstatisticsid_value']).toBe(
      stray['nav_accountstatisticsid'],
    );
    expect(statisticsRows(world)).toHaveLength(3);
  });

  it('gets a new row under a new key when its row was deleted (dataverse-web-api section 17)', async () => {
    world = await manyCustomers(1);
    await runStatistics(world);
    const { nav_accountstatisticsid: id } = statisticsOf(world, 'C00000');
    world.dataverse.remove('nav_accountstatistics', String(id), 'alice');
    world.businessCentral.edit('customers', String(customerOf(world, 'C00000')['id']), { creditLimit: 9 });
    expect(await runStatistics(world)).toMatchObject({ inserted: 1 });
    expect(statisticsOf(world, 'C00000')).toMatchObject({ nav_creditlimitlcy: 9, nav_balancelcy: 0 });
    expect(statisticsOf(world, 'C00000')['nav_accountstatisticsid']).not.toBe(id);
  });
});
