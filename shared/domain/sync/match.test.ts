import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { column, pair, property } from '../mappings/fieldBuilders.ts';
import { findMatch, matchIndex } from './match.ts';

const mapping = thingMapping({
  fields: [
    pair(property('number', 'code', 20), column('number', 'string'), {
      match: { priority: 0, caseSensitive: true },
    }),
    pair(property('email', 'text', 80), column('mail', 'string'), {
      match: { priority: 1, caseSensitive: false },
    }),
    pair(property('city', 'text', 20), column('city', 'string'), {
      match: { priority: 1, caseSensitive: false },
    }),
  ],
});
const candidates = [
  { id: 'one', values: { number: 'A1', mail: 'x@example.com', city: 'Oslo' } },
  { id: 'two', values: { number: 'A2', mail: 'X@EXAMPLE.COM', city: 'Bergen' } },
  { id: 'three', values: { number: '', mail: 'z@example.com', city: 'Oslo' } },
  { id: 'four', values: { number: '', mail: 'z@example.com', city: 'OSLO' } },
];
const index = matchIndex(mapping, 'dataverse', candidates);
const find = (values: Record<string, string>, taken: readonly string[] = []) =>
  findMatch(mapping, { side: 'businessCentral', values }, index, (id) => taken.includes(id));

describe('matching', () => {
  it('couples the one record equal in the first group (E-119)', () => {
    expect(find({ number: 'A2', email: 'nobody', city: '' })).toMatchObject({
      status: 'found',
      candidate: { id: 'two' },
    });
  });

  it('goes on to the next group, whose criteria stand alone (E-119 as DESIGN decides)', () => {
    const answer = find({ number: 'unknown', email: 'x@EXAMPLE.com', city: 'oslo' });
    expect(answer).toMatchObject({ status: 'found', candidate: { id: 'one' } });
  });

  it('regards case only where the criterion says so (E-118)', () => {
    expect(find({ number: 'a1', email: 'q', city: 'q' }).status).toBe('none');
  });

  it('couples none of several equal records', () => {
    expect(find({ number: '', email: 'z@example.com', city: 'Oslo' })).toEqual({
      status: 'ambiguous',
      count: 2,
    });
  });

  it('does not take a record that is coupled already', () => {
    expect(find({ number: 'A1', email: '', city: '' }, ['one']).status).toBe('none');
  });

  it('takes a record without any criterion value for unmatched (E-118)', () => {
    expect(find({ number: '', email: '', city: '' }).status).toBe('none');
  });
});
