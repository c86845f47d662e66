import { describe, expect, it } from 'vitest';
import {
  coupled,
  guidOf,
  lookups,
  planInput,
  record,
  row,
  thingMapping,
} from '../../../test/builders/records.ts';
import { mappingName } from '../common/ids.ts';
import { column, pair, property } from '../mappings/fieldBuilders.ts';
import type { UpdateConflictRule } from '../mappings/model.ts';
import { sourceChanged } from './changed.ts';
import { unsentBase } from './digests.ts';
import type { LookupAnswer, Reference } from './lookups.ts';
import { planRecord } from './plan.ts';

const digest = (text: string) => `#${text}`;
const field = pair(property('termsId', 'guid'), column('terms', 'picklist'), { lookup: 'PAYMENT TERMS' });
const mapping = thingMapping({ fields: [field] });
const [first, second] = [guidOf('c', 1), guidOf('c', 2)];

const reference = (side: Reference['side'], value: string): Reference => ({
  mapping: mappingName('PAYMENT TERMS'),
  side,
  by: 'id',
  value,
});

/** Pairs `second` with option 2, whatever else has none. */
const answers = lookups([
  [reference('businessCentral', second), { status: 'coupled', id: '2', key: 'TWO' }],
  [reference('dataverse', '2'), { status: 'coupled', id: second, key: 'TWO' }],
  ...['businessCentral', 'dataverse'].flatMap((side) =>
    [first, '1', '9'].map(
      (value) => [reference(side as Reference['side'], value), { status: 'unpaired' }] as const,
    ),
  ),
] as readonly (readonly [Reference, LookupAnswer])[]);

interface Sides {
  readonly ours: string;
  readonly theirs: number | null;
}

/** The plan of a pair that last stood at `before`, of which Business Central's value could not travel. */
function plan(before: Sides, now: Sides, updateConflict: UpdateConflictRule = 'none') {
  const ours = record({ number: '1', displayName: 'A', termsId: now.ours });
  const theirs = row({ name: 'A', terms: now.theirs });
  const base = {
    terms: unsentBase(digest, 'terms', 'businessCentral', {
      businessCentral: before.ours,
      dataverse: before.theirs,
    }),
  };
  const coupling = { ...coupled(mapping, ours, theirs), base };
  const own = { ...mapping, updateConflict };
  return (['toDataverse', 'toBusinessCentral'] as const).map((pass) => {
    const recordPair = { businessCentral: ours, dataverse: theirs, coupling };
    const action = planRecord(planInput({ mapping: own, pass, pair: recordPair, lookups: answers, digest }));
    return 'values' in action ? action.values : action.kind;
  });
}

describe('a value whose option has no pair', () => {
  const before: Sides = { ours: first, theirs: null };

  it.each([
    ['stays while nothing changes', before, ['unchanged', 'unchanged']],
    [
      'gives way to an edit of the other side',
      { ours: first, theirs: 2 },
      ['unchanged', { termsId: second }],
    ],
    ['travels once it is one that has a pair', { ours: second, theirs: null }, [{ terms: 2 }, 'unchanged']],
    ['stays when it becomes another without a pair', { ours: '9', theirs: null }, ['unchanged', 'unchanged']],
  ] as const)('%s (E-81, P1)', (_case, now, expected) => {
    expect(plan(before, now)).toEqual(expected);
  });

  it('is in conflict only when users changed both sides (P1)', () => {
    expect(plan(before, { ours: '9', theirs: 2 })).toEqual(['conflict', 'conflict']);
    expect(plan(before, { ours: '9', theirs: 2 }, 'getFromDataverse')).toEqual([
      'unchanged',
      { termsId: second },
    ]);
  });

  it('makes a new record of it without the value, and remembers that it waits', () => {
    const ours = record({ number: '1', displayName: 'A', termsId: first });
    const recordPair = { businessCentral: ours, dataverse: null, coupling: null };
    const action = planRecord(planInput({ mapping, pair: recordPair, lookups: answers }));
    expect(action).toMatchObject({ kind: 'insert', values: {}, unsentFields: ['terms'], settledFields: [] });
  });

  it.each([
    [false, first, false],
    [true, first, true],
    [false, second, true],
  ])('with triesUnsent %s, %s makes the record changed: %s', (triesUnsent, termsId, expected) => {
    const ours = record({ termsId });
    const theirs = row({ terms: null });
    const values = { businessCentral: first, dataverse: null };
    const base = { terms: unsentBase(digest, 'terms', 'businessCentral', values) };
    const coupling = { ...coupled(mapping, ours, theirs), base };
    const input = {
      mapping,
      pass: 'toDataverse',
      values: ours.values,
      ruleInputs: {},
      coupling,
      digest,
    } as const;
    expect(sourceChanged({ ...input, triesUnsent })).toBe(expected);
  });
});
