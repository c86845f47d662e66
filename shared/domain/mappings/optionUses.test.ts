/** Option numbers that mappings rely on, and what becomes of those an organisation does not have. */
import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { defaultMappings } from './catalog.ts';
import { column, constantToDataverse, pair, property } from './fieldBuilders.ts';
import { fitMapping } from './fitMapping.ts';
import type { TableMapping } from './model.ts';
import { missingOptions, type OptionUse, optionUses } from './optionUses.ts';

const kind = constantToDataverse(column('kind', 'picklist'), 7);
const size = pair(property('size', 'text'), column('size', 'picklist'), {
  direction: 'toDataverse',
  transformation: {
    rule: 'map',
    direction: 'toDataverse',
    options: { values: { small: 1, large: '2' }, otherwise: 3 },
  },
});
const things = thingMapping();
const mapping: TableMapping = {
  ...things,
  dataverse: { ...things.dataverse, filter: '(type eq 5 or 6 eq type) and limit eq 9 and name in (1)' },
  fields: [...things.fields, kind, size],
  templates: [
    { target: 'dataverse', priority: 0, sourceFilter: null, values: { type: 5, city: 8 } },
    { target: 'businessCentral', priority: 0, sourceFilter: null, values: { type: 99 } },
  ],
};
const columns = {
  name: { type: 'String' },
  city: { type: 'String' },
  limit: { type: 'Money' },
  ...{ type: { type: 'Picklist' }, kind: { type: 'Picklist' }, size: { type: 'Picklist' } },
};
const short = ({ place, field, value }: OptionUse) => `${place} ${field} ${value}`;
const lacking = (...missing: readonly number[]) =>
  missingOptions(optionUses(mapping, columns), () =>
    [1, 2, 3, 5, 6, 7].filter((value) => !missing.includes(value)).map((value) => ({ value, state: null })),
  );
const fitLacking = (...missing: readonly number[]) =>
  fitMapping(mapping, {
    companionApp: true,
    missingSets: new Set(),
    columns: new Set(Object.keys(columns)),
    maxLengths: new Map(),
    missingOptions: lacking(...missing),
  });

describe('the option numbers of a mapping', () => {
  it('are those of its filter, constants, value lists and templates, in option columns only (D-14)', () => {
    expect(optionUses(mapping, columns).map(short)).toEqual([
      'filter type 5',
      'filter type 6',
      'field kind 7',
      'field size 1',
      'field size 2',
      'field size 3',
      'template type 5',
    ]);
  });

  it('are not those of fields that are disabled or never travel to Sales', () => {
    const fields = [
      { ...kind, enabled: false },
      { ...size, direction: 'toBusinessCentral' as const },
    ];
    const uses = optionUses({ ...mapping, fields }, columns);
    expect(uses.filter(({ place }) => place === 'field')).toEqual([]);
  });

  it('of products and price lists are also those their rules write, statuses with their state (D-13)', () => {
    const all = defaultMappings('person', { priceExperience: 'new' });
    const ruled = all.flatMap((each) =>
      optionUses(each, {}).map((use) => `${each.name} ${use.column.table}.${short(use)}/${use.state}`),
    );
    expect(ruled).toContain('ITEM-PRODUCT product.rule producttypecode 1/null');
    expect(ruled).toContain('RESOURCE-PRODUCT product.rule producttypecode 3/null');
    expect(ruled).toContain('ITEM-PRODUCT product.rule statuscode 0/2');
    expect(ruled).toContain('ITEM-PRODUCT productpricelevel.rule pricingmethodcode 1/null');
    expect(ruled).toContain('PLHEADER-PRICE pricelevel.rule statuscode 100002/1');
  });

  it('are missing where the column offers others only, or the status for another state; unknown columns are not judged', () => {
    const use = {
      place: 'rule',
      field: 'statuscode',
      column: { table: 'a', attribute: 'statuscode' },
    } as const;
    const uses: readonly OptionUse[] = [{ ...use, value: 3, state: 1 }];
    expect(missingOptions(uses, () => null)).toEqual([]);
    expect(missingOptions(uses, () => [{ value: 3, state: 1 }])).toEqual([]);
    expect(missingOptions(uses, () => [{ value: 3, state: null }])).toEqual([]);
    expect(missingOptions(uses, () => [{ value: 3, state: 0 }])).toEqual(uses);
    expect(missingOptions(uses, () => [{ value: 4, state: 1 }])).toEqual(uses);
  });
});

describe('a mapping that relies on a number nobody has', () => {
  it('runs as it is where every number exists', () => {
    expect(fitLacking()).toEqual({ mapping, shortcomings: [] });
  });

  it('leaves out the field that would write it, and names mapping, field and number', () => {
    const { mapping: fitted, shortcomings } = fitLacking(7);
    expect(fitted.enabled).toBe(true);
    expect(fitted.fields.find(({ id }) => id === 'kind')?.enabled).toBe(false);
    expect(shortcomings).toMatchObject([{ code: 'option-missing', mapping: mapping.name, fields: ['kind'] }]);
    expect(shortcomings[0]?.message).toMatch(/runs without the field kind: it writes 7, .* column "kind"/);
  });

  it('does not run where its filter compares with it', () => {
    const { mapping: fitted, shortcomings } = fitLacking(6);
    expect(fitted.enabled).toBe(false);
    expect(shortcomings).toMatchObject([{ code: 'option-missing', fields: [] }]);
    expect(shortcomings[0]?.message).toMatch(/does not run: its filter compares the column "type" with 6,/);
  });

  it('runs and tells of it where a template says it', () => {
    const withoutFilter = { ...mapping, dataverse: { ...mapping.dataverse, filter: null } };
    const missing = missingOptions(optionUses(withoutFilter, columns), () => [{ value: 7, state: null }]);
    const { shortcomings } = fitMapping(withoutFilter, {
      companionApp: true,
      missingSets: new Set(),
      columns: new Set(Object.keys(columns)),
      maxLengths: new Map(),
      missingOptions: missing.filter(({ place }) => place === 'template'),
    });
    expect(shortcomings).toMatchObject([{ code: 'option-missing', fields: ['type'] }]);
    expect(shortcomings[0]?.message).toContain('cannot write the column "type": its template says 5');
  });
});
