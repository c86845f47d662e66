/** Amounts of a document beside its lines: its discount, its freight and prices that contain tax (D-55 to D-58, D-63). */
import type { DataverseRow, FieldValues } from '../common/records.ts';
import { roundTo } from '../sync/values.ts';
import { type Decided, decided, undecided } from './documentFacts.ts';
import { numbered, type PlannedLine } from './documentLines.ts';
import { documentProblem } from './documentProblems.ts';
import type { DocumentType } from './documentType.ts';

/** What the line of the freight is called. */
export const freightText = 'Freight Amount';
/** Decimals of unit prices in Business Central, unless its currency says otherwise. */
const unitPriceDecimals = 5;
const amountDecimals = 2;

/**
 * The invoice discount of the document; 0 when it has none. It contains both the amount and the percentage of Sales
 * (D-55). A payment discount is not made of it (D-57).
 */
export function documentDiscount(
  type: DocumentType,
  { values }: DataverseRow,
  lines: readonly PlannedLine[],
): Decided<number> {
  const amount = discountOf(values);
  if (amount === 0 || lines.some(({ kind }) => kind !== 'comment')) return decided(amount);
  const message = `The document has a discount of ${amount}, but no line it could be given on.`;
  return undecided(documentProblem(type, 'DISCOUNT_NO_BASE', message));
}

/** What Sales takes off the order as a whole, never less than 0; its totals contain both the amount and the percentage (D-55). */
export function discountOf(values: FieldValues): number {
  if (amountIn(values, 'discountamount') === 0 && amountIn(values, 'discountpercentage') === 0) return 0;
  const discount = amountIn(values, 'totallineitemamount') - amountIn(values, 'totalamountlessfreight');
  return Math.max(0, roundTo(discount, amountDecimals));
}

/** The freight of the document; 0 where it has none (D-58). */
export function freightOf(values: FieldValues): number {
  return amountIn(values, 'freightamount');
}

/** The lines with that of the freight behind them (D-58); as they are when there is no freight. */
export function withFreight(
  type: DocumentType,
  { values }: DataverseRow,
  lines: readonly PlannedLine[],
  freightAccount: string | null,
): Decided<readonly PlannedLine[]> {
  const freight = freightOf(values);
  if (freight <= 0) return decided(lines);
  if (freightAccount === null) {
    const message = `The document has a freight amount of ${freight}, and no freight account is configured.`;
    return undecided(documentProblem(type, 'FREIGHT_ACCOUNT_MISSING', message));
  }
  if (lines.length === 0) {
    const message = `The document has a freight amount of ${freight}, but no lines.`;
    return undecided(documentProblem(type, 'FREIGHT_NO_LINES', message));
  }
  const account = { lineType: 'Account', lineObjectNumber: freightAccount, description: freightText };
  const line = { kind: 'freight', values: { ...account, quantity: 1, unitPrice: freight } } as const;
  return decided([...lines, ...numbered([{ ...line, hasTaxInPrice: false }], lines.length)]);
}

/** The price without its tax, as the line must have it when the document's prices are without tax (D-63). */
export function priceWithoutTax(price: number, taxPercent: number): number {
  return roundTo(price / (1 + taxPercent / 100), unitPriceDecimals);
}

function amountIn(values: FieldValues, attribute: string): number {
  const amount = Number(values[attribute] ?? 0);
  return Number.isFinite(amount) ? amount : 0;
}
