/** States, and documents of sales. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, stopAll } from '../../testing/client.ts';
import { createOrder, type SalesClient, startSalesClient, writeIn } from '../../testing/salesClient.ts';

let sales: SalesClient;
let client: Client;

beforeEach(async () => {
  sales = await startSalesClient();
  client = sales.client;
});
afterEach(stopAll);

describe('state and status (dataverse-web-api section 8)', () => {
  it('takes the default status of a state and refuses pairs that do not fit', async () => {
    const id = await client.create('accounts', { name: 'A' });
    expect((await sales.patch(`accounts(${id})`, { statuscode: 2 })).errorCode).toBe('0x80048408');
    expect((await sales.patch(`accounts(${id})`, { statecode: 1 })).status).toBe(204);
    expect(client.simulator.row('account', id)).toMatchObject({ statecode: 1, statuscode: 2 });
    expect((await sales.patch(`accounts(${id})`, { statecode: 0, statuscode: 1 })).status).toBe(204);
  });

  it('refuses transitions the table does not have', async () => {
    const { id } = await createOrder(client);
    await sales.patch(`salesorders(${id})`, { statecode: 2, statuscode: 4 });
    expect((await sales.patch(`salesorders(${id})`, { statecode: 1, statuscode: 3 })).errorCode).toBe(
      '0x80048408',
    );
  });

  it('keeps submitted orders and their lines from being edited until they are active again (D-20)', async () => {
    const { id } = await createOrder(client, { order_details: [writeIn(1, 10)] });
    await sales.patch(`salesorders(${id})`, { statecode: 1, statuscode: 3 });
    const [line] = (await client.get(`salesorderdetails?$filter=_salesorderid_value eq ${id}`)).value;
    const linePath = `salesorderdetails(${line?.['salesorderdetailid']})`;
    expect(line?.['salesorderstatecode']).toBe(1);
    expect((await sales.patch(`salesorders(${id})`, { name: 'X' })).status).toBe(400);
    expect((await sales.patch(linePath, { quantity: 2 })).status).toBe(400);
    expect((await client.send('DELETE', linePath)).status).toBe(400);
    expect((await sales.patch(`salesorders(${id})`, { statecode: 0, statuscode: 2, name: 'X' })).status).toBe(
      204,
    );
    expect((await sales.patch(linePath, { quantity: 2 })).status).toBe(204);
  });
});

describe('orders, quotes and invoices', () => {
  it('get numbers when they have none', async () => {
    const first = client.simulator.row('salesorder', (await createOrder(client)).id)?.['ordernumber'];
    const second = client.simulator.row('salesorder', (await createOrder(client)).id)?.['ordernumber'];
    expect(first).toMatch(/^ORD-01000-[A-Z0-9]{6}$/);
    expect(second).toMatch(/^ORD-01001-[A-Z0-9]{6}$/);
    const given = await createOrder(client, { ordernumber: 'MINE' });
    await sales.patch(`salesorders(${given.id})`, { ordernumber: 'OTHER', name: 'x' });
    expect(client.simulator.row('salesorder', given.id)?.['ordernumber']).toBe('MINE');
  });

  it('compute totals from lines, discounts, freight and tax', async () => {
    const { id } = await createOrder(client, {
      freightamount: 45,
      discountamount: 10,
      discountpercentage: 5,
      order_details: [writeIn(8, 192.8, { tax: 20 }), writeIn(1, 420.4, { manualdiscountamount: 20.4 })],
    });
    expect(client.simulator.row('salesorder', id)).toMatchObject({
      totallineitemamount: 1942.4,
      totallineitemdiscountamount: 20.4,
      totaldiscountamount: 107.12,
      totalamountlessfreight: 1835.28,
      totaltax: 20,
      totalamount: 1900.28,
      totalamount_base: 1900.28,
      pricingerrorcode: 0,
    });
    const { value } = await client.get(
      `salesorderdetails?$filter=_salesorderid_value eq ${id}&$orderby=lineitemnumber`,
    );
    expect(value.map((line) => [line['lineitemnumber'], line['baseamount'], line['extendedamount']])).toEqual(
      [
        [1, 1542.4, 1562.4],
        [2, 420.4, 400],
      ],
    );
    await client.send('DELETE', `salesorderdetails(${value[0]?.['salesorderdetailid']})`);
    expect(client.simulator.row('salesorder', id)).toMatchObject({ totallineitemamount: 400, totaltax: 0 });
    await sales.patch(`salesorders(${id})`, { discountpercentage: 0, discountamount: null });
    expect(client.simulator.row('salesorder', id)).toMatchObject({ totalamount: 445 });
  });

  it('work in the currency of the document', async () => {
    const euro = await client.create('transactioncurrencies', {
      currencyname: 'Euro',
      isocurrencycode: 'EUR',
      currencysymbol: '€',
      currencyprecision: 2,
      exchangerate: 0.8,
    });
    const { id } = await createOrder(client, {
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${euro})`,
      order_details: [writeIn(1, 100)],
    });
    expect(client.simulator.row('salesorder', id)).toMatchObject({
      exchangerate: 0.8,
      totalamount_base: 125,
    });
    const [line] = (await client.get(`salesorderdetails?$filter=_salesorderid_value eq ${id}`)).value;
    expect(line).toMatchObject({ _transactioncurrencyid_value: euro, priceperunit_base: 125 });
  });

  it('take prices from the price list unless overridden, and mark what is missing', async () => {
    const list = await client.create('pricelevels', { name: 'List' });
    const item = await client.create('products', sales.product('P1'));
    const onList = {
      'pricelevelid@odata.bind': `/pricelevels(${list})`,
      'productid@odata.bind': `/products(${item})`,
      'uomid@odata.bind': `/uoms(${sales.unit})`,
      amount: 50,
    };
    await client.create('productpricelevels', onList);
    expect((await client.send('POST', 'productpricelevels', onList)).errorCode).toBe('0x80043b0f');
    const line = {
      'productid@odata.bind': `/products(${item})`,
      'uomid@odata.bind': `/uoms(${sales.unit})`,
      quantity: 2,
      priceperunit: 7,
    };
    const priceList = { 'pricelevelid@odata.bind': `/pricelevels(${list})` };
    const { id } = await createOrder(client, {
      ...priceList,
      order_details: [line, { ...line, ispriceoverridden: true }],
    });
    expect(client.simulator.row('salesorder', id)?.['totalamount']).toBe(114);
    const without = await createOrder(client, { order_details: [line] });
    expect(client.simulator.row('salesorder', without.id)?.['pricingerrorcode']).toBe(1);
    const { value } = await client.get(`salesorderdetails?$filter=_salesorderid_value eq ${without.id}`);
    expect(value[0]).toMatchObject({ pricingerrorcode: 2, productname: 'P1', salesorderdetailname: 'P1' });
  });

  it('refuse a write-in line with a product or without description', async () => {
    const { id } = await createOrder(client);
    const parent = { 'salesorderid@odata.bind': `/salesorders(${id})`, quantity: 1 };
    expect(
      (await client.send('POST', 'salesorderdetails', { ...parent, isproductoverridden: true })).status,
    ).toBe(400);
    expect((await client.send('POST', 'salesorderdetails', { quantity: 1 })).status).toBe(400);
  });
});
