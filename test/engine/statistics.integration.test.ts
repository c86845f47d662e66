/** Customer statistics against both simulators (statistics.md sections 1 to 3). */
import { afterEach, describe, expect, it } from 'vitest';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { runId } from '../../shared/domain/common/ids.ts';
import { amountColumns } from '../../shared/domain/statistics/customerStatistics.ts';
import { act } from './acting.ts';
import { couplingNamed, keyOf } from './erring.ts';
import {
  accountOf,
  amountsFromDocuments,
  coupledCustomers,
  customerOf,
  manyCustomers,
  runStatistics,
  statisticsJob,
  statisticsOf,
  statisticsRows,
  statisticsVersions,
} from './statisticsWorld.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

let world: World;
afterEach(() => world.close());

const today = '2026-03-10';

/** The demo company, for tests that need documents. */
async function openDemo(options: WorldOptions = {}) {
  world = await coupledCustomers(options);
}

/** Three customers with a credit limit each, for the rest. */
async function open(options: WorldOptions = {}) {
  world = await manyCustomers(3, options);
  for (const { number, id } of world.businessCentral.records('customers')) {
    const creditLimit = 100 + Number(String(number).slice(1));
    world.businessCentral.edit('customers', String(id), { creditLimit });
  }
}

async function couplings() {
  return (
    await world.ports.couplings.list({ mapping: 'CUSTOMER' as never }, { top: 1000, continuation: null })
  ).rows;
}

describe('the statistics of the demo company', () => {
  it.each([
    ['with the companion app', true],
    ['worked out from orders and invoices, without it', false],
  ] as const)(
    'are what its documents add up to, %s (ST-4, ST-5, ST-6, ST-8, ST-9, ST-12, ST-13)',
    async (_how, companionApp) => {
      await openDemo({ companionApp });
      await runStatistics(world);
      let filled = 0;
      for (const { businessCentralId, dataverseId } of await couplings()) {
        const customer = world.businessCentral.record('customers', businessCentralId);
        const number = String(customer?.['number']);
        const row = statisticsOf(world, number);
        expect(accountOf(world, number)?.['accountid'], number).toBe(dataverseId);
        const expected = amountsFromDocuments(world, number, today);
        if (Object.values(expected).some((amount) => amount !== 0)) filled += 1;
        for (const [column, amount] of Object.entries(expected)) {
          // Rates of documents are rounded to a few digits, so foreign amounts are near only (ST-9).
          expect(
            Math.abs(Number(row[column]) - amount),
            `${number} ${column}: ${row[column]} for ${amount}`,
          ).toBeLessThan(0.06);
        }
        expect(row).toMatchObject({
          nav_name: customer?.['displayName'],
          nav_creditlimitlcy: customer?.['creditLimit'],
        });
      }
      expect(filled).toBeGreaterThan(15);
    },
  );

  it('is one row per account, inserted once; a second run writes nothing and sends nothing to Sales (ST-1, ST-22, ST-29, P4)', async () => {
    await open();
    const coupled = (await couplings()).length;
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
    await open();
    await runStatistics(world);
    const pound = world.dataverse.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'GBP');
    expect(statisticsOf(world, 'C00000')).toMatchObject({
      _transactioncurrencyid_value: pound?.['transactioncurrencyid'],
      nav_overdueamountsasof: today,
      statecode: 0,
    });
  });

  it('sends 0 for what no source tells, so that no start value stays (ST-13, ST-14)', async () => {
    await open();
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
    await openDemo({ documents: { statisticsColumns: ['nav_balancelcy', 'nav_overdueamountsasof'] } });
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
    await openDemo({ withoutSets: ['accountingPeriods'] });
    await runStatistics(world);
    const { nav_totalsaleslcy } = amountsFromDocuments(world, '10000', today);
    expect(statisticsOf(world, '10000')['nav_totalsaleslcy']).toBe(nav_totalsaleslcy);
    await world.close();
    await openDemo({ withoutSets: ['customerSales'] });
    await runStatistics(world);
    expect(statisticsOf(world, '10000')).toMatchObject({ nav_totalsaleslcy: 0, nav_balancelcy: 13885 });
    expect(world.events.map(({ event }) => event)).toContain('statistics-source-missing');
  });
});

describe('which customers are written', () => {
  it('those whose amounts changed: a payment touches no record that tells, and is seen all the same (ST-16, ST-18, ST-28)', async () => {
    await openDemo();
    await runStatistics(world);
    await world.advanceMinutes(60);
    world.businessCentral.payInvoice('103027', 100);
    expect(await runStatistics(world)).toMatchObject({ inserted: 0, modified: 1, unchanged: 0 });
    expect(statisticsOf(world, '10000')['nav_balancelcy']).toBe(13785);
  });

  it('a new order, without the companion app (ST-9, ST-18)', async () => {
    await openDemo({ companionApp: false });
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
    await open();
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
    await open({ documents: { statisticsCheckHours: 24 } });
    await runStatistics(world);
    const { nav_accountstatisticsid: id } = statisticsOf(world, 'C00000');
    world.dataverse.edit('nav_accountstatistics', String(id), { nav_creditlimitlcy: 5 }, 'alice');
    expect(await runStatistics(world)).toMatchObject({ modified: 0 });
    await world.advanceMinutes(24 * 60);
    const counts = await runStatistics(world);
    expect(counts.modified + counts.unchanged).toBe((await couplings()).length);
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(100);
  });
});

describe('the account', () => {
  it('does not look changed to CUSTOMER because its lookup was set; a user’s edit beside it does (ST-21, P4)', async () => {
    await open();
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
    await open();
    const coupling = await couplingNamed(world, 'Customer C00000');
    world.dataverse.remove('account', coupling.dataverseId, 'alice');
    const coupled = (await couplings()).length;
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
    await open();
    await runStatistics(world);
    const coupling = await couplingNamed(world, 'Customer C00000');
    await act(world, 'CUSTOMER', { kind: 'uncouple', records: [keyOf(coupling)] });
    expect(() => statisticsOf(world, 'C00000')).toThrow('0 rows');
    const account = world.dataverse.row('account', coupling.dataverseId);
    expect(account?.['_nav_accountstatisticsid_value'] ?? null).toBeNull();
  });

  it('retried by name has its statistics looked at again (E-7, A-57)', async () => {
    await open();
    await runStatistics(world);
    const coupling = await couplingNamed(world, 'Customer C00000');
    const { nav_accountstatisticsid: id } = statisticsOf(world, 'C00000');
    world.dataverse.edit('nav_accountstatistics', String(id), { nav_creditlimitlcy: 5 }, 'alice');
    await act(world, 'CUSTOMER', { kind: 'retry', records: [keyOf(coupling)], wake: false });
    expect(await runStatistics(world)).toMatchObject({ modified: 1 });
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(100);
  });

  it('coupled anew to another customer keeps one row (ST-31)', async () => {
    await open();
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

describe('the run', () => {
  it('without the integration solution writes no statistics, says so once in the log, and on the job (ST-2)', async () => {
    await open({ withoutTables: ['nav_accountstatistics'] });
    for (const _run of [1, 2]) {
      const rows = await world.run(statisticsJob);
      expect(rows.map(({ message }) => message)).toEqual(['The payment status of invoices was updated.']);
    }
    expect(world.events.filter(({ details }) => details['mapping'] === statisticsJob)).toHaveLength(1);
    const entry = (await world.ports.jobs.get(statisticsJob as never))?.entry;
    expect(entry?.errorMessage).toContain('CUSTOMER STATISTICS writes no statistics');
    expect(entry?.status).not.toBe('error');
  });

  it('writes two rows of the log: statistics, and the payment status of invoices, which follows payments (ST-25, D-133)', async () => {
    await openDemo();
    const jobs = [
      'UNIT OF MEASURE',
      'RESOURCE-PRODUCT',
      'ITEM-PRODUCT',
      'CUSTPRCGRP-PRICE',
      'SALESPRC-PRODPRICE',
    ];
    for (const job of [...jobs, 'POSTEDSALESINV-INV']) await world.run(job, 'fullSync');
    const isOpen = (row: Readonly<Record<string, unknown>>) => row['statecode'] === 0;
    const invoice = world.dataverse.rows('invoice').find(isOpen);
    const number = String(invoice?.['invoicenumber'] ?? invoice?.['name']);
    const posted = world.businessCentral
      .records('postedSalesInvoices')
      .find((each) => each['number'] === number);
    world.businessCentral.payInvoice(number, Number(posted?.['remainingAmount']));
    const rows = (await world.run(statisticsJob)).filter(({ job }) => job === statisticsJob);
    const own = rows.filter(({ mapping }) => mapping === statisticsJob);
    expect(own.map(({ message }) => message)).toEqual([
      expect.stringContaining('Customer statistics were updated.'),
      'The payment status of invoices was updated.',
    ]);
    expect(own[1]?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.dataverse.row('invoice', String(invoice?.['invoiceid']))).toMatchObject({
      statecode: 2,
      statuscode: 100001,
    });
  });

  it('asks few questions: 1,000 customers, none and 10 changed (ST-29, P10)', async () => {
    world = await manyCustomers(1000);
    await runStatistics(world);
    const [idle] = await world.run(statisticsJob);
    expect(idle?.requests).toEqual({ businessCentral: 5, dataverse: 0 });
    for (let index = 0; index < 10; index += 1) {
      const customer = customerOf(world, `C${String(index * 7).padStart(5, '0')}`);
      world.businessCentral.edit('customers', String(customer['id']), { creditLimit: 100 + index });
    }
    const tables = world.stores.requests.sent;
    const [changed] = await world.run(statisticsJob);
    expect(changed?.counts).toMatchObject({ modified: 10 });
    expect(changed?.requests).toEqual({ businessCentral: 5, dataverse: 3 });
    expect(world.stores.requests.sent - tables).toBeLessThanOrEqual(26);
  });

  it('goes on where its time slice ended, with one row of the log for all slices (P10)', async () => {
    world = await manyCustomers(1001, { sliceMs: 0 });
    await world.drainQueue();
    const id = world.ports.ids.runId(world.ports.clock.now());
    await world.ports.queue.send({ job: statisticsJob, runId: id, trigger: 'manual', followedBy: [] });
    expect(await world.drainQueue()).toBe(2);
    const { rows } = await world.ports.logs.listSyncJobs(
      { runId: runId(id) },
      { top: 10, continuation: null },
    );
    expect(rows.toReversed()).toMatchObject([{ counts: { inserted: 1001, failed: 0 } }, {}]);
    expect(rows[1]?.finishedAt).not.toBeNull();
    expect(statisticsRows(world)).toHaveLength(1001);
  });

  it('remembers neither names nor amounts: one keyed digest per customer (ST-29)', async () => {
    await open();
    await runStatistics(world);
    const remembered = JSON.stringify(await world.ports.statistics.between(null, null));
    for (const text of ['Customer', 'C00000', '102']) expect(remembered).not.toContain(text);
  });

  it('begins rows with 1 in every amount, so that a zero does not show as a dash (ST-20)', async () => {
    world = await manyCustomers(1);
    const created: unknown[] = [];
    const { create } = world.ports.dataverse;
    const metered = world.ports.dataverse.metered.bind(world.ports.dataverse);
    const dataverse = {
      ...world.ports.dataverse,
      metered: (meter: never) => {
        const port = metered(meter);
        const watch: typeof create = (selection, inserts) => {
          created.push(...inserts.map(({ values }) => values));
          return port.create(selection, inserts);
        };
        return { ...port, create: watch };
      },
    };
    const { customerStatistics } = await import('../../shared/app/statistics/customerStatistics.ts');
    const { runCodeJob } = await import('../../shared/app/jobs/runCodeJob.ts');
    const run = {
      job: statisticsJob,
      runId: world.ports.ids.runId(world.ports.clock.now()),
      trigger: 'manual',
    } as const;
    await runCodeJob({ ...world.ports, dataverse }, world.mappings, run, customerStatistics);
    expect(created).toMatchObject([Object.fromEntries(amountColumns.map((column) => [column, 1]))]);
    expect(statisticsOf(world, 'C00000')['nav_balancelcy']).toBe(0);
  });
});
