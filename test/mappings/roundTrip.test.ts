/** Every field of every default mapping in every set-up, of whatever mappings the catalog holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PassDirection,
  passDirections,
  passesOf,
  sourceSide,
} from '../../shared/domain/common/directions.ts';
import type { FieldValues } from '../../shared/domain/common/records.ts';
import { businessCentralKey, fieldsOfPass, type TableMapping } from '../../shared/domain/mappings/model.ts';
import { planRecord } from '../../shared/domain/sync/plan.ts';
import { coupled, planInput, record, row } from '../builders/records.ts';
import { presentIds, reference, type VariantField, variantFields, variantMappings } from './everyVariant.ts';
import { legalPairs, sent } from './legalValues.ts';

const runsPerField = 50;
/** The reference lets them travel both ways, and one service only shows them. */
const isShownOnly = ({ field }: VariantField) =>
  field.businessCentral?.readOnly === true || field.dataverse?.access === 'read';
const paired = variantFields.filter(({ field }) => field.enabled && field.direction === 'both');
const shownOnly = paired.filter(isShownOnly);
const bothWays = paired.filter((of) => !isShownOnly(of));
const oneWay = variantFields.filter(({ field }) => field.enabled && field.direction !== 'both');
const disabled = variantFields.filter(({ field }) => !field.enabled);
const translated = bothWays.flatMap((of) => {
  const pairs = legalPairs(of.field);
  return pairs === null ? [] : [{ ...of, pairs }];
});

/** A reference whose value arrives nowhere by itself is its entity rule's to translate. */
const [copied = [], leftToRules = []] = [true, false].map((arrives) =>
  translated.filter(({ mapping, field, pairs }) => {
    const [example] = fc.sample(pairs, 1);
    return (
      (sent(mapping, field, 'businessCentral', example?.businessCentral ?? null) !== undefined) === arrives
    );
  }),
);

describe('a field that travels both ways', () => {
  it.each(copied)('$name brings a legal value there and back unchanged (E-65, E-75, E-83)', (of) => {
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
    const unexplained = leftToRules.filter(({ mapping, field }) => mapping.rule === null || !field.lookup);
    expect(unexplained.map(({ name }) => name)).toEqual([]);
  });

  it('is never of a kind that only one side knows', () => {
    const unknown = bothWays.filter(({ field }) => legalPairs(field) === null);
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });
});

describe('a field that travels both ways and one service only shows', () => {
  it.each(shownOnly)('$name is never written there (D-25, D-28)', (of) => {
    const { mapping, field } = of;
    const value = field.businessCentral?.type === 'decimal' ? 1 : 'A';
    const side = field.businessCentral?.readOnly ? 'dataverse' : 'businessCentral';
    expect(sent(mapping, field, side, value)).toBeUndefined();
  });
});

/** What a pass writes for a coupled pair whose only field was edited, on the side the pass reads. */
function writtenAfterEdit({ mapping, field }: VariantField, pass: PassDirection): readonly string[] {
  const alone: TableMapping = { ...mapping, rule: null, templates: [], fields: [field] };
  const ours = field.businessCentral ? businessCentralKey(mapping, field.businessCentral) : null;
  const theirs = field.dataverse?.attribute ?? null;
  const values = (key: string | null, text: string): FieldValues => (key === null ? {} : { [key]: text });
  const [agreed, agreedRow] = [record(values(ours, 'A')), row(values(theirs, 'A'))];
  const isOurs = sourceSide(pass) === 'businessCentral';
  const pair = {
    businessCentral: isOurs ? record(values(ours, 'B')) : agreed,
    dataverse: isOurs ? agreedRow : row(values(theirs, 'B')),
    coupling: coupled(alone, agreed, agreedRow),
  };
  const action = planRecord(planInput({ mapping: alone, pass, pair }));
  return action.kind === 'unchanged' ? [] : [action.kind];
}

describe('a field of one way', () => {
  it('is looked at in a way that shows what fields of both ways do', () => {
    const texts = copied.filter(({ field }) => field.businessCentral?.type === 'text' && !field.lookup);
    expect(texts.length).toBeGreaterThan(10);
    for (const of of texts) {
      for (const pass of passDirections)
        expect([of.name, ...writtenAfterEdit(of, pass)]).toEqual([of.name, 'modify']);
    }
  });

  it.each(oneWay)('$name never travels the other way, whatever was edited there (E-64)', (of) => {
    const { direction } = of.field;
    for (const pass of passDirections) {
      const takesPart = fieldsOfPass(of.mapping, pass).some(({ id }) => id === of.field.id);
      expect(takesPart).toBe(pass === direction);
      if (pass !== direction) expect(writtenAfterEdit(of, pass)).toEqual([]);
    }
  });
});

describe('a disabled field', () => {
  it.each(disabled)('$name travels in neither direction (E-64)', (of) => {
    for (const pass of passDirections) expect(writtenAfterEdit(of, pass)).toEqual([]);
  });
});

describe('the fields', () => {
  it.each(presentIds)('of %s are as many as the reference counts, each of them tested above', (id) => {
    const own = <Of extends VariantField>(all: readonly Of[]) => all.filter((of) => of.id === id);
    const source = reference.find((entry) => entry.id === id)?.source;
    const known = own(variantFields);
    expect(known).toHaveLength((source?.alFieldMappings ?? 0) + (source?.alExtraDisabled ?? 0));
    const tested = [own(copied), own(leftToRules), own(shownOnly), own(oneWay), own(disabled)].flatMap(
      (each) => each.map(({ name, field }) => `${name} ${JSON.stringify(field)}`),
    );
    expect(tested.toSorted()).toEqual(
      known.map(({ name, field }) => `${name} ${JSON.stringify(field)}`).toSorted(),
    );
  });
});

describe('a default mapping', () => {
  it.each(presentIds)('%s has an enabled field in each of its passes, in every set-up (E-64)', (id) => {
    const own = variantMappings.filter((of) => of.id === id);
    expect(own.length).toBeGreaterThan(0);
    for (const { mapping } of own) {
      for (const pass of passesOf(mapping.direction)) expect(fieldsOfPass(mapping, pass)).not.toEqual([]);
    }
  });

  it('moves no owner where a team owns the records (E-70)', () => {
    const owners = variantMappings
      .filter(({ variants }) => variants.ownershipModel === 'team')
      .flatMap(({ mapping }) =>
        mapping.fields.filter(({ dataverse }) => dataverse?.attribute.startsWith('ownerid')),
      );
    expect(owners).toEqual([]);
  });
});
