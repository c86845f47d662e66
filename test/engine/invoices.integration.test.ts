/** Posted invoices become invoices of Sales with their lines, totals, state and order (D-121 to D-132, E-108 to E-110). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import {
  accountOfCustomer,
  addInvoice,
  detailsOf,
  invoice,
  invoiceErrorCodes,
  invoiceJob,
  itemLine,
  lineMapping,
  startInvoiceWorld,
  synchroniseInvoices,
} from './invoiceWorld.ts';
import { addItem, defaultList, priceList, product } from './productWorld.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startInvoiceWorld();
});
afterEach(() => world.close());

describe('a new invoice', () => {
  it('is made with its lines, its totals and its state at once, and coupled (D-126, D-127, D-130, D-132, E-110)', async () => {
    addInvoice(world, 'INV-1', [
      itemLine(),
      itemLine({
        type: 'Resource',
        number: 'LINA',
        description: 'Lina',
        unitOfMeasureCode: 'HOUR',
        quantity: 1,
        unitPrice: 50,
        lineDiscountAmount: 5,
        invoiceDiscountAmount: 3,
        amount: 42,
        amountIncludingTax: 52.5,
        lineAmount: 45,
      }),
    ]);
    const [row] = await synchroniseInvoices(world);
    expect(row?.counts).toMatchObject({ inserted: 1, failed: 0 });
    expect(invoice(world, 'INV-1')).toMatchObject({
      name: 'INV-1',
      _customerid_value: accountOfCustomer(world),
      _pricelevelid_value: priceList(world, defaultList)?.['pricelevelid'],
      duedate: '2026-03-31',
      datedelivered: '2026-03-02',
      shipto_city: 'Leeds',
      billto_name: 'Customer 10000',
      discountamount: 3,
      freightamount: 0,
      discountpercentage: 0,
      totalamount: 77.5,
      totalamountlessfreight: 62,
      totaltax: 15.5,
      totallineitemdiscountamount: 5,
      statecode: 0,
      statuscode: 4,
    });
    expect(detailsOf(world, 'INV-1')).toMatchObject([
      {
        lineitemnumber: 10_000,
        quantity: 2,
        priceperunit: 10,
        tax: 5,
        baseamount: 20,
        extendedamount: 25,
        ispriceoverridden: true,
        _productid_value: product(world, '1000')?.['productid'],
        _uomid_value: product(world, '1000')?.['_defaultuomid_value'],
        shipto_city: 'Leeds',
        actualdeliveryon: '2026-03-02',
      },
      {
        lineitemnumber: 20_000,
        manualdiscountamount: 5,
        baseamount: 50,
        extendedamount: 55.5,
        tax: 10.5,
        _productid_value: product(world, 'LINA')?.['productid'],
      },
    ]);
    expect(await couplingsOf(world, invoiceJob)).toMatchObject([
      { state: 'synchronized', businessCentralName: 'INV-1 Customer 10000' },
    ]);
  });

  it('has rows of the log for its lines under their own mapping, and they have no couplings (E-9, E-151)', async () => {
    addInvoice(world, 'INV-1', [itemLine(), itemLine({ number: '1001' })]);
    await synchroniseInvoices(world);
    const { rows } = await world.ports.logs.listSyncJobs(
      { mapping: lineMapping as never },
      { top: 10, continuation: null },
    );
    expect(rows).toMatchObject([{ job: lineMapping, counts: { inserted: 2, failed: 0 } }]);
    expect(await couplingsOf(world, lineMapping)).toEqual([]);
  });

  it('is made for those a user chose only, unless everything is synchronised (D-121)', async () => {
    addInvoice(world, 'INV-1');
    const [row] = await world.run(invoiceJob);
    expect(row?.counts).toMatchObject({ inserted: 0, failed: 0 });
    expect(world.dataverse.rows('invoice')).toEqual([]);
  });

  it('is paid, partly paid or canceled from the beginning where it is in Business Central (D-132)', async () => {
    addInvoice(world, 'PAID', [itemLine()], { remainingAmount: 0 });
    addInvoice(world, 'PART', [itemLine()], { remainingAmount: 5 });
    addInvoice(world, 'GONE', [itemLine()], { remainingAmount: 0, cancelled: true });
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(invoice(world, 'PAID')).toMatchObject({ statecode: 2, statuscode: 100001 });
    expect(invoice(world, 'PART')).toMatchObject({ statecode: 2, statuscode: 100002 });
    expect(invoice(world, 'GONE')).toMatchObject({ statecode: 3, statuscode: 100003 });
    expect(detailsOf(world, 'PAID')).toHaveLength(1);
  });

  it('takes the text of its shipment method for a description, and its own where it has one (D-125)', async () => {
    world.businessCentral.create('shipmentMethods', { code: 'EXW', displayName: 'Ex warehouse' });
    addInvoice(world, 'INV-1', [itemLine()], { shipmentMethodCode: 'EXW' });
    addInvoice(world, 'INV-2', [itemLine()], { shipmentMethodCode: 'EXW', workDescription: 'By hand' });
    await synchroniseInvoices(world);
    expect(invoice(world, 'INV-1')?.['description']).toBe('Ex warehouse');
    expect(invoice(world, 'INV-2')?.['description']).toBe('By hand');
  });

  it('gets a price list in its currency, made once, with the prices that are missing (D-124, D-129)', async () => {
    for (const code of ['EUR', 'USD']) {
      world.businessCentral.create('currencies', { code, displayName: code, symbol: code } as never);
      const rate = { currencyCode: code, startingDate: '2026-01-01', exchangeRateAmount: 1 };
      world.businessCentral.create('currencyExchangeRates', {
        ...rate,
        relationalExchangeRateAmount: 0.8,
      } as never);
    }
    await world.run('CURRENCY', 'fullSync');
    addInvoice(world, 'INV-1', [itemLine({ unitPrice: 12, amount: 24, amountIncludingTax: 24 })], {
      currencyCode: 'EUR',
    });
    addInvoice(world, 'INV-2', [itemLine({ unitPrice: 13, amount: 26, amountIncludingTax: 26 })], {
      currencyCode: 'EUR',
    });
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    const list = priceList(world, 'Price List in EUR');
    expect(
      world.dataverse.rows('pricelevel').filter(({ name }) => name === 'Price List in EUR'),
    ).toHaveLength(1);
    expect(invoice(world, 'INV-2')?.['_pricelevelid_value']).toBe(list?.['pricelevelid']);
    const prices = world.dataverse
      .rows('productpricelevel')
      .filter((row) => row['_pricelevelid_value'] === list?.['pricelevelid']);
    expect(prices).toMatchObject([{ amount: 12, _productid_value: product(world, '1000')?.['productid'] }]);
  });

  it('has write-in lines for accounts, texts and what is no product in Sales, and never a price for them (D-122, D-127)', async () => {
    addItem(world, 'SERVICE', { type: 'Service' });
    world.businessCentral.edit(
      'integrationSetup',
      String(world.businessCentral.records('integrationSetup')[0]?.['id']),
      { writeInProductType: 'Item', writeInProductNumber: 'SERVICE' },
    );
    addInvoice(world, 'INV-1', [
      itemLine({ type: 'G_x002F_L_x0020_Account', number: '6110', description: 'Freight' }),
      itemLine({
        type: '_x0020_',
        number: '',
        description: 'Thank you',
        quantity: 0,
        unitPrice: 0,
        amount: 0,
        amountIncludingTax: 0,
      }),
      itemLine({ number: 'SERVICE', description: 'Anything' }),
    ]);
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(detailsOf(world, 'INV-1')).toMatchObject(
      [
        { isproductoverridden: true, productdescription: '6110 Freight.', _productid_value: null },
        { isproductoverridden: true, productdescription: 'Thank you.', quantity: 0 },
        { isproductoverridden: true, productdescription: 'SERVICE Anything.' },
      ].map(({ _productid_value, ...rest }: Record<string, unknown>) => rest),
    );
  });

  it('takes tax off prices that include it, and adds one rounding line for what is left (D-127, D-131)', async () => {
    addInvoice(world, 'INV-1', [
      itemLine({ quantity: 3, unitPrice: 10, amount: 24, amountIncludingTax: 30, lineAmount: 30 }),
      itemLine({
        number: '1001',
        quantity: 3,
        unitPrice: 3.33,
        amount: 7.99,
        amountIncludingTax: 9.99,
        lineAmount: 9.99,
      }),
    ]);
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(detailsOf(world, 'INV-1')).toMatchObject([
      { priceperunit: 8, tax: 6, extendedamount: 30 },
      { priceperunit: 2.66, tax: 2 },
      { productdescription: 'Rounding', quantity: 1, priceperunit: 0.01 },
    ]);
    expect(invoice(world, 'INV-1')?.['totalamount']).toBe(39.99);
  });
});

describe('the order of an invoice', () => {
  function order(customer: string) {
    const list = String(priceList(world, defaultList)?.['pricelevelid']);
    const values = {
      ordernumber: 'ORD-1',
      name: 'Chairs for all',
      'customerid_account@odata.bind': `/accounts(${customer})`,
      'pricelevelid@odata.bind': `/pricelevels(${list})`,
    };
    return world.dataverse.create('salesorder', values as never, 'alice');
  }

  it('gives it name, customer, price list and owner, and is linked to it (D-124, E-109)', async () => {
    const row = order(String(accountOfCustomer(world)));
    addInvoice(world, 'INV-1', [itemLine()], { yourReference: 'ORD-1' });
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual([]);
    expect(invoice(world, 'INV-1')).toMatchObject({
      name: 'Chairs for all',
      _salesorderid_value: row['salesorderid'],
      _pricelevelid_value: row['_pricelevelid_value'],
      _ownerid_value: row['_ownerid_value'],
    });
  });

  it('must be for the same customer: a changed one is an error (D-124, E-109)', async () => {
    const other = world.dataverse.create('account', { name: 'Other' }, 'alice');
    order(String(other['accountid']));
    addInvoice(world, 'INV-1', [itemLine()], { yourReference: 'ORD-1' });
    await synchroniseInvoices(world);
    expect(await invoiceErrorCodes(world)).toEqual(['invoice-customer-changed']);
    expect(world.dataverse.rows('invoice')).toEqual([]);
  });
});
