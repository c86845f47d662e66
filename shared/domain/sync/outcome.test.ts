import { describe, expect, it } from 'vitest';
import {
  coupled,
  guidOf,
  plainDigest,
  record,
  row,
  someSyncJob,
  someTime,
  thingMapping,
} from '../../../test/builders/records.ts';
import { syncErrorId, syncJobId } from '../common/ids.ts';
import { sourceChanged } from './changed.ts';
import { becomesSkipped, counterOf } from './outcome.ts';
import { fingerprintOf, problem } from './problems.ts';
import { failedCoupling, settledCoupling } from './settle.ts';

const mapping = thingMapping();
const values = { number: '1', displayName: 'Adatum', city: 'Oslo', limit: 5 };
const coupling = coupled(mapping, record(values), row({ name: 'Adatum', city: 'Oslo', limit: 5 }));
const changed = (edits: object, of = coupling) =>
  sourceChanged({
    mapping,
    pass: 'toDataverse',
    values: { ...values, ...edits },
    ruleInputs: {},
    coupling: of,
    digest: plainDigest,
  });

describe('whether a source record changed', () => {
  it('is judged by value: a touch without a change is none (E-33)', () => {
    expect(changed({})).toBe(false);
    expect(changed({ city: 'Bergen' })).toBe(true);
  });

  it('is judged by mapped fields only', () => {
    expect(changed({ unmapped: 'x' })).toBe(false);
  });

  it('is yes when the last attempt in this direction failed (E-30)', () => {
    const lastError = { errorId: syncErrorId(guidOf('e', 2)), code: 'x', message: '', occurredAt: someTime };
    const facts = { coupling, skipped: false, fingerprint: 'x', syncJobId: someSyncJob, lastError };
    expect(changed({}, failedCoupling({ ...facts, pass: 'toDataverse' }))).toBe(true);
    expect(changed({}, failedCoupling({ ...facts, pass: 'toBusinessCentral' }))).toBe(false);
  });

  it('is yes for a coupling that was never synchronised (E-31)', () => {
    expect(changed({}, { ...coupling, base: null })).toBe(true);
  });
});

describe('the counter of a record', () => {
  it.each([
    ['insert', 'inserted'],
    ['modify', 'modified'],
    ['couple', 'modified'],
    ['unchanged', 'unchanged'],
    ['uncouple', 'unchanged'],
    ['skip', 'skipped'],
    ['conflict', 'failed'],
    ['fail', 'failed'],
  ] as const)('is one only: %s counts as %s (E-40, E-47)', (kind, counter) => {
    expect(counterOf(kind)).toBe(counter);
  });
});

describe('progress in one direction', () => {
  const settle = (pass: 'toDataverse' | 'toBusinessCentral', before: typeof coupling) =>
    settledCoupling({
      mapping,
      pass,
      coupling: before,
      manner: 'judge',
      businessCentral: record(values),
      dataverse: row({ name: 'Adatum', city: 'Oslo', limit: 5 }),
      settledFields: ['name'],
      unappliedFields: [],
      unsentFields: [],
      waitingFields: [],
      ruleInputs: {},
      digest: plainDigest,
      syncJobId: syncJobId(guidOf('e', 9)),
      at: someTime,
    });

  it('is remembered for that direction only, and what was agreed before stays agreed (E-5, E-56)', () => {
    const after = settle('toBusinessCentral', coupling);
    expect(after.toBusinessCentral).toMatchObject({ result: 'success', syncJobId: guidOf('e', 9) });
    expect(after.toDataverse).toEqual(coupling.toDataverse);
    expect(after.base).toEqual(coupling.base);
  });
});

describe('a failure that repeats', () => {
  const refused = problem('modify-failed', {
    message: 'The value "x" is too long. (1)',
    parameters: ['TooLong'],
  });

  it('makes the record skipped when code and stable parameters are equal, whatever the text (E-57, E-166)', () => {
    const again = { ...refused, message: 'The value "x" is too long. (2)' };
    expect(becomesSkipped(fingerprintOf(refused), again)).toBe(true);
  });

  it('starts anew when it is another failure (E-57)', () => {
    expect(becomesSkipped(fingerprintOf(refused), problem('insert-failed', { message: '' }))).toBe(false);
    expect(becomesSkipped(null, refused)).toBe(false);
  });

  it('never makes a record skipped when it waits for another record or for a service', () => {
    const waiting = problem('record-not-coupled', { message: '', parameters: ['CT1'] });
    expect(becomesSkipped(fingerprintOf(waiting), waiting)).toBe(false);
  });
});
