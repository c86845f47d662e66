/** What users ask for document by document over the API, and retry (contract section 3, D-107, D-155, D-156, ST-15, A-57). */
import { afterEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { noDocuments } from '../../shared/domain/documents/documentSettings.ts';
import { couplingNamed } from './erring.ts';
import { addInvoice, invoice, invoiceJob, preparatoryJobs, startInvoiceWorld } from './invoiceWorld.ts';
import { goodsLine, type OrdersWorld, ordersNamed } from './ordersWorld.ts';
import { fullRuns } from './productWorld.ts';
import {
  activeQuote,
  draftQuote,
  orderOf,
  processQuotesOf,
  quoteCouplings,
  quotesJob,
  quotesNamed,
  startQuotesWorld,
  win,
} from './quotesWorld.ts';
import { customerOf, manyCustomers, runStatistics, statisticsJob, statisticsOf } from './statisticsWorld.ts';
import { systemsOf, watchedWrites } from './watchedWrites.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let composition: Composition;
const writes: string[] = [];
afterEach(() => world.close());

function serve(environment: Readonly<Record<string, string>> = { ORDER_INTEGRATION: 'oneWay' }) {
  const onPause = async () => {
    await world.drainQueue();
  };
  const ports = watchedWrites(world.ports, writes);
  composition = memoryComposition({ ports, onPause, environment }).composition;
}

const post = (path: string, body: unknown) => callApi(composition, `POST /api/${path}`, { body });
const rowsOf = (body: Readonly<Record<string, unknown>>) =>
  body['syncJobs'] as readonly { readonly job: string; readonly mapping: string }[];

describe('a quote that a user asks for', () => {
  let orders: OrdersWorld;
  const open = async () => {
    orders = await startQuotesWorld();
    world = orders;
    serve();
  };
  const mapping = 'SALESQUOTE-QUOTE';
  const ask = (dataverseId: string, query = '?wait=true') =>
    post(`couplings${query}`, { mapping, dataverseId, createNew: true });

  it('is created alone, with the row of the log that its job writes; asked again it is refused (D-107, D-156)', async () => {
    await open();
    const id = activeQuote(orders, 'Wanted', [goodsLine(orders)]);
    activeQuote(orders, 'Not yet', [goodsLine(orders)]);
    const { status, body } = await ask(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ accepted: 1, failed: 0 },
      results: [{ mapping, dataverseId: id, status: 'accepted', code: 'created', runId: expect.any(String) }],
    });
    expect(rowsOf(body)).toMatchObject([
      { job: quotesJob, mapping: quotesJob, direction: 'toBusinessCentral', counts: { inserted: 1 } },
    ]);
    expect(quotesNamed(orders)).toMatchObject([{ externalDocumentNumber: 'WANTED' }]);
    const again = await ask(id);
    expect(again.body).toMatchObject({
      ...{ accepted: 0, skipped: 1 },
      results: [{ status: 'skipped', code: 'QUOTE_ALREADY_PROCESSED' }],
    });
    expect(JSON.stringify(again.body)).toContain(String(quotesNamed(orders)[0]?.['number']));
    const [row] = await processQuotesOf(orders);
    expect(row).toMatchObject({ counts: { inserted: 1, unchanged: 1, failed: 0 } });
    expect(quotesNamed(orders)).toHaveLength(2);
  });

  it('that was won after it was coupled gets its order, and is told as coupled (D-110, D-156)', async () => {
    await open();
    const id = activeQuote(orders, 'Deal', [goodsLine(orders)]);
    await ask(id);
    win(orders, id);
    orderOf(orders, id, [goodsLine(orders)]);
    expect((await ask(id)).body).toMatchObject({ results: [{ status: 'accepted', code: 'alreadyCoupled' }] });
    expect(ordersNamed(orders)).toHaveLength(1);
    expect(await quoteCouplings(orders)).toHaveLength(1);
  });

  it('is told with the code of what is wrong: its own, a draft, or none at all (D-116, D-156)', async () => {
    await open();
    const bad = activeQuote(orders, 'Bad', [goodsLine(orders)], { 'customerid_account@odata.bind': null });
    expect((await ask(bad)).body).toMatchObject({
      ...{ accepted: 0, failed: 1 },
      results: [{ status: 'failed', code: 'QUOTE_NO_CUSTOMER' }],
    });
    const draft = draftQuote(orders, 'Draft', [goodsLine(orders)]);
    expect((await ask(draft)).body).toMatchObject({
      results: [{ status: 'failed', code: 'QUOTE_NOT_ACTIVE' }],
    });
    expect((await ask('11111111-1111-4111-8111-111111111111')).status).toBe(404);
    expect(quotesNamed(orders)).toEqual([]);
  });

  it('is planned by a dry run, which writes nothing (D-156)', async () => {
    await open();
    const id = activeQuote(orders, 'Planned', [goodsLine(orders)]);
    const before = systemsOf(world);
    await composition.open();
    writes.length = 0;
    const { body } = await ask(id, '?dryRun=true');
    expect(body).toMatchObject({ actions: [{ kind: 'insert', dataverseId: id }], counts: { inserted: 1 } });
    expect([writes, systemsOf(world)]).toEqual([[], before]);
  });

  it('whose failure a user retries, by name or with all others, is tried by the job that is woken (D-107, A-57, A-59)', async () => {
    await open();
    const bad = activeQuote(orders, 'Bad', [goodsLine(orders)], { 'customerid_account@odata.bind': null });
    await processQuotesOf(orders);
    const listed = await callApi(
      composition,
      `GET /api/sync-errors?mapping=${encodeURIComponent(quotesJob)}&open=true`,
    );
    expect(listed.body).toMatchObject({ value: [{ dataverseId: bad, code: 'QUOTE_NO_CUSTOMER' }] });
    const waiting = await callApi(
      composition,
      `GET /api/coupled-data-errors?mapping=${encodeURIComponent(quotesJob)}`,
    );
    expect(waiting).toMatchObject({ status: 200, body: { value: [] } });
    for (const name of [quotesJob, mapping]) {
      const records = [{ mapping: name, dataverseId: bad }];
      const retried = await post('coupled-data-errors/actions?wait=true', { action: 'retry', records });
      expect(retried).toMatchObject({ status: 200, body: { accepted: 1, results: [{ mapping: name }] } });
    }
    expect((await world.ports.jobs.get(quotesJob as never))?.entry.status).toBe('ready');
    const all = await post('coupled-data-errors/actions?wait=true', { action: 'retry', records: 'all' });
    expect(all.body).toMatchObject({ results: [{ mapping: quotesJob, records: 1, status: 'accepted' }] });
    const planned = await post('coupled-data-errors/actions?dryRun=true', {
      action: 'retry',
      records: 'all',
    });
    expect(planned.body).toMatchObject({ actions: [{ dataverseId: bad, code: 'QUOTE_NO_CUSTOMER' }] });
    const customer = { 'customerid_account@odata.bind': `/accounts(${orders.account})` };
    world.dataverse.edit('quote', bad, { statecode: 0, statuscode: 1 }, 'alice');
    world.dataverse.edit('quote', bad, customer as never, 'alice');
    world.dataverse.edit('quote', bad, { statecode: 1, statuscode: 2 }, 'alice');
    await processQuotesOf(orders);
    expect(await world.openErrors()).toEqual([]);
    const cured = await post('coupled-data-errors/actions?wait=true', {
      action: 'retry',
      records: [{ mapping: quotesJob, dataverseId: bad }],
    });
    expect(cured.body).toMatchObject({ skipped: 1, results: [{ code: 'not-failed' }] });
  });

  it('that failed can be retried, and nothing else done about it (A-57)', async () => {
    await open();
    const bad = activeQuote(orders, 'Bad', [goodsLine(orders)], { 'customerid_account@odata.bind': null });
    await processQuotesOf(orders);
    const records = [{ mapping: quotesJob, dataverseId: bad }];
    for (const action of ['removeCoupling', 'synchronize', 'restore'])
      expect((await post('coupled-data-errors/actions', { action, records })).body).toMatchObject({
        results: [{ status: 'skipped', code: 'only-retry' }],
      });
  });
});

describe('statistics that a user asks for', () => {
  const update = (keys: Readonly<Record<string, readonly string[]>>, query = '?wait=true') =>
    post(`records/synchronize${query}`, { mapping: statisticsJob, ...keys, direction: 'toDataverse' });

  it('are of the named customer alone, compared with Sales, in the rows the job writes (ST-15, ST-25, D-156)', async () => {
    world = await manyCustomers(3);
    await runStatistics(world);
    serve();
    const [one, other] = ['C00000', 'C00001'].map((number) => customerOf(world, number));
    for (const customer of [one, other])
      world.businessCentral.edit('customers', String(customer?.['id']), { creditLimit: 7 });
    const key = { businessCentralIds: [String(one?.['id'])] };
    const planned = await update(key, '?dryRun=true');
    expect(planned.body).toMatchObject({
      actions: [{ kind: 'modify', fields: [{ attribute: 'nav_creditlimitlcy', before: 0, after: 7 }] }],
      counts: { modified: 1 },
    });
    const { body } = await update(key);
    expect(body).toMatchObject({ accepted: 1, results: [{ mapping: statisticsJob, status: 'accepted' }] });
    expect(rowsOf(body)).toMatchObject([
      { job: statisticsJob, counts: { modified: 1 }, message: 'Customer statistics were updated.' },
      { message: 'The payment status of invoices was updated.' },
    ]);
    expect(statisticsOf(world, 'C00000')['nav_creditlimitlcy']).toBe(7);
    expect(statisticsOf(world, 'C00001')['nav_creditlimitlcy']).toBe(0);
    expect(await runStatistics(world)).toMatchObject({ modified: 1 });
  });

  it('are refused for customers that are not coupled, and to Business Central (ST-15)', async () => {
    world = await manyCustomers(1);
    serve();
    const created = world.businessCentral.create('customers', { displayName: 'Alone' });
    expect((await update({ businessCentralIds: [String(created['id'])] })).body).toMatchObject({
      results: [{ status: 'skipped', code: 'coupling-not-found' }],
    });
    const back = { mapping: statisticsJob, businessCentralIds: [String(created['id'])], direction: 'merge' };
    expect(await post('records/synchronize', back)).toMatchObject({
      ...{ status: 409, body: { error: { code: 'direction-not-allowed' } } },
    });
  });

  it('take the invoices of that customer along, and leave those of others to the job (D-133)', async () => {
    world = await startInvoiceWorld();
    await ensureCodeJobs(world.ports);
    addInvoice(world, 'INV-1');
    await fullRuns(world, [...preparatoryJobs, invoiceJob]);
    await runStatistics(world);
    world.businessCentral.payInvoice('INV-1', 25);
    serve();
    const other = world.businessCentral.create('customers', { number: '20000', displayName: 'Other' });
    await world.run('CUSTOMER', 'fullSync');
    await update({ businessCentralIds: [String(other['id'])] });
    expect(invoice(world, 'INV-1')).toMatchObject({ statecode: 0 });
    await update({ businessCentralIds: [String(customerOf(world, '10000')['id'])] });
    expect(invoice(world, 'INV-1')).toMatchObject({ statecode: 2, statuscode: 100001 });
  });

  it('that failed are looked at again when a user retries them (ST-24, A-57)', async () => {
    world = await manyCustomers(2);
    const coupling = await couplingNamed(world, 'Customer C00000');
    world.dataverse.remove('account', coupling.dataverseId, 'alice');
    await runStatistics(world);
    serve();
    const records = [{ mapping: statisticsJob, businessCentralId: coupling.businessCentralId }];
    const planned = await post('coupled-data-errors/actions?dryRun=true', { action: 'retry', records });
    expect(planned.body).toMatchObject({ actions: [{ kind: 'fail', code: 'STAT_ACCOUNT_NOT_FOUND' }] });
    const { body } = await post('coupled-data-errors/actions?wait=true', { action: 'retry', records });
    expect(body).toMatchObject({ accepted: 1 });
    expect(await couplingNamed(world, 'Customer C00000')).toMatchObject({ state: 'failed' });
    expect(await runStatistics(world)).toMatchObject({ failed: 1 });
    expect(await world.openErrors(statisticsJob)).toHaveLength(1);
  });
});

describe('without order integration', () => {
  it('an order cannot be asked for; the answer says what to set (D-6, D-156)', async () => {
    world = await startWorld({ demo: false });
    serve({});
    expect(world.ports.policy.documents).toMatchObject({ orderIntegration: noDocuments.orderIntegration });
    const dataverseId = '11111111-1111-4111-8111-111111111111';
    const answer = await post('couplings', { mapping: 'SALESORDER-ORDER', dataverseId, createNew: true });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'order-integration-off' } } });
    expect(JSON.stringify(answer.body)).toContain('ORDER_INTEGRATION');
  });
});
