/** Dry runs of jobs without a mapping: each tells what the next run then does, and writes nothing anywhere (contract section 3). */
import { afterEach, describe, expect, it } from 'vitest';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { planCodeJob } from '../../shared/app/queries/planCodeJob.ts';
import type { Plan } from '../../shared/app/queries/planRuns.ts';
import type { CodeJobName } from '../../shared/domain/jobs/codeJobs.ts';
import { addCounters, type Counters, zeroCounters } from '../../shared/domain/logs/syncJob.ts';
import { addInvoice, invoice, invoiceJob, preparatoryJobs, startInvoiceWorld } from './invoiceWorld.ts';
import { goodsLine, type OrdersWorld, ordersJob, startOrdersWorld, submitOrder } from './ordersWorld.ts';
import { type OrderWorld, startOrderWorld } from './orderWorld.ts';
import { addItem, fullRuns, startProductWorld } from './productWorld.ts';
import {
  activate,
  activeQuote,
  addLine,
  orderOf,
  processQuotesOf,
  quotesJob,
  revise,
  startQuotesWorld,
  win,
} from './quotesWorld.ts';
import { customerOf, manyCustomers, statisticsJob, statisticsOf } from './statisticsWorld.ts';
import { systemsOf, watchedWrites } from './watchedWrites.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** Plans the job; raises when anything is written. */
async function planned(job: string): Promise<Plan> {
  const writes: string[] = [];
  const before = systemsOf(world);
  const plan = await planCodeJob(watchedWrites(world.ports, writes), world.mappings, job as CodeJobName);
  expect(writes).toEqual([]);
  expect(systemsOf(world)).toBe(before);
  return plan;
}

/** What the job then counts in the rows of its own. */
async function counted(job: string): Promise<Counters> {
  const rows = await world.run(job);
  const own = rows.filter(({ job: name, mapping }) => name === job && mapping !== invoiceJob);
  return own.reduce((sum, { counts }) => addCounters(sum, counts), zeroCounters);
}

const kindsOf = ({ actions }: Plan) => actions.map(({ kind }) => kind).toSorted();
const fieldsOf = ({ actions }: Plan, kind: string) =>
  actions.flatMap((action) => (action.kind === kind && 'fields' in action ? action.fields : []));

describe('the dry run of customer statistics', () => {
  it('tells every column of new rows, changes of others, and rows that go, and counts as the run (ST-20, ST-22, ST-26)', async () => {
    world = await manyCustomers(4);
    const first = await planned(statisticsJob);
    expect(kindsOf(first)).toEqual(['insert', 'insert', 'insert', 'insert']);
    expect(fieldsOf(first, 'insert')).toContainEqual({
      ...{ businessCentralField: 'number', attribute: 'nav_customerno' },
      ...{ before: null, after: 'C00000' },
    });
    expect(fieldsOf(first, 'insert').map(({ attribute }) => attribute)).toEqual(
      expect.arrayContaining(['nav_totallcy', 'transactioncurrencyid', 'nav_accountstatisticsid']),
    );
    expect(first.requests.businessCentral).toBeGreaterThan(0);
    expect(await counted(statisticsJob)).toEqual(first.counts);
    const edited = String(customerOf(world, 'C00000')['id']);
    world.businessCentral.edit('customers', edited, { creditLimit: 70 });
    world.businessCentral.remove('customers', String(customerOf(world, 'C00001')['id']));
    const uncoupled = String(customerOf(world, 'C00002')['id']);
    const [coupling] = await world.ports.couplings.byBusinessCentralIds(
      'CUSTOMER' as never,
      [uncoupled as never],
      4,
    );
    const { businessCentralId, dataverseId } = coupling ?? { businessCentralId: '', dataverseId: '' };
    await world.ports.couplings.save('CUSTOMER' as never, [
      { kind: 'remove', businessCentralId, dataverseId } as never,
    ]);
    const second = await planned(statisticsJob);
    expect(kindsOf(second)).toEqual(['delete', 'fail', 'modify']);
    expect(fieldsOf(second, 'modify')).toEqual([
      { businessCentralField: 'creditLimit', attribute: 'nav_creditlimitlcy', before: 0, after: 70 },
    ]);
    expect(second.actions.find(({ kind }) => kind === 'fail')).toMatchObject({
      businessCentralId: expect.any(String),
      problem: { code: 'STAT_CUSTOMER_NOT_FOUND' },
    });
    expect(await counted(statisticsJob)).toEqual(second.counts);
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(70);
    expect((await planned(statisticsJob)).actions).toEqual([]);
  });

  it('tells which invoices would be paid, and which stand as before (D-132, D-133)', async () => {
    world = await startInvoiceWorld();
    await ensureCodeJobs(world.ports);
    addInvoice(world, '103001');
    addInvoice(world, '103002');
    await fullRuns(world, [...preparatoryJobs, invoiceJob]);
    await world.run(statisticsJob);
    world.businessCentral.payInvoice('103001', 25);
    const plan = await planned(statisticsJob);
    expect(kindsOf(plan).filter((kind) => kind !== 'unchanged')).toEqual(expect.arrayContaining(['modify']));
    expect(fieldsOf(plan, 'modify')).toContainEqual(
      expect.objectContaining({ attribute: 'statecode', before: 0, after: 2 }),
    );
    expect(await counted(statisticsJob)).toEqual(plan.counts);
    expect(invoice(world, '103001')).toMatchObject({ statecode: 2, statuscode: 100001 });
  });
});

describe('the dry run of item availability', () => {
  it.each([
    ['by ledger entries', []],
    ['by comparing', ['itemLedgerEntries']],
  ] as const)(
    'tells quantities that would be written, %s, and counts as the run (ST-34, ST-38)',
    async (_how, withoutSets) => {
      const job = 'ITEM AVAILABILITY';
      world = await startProductWorld({ documents: { itemAvailability: true }, withoutSets });
      await ensureCodeJobs(world.ports);
      addItem(world, 'CHAIR');
      addItem(world, 'TABLE');
      await fullRuns(world, ['UNIT OF MEASURE', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT']);
      await world.advanceMinutes(30);
      world.businessCentral.moveStock('CHAIR', 12);
      const plan = await planned(job);
      expect(plan.actions).toMatchObject([
        {
          kind: 'modify',
          fields: [{ businessCentralField: 'inventory', attribute: 'quantityonhand', after: 12 }],
        },
      ]);
      expect(await counted(job)).toEqual(plan.counts);
      expect((await planned(job)).counts).toMatchObject({ modified: 0 });
    },
  );
});

describe('the dry run of jobs of orders', () => {
  it('tells posts that would be written on walls (D-76, D-78)', async () => {
    const orders: OrderWorld = await startOrderWorld('oneWay');
    world = orders;
    const job = 'SALES ORDER STATUS';
    const order = await orders.order();
    world.businessCentral.ship(order.id, { 10000: 1 });
    await world.advanceMinutes(7);
    const plan = await planned(job);
    expect(kindsOf(plan)).toEqual(['insert', 'insert']);
    expect(plan.actions).toMatchObject([{ dataverseId: order.dataverseId }, { name: order.number }]);
    expect(fieldsOf(plan, 'insert').map(({ after }) => after)).toEqual(
      expect.arrayContaining([expect.stringContaining('released'), expect.stringContaining('shipment')]),
    );
    expect(await counted(job)).toEqual(plan.counts);
    await world.advanceMinutes(7);
    const again = await planned(job);
    expect(kindsOf(again).filter((kind) => kind !== 'unchanged')).toEqual([]);
    expect(await counted(job)).toEqual(again.counts);
  });

  it('tells what archived orders would take over (D-95)', async () => {
    const orders: OrderWorld = await startOrderWorld('bidirectional');
    world = orders;
    const job = 'ARCHIVED SALES ORDERS';
    const order = await orders.order();
    await orders.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await orders.later();
    const plan = await planned(job);
    expect(plan.actions).toMatchObject([
      { kind: 'modify', dataverseId: order.dataverseId, name: order.number },
    ]);
    expect(fieldsOf(plan, 'modify')).toContainEqual(
      expect.objectContaining({ attribute: 'statecode', before: 1, after: 4 }),
    );
    expect(await counted(job)).toEqual(plan.counts);
    expect((await planned(job)).actions).toEqual([]);
  });

  it('tells orders that would be created, those that fail, and, told already, those that are skipped (D-36, D-71)', async () => {
    const orders: OrdersWorld = await startOrdersWorld();
    world = orders;
    await ensureCodeJobs(world.ports);
    submitOrder(orders, 'Good', [goodsLine(orders)]);
    submitOrder(orders, 'Nobody', [goodsLine(orders)], { 'customerid_account@odata.bind': null });
    const plan = await planned(ordersJob);
    expect(kindsOf(plan)).toEqual(['fail', 'insert']);
    expect(await counted(ordersJob)).toEqual(plan.counts);
    const again = await planned(ordersJob);
    expect(again.actions).toMatchObject([{ kind: 'skip', code: 'ORDER_NO_CUSTOMER' }]);
    expect(await counted(ordersJob)).toEqual(again.counts);
  });
});

describe('the dry run of quotes', () => {
  it('tells quotes that would be created with lines, and failures with their code (D-107, D-116)', async () => {
    const orders = await startQuotesWorld();
    world = orders;
    const good = activeQuote(orders, 'First', [goodsLine(orders)]);
    activeQuote(orders, 'Nobody', [goodsLine(orders)], { 'customerid_account@odata.bind': null });
    const plan = await planned(quotesJob);
    expect(kindsOf(plan)).toEqual(['fail', 'insert']);
    expect(plan.actions).toContainEqual(
      expect.objectContaining({ kind: 'insert', dataverseId: good, direction: 'toBusinessCentral' }),
    );
    expect(fieldsOf(plan, 'insert')).toContainEqual(
      expect.objectContaining({ businessCentralField: 'salesQuoteLines(10000)/quantity', after: 2 }),
    );
    expect(plan.actions.find(({ kind }) => kind === 'fail')).toMatchObject({
      problem: { code: 'QUOTE_NO_CUSTOMER' },
    });
    expect(await counted(quotesJob)).toEqual(plan.counts);
    const again = await planned(quotesJob);
    expect(again.actions.find(({ kind }) => kind === 'skip')).toMatchObject({ code: 'QUOTE_NO_CUSTOMER' });
    expect(await counted(quotesJob)).toEqual(again.counts);
  });

  it('tells what a revision would change, header and lines before and after (D-109, D-112)', async () => {
    const orders = await startQuotesWorld();
    world = orders;
    const first = activeQuote(orders, 'Deal', [goodsLine(orders)], { effectiveto: '2026-06-30' });
    await processQuotesOf(orders);
    const second = revise(orders, first);
    world.dataverse.edit('quote', second, { name: 'Better deal', effectiveto: null }, 'alice');
    const [line] = world.dataverse.rows('quotedetail').filter((row) => row['_quoteid_value'] === second);
    world.dataverse.edit('quotedetail', String(line?.['quotedetailid']), { quantity: 5 }, 'alice');
    addLine(orders, second, goodsLine(orders, { quantity: 9 }));
    activate(orders, second);
    const plan = await planned(quotesJob);
    const fields = fieldsOf(plan, 'modify');
    expect(fields).toContainEqual({
      ...{ businessCentralField: 'externalDocumentNumber', attribute: 'name' },
      ...{ before: 'DEAL', after: 'Better deal' },
    });
    expect(fields).toContainEqual({
      ...{ businessCentralField: 'validUntilDate', attribute: 'effectiveto' },
      ...{ before: '2026-06-30', after: '0001-01-01' },
    });
    const quantities = fields.filter(({ businessCentralField = '' }) =>
      businessCentralField.endsWith('/quantity'),
    );
    expect(quantities.map(({ before, after }) => [before, after])).toEqual([
      [2, 5],
      [null, 9],
    ]);
    expect(await counted(quotesJob)).toEqual(plan.counts);
    expect(plan.counts).toMatchObject({ modified: 1 });
  });

  it('tells the order of a won quote, and a won quote without one (D-110)', async () => {
    const orders = await startQuotesWorld();
    world = orders;
    const quote = activeQuote(orders, 'Won', [goodsLine(orders)]);
    win(orders, quote);
    const order = orderOf(orders, quote, [goodsLine(orders, { quantity: 3 })]);
    const lonely = activeQuote(orders, 'Lonely', [goodsLine(orders)]);
    win(orders, lonely);
    const plan = await planned(quotesJob);
    expect(plan.actions).toContainEqual(
      expect.objectContaining({ kind: 'insert', mapping: 'SALESORDER-ORDER', dataverseId: order }),
    );
    expect(plan.actions.find(({ kind }) => kind === 'fail')).toMatchObject({
      ...{ dataverseId: lonely, problem: { code: 'QUOTE_ORDER_MISSING' } },
    });
    expect(await counted(quotesJob)).toEqual(plan.counts);
  });
});
