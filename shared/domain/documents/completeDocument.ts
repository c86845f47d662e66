/** What is missing of a document that exists in Business Central (D-30, D-63, D-70). */
import type { FieldValues } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';
import { priceWithoutTax } from './documentAmounts.ts';
import type { PlannedLine } from './documentLines.ts';
import type { PlannedDocument } from './planDocument.ts';

/** A line as it is in Business Central. */
export interface ExistingLine {
  readonly id: string;
  readonly etag: string;
  readonly values: FieldValues;
}

/** The planned lines that are not there, by their number; lines a user added are left alone. */
export function missingLines(
  planned: readonly PlannedLine[],
  existing: readonly ExistingLine[],
): readonly PlannedLine[] {
  const present = new Set(existing.map(({ values }) => Number(values['sequence'])));
  return planned.filter(({ sequence }) => !present.has(sequence));
}

/** A line whose price contains tax, with the values that take it off. */
export interface PriceCorrection {
  readonly line: ExistingLine;
  readonly values: FieldValues;
}

/**
 * Lines of a document without tax in its prices that still have the price of Sales, although it contains tax. The
 * discount is sent with the price, because a new price makes another amount of it.
 */
export function priceCorrections(
  planned: readonly PlannedLine[],
  existing: readonly ExistingLine[],
  pricesIncludeTax: boolean,
): readonly PriceCorrection[] {
  if (pricesIncludeTax) return [];
  const bySequence = new Map(existing.map((line) => [Number(line.values['sequence']), line]));
  return planned.flatMap(({ sequence, values, hasTaxInPrice }) => {
    const line = bySequence.get(sequence);
    const price = Number(values['unitPrice'] ?? 0);
    if (!hasTaxInPrice || !line || Number(line.values['unitPrice']) !== price) return [];
    const unitPrice = priceWithoutTax(price, Number(line.values['taxPercent'] ?? 0));
    const discountAmount = values['discountAmount'];
    const discount = discountAmount === undefined ? {} : { discountAmount };
    return unitPrice === price ? [] : [{ line, values: { unitPrice, ...discount } }];
  });
}

/** The page of the companion app, and what it takes. */
export interface ExtrasPage {
  readonly entitySet: string;
  readonly properties: readonly string[];
}

/** The values of the header that differ: the discount, and what only the companion page takes. */
export function headerCorrections(
  { discountAmount, extras }: PlannedDocument,
  current: FieldValues,
  page: ExtrasPage | null,
): FieldValues {
  const wanted: Record<string, FieldValues[string]> = discountAmount > 0 ? { discountAmount } : {};
  for (const [property, value] of Object.entries(extras)) {
    if (page?.properties.includes(property)) wanted[`${page.entitySet}/${property}`] = value;
  }
  const differing = Object.entries(wanted).filter(
    ([key, value]) => canonicalText(current[key]) !== canonicalText(value),
  );
  return Object.fromEntries(differing);
}
