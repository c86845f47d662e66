import { describe, expect, it } from 'vitest';
import { guidOf, lookups, record, row } from '../../../../test/builders/records.ts';
import { mappingName } from '../../common/ids.ts';
import type { FieldValues } from '../../common/records.ts';
import { emptyContext, type RuleContext, type RuleSubject } from '../../sync/entityRule.ts';
import { type GroupPrice, groupPriceOf } from '../../sync/groupPrices.ts';
import type { LookupAnswer, Reference } from '../../sync/lookups.ts';
import { priceLineRule } from './priceLineRule.ts';
import { customerPriceGroupRule, priceListHeaderRule } from './priceListRule.ts';

const pound = guidOf('d', 80);
const euro = guidOf('d', 81);
const desk = guidOf('d', 90);
const unitRow = row({ name: 'PCS', quantity: 1, isschedulebaseuom: true }, 70);
const groupRow = row({ name: 'NAV PCS', statecode: 0 }, 71);
const unitGroups = new Map([['nav pcs', [{ row: groupRow, units: [unitRow] }]]]);

function reference(mapping: string, value: string): Reference {
  return { mapping: mappingName(mapping), side: 'businessCentral', by: 'key', value };
}

const answers: readonly (readonly [Reference, LookupAnswer])[] = [
  [reference('CURRENCY', ''), { status: 'coupled', id: pound, key: '' }],
  [reference('CURRENCY', 'EUR'), { status: 'coupled', id: euro, key: 'EUR' }],
  [reference('ITEM-PRODUCT', '1000'), { status: 'coupled', id: desk, key: '1000' }],
  [reference('ITEM-PRODUCT', '1001'), { status: 'notCoupled' }],
  [reference('CUSTPRCGRP-PRICE', 'RETAIL'), { status: 'coupled', id: guidOf('d', 60), key: 'RETAIL' }],
];

function price(values: FieldValues): GroupPrice {
  return groupPriceOf(guidOf('b', 1), { itemNumber: '1000', unitOfMeasureCode: 'PCS', ...values });
}

function subject(values: FieldValues, changes: Partial<RuleSubject> = {}): RuleSubject {
  return {
    pass: 'toDataverse',
    businessCentral: record(values),
    dataverse: null,
    insertOrdinal: 0,
    lookups: lookups(answers, 'GBP'),
    context: { ...emptyContext, unitGroups },
    waitingFields: [],
    isUnsettled: false,
    inputChanged: () => true,
    ...changes,
  };
}

function withPrices(...prices: readonly GroupPrice[]): RuleContext {
  return { ...emptyContext, unitGroups, groupPrices: new Map([['RETAIL', prices]]) };
}

const group = { code: 'RETAIL', description: 'Retail customers' };

describe('a price list made of a price group', () => {
  it('gets the currency of its first price, and its description once (E-105)', () => {
    const context = withPrices(price({ currencyCode: 'EUR' }));
    expect(customerPriceGroupRule.onInsert(subject(group, { context }))).toEqual({
      kind: 'values',
      values: {
        transactioncurrencyid: { table: 'transactioncurrency', id: euro },
        description: 'Retail customers',
      },
    });
  });

  it('gets the local currency when it has no price (E-105)', () => {
    const outcome = customerPriceGroupRule.onInsert(subject(group, { context: withPrices() }));
    expect(outcome).toMatchObject({ values: { transactioncurrencyid: { id: pound } } });
  });

  it.each([
    ['price-currency-mismatch', [price({}), price({ currencyCode: 'EUR' })]],
    ['product-not-synchronisable', [price({ itemNumber: '1001' })]],
    ['unit-group-not-found', [price({ unitOfMeasureCode: 'BOX' })]],
  ])('fails as %s as a whole (E-105)', (code, prices) => {
    const outcome = customerPriceGroupRule.onInsert(subject(group, { context: withPrices(...prices) }));
    expect(outcome).toMatchObject({ kind: 'problem', problem: { code } });
  });

  it('takes a blank currency and the code of the local one for the same (E-73, E-105)', () => {
    const context = withPrices(price({}), price({ currencyCode: 'GBP' }));
    expect(customerPriceGroupRule.onInsert(subject(group, { context })).kind).toBe('values');
  });

  it('must keep the currency its prices have (E-105)', () => {
    const modified = (currency: string) =>
      customerPriceGroupRule.onModify(
        subject(group, {
          context: withPrices(price({})),
          dataverse: row({ transactioncurrencyid: currency }),
        }),
      );
    expect(modified(pound)).toEqual({ kind: 'values', values: {} });
    expect(modified(euro)).toMatchObject({ kind: 'problem', problem: { code: 'price-currency-mismatch' } });
  });

  it('asks for its items first, so that those which may be created are there (E-66, E-105)', () => {
    const context = withPrices(price({}), price({ itemNumber: '1001' }));
    const asked = customerPriceGroupRule.references('toDataverse', record(group), context);
    const items = asked.filter(({ synchroniseFirst }) => synchroniseFirst);
    expect(items.map(({ mapping, value }) => `${mapping} ${value}`)).toEqual([
      'ITEM-PRODUCT 1000',
      'ITEM-PRODUCT 1001',
    ]);
  });
});

describe('a price list of the new price experience', () => {
  it.each([
    [true, true, true],
    [false, false, true],
    [true, false, false],
    [false, true, false],
  ])(
    'that allows updating defaults (%s) with a default list (%s) takes part: %s (E-106)',
    (allows, has, expected) => {
      const salesSetup = { writeInProduct: null, hasDefaultPriceList: has };
      const source = record({ code: 'S1', allowUpdatingDefaults: allows });
      const context = { ...emptyContext, salesSetup };
      expect(priceListHeaderRule.isCandidate('toDataverse', source, context)).toBe(expected);
    },
  );
});

describe('a price line', () => {
  const values = { salesCode: 'RETAIL', itemNumber: '1000', unitOfMeasureCode: 'PCS' };

  it('has the unit of its price (E-106)', () => {
    expect(priceLineRule.onInsert(subject(values))).toMatchObject({
      kind: 'values',
      values: {
        uomid: { table: 'uom', id: unitRow.id },
        uomscheduleid: { table: 'uomschedule', id: groupRow.id },
      },
    });
  });

  it('has the base unit of its item where its price names none (E-106)', () => {
    const blank = { ...values, unitOfMeasureCode: '' };
    const context = { ...emptyContext, unitGroups, baseUnits: new Map([['Item|1000', 'PCS']]) };
    expect(priceLineRule.onInsert(subject(blank, { context }))).toMatchObject({
      values: { uomid: { id: unitRow.id } },
    });
    expect(priceLineRule.onInsert(subject(blank))).toMatchObject({ problem: { code: 'base-unit-missing' } });
  });

  it.each([
    [guidOf('d', 60), unitRow.id, true],
    [guidOf('d', 61), unitRow.id, false],
    [guidOf('d', 60), guidOf('d', 99), false],
  ])('on list %s in unit %s is its counterpart: %s (E-27)', (pricelevelid, uomid, expected) => {
    const { match } = priceLineRule;
    expect(match?.value(subject(values))).toBe(desk);
    expect(match?.isCounterpart(subject(values), row({ pricelevelid, uomid, productid: desk }))).toBe(
      expected,
    );
  });
});
