/** Price locks, opportunities and orders made from quotes through the Web API (D-13, D-17). */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient, stopAll } from '../testing/client.ts';

const nobody = 'aaaaaaaa-0000-4000-8000-000000000001';
let client: Client;
let customer: object;
beforeEach(async () => {
  client = await startClient();
  const account = await client.create('accounts', { name: 'Contoso' });
  customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
});
afterAll(stopAll);

const line = { isproductoverridden: true, productdescription: 'Work', quantity: 2, priceperunit: 50 };

describe('the prices of an order', () => {
  const bound = (id: string) => `salesorders(${id})/Microsoft.Dynamics.CRM.LockSalesOrderPricing`;

  it('are locked by the action of the row or of the service, and unlocked by that of the service (D-17)', async () => {
    const id = await client.create('salesorders', { name: 'Chairs', ...customer, order_details: [line] });
    const isLocked = () => client.simulator.row('salesorder', id)?.['ispricelocked'];
    const [detail] = client.simulator.rows('salesorderdetail');
    const detailId = String(detail?.['salesorderdetailid']);
    for (const [address, body] of [
      [bound(id), {}],
      ['LockSalesOrderPricing', { SalesOrderId: id }],
    ] as const) {
      expect((await client.send('POST', address, body)).status).toBe(204);
      expect(isLocked()).toBe(true);
      expect(client.simulator.row('salesorderdetail', detailId)).toMatchObject({
        salesorderispricelocked: true,
      });
      expect((await client.send('POST', 'UnlockSalesOrderPricing', { SalesOrderId: id })).status).toBe(204);
      expect(isLocked()).toBe(false);
    }
  });

  it('cannot be locked once the order is submitted, nor without an order (D-20)', async () => {
    const id = await client.create('salesorders', { name: 'Chairs', ...customer });
    await client.send('PATCH', `salesorders(${id})`, { statecode: 1, statuscode: 3 });
    expect((await client.send('POST', bound(id), {})).status).toBe(400);
    expect((await client.send('POST', bound(nobody), {})).status).toBe(404);
    expect((await client.send('POST', 'LockSalesOrderPricing', {})).status).toBe(400);
    const unbound = `salesorders(${id})/Microsoft.Dynamics.CRM.UnlockSalesOrderPricing`;
    expect((await client.send('POST', unbound, {})).status).toBe(405);
  });

  it('of an invoice are locked in the same way (D-17)', async () => {
    const id = await client.create('invoices', { name: 'Chairs', ...customer });
    const lock = `invoices(${id})/Microsoft.Dynamics.CRM.LockInvoicePricing`;
    expect((await client.send('POST', lock, {})).status).toBe(204);
    expect(client.simulator.row('invoice', id)).toMatchObject({ ispricelocked: true });
    expect((await client.send('POST', 'UnlockInvoicePricing', { InvoiceId: id })).status).toBe(204);
    expect(client.simulator.row('invoice', id)).toMatchObject({ ispricelocked: false });
  });
});

describe('an opportunity', () => {
  const closing = (id: string, Status: number) => ({
    OpportunityClose: { subject: 'Closed', 'opportunityid@odata.bind': `/opportunities(${id})` },
    Status,
  });

  it.each([
    ['WinOpportunity', 3, { statecode: 1, statuscode: 3 }],
    ['WinOpportunity', -1, { statecode: 1, statuscode: 3 }],
    ['LoseOpportunity', 4, { statecode: 2, statuscode: 4 }],
    ['LoseOpportunity', 5, { statecode: 2, statuscode: 5 }],
  ])('ends by %s with status %i, once (D-13, D-17)', async (action, status, state) => {
    const id = await client.create('opportunities', { name: 'Desks' });
    expect((await client.send('POST', action, closing(id, status))).status).toBe(204);
    expect(client.simulator.row('opportunity', id)).toMatchObject(state);
    expect((await client.send('POST', action, closing(id, status))).status).toBe(400);
  });

  it('does not end with the status of the other end, and must exist (D-13)', async () => {
    const id = await client.create('opportunities', { name: 'Desks' });
    expect((await client.send('POST', 'WinOpportunity', closing(id, 4))).status).toBe(400);
    expect((await client.send('POST', 'LoseOpportunity', closing(id, 3))).status).toBe(400);
    expect((await client.send('POST', 'WinOpportunity', closing(nobody, 3))).status).toBe(404);
    expect((await client.send('POST', 'WinOpportunity', { Status: 3 })).status).toBe(400);
  });
});

describe('a quote', () => {
  const convert = (id: string) =>
    client.send('POST', 'ConvertQuoteToSalesOrder', { QuoteId: id, ColumnSet: { AllColumns: true } });

  it('that is active is won and becomes an order with its lines, discount and freight (D-17)', async () => {
    const id = await client.create('quotes', {
      ...{ name: 'Offer', ...customer, discountamount: 10, freightamount: 5, quote_details: [line] },
    });
    expect((await convert(id)).status).toBe(400);
    await client.send('PATCH', `quotes(${id})`, { statecode: 1, statuscode: 2 });
    const answer = await convert(id);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      ...{ name: 'Offer', statecode: 0, _quoteid_value: id, totallineitemamount: 100, totalamount: 95 },
    });
    expect(client.simulator.row('quote', id)).toMatchObject({ statecode: 2, statuscode: 4 });
    expect(client.simulator.rows('salesorderdetail')).toMatchObject([
      { productdescription: 'Work', quantity: 2, priceperunit: 50, extendedamount: 100 },
    ]);
    expect(String(answer.json['ordernumber'])).toMatch(/^ORD-/);
  });

  it('that is closed or does not exist makes none', async () => {
    const id = await client.create('quotes', { name: 'Offer', ...customer });
    await client.send('PATCH', `quotes(${id})`, { statecode: 1, statuscode: 2 });
    const lost = { QuoteClose: { 'quoteid@odata.bind': `/quotes(${id})` }, Status: 5 };
    await client.send('POST', 'CloseQuote', lost);
    expect((await convert(id)).status).toBe(400);
    expect((await convert(nobody)).status).toBe(404);
  });
});
