/** The exchange rates that are valid on a day (business-central-api section 9, trap 9). */
import type { FieldValues } from '../common/records.ts';
import { asCode, canonicalText } from './values.ts';

interface RateRow {
  readonly code: string;
  readonly startingDate: string;
  /** Units of the relational currency for one unit of this currency. */
  readonly factor: number;
  readonly relationalCode: string;
}

function rateRow(row: FieldValues): RateRow | null {
  const amount = Number(row['exchangeRateAmount']);
  const relational = Number(row['relationalExchangeRateAmount']);
  if (!(amount > 0) || !(relational > 0)) return null;
  return {
    code: asCode(canonicalText(row['currencyCode'])),
    startingDate: canonicalText(row['startingDate']),
    factor: relational / amount,
    relationalCode: asCode(canonicalText(row['relationalCurrencyCode'])),
  };
}

function latestByCode(rows: readonly RateRow[], today: string): ReadonlyMap<string, RateRow> {
  const latest = new Map<string, RateRow>();
  for (const row of rows) {
    const known = latest.get(row.code);
    if (row.startingDate <= today && (!known || row.startingDate > known.startingDate))
      latest.set(row.code, row);
  }
  return latest;
}

/**
 * Local currency units for one unit of each currency on `today` (`yyyy-MM-dd`), from rows of currencyExchangeRates.
 * The local currency counts as 1. A rate in terms of another currency is followed once.
 */
export function ratesOn(
  rows: readonly FieldValues[],
  today: string,
  localCode: string,
): ReadonlyMap<string, number> {
  const latest = latestByCode(
    rows.map(rateRow).filter((row) => row !== null),
    today,
  );
  const rates = new Map<string, number>([[localCode, 1]]);
  for (const row of latest.values()) {
    const isLocal = row.relationalCode === '' || row.relationalCode === localCode;
    const relational = isLocal ? 1 : latest.get(row.relationalCode)?.factor;
    if (relational !== undefined) rates.set(row.code, row.factor * relational);
  }
  return rates;
}
