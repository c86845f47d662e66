import { describe, expect, it } from 'vitest';
import { coupled, guidOf, plainDigest, record, row, thingMapping } from '../../../test/builders/records.ts';
import { changedSinceBase } from './digests.ts';
import { renewedBase } from './renewBase.ts';

const mapping = thingMapping();
const ours = record({ displayName: 'Adatum', city: 'Oslo' });
const theirs = row({ name: 'Adatum', city: 'Oslo' });
const base = coupled(mapping, ours, theirs).base ?? {};
const write = { side: 'dataverse', source: 'thing', id: guidOf('d', 1) } as const;

describe("a base after the engine's own secondary write", () => {
  it('holds the written value of the side that was written, and keeps the other (E-46)', () => {
    const renewed = renewedBase(mapping, plainDigest, base, {
      ...write,
      before: { city: 'Oslo' },
      after: { city: 'Bergen' },
    });
    const changed = (side: 'businessCentral' | 'dataverse', value: string) =>
      changedSinceBase(plainDigest, 'city', renewed?.['city'], side, value);
    expect(changed('dataverse', 'Bergen')).toBe(false);
    expect(changed('businessCentral', 'Oslo')).toBe(false);
    expect(renewed?.['name']).toEqual(base['name']);
  });

  it.each([
    ['a user had changed the field before', { city: 'Moss' }, { city: 'Bergen' }, 'thing'],
    ['the value before is not known', {}, { city: 'Bergen' }, 'thing'],
    ['no mapped field was written', { colour: 'red' }, { colour: 'blue' }, 'thing'],
    ['another table was written', { city: 'Oslo' }, { city: 'Bergen' }, 'other'],
  ])('stays as it is when %s (E-46)', (_case, before, after, source) => {
    expect(renewedBase(mapping, plainDigest, base, { ...write, source, before, after })).toBeNull();
  });

  it('is renewed for the Business Central side by the set that was written (E-46)', () => {
    const change = { before: { city: 'Oslo' }, after: { city: 'Bergen' } };
    const renewed = renewedBase(mapping, plainDigest, base, {
      side: 'businessCentral',
      source: 'things',
      id: guidOf('b', 1),
      ...change,
    });
    expect(changedSinceBase(plainDigest, 'city', renewed?.['city'], 'businessCentral', 'Bergen')).toBe(false);
    expect(changedSinceBase(plainDigest, 'city', renewed?.['city'], 'dataverse', 'Oslo')).toBe(false);
  });
});
