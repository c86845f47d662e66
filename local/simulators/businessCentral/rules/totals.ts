/** Totals of a document and the customer's outstanding amounts that follow from it. */
import { currencyFactorAt } from '../page/computed.ts';
import type { WriteContext } from '../page/draft.ts';
import { addToFlowFields } from '../page/writePage.ts';
import type { Value } from '../schema/entityModel.ts';
import type { Row } from '../store/row.ts';
import { allocateDiscount, lineAmounts, roundAmount } from './amounts.ts';

const amount = (row: Row, column: string) => Number(row.values[column] ?? 0);

/** The line table of a header table. */
export const lineTableOf: Readonly<Record<string, string>> = {
  'Sales Order': 'Sales Order Line',
  'Sales Quote': 'Sales Quote Line',
  'Sales Invoice': 'Sales Invoice Draft Line',
};

/** The lines of a document in the order of their line numbers. */
export function linesOf(context: WriteContext, headerTable: string, header: Row): readonly Row[] {
  const lines = context.company.table(lineTableOf[headerTable] ?? '').findAll('Document Id', header.id);
  return [...lines].sort((left, right) => amount(left, 'Line No.') - amount(right, 'Line No.'));
}

/** Works out the amounts of all lines and the totals of the header again. */
function recalculate(context: WriteContext, headerTable: string, header: Row): Record<string, Value> {
  const lines = linesOf(context, headerTable, header);
  const table = context.company.table(lineTableOf[headerTable] ?? '');
  const pricesIncludeTax = header.values['Prices Including VAT'] === true;
  const input = (line: Row, invoiceDiscount: number) => ({
    quantity: amount(line, 'Quantity'),
    unitPrice: amount(line, 'Unit Price'),
    lineDiscount: amount(line, 'Line Discount Amount'),
    taxPercent: amount(line, 'VAT %'),
    pricesIncludeTax,
    invoiceDiscount,
  });
  const before = lines.map((line) => Number(lineAmounts(input(line, 0))['Line Amount Excluding Tax']));
  const shares = allocateDiscount(amount(header, 'Invoice Discount Amount'), before);
  let [net, tax] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const amounts = lineAmounts(input(line, shares[index] ?? 0));
    context.database.updateSilently(table, line, amounts);
    net += Number(amounts['Amount']);
    tax += Number(amounts['Tax Amount']);
  }
  return {
    Amount: roundAmount(net),
    'Total Tax Amount': roundAmount(tax),
    'Amount Including VAT': roundAmount(net + tax),
  };
}

/** Outstanding and shipped-not-invoiced amounts of an order in local currency, tax included (ST-9). */
export function outstandingOf(context: WriteContext, order: Row): Record<string, number> {
  const code = String(order.values['Currency Code'] ?? '');
  const date = String(order.values['Posting Date'] ?? '');
  const factor = amount(order, 'Currency Factor') || currencyFactorAt(context.company, code, date) || 1;
  let [outstanding, shippedNotInvoiced] = [0, 0];
  for (const line of linesOf(context, 'Sales Order', order)) {
    const quantity = amount(line, 'Quantity');
    if (quantity === 0) continue;
    const perUnit = amount(line, 'Amount Including VAT') / quantity / factor;
    const shipped = amount(line, 'Quantity Shipped');
    outstanding += roundAmount(perUnit * (quantity - shipped));
    shippedNotInvoiced += roundAmount(perUnit * (shipped - amount(line, 'Quantity Invoiced')));
  }
  return {
    'Outstanding Orders (LCY)': roundAmount(outstanding),
    'Shipped Not Invoiced (LCY)': roundAmount(shippedNotInvoiced),
  };
}

/** Carries the change of an order's outstanding amounts to its bill-to customer. `now` is zero for a deleted order. */
export function carryOutstanding(context: WriteContext, order: Row, now: Record<string, number>): void {
  const customer = context.company.table('Customer').find('No.', order.values['Bill-to Customer No.'] ?? '');
  const difference = Object.fromEntries(
    Object.entries(now).map(([column, value]) => [column, value - amount(order, column)]),
  );
  addToFlowFields(context, 'Customer', customer, difference);
}

/**
 * Brings a header in line with its lines. The header is always touched: its etag changes when a line
 * changes, and a line change notifies the header (sections 4.1 and 7.2).
 */
export function refreshDocument(context: WriteContext, headerTable: string, header: Row): void {
  const totals = recalculate(context, headerTable, header);
  if (headerTable === 'Sales Order') {
    const outstanding = outstandingOf(context, header);
    carryOutstanding(context, header, outstanding);
    Object.assign(totals, outstanding);
  }
  if (headerTable === 'Sales Invoice') totals['Remaining Amount'] = totals['Amount Including VAT'] ?? 0;
  const table = context.company.table(headerTable);
  context.database.update(context.company, table, header, totals, context.user);
}
