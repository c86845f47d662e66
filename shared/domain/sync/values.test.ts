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

  it('says so when a text is no number', () => {
    expect(toDataverseValue('many', column('count', 'integer'))).toBeUndefined();
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
