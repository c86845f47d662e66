/** Totals of an invoice in Sales, which can be written only once its lines are there (D-15, D-130). */
import type { BusinessCentralRecord, DataverseWriteValue } from '../../common/records.ts';
import type { DocumentSettings } from '../../documents/documentSettings.ts';
import { amountOf, money } from './invoiceAmounts.ts';

/** Values of a new invoice that come with the order mode (D-130). */
export function openingTotals({
  orderIntegration,
}: DocumentSettings): Readonly<Record<string, DataverseWriteValue>> {
  return orderIntegration === 'off' ? { freightamount: 0, discountpercentage: 0 } : {};
}

/** The totals that follow from the invoice and its lines. */
export function closingTotals(
  { values }: BusinessCentralRecord,
  lines: readonly BusinessCentralRecord[],
  { orderIntegration }: DocumentSettings,
): Readonly<Record<string, DataverseWriteValue>> {
  const lineDiscounts = money(
    lines.reduce((sum, line) => sum + amountOf(line.values, 'lineDiscountAmount'), 0),
  );
  const discount = amountOf(values, 'invoiceDiscountAmount');
  return {
    totalamount: money(amountOf(values, 'amountIncludingTax')),
    totalamountlessfreight: money(amountOf(values, 'amount')),
    totaltax: money(amountOf(values, 'amountIncludingTax') - amountOf(values, 'amount')),
    totallineitemdiscountamount: lineDiscounts,
    totaldiscountamount: money(orderIntegration === 'off' ? discount + lineDiscounts : discount),
  };
}
