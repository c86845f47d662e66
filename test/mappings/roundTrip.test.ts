/** Every field that travels both ways, of whatever mappings the catalog holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passesOf } from '../../shared/domain/common/directions.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { fieldsOfPass } from '../../shared/domain/mappings/model.ts';
import { legalPairs, sent } from './legalValues.ts';

const runsPerField = 50;
const mappings = defaultMappings('person');
const fields = mappings.flatMap((mapping) =>
  mapping.fields
    .filter((field) => field.direction === 'both')
    .map((field) => ({ name: `${mapping.name}.${field.id}`, mapping, field, pairs: legalPairs(field) })),
);
const translated = fields.flatMap(({ pairs, ...rest }) => (pairs === null ? [] : [{ ...rest, pairs }]));

/** A reference whose value arrives nowhere by itself is its entity rule's to translate. */
const [copied, leftToRules] = [true, false].map((arrives) =>
  translated.filter(({ mapping, field, pairs }) => {
    const [example] = fc.sample(pairs, 1);
    return (
      (sent(mapping, field, 'businessCentral', example?.businessCentral ?? null) !== undefined) === arrives
    );
  }),
);

describe('a field that travels both ways', () => {
  it.each(copied ?? [])('$name brings a legal value there and back unchanged (E-65, E-75, E-83)', (of) => {
    const { mapping, field, pairs } = of;
    fc.assert(
      fc.property(pairs, ({ businessCentral, dataverse }) => {
        expect(sent(mapping, field, 'businessCentral', businessCentral)).toEqual(dataverse);
        expect(sent(mapping, field, 'dataverse', dataverse)).toEqual(businessCentral);
      }),
      { numRuns: runsPerField },
    );
  });

  it('is a reference of a mapping with an entity rule where nothing else translates it', () => {
    const unexplained = (leftToRules ?? []).filter(
      ({ mapping, field }) => mapping.rule === null || !field.lookup,
    );
    expect(unexplained.map(({ name }) => name)).toEqual([]);
  });

  it('is never of a kind that only one side knows', () => {
    expect(fields.filter(({ pairs }) => pairs === null).map(({ name }) => name)).toEqual([]);
  });
});

describe('a default mapping', () => {
  it.each(mappings.map((mapping) => [mapping.name, mapping] as const))(
    '%s has an enabled field in each of its passes (E-64)',
    (_name, mapping) => {
      for (const pass of passesOf(mapping.direction)) expect(fieldsOfPass(mapping, pass)).not.toEqual([]);
    },
  );

  it('moves no owner where a team owns the records (E-70)', () => {
    const owners = defaultMappings('team').flatMap((mapping) =>
      mapping.fields.filter(({ dataverse }) => dataverse?.attribute.startsWith('ownerid')),
    );
    expect(owners).toEqual([]);
  });
});
