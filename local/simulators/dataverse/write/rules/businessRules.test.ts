import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient, stopAll } from '../../testing/client.ts';

let client: Client;
let unitGroup: string;
let unit: string;

beforeEach(async () => {
  client = await startClient();
  unitGroup = await client.create('uomschedules', { name: 'Default', baseuomname: 'Piece' });
  const [base] = (await client.get(`uoms?$filter=_uomscheduleid_value eq ${unitGroup}`)).value;
  unit = String(base?.['uomid']);
});
afterEach(stopAll);

const patch = (path: string, body: object) => client.send('PATCH', path, body, { 'If-Match': '*' });

const product = (productnumber: string, more: object = {}) => ({
  name: productnumber,
  productnumber,
  'defaultuomscheduleid@odata.bind': `/uomschedules(${unitGroup})`,
  'defaultuomid@odata.bind': `/uoms(${unit})`,
  ...more,
});

async function order(more: object = {}) {
  const account = await client.create('accounts', { name: 'Customer' });
  const customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
  return { account, id: await client.create('salesorders', { name: 'Order', ...customer, ...more }) };
}

const writeIn = (quantity: number, priceperunit: number, more: object = {}) => ({
  isproductoverridden: true,
  productdescription: 'Work',
  quantity,
  priceperunit,
  ...more,
});

describe('state and status (dataverse-web-api section 8)', () => {
  it('takes the default status of a state and refuses pairs that do not fit', async () => {
    const id = await client.create('accounts', { name: 'A' });
    expect((await patch(`accounts(${id})`, { statuscode: 2 })).errorCode).toBe('0x80048408');
    expect((await patch(`accounts(${id})`, { statecode: 1 })).status).toBe(204);
    expect(client.simulator.row('account', id)).toMatchObject({ statecode: 1, statuscode: 2 });
    expect((await patch(`accounts(${id})`, { statecode: 0, statuscode: 1 })).status).toBe(204);
  });

  it('refuses transitions the table does not have', async () => {
    const { id } = await order();
    await patch(`salesorders(${id})`, { statecode: 2, statuscode: 4 });
    expect((await patch(`salesorders(${id})`, { statecode: 1, statuscode: 3 })).errorCode).toBe('0x80048408');
  });

  it('keeps submitted orders and their lines from being edited until they are active again (D-20)', async () => {
    const { id } = await order({ order_details: [writeIn(1, 10)] });
    await patch(`salesorders(${id})`, { statecode: 1, statuscode: 3 });
    const [line] = (await client.get(`salesorderdetails?$filter=_salesorderid_value eq ${id}`)).value;
    const linePath = `salesorderdetails(${line?.['salesorderdetailid']})`;
    expect(line?.['salesorderstatecode']).toBe(1);
    expect((await patch(`salesorders(${id})`, { name: 'X' })).status).toBe(400);
    expect((await patch(linePath, { quantity: 2 })).status).toBe(400);
    expect((await client.send('DELETE', linePath)).status).toBe(400);
    expect((await patch(`salesorders(${id})`, { statecode: 0, statuscode: 2, name: 'X' })).status).toBe(204);
    expect((await patch(linePath, { quantity: 2 })).status).toBe(204);
  });
});

describe('orders, quotes and invoices', () => {
  it('get numbers when they have none', async () => {
    const first = client.simulator.row('salesorder', (await order()).id)?.['ordernumber'];
    const second = client.simulator.row('salesorder', (await order()).id)?.['ordernumber'];
    expect(first).toMatch(/^ORD-01000-[A-Z0-9]{6}$/);
    expect(second).toMatch(/^ORD-01001-[A-Z0-9]{6}$/);
    const given = await order({ ordernumber: 'MINE' });
    await patch(`salesorders(${given.id})`, { ordernumber: 'OTHER', name: 'x' });
    expect(client.simulator.row('salesorder', given.id)?.['ordernumber']).toBe('MINE');
  });

  it('compute totals from lines, discounts, freight and tax', async () => {
    const { id } = await order({
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
    await patch(`salesorders(${id})`, { discountpercentage: 0, discountamount: null });
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
    const { id } = await order({
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
    const item = await client.create('products', product('P1'));
    const onList = {
      'pricelevelid@odata.bind': `/pricelevels(${list})`,
      'productid@odata.bind': `/products(${item})`,
      'uomid@odata.bind': `/uoms(${unit})`,
      amount: 50,
    };
    await client.create('productpricelevels', onList);
    expect((await client.send('POST', 'productpricelevels', onList)).errorCode).toBe('0x80043b0f');
    const line = {
      'productid@odata.bind': `/products(${item})`,
      'uomid@odata.bind': `/uoms(${unit})`,
      quantity: 2,
      priceperunit: 7,
    };
    const priceList = { 'pricelevelid@odata.bind': `/pricelevels(${list})` };
    const { id } = await order({ ...priceList, order_details: [line, { ...line, ispriceoverridden: true }] });
    expect(client.simulator.row('salesorder', id)?.['totalamount']).toBe(114);
    const without = await order({ order_details: [line] });
    expect(client.simulator.row('salesorder', without.id)?.['pricingerrorcode']).toBe(1);
    const { value } = await client.get(`salesorderdetails?$filter=_salesorderid_value eq ${without.id}`);
    expect(value[0]).toMatchObject({ pricingerrorcode: 2, productname: 'P1', salesorderdetailname: 'P1' });
  });

  it('refuse a write-in line with a product or without description', async () => {
    const { id } = await order();
    const parent = { 'salesorderid@odata.bind': `/salesorders(${id})`, quantity: 1 };
    expect(
      (await client.send('POST', 'salesorderdetails', { ...parent, isproductoverridden: true })).status,
    ).toBe(400);
    expect((await client.send('POST', 'salesorderdetails', { quantity: 1 })).status).toBe(400);
  });
});

describe('products, units, names, currencies', () => {
  it('refuse products without number, unit group or with a taken number', async () => {
    await client.create('products', product('P1'));
    const post = async (body: object) => (await client.send('POST', 'products', body)).errorCode;
    expect(await post({ name: 'x' })).toBe('0x80043b05');
    expect(await post({ name: 'x', productnumber: 'P2' })).toBe('0x80043b13');
    expect(await post(product('p1'))).toBe('0x80043b06');
    const other = await client.create('uomschedules', { name: 'Other', baseuomname: 'Hour' });
    const wrong = { 'defaultuomscheduleid@odata.bind': `/uomschedules(${other})` };
    expect(await post(product('P2', wrong))).toBe('0x80043b14');
  });

  it('are active or draft as the organisation column says, and never go back to draft', async () => {
    const active = await client.create('products', product('P1'));
    expect(client.simulator.row('product', active)).toMatchObject({ statecode: 0, statuscode: 1 });
    expect((await patch(`products(${active})`, { statecode: 2 })).errorCode).toBe('0x8004f912');
    const [organization] = (await client.get('organizations')).value;
    const setting = { createproductswithoutparentinactivestate: false };
    await patch(`organizations(${organization?.['organizationid']})`, setting);
    const draft = await client.create('products', product('P2'));
    expect(client.simulator.row('product', draft)).toMatchObject({ statecode: 2, statuscode: 0 });
    expect((await patch(`products(${draft})`, { statecode: 0 })).status).toBe(204);
    await patch(`products(${draft})`, { statecode: 1 });
    expect((await patch(`products(${draft})`, { statecode: 0 })).errorCode).toBe('0x8004f977');
  });

  it('change their unit group in draft and under revision only, and are for sale again after it', async () => {
    const id = await client.create('products', product('P1'));
    const other = await client.create('uomschedules', { name: 'Other', baseuomname: 'Hour' });
    const [hour] = (await client.get(`uoms?$filter=_uomscheduleid_value eq ${other}`)).value;
    const change = {
      'defaultuomscheduleid@odata.bind': `/uomschedules(${other})`,
      'defaultuomid@odata.bind': `/uoms(${hour?.['uomid']})`,
    };
    expect((await patch(`products(${id})`, change)).errorCode).toBe('0x8004f995');
    expect((await patch(`products(${id})`, { statecode: 3, statuscode: 3 })).status).toBe(204);
    expect((await patch(`products(${id})`, change)).status).toBe(204);
    expect((await patch(`products(${id})`, { statecode: 0, statuscode: 1 })).status).toBe(204);
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
    const id = await client.create('products', product('P1', onList));
    expect(client.simulator.row('product', id)?.['_pricelevelid_value']).toBeNull();
    expect((await patch(`products(${id})`, onList)).status).toBe(204);
    expect(client.simulator.row('product', id)?.['_pricelevelid_value']).toBe(list);
    const line = {
      'productid@odata.bind': `/products(${id})`,
      'uomid@odata.bind': `/uoms(${unit})`,
      amount: 5,
    };
    const lineId = await client.create('productpricelevels', { ...onList, ...line });
    expect(client.simulator.row('productpricelevel', lineId)?.['_transactioncurrencyid_value']).toBe(euro);
    expect((await client.send('POST', 'productpricelevels', line)).status).toBe(400);
  });

  it('make the base unit with its group and need it for further units', async () => {
    expect(client.simulator.row('uom', unit)).toMatchObject({
      name: 'Piece',
      quantity: 1,
      isschedulebaseuom: true,
    });
    const dozen = { name: 'Dozen', quantity: 12, 'uomscheduleid@odata.bind': `/uomschedules(${unitGroup})` };
    expect((await client.send('POST', 'uoms', dozen)).status).toBe(400);
    await client.create('uoms', { ...dozen, 'baseuom@odata.bind': `/uoms(${unit})` });
    expect((await client.send('DELETE', `uoms(${unit})`)).status).toBe(405);
    expect((await client.send('DELETE', `uomschedules(${unitGroup})`)).status).toBe(204);
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
    await patch(`organizations(${organization?.['organizationid']})`, { fullnameconventioncode });
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
    expect((await patch(path, { exchangerate: 2 })).status).toBe(400);
    expect((await patch(path, { currencysymbol: 'US$' })).status).toBe(204);
  });
});

describe('delete rules (dataverse-web-api section 11)', () => {
  it('restrict accounts with orders and currencies in use', async () => {
    const { account, id } = await order({ order_details: [writeIn(1, 1)] });
    const refused = await client.send('DELETE', `accounts(${account})`);
    expect([refused.status, refused.errorCode]).toEqual([405, '0x80040227']);
    const [currency] = (await client.get('transactioncurrencies')).value;
    const inUse = await client.send(
      'DELETE',
      `transactioncurrencies(${currency?.['transactioncurrencyid']})`,
    );
    expect(inUse.errorCode).toBe('0x80040227');
    expect((await client.send('DELETE', `salesorders(${id})`)).status).toBe(204);
    expect((await client.get('salesorderdetails/$count')).text).toBe('0');
    expect((await client.send('DELETE', `accounts(${account})`)).status).toBe(204);
  });

  it('take contacts along with their account and clear other lookups', async () => {
    const contact = await client.create('contacts', { lastname: 'Prime' });
    const account = await client.create('accounts', {
      name: 'A',
      'primarycontactid@odata.bind': `/contacts(${contact})`,
      contact_customer_accounts: [{ lastname: 'Child' }],
    });
    await client.send('DELETE', `contacts(${contact})`);
    expect(client.simulator.row('account', account)?.['_primarycontactid_value']).toBeNull();
    await client.send('DELETE', `accounts(${account})`);
    expect((await client.get('contacts/$count')).text).toBe('0');
  });

  it('keep users and the default team', async () => {
    const { UserId: user } = (await client.get('WhoAmI')).json;
    expect((await client.send('DELETE', `systemusers(${user})`)).status).toBe(405);
    const [team] = (await client.get('teams')).value;
    expect((await client.send('DELETE', `teams(${team?.['teamid']})`)).status).toBe(405);
  });
});

describe('team members', () => {
  it('are added, listed, filtered on and removed', async () => {
    const { UserId: user } = (await client.get('WhoAmI')).json;
    const team = await client.create('teams', {
      name: 'T',
      'businessunitid@odata.bind': `/businessunits(${(await client.get('WhoAmI')).json['BusinessUnitId']})`,
      'administratorid@odata.bind': `/systemusers(${user})`,
    });
    const reference = { '@odata.id': `${client.base}/systemusers(${user})` };
    await client.send('POST', `teams(${team})/teammembership_association/$ref`, reference);
    expect((await client.get(`teams(${team})/teammembership_association`)).value).toHaveLength(1);
    const filter = `teammembership_association/any(t:t/teamid eq ${team})`;
    expect((await client.get(`systemusers?$filter=${filter}`)).value).toHaveLength(1);
    await client.send('DELETE', `teams(${team})/teammembership_association(${user})/$ref`);
    expect((await client.get(`teams(${team})/teammembership_association/$count`)).text).toBe('0');
  });
});
