/** Customer statistics of the demo company, and which customers are written (statistics.md sections 1 to 3). */
import { afterEach, describe, expect, it } from 'vitest';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { amountColumns } from '../../shared/domain/statistics/customerStatistics.ts';
import { couplingNamed } from './erring.ts';
import { amountsFromDocuments } from './statisticsOracle.ts';
import {
  accountOf,
  coupledCustomers,
  customerCouplings,
  customerOf,
  customersWithLimits,
  manyCustomers,
  runStatistics,
  statisticsJob,
  statisticsOf,
  statisticsRows,
  statisticsVersions,
} from './statisticsWorld.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const today = '2026-03-10';

describe('the statistics of the demo company', () => {
  it.each([
    ['with the companion app', true],
    ['worked out from orders and invoices, without it', false],
  ] as const)(
    'are what its documents add up to, %s (ST-4, ST-5, ST-6, ST-7, ST-8, ST-9, ST-10, ST-11, ST-12, ST-13)',
    async (_how, companionApp) => {
      world = await coupledCustomers({ companionApp });
      await runStatistics(world);
      const pound = world.dataverse
        .rows('transactioncurrency')
        .find((row) => row['isocurrencycode'] === 'GBP');
      let filled = 0;
      const used = new Set<string>();
      for (const { businessCentralId, dataverseId } of await customerCouplings(world)) {
        const customer = world.businessCentral.record('customers', businessCentralId);
        const number = String(customer?.['number']);
        const row = statisticsOf(world, number);
        expect(accountOf(world, number)?.['accountid'], number).toBe(dataverseId);
        const { amounts, isNear } = amountsFromDocuments(world, number, today);
        expect(Object.keys(amounts).toSorted()).toEqual([...amountColumns].toSorted());
        if (Object.values(amounts).some((amount) => amount !== 0)) filled += 1;
        for (const [column, amount] of Object.entries(amounts)) {
          if (amount !== 0) used.add(column);
          const difference = Math.abs(Number(row[column]) - amount);
          const told = `${number} ${column}: ${row[column]} for ${amount}`;
          expect(difference, told).toBeLessThan(isNear ? 0.06 : 0.005);
        }
        expect(row).toMatchObject({
          ...{ nav_name: customer?.['displayName'], nav_customerno: number, nav_overdueamountsasof: today },
          _transactioncurrencyid_value: pound?.['transactioncurrencyid'],
        });
      }
      expect(filled).toBeGreaterThan(15);
      expect([...used].toSorted()).toEqual([
        'nav_balancelcy',
        'nav_creditlimitlcy',
        'nav_outstandinginvoiceslcy',
        'nav_outstandingorderslcy',
        'nav_overdueamountslcy',
        'nav_shippednotinvoicedlcy',
        'nav_totallcy',
        'nav_totalsaleslcy',
      ]);
    },
  );

  it('is one row per account, inserted once; a second run writes nothing and sends nothing to Sales (ST-1, ST-22, ST-29, P4)', async () => {
    world = await customersWithLimits();
    const coupled = (await customerCouplings(world)).length;
    expect(await runStatistics(world)).toMatchObject({ inserted: coupled, modified: 0, failed: 0 });
    expect(statisticsRows(world)).toHaveLength(coupled);
    const before = statisticsVersions(world);
    const [second] = await world.run(statisticsJob);
    expect(second).toMatchObject({
      counts: { inserted: 0, modified: 0, unchanged: 0 },
      requests: { dataverse: 0 },
    });
    expect(statisticsVersions(world)).toEqual(before);
  });

  it('is in the local currency, as of the day of the run, and active (ST-3, ST-4, ST-7)', async () => {
    world = await customersWithLimits();
    await runStatistics(world);
    const pound = world.dataverse.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'GBP');
    expect(statisticsOf(world, 'C00000')).toMatchObject({
      _transactioncurrencyid_value: pound?.['transactioncurrencyid'],
      nav_overdueamountsasof: today,
      statecode: 0,
    });
  });

  it('sends 0 for what no source tells, so that no start value stays (ST-13, ST-14)', async () => {
    world = await customersWithLimits();
    await runStatistics(world);
    for (const row of statisticsRows(world)) {
      expect(row).toMatchObject({
        nav_outstandingserviceorderslcy: 0,
        nav_servshippednotinvoicedlcy: 0,
        nav_outstandingservinvoiceslcy: 0,
        nav_invoicedprepaymentamountlcy: 0,
      });
    }
  });

  it('creates the Sales currency of the local currency when there is none (ST-4)', async () => {
    world = await manyCustomers(1);
    const [pound] = world.dataverse
      .rows('transactioncurrency')
      .filter((row) => row['isocurrencycode'] === 'GBP');
    expect(pound).toBeDefined();
    expect(await runStatistics(world)).toMatchObject({ inserted: 1 });
    expect(statisticsOf(world, 'C00000')['_transactioncurrencyid_value']).toBe(
      pound?.['transactioncurrencyid'],
    );
  });

  it('needs no local currency in Sales while no customer is coupled (ST-4, ST-17)', async () => {
    world = await startWorld({ demo: false });
    await ensureCodeJobs(world.ports);
    expect(world.dataverse.rows('transactioncurrency').map((row) => row['isocurrencycode'])).not.toContain(
      'GBP',
    );
    const [row] = await world.run(statisticsJob);
    expect(row).toMatchObject({ counts: { inserted: 0, failed: 0 }, finishedAt: expect.any(String) });
  });

  it('writes only the columns that the settings name; new rows get 0 in the others (ST-13)', async () => {
    world = await coupledCustomers({
      documents: { statisticsColumns: ['nav_balancelcy', 'nav_overdueamountsasof'] },
    });
    await runStatistics(world);
    expect(statisticsOf(world, '10000')).toMatchObject({
      nav_balancelcy: 13885,
      nav_outstandingorderslcy: 0,
      nav_totallcy: 0,
    });
    const { nav_accountstatisticsid: id } = statisticsOf(world, '10000');
    world.dataverse.edit('nav_accountstatistics', String(id), { nav_totallcy: 77 }, 'alice');
    world.businessCentral.payInvoice('103027', 0.01);
    await runStatistics(world);
    expect(statisticsOf(world, '10000')['nav_totallcy']).toBe(77);
  });

  it('uses the calendar year where accounting periods are not offered, and keeps sales out where customerSales is not (ST-11, ST-12)', async () => {
    world = await coupledCustomers({ withoutSets: ['accountingPeriods'] });
    await runStatistics(world);
    const { nav_totalsaleslcy } = amountsFromDocuments(world, '10000', today).amounts;
    expect(statisticsOf(world, '10000')['nav_totalsaleslcy']).toBe(nav_totalsaleslcy);
    await world.close();
    world = await coupledCustomers({ withoutSets: ['customerSales'] });
    await runStatistics(world);
    expect(statisticsOf(world, '10000')).toMatchObject({ nav_totalsaleslcy: 0, nav_balancelcy: 13885 });
    expect(world.events.map(({ event }) => event)).toContain('statistics-source-missing');
  });
});

describe('which customers are written', () => {
  it('those whose amounts changed: a payment touches no record that tells, and is seen all the same (ST-16, ST-18, ST-28)', async () => {
    world = await coupledCustomers();
    await runStatistics(world);
    await world.advanceMinutes(60);
    world.businessCentral.payInvoice('103027', 100);
    expect(await runStatistics(world)).toMatchObject({ inserted: 0, modified: 1, unchanged: 0 });
    expect(statisticsOf(world, '10000')['nav_balancelcy']).toBe(13785);
  });

  it('a new order, without the companion app (ST-9, ST-18)', async () => {
    world = await coupledCustomers({ companionApp: false });
    await runStatistics(world);
    const before = Number(statisticsOf(world, '10000')['nav_outstandingorderslcy']);
    const customerId = String(customerOf(world, '10000')['id']);
    const order = world.businessCentral.create('salesOrders', { customerId });
    const line = {
      documentId: order['id'],
      lineType: 'Item',
      lineObjectNumber: '1968-S',
      quantity: 2,
      unitPrice: 100,
    };
    world.businessCentral.create('salesOrderLines', line);
    expect(await runStatistics(world)).toMatchObject({ modified: 1 });
    expect(statisticsOf(world, '10000')['nav_outstandingorderslcy']).toBe(before + 250);
  });

  it('the day alone makes nobody due, but is written with the rest; overdue amounts that grew by it are (ST-18, ST-22)', async () => {
    world = await manyCustomers(2);
    await runStatistics(world);
    await world.advanceMinutes(24 * 60 - 1);
    expect(await runStatistics(world)).toMatchObject({ modified: 0, unchanged: 0 });
    world.businessCentral.edit('customers', String(customerOf(world, 'C00001')['id']), { creditLimit: 500 });
    expect(await runStatistics(world)).toMatchObject({ modified: 1 });
    expect(statisticsOf(world, 'C00000')['nav_overdueamountsasof']).toBe(today);
    expect(statisticsOf(world, 'C00001')['nav_overdueamountsasof']).toBe('2026-03-11');
  });

  it('also blocked customers; only the coupling decides (ST-27), and skipped ones wait (ST-17)', async () => {
    world = await customersWithLimits();
    const customer = customerOf(world, 'C00000');
    world.businessCentral.edit('customers', String(customer['id']), { blocked: 'All' });
    const coupling = await couplingNamed(world, 'Customer C00001');
    await world.ports.couplings.save(coupling.mapping, [
      { kind: 'replace', coupling: { ...coupling, state: 'skipped' } },
    ]);
    await runStatistics(world);
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(100);
    expect(() => statisticsOf(world, 'C00001')).toThrow('0 rows');
  });

  it('once a day all of them are compared with what Sales holds (ST-29)', async () => {
    world = await customersWithLimits({ documents: { statisticsCheckHours: 24 } });
    await runStatistics(world);
    const { nav_accountstatisticsid: id } = statisticsOf(world, 'C00000');
    world.dataverse.edit('nav_accountstatistics', String(id), { nav_creditlimitlcy: 5 }, 'alice');
    expect(await runStatistics(world)).toMatchObject({ modified: 0 });
    await world.advanceMinutes(24 * 60);
    const counts = await runStatistics(world);
    expect(counts.modified + counts.unchanged).toBe((await customerCouplings(world)).length);
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(100);
  });
});
