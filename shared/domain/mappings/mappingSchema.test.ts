/** The form of mapping files: short files become whole mappings, and everything wrong is told with its path. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { mappingDirections } from '../common/directions.ts';
import { defaultMappings } from './catalog.ts';
import { completeMapping, needsMetadata, type TableFacts } from './completeMapping.ts';
import { mappingFileSchema } from './mappingSchema.ts';
import {
  conflictDetections,
  deletionConflictRules,
  type TableMapping,
  updateConflictRules,
} from './model.ts';
import {
  changeSchemaFor,
  effectiveMapping,
  type MappingOverrides,
  mergedOverrides,
  overridesSchema,
  wholeChange,
} from './overrides.ts';

const short = {
  name: 'LOCATION',
  businessCentral: { entitySet: 'locations' },
  dataverse: { table: 'new_location' },
  fields: [
    { businessCentralField: 'code', attribute: 'new_code' },
    { businessCentralField: 'extras/size', attribute: 'new_size' },
    { businessCentralField: 'ownerCode', attribute: 'new_owner' },
    { attribute: 'new_source', constant: 'Business Central' },
  ],
};

const facts: TableFacts = {
  entitySet: 'new_locations',
  idAttribute: 'new_locationid',
  nameAttribute: 'new_code',
  attributes: Object.fromEntries(
    [
      ['new_code', 'String', 20, {}],
      ['new_size', 'Decimal', null, {}],
      ['new_owner', 'Lookup', null, { systemuser: 'new_Owner' }],
      ['new_source', 'String', 100, {}],
    ].map(([name, type, maxLength, navigation]) => [
      name,
      {
        type,
        maxLength,
        navigation,
        validForCreate: true,
        validForUpdate: true,
      } as TableFacts['attributes'][string],
    ]),
  ),
};

function problemsOf(file: unknown): readonly string[] {
  return mappingFileSchema.safeParse(file).error?.issues.map(({ path }) => path.join('.')) ?? [];
}

describe('a short file', () => {
  it('becomes a whole mapping with the usual settings, and types from metadata', () => {
    const file = mappingFileSchema.parse(short);
    expect(needsMetadata(file)).toBe(true);
    expect(completeMapping(file, facts)).toMatchObject({
      kind: 'table',
      enabled: true,
      direction: 'both',
      syncOnlyCoupled: true,
      updateConflict: 'none',
      businessCentral: {
        table: 'locations',
        route: 'v2.0',
        companions: ['extras'],
        keyProperty: 'code',
        nameProperty: 'code',
        filter: null,
      },
      dataverse: { entitySet: 'new_locations', idAttribute: 'new_locationid', nameAttribute: 'new_code' },
      fields: [
        {
          id: 'new_code',
          direction: 'both',
          businessCentral: { property: 'code', type: 'text' },
          dataverse: { type: 'string', maxLength: 20 },
        },
        {
          businessCentral: { entitySet: 'extras', property: 'size', type: 'decimal' },
          dataverse: { type: 'decimal' },
        },
        { businessCentral: { type: 'code' }, dataverse: { type: 'lookup', lookupTable: 'systemuser' } },
        { direction: 'toDataverse', constant: 'Business Central', businessCentral: null },
      ],
      job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
    });
  });

  it('is completed without metadata, too', () => {
    const mapping = completeMapping(mappingFileSchema.parse(short), null);
    expect(mapping.dataverse).toMatchObject({ entitySet: 'new_locations', idAttribute: 'new_locationid' });
    expect(mapping.fields.map(({ dataverse }) => dataverse?.type)).toEqual(Array(4).fill('string'));
  });
});

describe('a file with mistakes', () => {
  it('has all of them told at once, each with its path', () => {
    const wrong = {
      ...short,
      nmae: 1,
      name: ' /',
      direction: 'up',
      businessCentral: { entitySet: 'locations', filter: 'a eq', colour: 1 },
      dataverse: { table: 'new_location', filter: '((' },
      templates: [{ target: 'dataverse', priority: -1, sourceFilter: 'a eq', values: { a: {} } }],
      job: { inactivityTimeoutMinutes: 3 },
      fields: [
        {},
        { attribute: 'a', match: { priority: -1 } },
        { attribute: 'a', dataverse: { attribute: 'b' } },
        { attribute: 'a', constant: 'x'.repeat(101) },
        {
          attribute: 'a',
          transformation: {
            rule: 'regexReplace',
            direction: 'toDataverse',
            options: { pattern: '(?=a)', with: '' },
          },
        },
        {
          attribute: 'a',
          transformation: { rule: 'substring', direction: 'toDataverse', options: { start: 0 } },
        },
        { attribute: 'a', transformation: { rule: 'shout', direction: 'toDataverse', options: {} } },
      ],
    };
    expect([...problemsOf(wrong)].sort()).toEqual(
      [
        '',
        'name',
        'direction',
        'businessCentral',
        'businessCentral.filter',
        'dataverse.filter',
        'templates.0.priority',
        'templates.0.values.a',
        'job.inactivityTimeoutMinutes',
        'fields.0.attribute',
        'fields.1.match.priority',
        'fields.2.attribute',
        'fields.3.constant',
        'fields.4.transformation.options.pattern',
        'fields.5.transformation.options.start',
        'fields.6.transformation.rule',
      ].sort(),
    );
  });

  it.each([null, [], 'text', 7])('is no mapping at all: %j', (file) =>
    expect(problemsOf(file)).toEqual(['']),
  );

  it.each(['', ' A', 'A ', 'a/b', '~definitions', 'ÅR', 'x'.repeat(51)])(
    'has a name that cannot be one: %j',
    (name) => {
      expect(problemsOf({ ...short, name })).toEqual(['name']);
    },
  );
});

const defaults = defaultMappings('person');

function overridesOf(mapping: TableMapping): fc.Arbitrary<MappingOverrides> {
  const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const text = fc.string({ unit: 'grapheme', maxLength: 100 });
  const filter = fc.constantFrom(null, "a eq 'b'", 'b/c ne null and d gt 1');
  const field = fc.record({
    id: fc.constantFrom(...mapping.fields.map(({ id }) => id)),
    enabled: optional(fc.boolean()),
    direction: optional(fc.constantFrom(...mappingDirections)),
    constant: optional(fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))),
    clearOnFailedSync: optional(fc.boolean()),
    notNull: optional(fc.boolean()),
    match: optional(fc.option(fc.record({ priority: fc.nat(99), caseSensitive: fc.boolean() }))),
    transformation: optional(
      fc.constantFrom(null, {
        rule: 'replace' as const,
        direction: 'toDataverse' as const,
        options: { find: 'é', with: '"' },
      }),
    ),
  });
  return fc
    .record({
      direction: optional(fc.constantFrom(...mappingDirections)),
      syncOnlyCoupled: optional(fc.boolean()),
      businessCentralFilter: optional(filter),
      dataverseFilter: optional(filter),
      updateConflict: optional(fc.constantFrom(...updateConflictRules)),
      conflictDetection: optional(fc.constantFrom(...conflictDetections)),
      deletionConflict: optional(fc.constantFrom(...deletionConflictRules)),
      fields: fc.uniqueArray(field, { selector: ({ id }) => id, maxLength: 5 }),
    })
    .map((overrides) => overridesSchema.parse(JSON.parse(JSON.stringify(overrides))));
}

describe('overrides', () => {
  it.each(defaults.map((mapping) => [mapping.name, mapping] as const))(
    '%s with any of them goes through a file unchanged',
    (_name, mapping) => {
      fc.assert(
        fc.property(overridesOf(mapping), (overrides) => {
          const effective = effectiveMapping(mapping, overrides);
          const file = mappingFileSchema.parse(JSON.parse(JSON.stringify(effective)));
          expect(needsMetadata(file)).toBe(false);
          expect(completeMapping(file, null)).toEqual(effective);
        }),
        { numRuns: 50 },
      );
    },
  );

  it('change nothing when there are none, or when they name fields that are no more', () => {
    const [mapping] = defaults;
    if (!mapping) throw new Error('no defaults');
    expect(effectiveMapping(mapping, {})).toEqual(mapping);
    expect(effectiveMapping(mapping, { fields: [{ id: 'gone', enabled: false }] })).toEqual(mapping);
  });

  it('add up field by field, the later one winning', () => {
    const first: MappingOverrides = {
      syncOnlyCoupled: false,
      fields: [{ id: 'name', enabled: false, notNull: true }],
    };
    const second: MappingOverrides = {
      dataverseFilter: null,
      fields: [
        { id: 'city', enabled: false },
        { id: 'name', enabled: true },
      ],
    };
    expect(mergedOverrides(first, second)).toEqual({
      syncOnlyCoupled: false,
      dataverseFilter: null,
      fields: [
        { id: 'name', enabled: true, notNull: true },
        { id: 'city', enabled: false },
      ],
    });
  });

  it('of the direction of an option mapping or of one of its fields are the same (A-23, A-41)', () => {
    const fields = thingMapping().fields.map((field) => ({ ...field, direction: 'toDataverse' as const }));
    const option = thingMapping({ kind: 'option', direction: 'toDataverse', fields });
    for (const change of [
      { direction: 'toBusinessCentral' as const },
      { fields: [{ id: 'name', direction: 'toBusinessCentral' as const }] },
    ]) {
      const effective = effectiveMapping(option, wholeChange(option, change));
      expect(effective.direction).toBe('toBusinessCentral');
      expect(new Set(effective.fields.map(({ direction }) => direction))).toEqual(
        new Set(['toBusinessCentral']),
      );
    }
  });

  it('give a transformation the direction of its one-way field (E-3, A-42)', () => {
    const transformation = { rule: 'trim' as const, direction: 'toBusinessCentral' as const, options: {} };
    const fields = [
      { id: 'limit', transformation },
      { id: 'name', transformation },
    ];
    const effective = effectiveMapping(thingMapping(), { fields });
    const directions = effective.fields.map((field) => field.transformation?.direction);
    expect(directions).toEqual(['toBusinessCentral', undefined, 'toDataverse']);
  });

  it('take blank text for no filter', () => {
    expect(effectiveMapping(thingMapping(), { dataverseFilter: ' ' }).dataverse.filter).toBeNull();
  });

  it('as a change name fields of the mapping, each once, and nothing unknown', () => {
    const change = { enabled: true, fields: [{ id: 'nope' }, { id: 'name', colour: 1 }, { id: 'name' }] };
    const { error } = changeSchemaFor(thingMapping()).safeParse(change);
    expect(error?.issues.map(({ path, code }) => `${code} ${path.join('.')}`).sort()).toEqual([
      'custom fields.0.id',
      'custom fields.2.id',
      'unrecognized_keys ',
      'unrecognized_keys fields.1',
    ]);
  });
});
