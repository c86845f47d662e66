/**
 * Totals of orders, quotes and invoices, computed from their lines (dataverse-web-api section 8).
 * Not simulated: totals of opportunities; new line prices when the price list of the header changes.
 */
import { numberOf, type Row, textOf } from '../../store/row.ts';
import { roundTo } from '../columnValues.ts';
import type { RowDraft } from '../rowDraft.ts';
import { type DocumentKind, kindOfHeader } from './documents.ts';
import { isSystemPriced, pricingErrors } from './linePricing.ts';

const moneyDigits = 2;
const discountProperties = ['discountamount', 'discountpercentage', 'freightamount'] as const;
const totalProperties = [
  'totalamount',
  'totallineitemamount',
  'totallineitemdiscountamount',
  'totalamountlessfreight',
  'totaldiscountamount',
  'totaltax',
] as const;

/** Recomputes the totals when the header is new or the caller writes a discount, the freight or a total. */
export function applyHeaderTotals(draft: RowDraft): void {
  const kind = kindOfHeader(draft.table.logicalName);
  if (!kind) return;
  const properties = [...discountProperties, ...totalProperties];
  if (!draft.isCreate && !properties.some((property) => draft.writes(property))) return;
  computeTotals(draft, kind);
}

/** Sets every total of the header in the draft from its stored lines, unless pricing is off. */
export function computeTotals(draft: RowDraft, kind: DocumentKind): void {
  if (!isSystemPriced(draft, draft.before ?? {})) return;
  const lines = linesOf(draft, kind);
  const sums = lineSums(lines);
  const percentage = draft.number('discountpercentage') ?? 0;
  const discount = roundTo(
    (sums.amount * percentage) / 100 + (draft.number('discountamount') ?? 0),
    moneyDigits,
  );
  const lessFreight = roundTo(sums.amount - discount, moneyDigits);
  const freight = draft.number('freightamount') ?? 0;
  draft.set('totallineitemamount', sums.amount);
  draft.set('totallineitemdiscountamount', sums.discount);
  draft.set('totaldiscountamount', discount);
  draft.set('totalamountlessfreight', lessFreight);
  draft.set('totaltax', sums.tax);
  draft.set('totalamount', roundTo(lessFreight + freight + sums.tax, moneyDigits));
  const faulty = lines.some((line) => (numberOf(line, 'pricingerrorcode') ?? 0) !== pricingErrors.none);
  draft.set('pricingerrorcode', faulty ? pricingErrors.detailError : pricingErrors.none);
}

function linesOf(draft: RowDraft, kind: DocumentKind): readonly Row[] {
  if (draft.isCreate) return [];
  return draft.context.organisation.store.table(kind.line).withValue(`_${kind.link}_value`, draft.id);
}

interface LineSums {
  readonly amount: number;
  readonly discount: number;
  readonly tax: number;
}

/** The amount of a line counts without tax. */
function lineSums(lines: readonly Row[]): LineSums {
  let amount = 0;
  let discount = 0;
  let tax = 0;
  for (const line of lines) {
    const lineTax = numberOf(line, 'tax') ?? 0;
    amount += (numberOf(line, 'extendedamount') ?? 0) - lineTax;
    discount +=
      (numberOf(line, 'manualdiscountamount') ?? 0) +
      (numberOf(line, 'quantity') ?? 0) * (numberOf(line, 'volumediscountamount') ?? 0);
    tax += lineTax;
  }
  return {
    amount: roundTo(amount, moneyDigits),
    discount: roundTo(discount, moneyDigits),
    tax: roundTo(tax, moneyDigits),
  };
}

/** The id of the header a line belongs to. */
export function headerIdOf(kind: DocumentKind, line: Row): string | null {
  return textOf(line, `_${kind.link}_value`);
}
