import { describe, expect, it } from 'vitest';
import { type AccountingPeriod, fiscalYearOf } from './fiscalYear.ts';

const period = (startingDate: string, newFiscalYear = false): AccountingPeriod => ({
  startingDate,
  newFiscalYear,
});

describe('the fiscal year of a day', () => {
  it('is the whole year between two periods that begin one, first and last day included (ST-8, ST-12)', () => {
    const periods = [period('2026-07-01', true), period('2025-10-01'), period('2025-07-01', true)];
    expect(fiscalYearOf('2026-03-10', periods)).toEqual({ start: '2025-07-01', end: '2026-06-30' });
    expect(fiscalYearOf('2025-07-01', periods)).toEqual({ start: '2025-07-01', end: '2026-06-30' });
  });

  it('has twelve months when no later year is set up, also from a leap year', () => {
    expect(fiscalYearOf('2024-03-10', [period('2024-02-29', true)])).toEqual({
      start: '2024-02-29',
      end: '2025-02-28',
    });
  });

  it('is the calendar year without accounting periods before the day (ST-12)', () => {
    const calendar = { start: '2026-01-01', end: '2026-12-31' };
    expect(fiscalYearOf('2026-03-10', [])).toEqual(calendar);
    expect(fiscalYearOf('2026-03-10', [period('2026-01-01'), period('2027-01-01', true)])).toEqual(calendar);
  });
});
