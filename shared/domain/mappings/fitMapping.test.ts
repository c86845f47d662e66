import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { column, companion, pair } from './fieldBuilders.ts';
import { fitMapping, type Surroundings } from './fitMapping.ts';

const extra = pair(companion('thingExtras', 'fax', 'text', 30), column('fax', 'string', { maxLength: 50 }));
const things = thingMapping();
const mapping = {
  ...things,
  fields: [...things.fields, extra],
  businessCentral: { ...things.businessCentral, companions: ['thingExtras'] },
};
const everything: Surroundings = {
  companionApp: true,
  missingSets: new Set(),
  columns: new Set(['name', 'city', 'limit', 'fax']),
  maxLengths: new Map(),
  missingOptions: [],
};

describe('a mapping', () => {
  it('stays as it is where everything exists', () => {
    expect(fitMapping(mapping, everything)).toEqual({ mapping, shortcomings: [] });
  });

  it('runs without the fields of companion sets where the companion app is missing', () => {
    const { mapping: fitted, shortcomings } = fitMapping(mapping, { ...everything, companionApp: false });
    expect(fitted.enabled).toBe(true);
    expect(fitted.businessCentral.companions).toEqual([]);
    expect(fitted.fields.filter(({ enabled }) => enabled).map(({ id }) => id)).toEqual([
      'name',
      'city',
      'limit',
    ]);
    expect(shortcomings).toMatchObject([{ code: 'companion-app-missing', fields: ['fax'] }]);
  });

  it('runs without the fields of a page that an older companion app lacks', () => {
    const missingSets = new Set(['thingExtras']);
    const { shortcomings } = fitMapping(mapping, { ...everything, missingSets });
    expect(shortcomings).toMatchObject([{ code: 'entity-set-missing', fields: ['fax'] }]);
  });

  it('reads and writes a field in the companion page that takes it, and else where it is only shown (D-25)', () => {
    const shown = { property: 'city', type: 'text', readOnly: true, writableIn: 'thingExtras' } as const;
    const field = pair(shown, column('city', 'string', { maxLength: 50 }));
    const one = { ...mapping, fields: [field] };
    const endWith = (properties: readonly string[]) => {
      const companionProperties = new Map([['thingExtras', new Set(properties)]]);
      return fitMapping(one, { ...everything, companionProperties }).mapping.fields[0]?.businessCentral;
    };
    expect(endWith(['city'])).toEqual({ property: 'city', type: 'text', entitySet: 'thingExtras' });
    expect(endWith(['fax'])).toEqual(shown);
    expect(fitMapping(one, { ...everything, companionApp: false }).mapping.fields).toEqual([field]);
  });

  it('is disabled where its own page is one of the missing companion app', () => {
    const own = { ...mapping, businessCentral: { ...mapping.businessCentral, route: 'companion' as const } };
    const { mapping: fitted, shortcomings } = fitMapping(own, { ...everything, companionApp: false });
    expect(fitted.enabled).toBe(false);
    expect(shortcomings).toHaveLength(1);
    expect(shortcomings[0]?.message).toContain(`${mapping.name} does not run`);
  });

  it('cuts text to what the column of this organisation takes, where that is less than usual (E-83)', () => {
    const maxLengths = new Map([
      ['name', 10],
      ['fax', 500],
    ]);
    const { mapping: fitted, shortcomings } = fitMapping(mapping, { ...everything, maxLengths });
    const lengthOf = (id: string) => fitted.fields.find((field) => field.id === id)?.dataverse?.maxLength;
    expect([lengthOf('name'), lengthOf('city'), lengthOf('fax')]).toEqual([10, 30, 50]);
    expect(shortcomings).toEqual([]);
  });

  it('runs without a column that Dataverse lacks, and names mapping and field', () => {
    const columns = new Set(['name', 'limit', 'fax']);
    const { mapping: fitted, shortcomings } = fitMapping(mapping, { ...everything, columns });
    expect(fitted.fields.find(({ id }) => id === 'city')?.enabled).toBe(false);
    expect(shortcomings).toMatchObject([{ code: 'column-missing', fields: ['city'], mapping: mapping.name }]);
  });

  it.each([
    ['its table', null, 'table-missing'],
    ['a column of its filter', new Set(['name', 'city', 'limit', 'fax']), 'column-missing'],
  ])('is disabled where %s is missing', (_what, columns, code) => {
    const filtered = { ...mapping, dataverse: { ...mapping.dataverse, filter: 'kind eq 3' } };
    const { mapping: fitted, shortcomings } = fitMapping(filtered, { ...everything, columns });
    expect(fitted.enabled).toBe(false);
    expect(shortcomings).toMatchObject([{ code, fields: [] }]);
  });

  it('is fitted once and for all: fitting the result changes nothing more', () => {
    const lacking = { ...everything, companionApp: false, columns: new Set(['name']) };
    const once = fitMapping(mapping, lacking).mapping;
    expect(fitMapping(once, lacking)).toEqual({ mapping: once, shortcomings: [] });
  });
});
