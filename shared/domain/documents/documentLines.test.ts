/** Lines of a document, their texts and amounts (D-47 to D-64). */
import { describe, expect, it } from 'vitest';
import {
  chair,
  coupledTo,
  facts,
  line,
  named,
  order,
  planned,
  productId,
  refused,
  serviceId,
  unitId,
  valuesOf,
  writeIn,
} from '../../../test/builders/documents.ts';
import { guidOf, record } from '../../../test/builders/records.ts';
import { priceCorrections } from './completeDocument.ts';
import { priceWithoutTax } from './documentAmounts.ts';

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
