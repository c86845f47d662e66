/** Amounts of document lines and headers (business-central-api section 4.2, data README "Amounts"). */
import type { Value } from '../schema/entityModel.ts';

/** Rounds to the amount rounding precision of 0.01; a half goes away from zero. */
export function roundAmount(amount: number): number {
  return (Math.sign(amount) * Math.round(Math.abs(amount) * 100 + 1e-7)) / 100;
}

/** Unit prices are kept to 0.001. */
export function roundPrice(price: number): number {
  return Math.round(price * 1000 + 1e-7) / 1000;
}

/** What a line's amounts follow from. */
export interface LineInput {
  readonly quantity: number;
  readonly unitPrice: number;
  readonly lineDiscount: number;
  readonly taxPercent: number;
  readonly pricesIncludeTax: boolean;
  readonly invoiceDiscount: number;
}

/** The amount columns of a line. `invoiceDiscount` is the line's share of the header's discount, without tax. */
export function lineAmounts(input: LineInput): Record<string, Value> {
  const taxFactor = 1 + input.taxPercent / 100;
  const gross = roundAmount(input.quantity * input.unitPrice - input.lineDiscount);
  const excluding = input.pricesIncludeTax ? roundAmount(gross / taxFactor) : gross;
  const tax = roundAmount((excluding * input.taxPercent) / 100);
  const net = roundAmount(excluding - input.invoiceDiscount);
  const netTax = roundAmount((net * input.taxPercent) / 100);
  return {
    'Line Amount Excluding Tax': excluding,
    'Line Tax Amount': tax,
    'Line Amount Including Tax': roundAmount(excluding + tax),
    'Inv. Discount Amount Excl. VAT': input.invoiceDiscount,
    Amount: net,
    'Tax Amount': netTax,
    'Amount Including VAT': roundAmount(net + netTax),
  };
}

/** Spreads a header discount over the lines by amount; the last line takes the rounding rest. */
export function allocateDiscount(discount: number, amounts: readonly number[]): readonly number[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  let left = discount;
  return amounts.map((amount, index) => {
    const isLast = index === amounts.length - 1;
    const share = total === 0 ? 0 : isLast ? left : roundAmount((discount * amount) / total);
    left = roundAmount(left - share);
    return roundAmount(share);
  });
}
