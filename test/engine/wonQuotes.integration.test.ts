/** Won quotes: their quote first, then the order of Sales, then nothing any more (D-110, D-111, D-118). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { releaseLease, takeLease } from '../../shared/app/run/lease.ts';
import { couplingsOf } from './acting.ts';
import {
  couple,
  createOrdersOf,
  goodsLine,
  type OrdersWorld,
  orderLines,
  ordersNamed,
} from './ordersWorld.ts';
import {
  activeQuote,
  doneMarks,
  orderOf,
  processQuotesOf,
  quoteCouplings,
  quotesJob,
  quotesNamed,
  startQuotesWorld,
  submit,
  win,
} from './quotesWorld.ts';

let world: OrdersWorld;
beforeEach(async () => {
  world = await startQuotesWorld();
});
afterEach(() => world.close());

function wonQuote(name: string) {
  const id = activeQuote(world, name, [goodsLine(world)]);
  win(world, id);
  return id;
}

describe('a won quote', () => {
  it('gets its quote and the order of Sales with the prices of the order, and is done (D-110, D-118, D-160)', async () => {
    const quote = wonQuote('Won');
    const order = orderOf(world, quote, [goodsLine(world, { priceperunit: 75 })]);
    const [row] = await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(row).toMatchObject({ counts: { inserted: 1, failed: 0 } });
    expect(quotesNamed(world)).toHaveLength(1);
    expect(orderLines(world)).toMatchObject([{ lineObjectNumber: 'CHAIR', unitPrice: 75 }]);
    const [made] = ordersNamed(world);
    expect(await couplingsOf(world, 'SALESORDER-ORDER')).toMatchObject([
      { dataverseId: order, businessCentralId: made?.['id'] },
    ]);
    expect(await doneMarks(world)).toMatchObject([
      { dataverseId: quote, businessCentralId: made?.['id'], businessCentralName: made?.['number'] },
    ]);
    expect(world.dataverse.row('salesorder', order)).toMatchObject({
      ...{ statecode: 1, statuscode: 3, lastbackofficesubmit: '2026-03-10' },
    });
  });

  it('gets its order although orders are not integrated (D-6, D-110)', async () => {
    await world.close();
    const settings = { orderIntegration: 'off' } as const;
    world = await startQuotesWorld({ settings, features: settings, companionApp: false });
    const quote = wonQuote('Alone');
    const order = orderOf(world, quote, [goodsLine(world)]);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await doneMarks(world)).toMatchObject([{ dataverseId: quote }]);
    expect(await couplingsOf(world, 'SALESORDER-ORDER')).toMatchObject([{ dataverseId: order }]);
  });

  it('that was coupled while it was active gets its order alone (D-110)', async () => {
    const quote = activeQuote(world, 'Step', [goodsLine(world)]);
    await processQuotesOf(world);
    win(world, quote);
    orderOf(world, quote, [goodsLine(world)]);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toHaveLength(1);
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await quoteCouplings(world)).toHaveLength(1);
  });

  it('without an order in Sales is told by number and name, and closes its error when the order is there (D-110, D-116)', async () => {
    const quote = wonQuote('Waiting');
    await processQuotesOf(world);
    const number = String(world.dataverse.row('quote', quote)?.['quotenumber']);
    expect(await world.openErrors()).toMatchObject([
      { code: 'QUOTE_ORDER_MISSING', name: `${number} Waiting`, mapping: quotesJob },
    ]);
    expect(quotesNamed(world)).toHaveLength(1);
    await world.advanceMinutes(30);
    await processQuotesOf(world);
    expect(await world.openErrors()).toHaveLength(1);
    orderOf(world, quote, [goodsLine(world)]);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await world.ports.retries.list(quotesJob as never)).toEqual([]);
  });

  it('whose order is not submitted is done; the order comes by the job of orders once it is (D-110, D-111)', async () => {
    const quote = wonQuote('Later');
    const order = orderOf(world, quote, [goodsLine(world)], false);
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(ordersNamed(world)).toEqual([]);
    expect(await doneMarks(world)).toMatchObject([
      { dataverseId: quote, businessCentralId: quotesNamed(world)[0]?.['id'] },
    ]);
    await world.advanceMinutes(10);
    submit(world.dataverse, order);
    await processQuotesOf(world);
    expect(ordersNamed(world)).toEqual([]);
    const documents = { ...world.ports.policy.documents, autoCreateOrders: true };
    const ports = { ...world.ports, policy: { ...world.ports.policy, documents } };
    await ensureCodeJobs(ports);
    await createOrdersOf(world, ports);
    expect(ordersNamed(world)).toHaveLength(1);
  });

  it('uses the order that Business Central has already (D-110)', async () => {
    const quote = wonQuote('Has');
    orderOf(world, quote, [goodsLine(world)]);
    await processQuotesOf(world);
    const marks = await doneMarks(world);
    await world.ports.couplings.save('SALESQUOTE-ORDER' as never, [
      { kind: 'remove', businessCentralId: marks[0]?.businessCentralId as never, dataverseId: quote },
    ]);
    await processQuotesOf(world);
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await doneMarks(world)).toHaveLength(1);
  });

  it('whose order cannot be created is told with the reason, and is done when it can (D-110, D-116)', async () => {
    const other = world.dataverse.create('account', { name: 'Fabrikam', customertypecode: 3 }, 'alice');
    const theirs = { 'customerid_account@odata.bind': `/accounts(${other['accountid']})` };
    const quote = wonQuote('Bad');
    orderOf(world, quote, [goodsLine(world)], true, theirs);
    await processQuotesOf(world);
    const codes = async () => (await world.openErrors()).map(({ code }) => code).toSorted();
    expect(await codes()).toEqual(['ORDER_CUSTOMER_NOT_COUPLED', 'QUOTE_TO_ORDER_FAILED']);
    const customer = world.businessCentral.create('customers', { displayName: 'Fabrikam' } as never);
    await couple(world, 'CUSTOMER', String(customer['id']), String(other['accountid']));
    await processQuotesOf(world);
    expect(await codes()).toEqual([]);
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await doneMarks(world)).toHaveLength(1);
  });

  it('whose order is canceled instead closes the errors of both (D-110)', async () => {
    const other = world.dataverse.create('account', { name: 'Fabrikam', customertypecode: 3 }, 'alice');
    const theirs = { 'customerid_account@odata.bind': `/accounts(${other['accountid']})` };
    const quote = wonQuote('Bad');
    const order = orderOf(world, quote, [goodsLine(world)], true, theirs);
    await processQuotesOf(world);
    expect(await world.openErrors()).toHaveLength(2);
    world.dataverse.edit('salesorder', order, { statecode: 2, statuscode: 4 }, 'alice');
    await processQuotesOf(world);
    expect(await world.openErrors()).toEqual([]);
    expect(ordersNamed(world)).toEqual([]);
  });

  it('waits while orders are synchronised, because their couplings have one writer (D-110)', async () => {
    const quote = wonQuote('Busy');
    orderOf(world, quote, [goodsLine(world)]);
    const held = await takeLease(world.ports, 'SALESORDER-ORDER' as never, 'another run');
    if (!held) throw new Error('The lease should be free.');
    await processQuotesOf(world);
    expect([quotesNamed(world), ordersNamed(world)]).toEqual([[], []]);
    await releaseLease(world.ports, held, held.state);
    await world.advanceMinutes(1);
    await processQuotesOf(world);
    expect(ordersNamed(world)).toHaveLength(1);
  });
});
