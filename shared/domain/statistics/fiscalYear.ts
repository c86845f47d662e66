/** The fiscal year a day lies in (ST-8, ST-12). */

/** A row of accountingPeriods, as far as it matters. Dates are `yyyy-MM-dd`. */
export interface AccountingPeriod {
  readonly startingDate: string;
  readonly newFiscalYear: boolean;
}

/** First and last day, both included. */
export interface FiscalYear {
  readonly start: string;
  readonly end: string;
}

/**
 * The whole year, not the part up to the day (ST-8): from the last period that begins a year to the day before the next
 * one that does. Without such a period before the day it is the calendar year; without one after it, twelve months.
 */
export function fiscalYearOf(day: string, periods: readonly AccountingPeriod[]): FiscalYear {
  const starts = periods
    .filter(({ newFiscalYear }) => newFiscalYear)
    .map(({ startingDate }) => startingDate)
    .toSorted();
  const start = starts.findLast((each) => each <= day);
  if (start === undefined) return { start: `${day.slice(0, 4)}-01-01`, end: `${day.slice(0, 4)}-12-31` };
  const next = starts.find((each) => each > day) ?? yearsAfter(start);
  return { start, end: dayBefore(next) };
}

function yearsAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString().slice(0, 10);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 24 * 60 * 60_000).toISOString().slice(0, 10);
}
