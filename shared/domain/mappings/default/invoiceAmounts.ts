/** Amounts of posted invoices and of their lines. */
import type { FieldValues } from '../../common/records.ts';
import { roundTo } from '../../sync/values.ts';

/** Amounts are kept to more digits than any currency has. */
const amountDecimals = 4;

/** The amount under a name; 0 where there is none. */
export function amountOf(values: FieldValues, name: string): number {
  return Number(values[name] ?? 0);
}

/** An amount without the noise of binary fractions. */
export function money(value: number): number {
  return roundTo(value, amountDecimals);
}
