/** What a submitted document of Sales becomes in Business Central (documents.md section 4). */
import { describe, expect, it } from 'vitest';
import { guidOf, record, row } from '../../../test/builders/records.ts';
import { businessCentralId } from '../common/ids.ts';
import type { DataverseRow, FieldValues } from '../common/records.ts';
import { noStamp } from '../sync/companyStamp.ts';
import { missingLines, priceCorrections } from './completeDocument.ts';
import { priceWithoutTax } from './documentAmounts.ts';
import type { CoupledRecord, DocumentFacts } from './documentFacts.ts';
import { documentProblemCatalog } from './documentProblems.ts';
import {
  endStateOf,
  isUnstamped,
  stampSteps,
  stampValues,
  submitted,
  waitingOrdersFilter,
} from './orderStages.ts';
import { planDocument } from './planDocument.ts';
import { plannedFields } from './plannedFields.ts';

const accountId = guidOf('d', 10);
const productId = guidOf('d', 20);
const serviceId = guidOf('d', 21);
const currencyId = guidOf('d', 30);
const unitId = guidOf('d', 40);

const named = (id: string, values: FieldValues): [string, DataverseRow] => [
  id,
  { ...row(values), id: id as DataverseRow['id'] },
];
const coupledTo = (id: string, number: number, values: FieldValues | null): [string, CoupledRecord] => [
  id,
  {
    id: businessCentralId(guidOf('b', number)),
    record: values && { ...record(values, number), id: businessCentralId(guidOf('b', number)) },
  },
];
const chair: FieldValues = {
  number: 'CHAIR',
  displayName: 'Chair',
  type: 'Inventory',
  priceIncludesTax: false,
};

function facts(changes: Partial<DocumentFacts> = {}): DocumentFacts {
  return {
    accounts: new Map([named(accountId, { name: 'Contoso', customertypecode: 3 })]),
    contacts: new Map(),
    products: new Map([
      named(productId, { name: 'Chair', statecode: 0, producttypecode: 1 }),
      named(serviceId, { name: 'Fitting', statecode: 0, producttypecode: 3 }),
    ]),
    currencies: new Map([named(currencyId, { isocurrencycode: 'EUR' })]),
    customers: new Map([coupledTo(accountId, 1, { number: 'C1' })]),
    items: new Map([coupledTo(productId, 2, chair)]),
    resources: new Map([coupledTo(serviceId, 3, { number: 'FITTING', name: 'Fitting' })]),
    units: null,
    options: { paymentTerms: new Map(), shipmentMethods: new Map(), shippingAgents: new Map() },
    currencyCodes: new Set(['EUR']),
    localCurrencyCode: 'GBP',
    writeIn: {
      ...{ type: 'Item', number: 'WORK', isCoupled: false },
      record: { ...record({ number: 'WORK', type: 'Service' }, 9), id: businessCentralId(guidOf('b', 9)) },
    },
    freightAccount: '6110',
    ...changes,
  };
}

const order = (values: FieldValues = {}, lookupTables = {}): DataverseRow => ({
  ...row({ ordernumber: 'ORD-1', name: 'Chairs', customerid: accountId, statecode: 1, ...values }),
  lookupTables,
});
const line = (values: FieldValues = {}, number = 1): DataverseRow =>
  row({ sequencenumber: number, productid: productId, quantity: 2, priceperunit: 80, ...values }, number);
const writeIn = (values: FieldValues = {}, number = 1) =>
  line({ productid: null, productdescription: 'Assembly', ...values }, number);

function planned(header = order(), lines = [line()], known = facts(), type: 'order' | 'quote' = 'order') {
  const result = planDocument(type, { header, lines }, known);
  if (result.kind === 'problem') throw new Error(result.problem.code);
  return result.value;
}
function refused(header = order(), lines = [line()], known = facts(), type: 'order' | 'quote' = 'order') {
  const result = planDocument(type, { header, lines }, known);
  return result.kind === 'problem' ? result.problem.code : 'planned';
}
const valuesOf = (plan: ReturnType<typeof planned>) => plan.lines.map(({ values }) => values);

describe('candidates', () => {
  it('are submitted orders that were never taken, of our company or nobody (D-36, D-150)', () => {
    const stamp = 'lastbackofficesubmit';
    const waiting = `statecode eq 1 and (${stamp} eq null or ${stamp} eq 1900-01-01)`;
    expect(waitingOrdersFilter(null)).toBe(waiting);
    const company = guidOf('c', 1) as DataverseRow['id'];
    const column = '_bcbi_companyid_value';
    expect(waitingOrdersFilter(company)).toBe(
      `${waiting} and (${column} eq ${company} or ${column} eq null)`,
    );
  });

  it.each([
    [null, true],
    ['1900-01-01', true],
    ['1900-01-01T00:00:00.000Z', true],
    ['1899-12-31', false],
    ['1900-01-02', false],
    ['2026-03-10', false],
  ])('with the stamp %s are taken: %s (D-36, D-66)', (lastbackofficesubmit, isTaken) => {
    expect(isUnstamped(order({ lastbackofficesubmit }))).toBe(isTaken);
  });
});

describe('the customer', () => {
  const contactId = guidOf('d', 50);
  const contact = { customerid: contactId };
  const asContact = { customerid: 'contact' };
  it.each([
    ['none', order({ customerid: null }), facts(), 'ORDER_NO_CUSTOMER'],
    ['an account that is gone', order(), facts({ accounts: new Map() }), 'ORDER_NO_ACCOUNT'],
    [
      'an account of another type',
      order(),
      facts({ accounts: new Map([named(accountId, { customertypecode: 10 })]) }),
      'ORDER_ACCOUNT_NOT_CUSTOMER',
    ],
    ['an uncoupled account', order(), facts({ customers: new Map() }), 'ORDER_CUSTOMER_NOT_COUPLED'],
    [
      'a customer that is gone',
      order(),
      facts({ customers: new Map([coupledTo(accountId, 1, null)]) }),
      'ORDER_CUSTOMER_MISSING',
    ],
    ['a contact without account', order(contact, asContact), facts(), 'ORDER_NO_ACCOUNT'],
  ])('%s is an error (D-44)', (_what, header, known, code) => {
    expect(refused(header, [line()], known)).toBe(code);
  });

  it('of a contact is that of its parent account, whatever its type (D-44)', () => {
    const known = facts({
      accounts: new Map([named(accountId, { name: 'Contoso', customertypecode: 10 })]),
      contacts: new Map([named(contactId, { parentcustomerid: accountId })]),
    });
    expect(planned(order(contact, asContact), [line()], known).header['customerId']).toBe(guidOf('b', 1));
  });

  it('makes the same errors of quotes, with their own prefix (D-116)', () => {
    expect(refused(order({ customerid: null }), [], facts(), 'quote')).toBe('QUOTE_NO_CUSTOMER');
  });
});

describe('the header', () => {
  it('carries what Sales holds, in the order of its assignment (D-42, D-43)', () => {
    const options = {
      paymentTerms: new Map([[1, businessCentralId(guidOf('b', 71))]]),
      shipmentMethods: new Map([[2, businessCentralId(guidOf('b', 72))]]),
      shippingAgents: new Map([[4, 'UPS']]),
    };
    const header = order({
      ...{ name: 'n'.repeat(40), requestdeliveryby: '2026-04-15', transactioncurrencyid: currencyId },
      ...{
        shipto_name: 'not taken',
        shipto_line1: 'x'.repeat(120),
        shipto_city: 'Oslo',
        shipto_country: 'NO',
      },
      ...{ billto_line1: 'not possible', paymenttermscode: 1, freighttermscode: 2, shippingmethodcode: 4 },
      description: 'Handle with care',
    });
    const plan = planned(header, [], facts({ options }));
    expect(Object.entries(plan.header)).toEqual([
      ['customerId', guidOf('b', 1)],
      ['currencyCode', 'EUR'],
      ['requestedDeliveryDate', '2026-04-15'],
      ['shipToAddressLine1', 'x'.repeat(100)],
      ['shipToAddressLine2', ''],
      ['shipToPostCode', ''],
      ['shipToCity', 'Oslo'],
      ['shipToCountry', 'NO'],
      ['shipToState', ''],
      ['paymentTermsId', guidOf('b', 71)],
      ['shipmentMethodId', guidOf('b', 72)],
      ['externalDocumentNumber', 'n'.repeat(35)],
    ]);
    expect(plan.extras).toEqual({
      yourReference: 'ORD-1',
      shippingAgentCode: 'UPS',
      workDescription: 'Handle with care',
    });
  });

  it('leaves address and options to the customer where Sales has none, or no pair (D-42, D-45)', () => {
    const plan = planned(order({ paymenttermscode: 3, freighttermscode: null, shippingmethodcode: 9 }));
    expect(Object.keys(plan.header)).toEqual(['customerId', 'currencyCode', 'externalDocumentNumber']);
    expect(plan.extras).toEqual({ yourReference: 'ORD-1' });
  });

  it('makes no payment discount of the discount of the order (D-57)', () => {
    expect(planned(order({ discountpercentage: 5 })).extras).not.toHaveProperty('paymentDiscountPercent');
  });

  it('of a quote carries its end date and a bill-to address, and no delivery date (D-113)', () => {
    const quote = row({
      ...{ quotenumber: 'QUO-1', name: 'Chairs', customerid: accountId, effectiveto: '2026-05-01' },
      ...{ requestdeliveryby: '2026-04-15', billto_city: 'Oslo', billto_postalcode: '0150' },
    });
    const { header, extras } = planned(quote, [], facts(), 'quote');
    expect(header).toMatchObject({ validUntilDate: '2026-05-01', billToCity: 'Oslo' });
    expect(Object.keys(header).indexOf('billToCity')).toBeLessThan(
      Object.keys(header).indexOf('billToPostCode'),
    );
    expect(header).not.toHaveProperty('requestedDeliveryDate');
    expect(extras).toMatchObject({ yourReference: 'QUO-1' });
  });
});

describe('the currency', () => {
  it.each([
    ['the local one when the order has none', null, new Map(), 'GBP'],
    [
      'the local one by its code',
      currencyId,
      new Map([named(currencyId, { isocurrencycode: 'gbp' })]),
      'GBP',
    ],
  ])('is %s (D-60, D-61)', (_what, transactioncurrencyid, currencies, code) => {
    const plan = planned(order({ transactioncurrencyid }), [], facts({ currencies }));
    expect(plan.header['currencyCode']).toBe(code);
  });

  it('must exist on both sides (D-60)', () => {
    const inEuro = order({ transactioncurrencyid: currencyId });
    expect(refused(inEuro, [], facts({ currencyCodes: new Set() }))).toBe('CURRENCY_NOT_FOUND');
    expect(refused(inEuro, [], facts({ currencies: new Map() }))).toBe('DV_CURRENCY_NOT_FOUND');
  });
});

describe('lines', () => {
  it('are numbered in steps of 10,000 over product and comment lines, by their sequence in Sales (D-47)', () => {
    const plan = planned(order(), [
      writeIn({ description: 'Second' }, 2),
      line({ description: 'First\nmore' }, 1),
    ]);
    expect(valuesOf(plan)).toMatchObject([
      { sequence: 10000, itemId: guidOf('b', 2) },
      { sequence: 20000, lineType: 'Comment', description: 'First' },
      { sequence: 30000, lineType: 'Comment', description: 'more' },
      { sequence: 40000, itemId: guidOf('b', 9), description: 'Second' },
    ]);
  });

  it('of an order without any are none (D-47)', () => {
    expect(planned(order(), []).lines).toEqual([]);
  });

  it('send product, unit, quantity, price and discount in this order (D-48, D-62, D-64)', () => {
    const units = {
      items: new Map([coupledTo(unitId, 5, { code: 'BOX', itemNumber: 'CHAIR' })]),
      resources: new Map(),
    };
    const discounted = { uomid: unitId, volumediscountamount: 1.5, manualdiscountamount: 4 };
    const [values] = valuesOf(planned(order(), [line(discounted)], facts({ units })));
    expect(Object.entries(values ?? {})).toEqual([
      ['sequence', 10000],
      ['itemId', guidOf('b', 2)],
      ['unitOfMeasureCode', 'BOX'],
      ['quantity', 2],
      ['unitPrice', 80],
      ['discountAmount', 7],
    ]);
  });

  it('of services name their resource (D-49)', () => {
    expect(valuesOf(planned(order(), [line({ productid: serviceId })]))).toMatchObject([
      { lineType: 'Resource', lineObjectNumber: 'FITTING' },
    ]);
  });

  it.each([
    [
      'is not active',
      { products: new Map([named(productId, { statecode: 1, producttypecode: 1 })]) },
      'PRODUCT_NOT_ACTIVE',
    ],
    ['is not coupled', { items: new Map() }, 'PRODUCT_NOT_COUPLED'],
    ['lost its item', { items: new Map([coupledTo(productId, 2, null)]) }, 'ITEM_MISSING'],
    [
      'is a flat fee',
      { products: new Map([named(productId, { statecode: 0, producttypecode: 4 })]) },
      'PRODUCT_TYPE_UNSUPPORTED',
    ],
    [
      'is a charge',
      { products: new Map([named(productId, { statecode: 0, producttypecode: 2 })]) },
      'PRODUCT_TYPE_UNSUPPORTED',
    ],
  ] as const)('with a product that %s fail the order (D-49)', (_what, changes, code) => {
    expect(refused(order(), [line({}, 1), line({}, 2)], facts(changes))).toBe(`ORDER_${code}`);
  });

  it.each([
    [{ resources: new Map() }, 'RESOURCE_NOT_COUPLED'],
    [{ resources: new Map([coupledTo(serviceId, 3, null)]) }, 'RESOURCE_MISSING'],
  ] as const)('with a service without a resource fail the order: %#, %s (D-49)', (changes, code) => {
    expect(refused(order(), [line({ productid: serviceId })], facts(changes))).toBe(`ORDER_${code}`);
  });

  it('without a product need a write-in product that fits and is not coupled (D-50, D-51)', () => {
    const inventory = { ...record({ number: 'WORK', type: 'Inventory' }, 9) };
    const known = facts().writeIn;
    if (!known) throw new Error('set up above');
    const lines = [writeIn()];
    expect(refused(order(), lines, facts({ writeIn: null }))).toBe('ORDER_WRITEIN_NOT_CONFIGURED');
    expect(refused(order(), lines, facts({ writeIn: { ...known, record: null } }))).toBe(
      'ORDER_WRITEIN_NOT_CONFIGURED',
    );
    expect(refused(order(), lines, facts({ writeIn: { ...known, record: inventory } }))).toBe(
      'ORDER_WRITEIN_NOT_CONFIGURED',
    );
    expect(refused(order(), lines, facts({ writeIn: { ...known, isCoupled: true } }))).toBe(
      'WRITEIN_PRODUCT_COUPLED',
    );
  });

  it('map units where items have units of their own, but never on write-in lines (D-53)', () => {
    const none = { items: new Map(), resources: new Map() };
    const gone = { items: new Map([coupledTo(unitId, 5, null)]), resources: new Map() };
    const others = {
      items: new Map([coupledTo(unitId, 5, { code: 'BOX', itemNumber: 'TABLE' })]),
      resources: new Map([coupledTo(unitId, 6, null)]),
    };
    const lines = [line({ uomid: unitId })];
    expect(refused(order(), lines, facts({ units: none }))).toBe('ORDER_UOM_NOT_COUPLED');
    expect(refused(order(), lines, facts({ units: gone }))).toBe('ORDER_ITEM_UOM_MISSING');
    expect(refused(order(), lines, facts({ units: others }))).toBe('ORDER_ITEM_UOM_MISSING');
    expect(refused(order(), [line({ uomid: unitId, productid: serviceId })], facts({ units: others }))).toBe(
      'ORDER_RESOURCE_UOM_MISSING',
    );
    expect(
      valuesOf(planned(order(), [writeIn({ uomid: unitId })], facts({ units: none })))[0],
    ).not.toHaveProperty('unitOfMeasureCode');
  });
});

describe('texts of lines', () => {
  it('of write-in lines fill the description, and comment lines of 100 characters after it (D-52)', () => {
    const text = `${'a'.repeat(100)}${'b'.repeat(100)}c\r\nlast`;
    const plan = planned(order(), [writeIn({ description: text })]);
    expect(valuesOf(plan).map(({ description }) => description)).toEqual([
      'a'.repeat(100),
      'b'.repeat(100),
      'c',
      'last',
    ]);
  });

  it('are the product description where the first line is blank (D-52)', () => {
    expect(valuesOf(planned(order(), [writeIn({ description: '  ' })]))).toMatchObject([
      { description: 'Assembly' },
    ]);
  });

  it('of product lines are comments, unless an order says what Business Central says anyway (D-52, D-114)', () => {
    const lines = [line({ description: 'Chair' })];
    expect(planned(order(), lines).lines).toHaveLength(1);
    expect(planned(order(), lines, facts(), 'quote').lines).toHaveLength(2);
    const [product, comment] = valuesOf(planned(order(), [line({ description: 'Blue, please' })]));
    expect(product).not.toHaveProperty('description');
    expect(comment).toEqual({ sequence: 20000, lineType: 'Comment', description: 'Blue, please' });
  });

  it('are never cut inside a character (D-52)', () => {
    const plan = planned(order(), [writeIn({ description: `${'a'.repeat(99)}😀b` })]);
    expect(valuesOf(plan).map(({ description }) => description)).toEqual(['a'.repeat(99), '😀b']);
  });
});

describe('amounts', () => {
  it('of the order discount are the lines less what is left of them (D-55)', () => {
    const totals = { totallineitemamount: 200, totalamountlessfreight: 180 };
    expect(planned(order({ ...totals, discountamount: 10, discountpercentage: 5 })).discountAmount).toBe(20);
    expect(planned(order(totals)).discountAmount).toBe(0);
  });

  it('of a discount need a line to be given on (D-56)', () => {
    const totals = { totallineitemamount: 200, totalamountlessfreight: 180, discountamount: 20 };
    expect(refused(order(totals), [])).toBe('ORDER_DISCOUNT_NO_BASE');
  });

  it('of freight become a line of the account behind all others (D-58)', () => {
    const [, freight] = valuesOf(planned(order({ freightamount: 45 })));
    expect(freight).toMatchObject({
      sequence: 20000,
      lineType: 'Account',
      lineObjectNumber: '6110',
      quantity: 1,
      unitPrice: 45,
    });
    expect(planned(order({ freightamount: -1 })).lines).toHaveLength(1);
    expect(refused(order({ freightamount: 45 }), [line()], facts({ freightAccount: null }))).toBe(
      'ORDER_FREIGHT_ACCOUNT_MISSING',
    );
    expect(refused(order({ freightamount: 45 }), [])).toBe('ORDER_FREIGHT_NO_LINES');
  });

  it('of tax are never taken from Sales (D-59)', () => {
    const plan = planned(order({ totaltax: 20 }), [line({ tax: 20 })]);
    expect(JSON.stringify(plan)).not.toMatch(/"tax|"totalTax/);
  });

  it('that contain tax lose it once the rate is known, in orders without tax in their prices (D-63)', () => {
    expect(priceWithoutTax(100, 25)).toBe(80);
    const taxed = facts({ items: new Map([coupledTo(productId, 2, { ...chair, priceIncludesTax: true })]) });
    const { lines } = planned(order(), [line({ priceperunit: 100, manualdiscountamount: 5 })], taxed);
    const existing = { id: 'l1', etag: 'e', values: { sequence: 10000, unitPrice: 100, taxPercent: 25 } };
    expect(priceCorrections(lines, [existing], false)).toEqual([
      { line: existing, values: { unitPrice: 80, discountAmount: 5 } },
    ]);
    expect(priceCorrections(lines, [existing], true)).toEqual([]);
    const corrected = { ...existing, values: { ...existing.values, unitPrice: 80 } };
    expect(priceCorrections(lines, [corrected], false)).toEqual([]);
    expect(planned(order(), [line()], taxed, 'quote').lines[0]?.hasTaxInPrice).toBe(false);
  });
});

describe('an order that exists in part', () => {
  it('gets the lines whose numbers are missing, and keeps what users added (D-70)', () => {
    const { lines } = planned(order(), [line({}, 1), line({}, 2)]);
    const existing = [
      { id: 'l1', etag: 'e', values: { sequence: 10000 } },
      { id: 'l9', etag: 'e', values: { sequence: 15000 } },
    ];
    expect(missingLines(lines, existing).map(({ sequence }) => sequence)).toEqual([20000]);
  });
});

describe('the stamp', () => {
  const date = { lastbackofficesubmit: '2026-03-10' };
  it('is written between opening and submitting the order again (D-20, D-21, D-40)', () => {
    expect(stampSteps(order(), date, endStateOf(order()))).toEqual({ open: true, values: date, close: true });
    expect(stampSteps(order(), {}, submitted)).toEqual({ open: false, values: null, close: false });
  });

  it('repairs an order that was left open, and submits none that a user opened (D-21)', () => {
    const active = order({ statecode: 0 });
    expect(stampSteps(active, {}, submitted)).toEqual({ open: false, values: null, close: true });
    expect(stampSteps(active, date, null)).toEqual({ open: false, values: date, close: false });
  });

  it.each([2, 3, 4])('leaves an order in state %s alone', (statecode) => {
    expect(stampSteps(order({ statecode }), date, submitted)).toEqual({
      open: false,
      values: null,
      close: false,
    });
  });

  it('carries our company and the day, each where it is missing (D-40, D-146)', () => {
    const company = guidOf('c', 1) as DataverseRow['id'];
    const stamp = { ...noStamp, company };
    expect(stampValues(order(), stamp, '2026-03-10')).toEqual({
      bcbi_companyid: { table: 'bcbi_company', id: company },
      lastbackofficesubmit: '2026-03-10',
    });
    const stamped = order({ bcbi_companyid: company, lastbackofficesubmit: '2026-01-01' });
    expect(stampValues(stamped, stamp, '2026-03-10')).toEqual({});
  });
});

describe('the plan of an order', () => {
  it('names every value with the field it goes to and the column it comes from', () => {
    const plan = planned(
      order({
        shipto_city: 'Oslo',
        discountamount: 1,
        totallineitemamount: 160,
        totalamountlessfreight: 159,
      }),
    );
    const fields = plannedFields('order', plan);
    expect(fields).toContainEqual({
      businessCentralField: 'shipToCity',
      attribute: 'shipto_city',
      before: null,
      after: 'Oslo',
    });
    expect(fields).toContainEqual({
      businessCentralField: 'discountAmount',
      attribute: 'discountamount',
      before: null,
      after: 1,
    });
    expect(fields).toContainEqual({
      ...{ businessCentralField: 'salesOrderLines(10000)/unitPrice', attribute: 'priceperunit' },
      ...{ before: null, after: 80 },
    });
  });
});

describe('codes of documents', () => {
  it('are unique, and each tells what to do', () => {
    const entries = documentProblemCatalog();
    expect(new Set(entries.map(({ code }) => code)).size).toBe(entries.length);
    expect(entries.every(({ suggestion }) => suggestion.endsWith('.'))).toBe(true);
  });
});
