/** Sales documents: deep insert, totals, header etags, release, actions, posted documents (section 4). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../testSupport.ts';
import { allocateDiscount, lineAmounts } from './amounts.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.simulator.close());
const any = { 'If-Match': '*' };

const order = (lines: readonly object[], header: object = {}) =>
  service.standard('POST', 'salesOrders', { customerNumber: '10000', ...header, salesOrderLines: lines });
const line = (quantity: number) => ({ lineType: 'Item', lineObjectNumber: '1896-S', quantity });
const extrasOf = async (number: string) =>
  (await service.companion('GET', `customerExtras?$filter=number eq '${number}'`)).body.value[0];

describe('orders', () => {
  it('are created with their lines at once, with what the customer prescribes, and totals', async () => {
    const before = await extrasOf('10000');
    const { status, body } = await order([line(2), { ...line(1), unitPrice: 100 }]);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      number: '101029',
      customerName: 'Adatum Corporation',
      sellToCity: 'Cambridge',
      salesperson: 'JO',
      status: 'Draft',
      totalAmountExcludingTax: 1398.8,
      totalTaxAmount: 349.7,
      totalAmountIncludingTax: 1748.5,
    });
    const lines = await service.list(`salesOrders(${body.id})/salesOrderLines?$orderby=sequence`);
    expect(lines.map((each) => each.sequence)).toEqual([10000, 20000]);
    expect(lines[0]).toMatchObject({
      description: 'ATHENS Desk',
      unitPrice: 649.4,
      taxPercent: 25,
      unitOfMeasureCode: 'PCS',
    });
    const after = await extrasOf('10000');
    expect(after.outstandingOrdersLcy - before.outstandingOrdersLcy).toBeCloseTo(1748.5, 2);
    expect(after.numberOfOrders - before.numberOfOrders).toBe(1);
    expect(after.lastModifiedDateTime).toBe(before.lastModifiedDateTime);
  });

  it('leave nothing behind when one line fails', async () => {
    const before = (await service.list('salesOrders')).length;
    const answer = await order([line(1), { lineType: 'Item', lineObjectNumber: 'NOPE', quantity: 1 }]);
    expect(answer.status).toBe(400);
    expect(await service.list('salesOrders')).toHaveLength(before);
  });

  it('need a customer, and take the price again when the quantity comes after it', async () => {
    expect((await service.standard('POST', 'salesOrders', {})).body.error.code).toBe(
      'Application_DialogException',
    );
    const { body } = await order([
      { lineType: 'Item', lineObjectNumber: '1896-S', unitPrice: 1, quantity: 1 },
    ]);
    expect(body.totalAmountExcludingTax).toBe(649.4);
  });

  it('convert prices into the currency of the customer, without tax abroad', async () => {
    const { body } = await service.standard('POST', 'salesOrders', {
      customerNumber: '01445544',
      salesOrderLines: [line(1)],
    });
    expect(body).toMatchObject({ currencyCode: 'USD', totalTaxAmount: 0, totalAmountExcludingTax: 1000.89 });
  });

  it('change the etag and stamp of the header with a line, and allocate a header discount', async () => {
    const { body } = await order([line(1), line(1)]);
    await service.simulator.clock.advance(1_000);
    const path = `salesOrders(${body.id})`;
    const lines = await service.list(`${path}/salesOrderLines`);
    const changed = await service.standard('PATCH', `salesOrderLines(${lines[0].id})`, { quantity: 3 }, any);
    expect(changed.status).toBe(200);
    const header = (await service.standard('GET', path)).body;
    expect(header['@odata.etag']).not.toBe(body['@odata.etag']);
    expect(header.lastModifiedDateTime).not.toBe(body.lastModifiedDateTime);
    expect(header.totalAmountExcludingTax).toBe(2597.6);
    const discounted = await service.standard('PATCH', path, { discountAmount: 97.6 }, any);
    expect(discounted.body).toMatchObject({ totalAmountExcludingTax: 2500, totalTaxAmount: 625 });
    await service.standard('DELETE', `salesOrderLines(${lines[1].id})`, undefined, any);
    expect((await service.standard('GET', path)).body.totalAmountExcludingTax).toBe(1850.6);
  });

  it('refuse a changed document, sequence or item of a line', async () => {
    const { body } = await order([line(1)]);
    const [first] = await service.list(`salesOrders(${body.id})/salesOrderLines`);
    for (const change of [{ sequence: 5 }, { lineObjectNumber: '1900-S' }, { documentId: first.id }]) {
      const answer = await service.standard('PATCH', `salesOrderLines(${first.id})`, change, any);
      expect(answer.body.error.code).toBe('Application_DialogException');
    }
  });

  it('are locked by release and opened by reopen, and the standard page shows Open for Released', async () => {
    const { body } = await order([line(1)]);
    const extras = `salesOrderExtras(${body.id})`;
    expect((await service.companion('POST', `${extras}/Microsoft.NAV.release`)).status).toBe(204);
    expect((await service.standard('GET', `salesOrders(${body.id})`)).body.status).toBe('Open');
    expect((await service.companion('GET', extras)).body.status).toBe('Released');
    const [first] = await service.list(`salesOrders(${body.id})/salesOrderLines`);
    const locked = await service.standard('PATCH', `salesOrderLines(${first.id})`, { quantity: 2 }, any);
    expect(locked.body.error.code).toBe('Application_DialogException');
    expect((await service.companion('PATCH', extras, { shippingAgentCode: 'UPS' }, any)).status).toBe(400);
    expect((await service.companion('PATCH', extras, { yourReference: 'R' }, any)).status).toBe(200);
    await service.companion('POST', `${extras}/Microsoft.NAV.reopen`);
    expect(
      (await service.standard('PATCH', `salesOrderLines(${first.id})`, { quantity: 2 }, any)).status,
    ).toBe(200);
  });

  it('turn into posted documents by shipAndInvoice and are gone', async () => {
    const { body } = await order([line(2)]);
    const before = await extrasOf('10000');
    const posted = await service.standard('POST', `salesOrders(${body.id})/Microsoft.NAV.shipAndInvoice`);
    expect(posted.status).toBe(204);
    expect((await service.standard('GET', `salesOrders(${body.id})`)).status).toBe(404);
    const [invoice] = await service.list(`salesInvoices?$filter=orderNumber eq '${body.number}'`);
    expect(posted.headers.get('location')).toContain(`salesInvoices(${invoice.id})`);
    expect(invoice).toMatchObject({
      number: '103039',
      status: 'Open',
      remainingAmount: 1623.5,
      orderId: body.id,
    });
    const header = (
      await service.companion('GET', `postedSalesInvoices(${invoice.id})?$expand=postedSalesInvoiceLines`)
    ).body;
    expect(header).toMatchObject({ number: '103039', amountIncludingTax: 1623.5, closed: false });
    expect(header.postedSalesInvoiceLines[0]).toMatchObject({
      number: '1896-S',
      quantity: 2,
      amount: 1298.8,
    });
    expect(await service.list(`salesShipments?$filter=orderNumber eq '${body.number}'`)).toHaveLength(1);
    const after = await extrasOf('10000');
    expect(after.balanceLcy - before.balanceLcy).toBeCloseTo(1623.5, 2);
    expect(before.outstandingOrdersLcy - after.outstandingOrdersLcy).toBeCloseTo(1623.5, 2);
    const total = after.balanceLcy + after.outstandingOrdersLcy;
    expect(after.totalAmountLcy).toBeCloseTo(
      total + after.shippedNotInvoicedLcy + after.outstandingInvoicesLcy,
      2,
    );
  });

  it('cannot be posted without lines, and unknown actions answer 404', async () => {
    const { body } = await order([]);
    expect(
      (await service.standard('POST', `salesOrders(${body.id})/Microsoft.NAV.shipAndInvoice`)).status,
    ).toBe(400);
    expect((await service.standard('POST', `salesOrders(${body.id})/Microsoft.NAV.release`)).status).toBe(
      404,
    );
  });
});

describe('quotes and invoices', () => {
  it('become an order that names the quote, and the quote is consumed', async () => {
    const [quote] = await service.list('salesQuotes?$top=1&$orderby=number');
    expect((await service.standard('POST', `salesQuotes(${quote.id})/Microsoft.NAV.makeOrder`)).status).toBe(
      204,
    );
    expect((await service.standard('GET', `salesQuotes(${quote.id})`)).status).toBe(404);
    const made = await service.companion('GET', `salesOrderExtras?$filter=quoteNumber eq '${quote.number}'`);
    const copy = (await service.standard('GET', `salesOrders(${made.body.value[0].id})`)).body;
    expect(copy.totalAmountIncludingTax).toBe(quote.totalAmountIncludingTax);
  });

  it('keep the id of the draft when posted, follow a payment, and can be cancelled once', async () => {
    const draft = (
      await service.standard('POST', 'salesInvoices', {
        customerNumber: '20000',
        salesInvoiceLines: [line(1)],
      })
    ).body;
    expect(draft).toMatchObject({ number: '102008', status: 'Draft' });
    const path = `salesInvoices(${draft.id})`;
    expect((await service.standard('POST', `${path}/Microsoft.NAV.cancel`)).status).toBe(400);
    expect((await service.standard('POST', `${path}/Microsoft.NAV.post`)).status).toBe(204);
    expect((await service.standard('POST', `${path}/Microsoft.NAV.post`)).status).toBe(400);
    const [posted] = (
      await service.companion('GET', `postedSalesInvoices?$filter=draftInvoiceId eq ${draft.id}`)
    ).body.value;
    service.simulator.edit('postedSalesInvoices', posted.id, { remainingAmount: 0 });
    expect((await service.standard('GET', path)).body).toMatchObject({ status: 'Paid', remainingAmount: 0 });
    expect((await service.standard('PATCH', path, { externalDocumentNumber: 'X' }, any)).status).toBe(400);
    expect((await service.standard('POST', `${path}/Microsoft.NAV.cancel`)).status).toBe(204);
    expect((await service.standard('GET', path)).body.status).toBe('Canceled');
  });
});

describe('amounts', () => {
  it('work with and without tax in the price, and give rounding rests of a discount to the last line', () => {
    const input = { quantity: 2, unitPrice: 12.5, lineDiscount: 0, taxPercent: 25, invoiceDiscount: 0 };
    expect(lineAmounts({ ...input, pricesIncludeTax: true })['Amount']).toBe(20);
    expect(lineAmounts({ ...input, pricesIncludeTax: false })['Amount Including VAT']).toBe(31.25);
    expect(allocateDiscount(10, [1, 1, 1])).toEqual([3.33, 3.33, 3.34]);
    expect(allocateDiscount(0, [])).toEqual([]);
  });
});
