import { describe, expect, it } from 'vitest';
import { guidOf, lookups, record, row } from '../../../../test/builders/records.ts';
import { mappingName } from '../../common/ids.ts';
import type { FieldValues } from '../../common/records.ts';
import { emptyContext, type RuleSubject } from '../../sync/entityRule.ts';
import { item } from './item.ts';
import { itemRule, resourceRule } from './productRule.ts';

const unit = row({ name: 'PCS', quantity: 1, isschedulebaseuom: true }, 70);
const group = row({ name: 'NAV PCS', statecode: 0 }, 71);
const unitGroups = new Map([['nav pcs', [{ row: group, units: [unit] }]]]);
const localCurrency = {
  mapping: mappingName('CURRENCY'),
  side: 'businessCentral',
  by: 'key',
  value: '',
} as const;
const known = lookups([[localCurrency, { status: 'coupled', id: guidOf('d', 80), key: 'GBP' }]], 'GBP');
const desk = { number: '1000', displayName: 'Desk', baseUnitOfMeasureCode: 'PCS', blocked: false };

function subject(values: FieldValues, changes: Partial<RuleSubject> = {}): RuleSubject {
  return {
    pass: 'toDataverse',
    businessCentral: record({ ...desk, ...values }),
    dataverse: null,
    insertOrdinal: 0,
    lookups: known,
    context: { ...emptyContext, unitGroups },
    waitingFields: [],
    isUnsettled: false,
    inputChanged: () => false,
    ...changes,
  };
}

function fieldOf(id: string) {
  const field = item.fields.find((candidate) => candidate.id === id);
  if (!field) throw new Error(`ITEM-PRODUCT has no field ${id}.`);
  return field;
}

function onModify(values: FieldValues, product: FieldValues, changes: Partial<RuleSubject> = {}) {
  const present = { defaultuomscheduleid: group.id, defaultuomid: unit.id, ...product };
  const outcome = itemRule.onModify(subject(values, { dataverse: row(present), ...changes }));
  return outcome.kind === 'values' ? outcome.values : outcome;
}

describe('values for a product', () => {
  it.each([
    ['price', { unitPrice: -1 }],
    ['quantityonhand', { inventory: -4 }],
  ])('count %s below zero as zero (E-102)', (id, values) => {
    expect(itemRule.transfer(fieldOf(id), subject(values))).toEqual({ kind: 'write', value: 0 });
    const positive = Object.fromEntries(Object.keys(values).map((name) => [name, 3]));
    expect(itemRule.transfer(fieldOf(id), subject(positive))).toBeNull();
  });

  it('tell the product type of each kind (E-101)', () => {
    expect(itemRule.onInsert(subject({}))).toMatchObject({
      values: { producttypecode: 1, quantitydecimal: 2 },
    });
    expect(resourceRule.onInsert(subject({}))).toMatchObject({ values: { producttypecode: 3 } });
  });

  it('need the local currency in Sales (E-102)', () => {
    const outcome = itemRule.onInsert(subject({}, { lookups: lookups([], 'GBP') }));
    expect(outcome).toMatchObject({ kind: 'problem', problem: { code: 'currency-not-found' } });
  });

  it('leave the units to the other pass where a user of Sales changed them (P1)', () => {
    const theirs = { defaultuomscheduleid: guidOf('d', 98), defaultuomid: guidOf('d', 99), statecode: 2 };
    const kept = onModify({}, theirs, { waitingFields: ['defaultuomscheduleid'] });
    expect(kept).toMatchObject({ defaultuomid: theirs.defaultuomid });
    expect(onModify({}, theirs)).toMatchObject({ defaultuomid: { id: unit.id } });
  });
});

describe('the state of a product', () => {
  it.each([
    ['retires an active product of a blocked item', true, 0, false, { statecode: 1, statuscode: 2 }],
    ['retires a product under revision of a blocked item', true, 3, false, { statecode: 1, statuscode: 2 }],
    ['brings a product back whose item was unblocked', false, 1, true, { statecode: 0, statuscode: 1 }],
  ])('%s (E-102)', (_case, blocked, statecode, changed, expected) => {
    expect(onModify({ blocked }, { statecode }, { inputChanged: () => changed })).toMatchObject(expected);
  });

  it.each([
    ['of a product retired in Sales while its item stayed as it was', false, 1],
    ['of an active product whose item is not blocked', false, 0],
    ['of a draft of a blocked item', true, 2],
  ])('is left alone %s (P1)', (_case, blocked, statecode) => {
    expect(onModify({ blocked }, { statecode })).not.toHaveProperty('statecode');
  });
});

describe('an item', () => {
  const from = { pass: 'toBusinessCentral', businessCentral: record(desk) } as const;

  it.each([
    [1, true],
    [2, true],
    [3, true],
    [0, false],
  ])(
    'is blocked as the state %i of its product says, once that changed: %s (E-104)',
    (statecode, blocked) => {
      const changed = subject({}, { ...from, dataverse: row({ statecode }), inputChanged: () => true });
      expect(itemRule.onModify(changed)).toEqual({ kind: 'values', values: { blocked } });
    },
  );

  it('keeps its block while the state of the product did not change (P1)', () => {
    const same = subject({}, { ...from, dataverse: row({ statecode: 0 }) });
    expect(itemRule.onModify(same)).toEqual({ kind: 'values', values: {} });
  });

  it('that stands for write-in lines is no product (default-mappings, ITEM-PRODUCT)', () => {
    const writeInProduct = { type: 'Item', number: '1000' } as const;
    const context = { ...emptyContext, salesSetup: { writeInProduct, hasDefaultPriceList: false } };
    expect(itemRule.isCandidate('toDataverse', record(desk), context)).toBe(false);
    expect(itemRule.isCandidate('toDataverse', record({ ...desk, number: '1001' }), context)).toBe(true);
    expect(resourceRule.isCandidate('toDataverse', record(desk), context)).toBe(true);
  });
});
