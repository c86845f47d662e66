import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { column, property } from '../mappings/fieldBuilders.ts';
import { canonicalText, cut, isBlank, roundTo, toBusinessCentralValue, toDataverseValue } from './values.ts';

describe('blank values', () => {
  it.each([null, '', ' ', '0001-01-01', '0001-01-01T00:00:00Z', '00000000-0000-0000-0000-000000000000'])(
    'takes %o for nothing on either side (business-central-api 3.5)',
    (value) => {
      expect(isBlank(value)).toBe(true);
      expect(canonicalText(value)).toBe('');
    },
  );

  it.each([0, false, 'x', '0001-01-02'])('takes %o for a value', (value) => {
    expect(isBlank(value)).toBe(false);
  });
});

describe('conversion to Dataverse', () => {
  it('cuts text that is too long, never refuses it (E-83)', () => {
    expect(toDataverseValue('abcdef', column('name', 'string', { maxLength: 3 }))).toBe('abc');
  });

  it('clears the column when the value is blank, also for a date (E-162 as DESIGN decides)', () => {
    expect(toDataverseValue('0001-01-01', column('start', 'date'))).toBeNull();
  });

  it('rounds money to the column precision, half away from zero', () => {
    expect(toDataverseValue(1.005, column('limit', 'money', { precision: 2 }))).toBe(1.01);
    expect(toDataverseValue(-2.345, column('limit', 'money', { precision: 2 }))).toBe(-2.35);
  });

  it.each(['soon', 'NO 2026-01-31', '2026-13-01'])('says so when %j is no date', (text) => {
    expect(toDataverseValue(text, column('start', 'date'))).toBeUndefined();
    expect(toDataverseValue(text, column('start', 'dateTime'))).toBeUndefined();
  });

  it.each(['many', '   ', '0x10', '1,5', '12 pieces', 'Infinity', true, false])(
    'says so when %j is no number (E-83)',
    (value) => {
      for (const type of ['integer', 'decimal', 'money', 'picklist'] as const)
        expect(toDataverseValue(value, column('count', type))).toBeUndefined();
    },
  );

  it.each([
    ['12', 12],
    [' -3.5 ', -3.5],
    ['1e3', 1000],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [1e25, 1e25],
  ])('takes %j for the number %d', (value, number) => {
    expect(toDataverseValue(value, column('count', 'decimal', { precision: 2 }))).toBe(number);
  });

  it.each(['yes', 2, '1'])('says so when %j is neither yes nor no (E-83)', (value) => {
    expect(toDataverseValue(value, column('flag', 'boolean'))).toBeUndefined();
  });
});

describe('a date on one side and a date-time on the other', () => {
  it('goes by days in UTC, in both directions (E-83 as deviations say)', () => {
    expect(toDataverseValue('2026-01-31', column('at', 'dateTime'))).toBe('2026-01-31T00:00:00.000Z');
    expect(toDataverseValue('2026-01-31T23:30:00Z', column('on', 'date'))).toBe('2026-01-31');
    expect(toBusinessCentralValue('2026-01-31', property('at', 'dateTime'))).toBe('2026-01-31T00:00:00.000Z');
    expect(toBusinessCentralValue('2026-01-31T23:30:00Z', property('on', 'date'))).toBe('2026-01-31');
  });

  it('is the day in UTC where a time zone is stated', () => {
    expect(toBusinessCentralValue('2026-01-31T23:30:00-05:00', property('on', 'date'))).toBe('2026-02-01');
    expect(toDataverseValue('2026-02-01T00:30:00+02:00', column('on', 'date'))).toBe('2026-01-31');
  });

  it('comes back as the day it was', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1753-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          const there = toDataverseValue(day, column('at', 'dateTime')) ?? null;
          expect(toBusinessCentralValue(there, property('on', 'date'))).toBe(day);
          const back = toBusinessCentralValue(day, property('at', 'dateTime')) ?? null;
          expect(toDataverseValue(back, column('on', 'date'))).toBe(day);
        },
      ),
    );
  });
});

describe('conversion to Business Central', () => {
  it('stores codes in upper case without outer blanks (E-69)', () => {
    expect(toBusinessCentralValue(' gb ', property('country', 'code', 10))).toBe('GB');
  });

  it.each([
    ['text', ''],
    ['code', ''],
    ['enum', ' '],
    ['decimal', 0],
    ['boolean', false],
    ['date', '0001-01-01'],
    ['guid', '00000000-0000-0000-0000-000000000000'],
  ] as const)('clears a %s with its own blank, because null would mean "leave as it is"', (type, blank) => {
    expect(toBusinessCentralValue(null, property('any', type))).toBe(blank);
  });
});

describe('cut', () => {
  it('never leaves half a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, length) => {
        const short = cut(text, length);
        expect(short.length).toBeLessThanOrEqual(length);
        expect(text.startsWith(short)).toBe(true);
        expect(short.isWellFormed()).toBe(text.isWellFormed());
      }),
    );
  });
});

describe('roundTo', () => {
  it('is idempotent and within half a unit of the last place', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (value, places) => {
          const rounded = roundTo(value, places);
          expect(roundTo(rounded, places)).toBe(rounded);
          expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5 * 10 ** -places + 1e-6);
        },
      ),
    );
  });
});
