import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { record } from '../../../../test/builders/records.ts';
import { noDocuments } from '../../documents/documentSettings.ts';
import { pricesIncludeTax } from './invoiceLines.ts';
import { closingTotals, openingTotals } from './invoiceTotals.ts';

const cents = fc.integer({ min: 1, max: 1_000_000 }).map((value) => value / 100);
const round = (value: number) => Math.round(value * 100) / 100;

/** A line as Business Central posts it, at a tax of 25 %. */
function postedLine(input: { quantity: number; unitPrice: number; includesTax: boolean }) {
  const { quantity, unitPrice, includesTax } = input;
  const priced = round(quantity * unitPrice);
  const amount = includesTax ? round(priced / 1.25) : priced;
  const amountIncludingTax = includesTax ? priced : round(amount * 1.25);
  return record({
    quantity,
    unitPrice,
    lineDiscountAmount: 0,
    invoiceDiscountAmount: 0,
    amount,
    amountIncludingTax,
  });
}

describe('whether prices include tax', () => {
  it('is told by the amounts of the lines, whatever they are (D-127)', () => {
    const line = fc.record({ quantity: fc.integer({ min: 1, max: 50 }), unitPrice: cents });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), fc.boolean(), (lines, includesTax) => {
        const worth = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
        fc.pre(worth > 1);
        expect(pricesIncludeTax(lines.map((each) => postedLine({ ...each, includesTax })))).toBe(includesTax);
      }),
    );
  });

  it('is answered with no where there is no tax', () => {
    const line = record({ quantity: 2, unitPrice: 5, amount: 10, amountIncludingTax: 10 });
    expect(pricesIncludeTax([line])).toBe(false);
  });
});

describe('the totals of an invoice (D-130)', () => {
  const invoice = record({ amount: 80, amountIncludingTax: 100, invoiceDiscountAmount: 5 });
  const lines = [record({ lineDiscountAmount: 2 }), record({ lineDiscountAmount: 1.5 })];
  const common = {
    totalamount: 100,
    totalamountlessfreight: 80,
    totaltax: 20,
    totallineitemdiscountamount: 3.5,
  };

  it('count line discounts as discounts where orders are not integrated, and set freight and percentage to 0', () => {
    expect(closingTotals(invoice, lines, noDocuments)).toEqual({ ...common, totaldiscountamount: 8.5 });
    expect(openingTotals(noDocuments)).toEqual({ freightamount: 0, discountpercentage: 0 });
  });

  it.each(['oneWay', 'bidirectional'] as const)(
    'count the invoice discount alone where orders are integrated %s',
    (orderIntegration) => {
      const settings = { ...noDocuments, orderIntegration };
      expect(closingTotals(invoice, lines, settings)).toEqual({ ...common, totaldiscountamount: 5 });
      expect(openingTotals(settings)).toEqual({});
    },
  );
});
