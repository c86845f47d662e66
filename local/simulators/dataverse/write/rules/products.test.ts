/** Rules of products, units, names and currencies. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, stopAll } from '../../testing/client.ts';
import { type SalesClient, startSalesClient } from '../../testing/salesClient.ts';

let sales: SalesClient;
let client: Client;

beforeEach(async () => {
  sales = await startSalesClient();
  client = sales.client;
});
afterEach(stopAll);

describe('products, units, names, currencies', () => {
  it('refuse products without number, unit group or with a taken number', async () => {
    await client.create('products', sales.product('P1'));
    const post = async (body: object) => (await client.send('POST', 'products', body)).errorCode;
    expect(await post({ name: 'x' })).toBe('0x80043b05');
    expect(await post({ name: 'x', productnumber: 'P2' })).toBe('0x80043b13');
    expect(await post(sales.product('p1'))).toBe('0x80043b06');
    const other = await client.create('uomschedules', { name: 'Other', baseuomname: 'Hour' });
    const wrong = { 'defaultuomscheduleid@odata.bind': `/uomschedules(${other})` };
    expect(await post(sales.product('P2', wrong))).toBe('0x80043b14');
  });

  it('are active or draft as the organisation column says, and never go back to draft', async () => {
    const active = await client.create('products', sales.product('P1'));
    expect(client.simulator.row('product', active)).toMatchObject({ statecode: 0, statuscode: 1 });
    expect((await sales.patch(`products(${active})`, { statecode: 2 })).errorCode).toBe('0x8004f912');
    const [organization] = (await client.get('organizations')).value;
    const setting = { createproductswithoutparentinactivestate: false };
    await sales.patch(`organizations(${organization?.['organizationid']})`, setting);
    const draft = await client.create('products', sales.product('P2'));
    expect(client.simulator.row('product', draft)).toMatchObject({ statecode: 2, statuscode: 0 });
    expect((await sales.patch(`products(${draft})`, { statecode: 0 })).status).toBe(204);
    await sales.patch(`products(${draft})`, { statecode: 1 });
    expect((await sales.patch(`products(${draft})`, { statecode: 0 })).errorCode).toBe('0x8004f977');
  });

  it('change their unit group in draft and under revision only, and are for sale again after it', async () => {
    const id = await client.create('products', sales.product('P1'));
    const other = await client.create('uomschedules', { name: 'Other', baseuomname: 'Hour' });
    const [hour] = (await client.get(`uoms?$filter=_uomscheduleid_value eq ${other}`)).value;
    const change = {
      'defaultuomscheduleid@odata.bind': `/uomschedules(${other})`,
      'defaultuomid@odata.bind': `/uoms(${hour?.['uomid']})`,
    };
    expect((await sales.patch(`products(${id})`, change)).errorCode).toBe('0x8004f995');
    expect((await sales.patch(`products(${id})`, { statecode: 3, statuscode: 3 })).status).toBe(204);
    expect((await sales.patch(`products(${id})`, change)).status).toBe(204);
    expect((await sales.patch(`products(${id})`, { statecode: 0, statuscode: 1 })).status).toBe(204);
    expect(client.simulator.row('product', id)).toMatchObject({
      statecode: 0,
      _defaultuomid_value: hour?.['uomid'],
    });
  });

  it('take the price list of a product after its creation only, and the currency of a line from its list', async () => {
    const euro = await client.create('transactioncurrencies', {
      currencyname: 'Euro',
      isocurrencycode: 'EUR',
      currencysymbol: '€',
      currencyprecision: 2,
      exchangerate: 0.8,
    });
    const inEuro = { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${euro})` };
    const list = await client.create('pricelevels', { name: 'List', ...inEuro });
    const onList = { 'pricelevelid@odata.bind': `/pricelevels(${list})` };
    const id = await client.create('products', sales.product('P1', onList));
    expect(client.simulator.row('product', id)?.['_pricelevelid_value']).toBeNull();
    expect((await sales.patch(`products(${id})`, onList)).status).toBe(204);
    expect(client.simulator.row('product', id)?.['_pricelevelid_value']).toBe(list);
    const line = {
      'productid@odata.bind': `/products(${id})`,
      'uomid@odata.bind': `/uoms(${sales.unit})`,
      amount: 5,
    };
    const lineId = await client.create('productpricelevels', { ...onList, ...line });
    expect(client.simulator.row('productpricelevel', lineId)?.['_transactioncurrencyid_value']).toBe(euro);
    expect((await client.send('POST', 'productpricelevels', line)).status).toBe(400);
  });

  it('make the base unit with its group and need it for further units', async () => {
    expect(client.simulator.row('uom', sales.unit)).toMatchObject({
      name: 'Piece',
      quantity: 1,
      isschedulebaseuom: true,
    });
    const dozen = {
      name: 'Dozen',
      quantity: 12,
      'uomscheduleid@odata.bind': `/uomschedules(${sales.unitGroup})`,
    };
    expect((await client.send('POST', 'uoms', dozen)).status).toBe(400);
    await client.create('uoms', { ...dozen, 'baseuom@odata.bind': `/uoms(${sales.unit})` });
    expect((await client.send('DELETE', `uoms(${sales.unit})`)).status).toBe(405);
    expect((await client.send('DELETE', `uomschedules(${sales.unitGroup})`)).status).toBe(204);
    expect((await client.get('uoms/$count')).text).toBe('0');
  });

  it.each([
    [0, 'Day, Ann'],
    [1, 'Ann Day'],
    [2, 'Day, Ann M.'],
    [3, 'Ann M. Day'],
    [4, 'Day, Ann May'],
    [5, 'Ann May Day'],
    [6, 'Day Ann'],
    [7, 'DayAnn'],
  ])('compute full names by convention %i', async (fullnameconventioncode, expected) => {
    const [organization] = (await client.get('organizations')).value;
    await sales.patch(`organizations(${organization?.['organizationid']})`, { fullnameconventioncode });
    const id = await client.create('contacts', { firstname: 'Ann', middlename: 'May', lastname: 'Day' });
    expect(client.simulator.row('contact', id)?.['fullname']).toBe(expected);
  });

  it('compute address texts and keep the rate of the base currency', async () => {
    const id = await client.create('accounts', {
      name: 'A',
      address1_line1: 'Street 1',
      address1_city: 'Town',
    });
    expect(client.simulator.row('account', id)?.['address1_composite']).toBe('Street 1\r\nTown');
    const [currency] = (await client.get('transactioncurrencies')).value;
    const path = `transactioncurrencies(${currency?.['transactioncurrencyid']})`;
    expect((await sales.patch(path, { exchangerate: 2 })).status).toBe(400);
    expect((await sales.patch(path, { currencysymbol: 'US$' })).status).toBe(204);
  });
});
