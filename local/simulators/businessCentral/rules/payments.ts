/** Payments of posted invoices: what is left to pay falls, a paid invoice closes (D-134). */
import type { WriteContext } from '../page/draft.ts';
import { addToFlowFields } from '../page/writePage.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';

const amount = (row: Row | undefined, column: string) => Number(row?.values[column] ?? 0);

/**
 * Pays a part of an invoice, in its currency; a negative amount takes a payment back. Only a changed status moves the
 * modification time of the invoice; that of the customer never moves (ST-28, D-134).
 */
export function payInvoice(context: WriteContext, posted: Row, paid: number): void {
  const { company, database, user } = context;
  const left = Math.round((amount(posted, 'Remaining Amount') - paid) * 100) / 100;
  if (left < 0 || left > amount(posted, 'Amount Including VAT'))
    throw dialogError(`The payment must not exceed ${amount(posted, 'Remaining Amount')}.`);
  const changes = { 'Remaining Amount': left, Closed: left === 0 };
  const hasClosed = changes.Closed !== (posted.values['Closed'] ?? false);
  const headers = company.table('Sales Invoice Header');
  if (hasClosed) database.update(company, headers, posted, changes, user);
  else database.updateSilently(headers, posted, changes);
  const shown = company.table('Sales Invoice').find('No.', posted.values['No.'] ?? '');
  if (shown) {
    const status = { 'Remaining Amount': left, Status: left === 0 ? 'Paid' : 'Open' };
    const invoices = company.table('Sales Invoice');
    if (hasClosed) database.update(company, invoices, shown, status, user);
    else database.updateSilently(invoices, shown, status);
  }
  const customer = company.table('Customer').find('No.', posted.values['Bill-to Customer No.'] ?? '');
  const factor = amount(posted, 'Currency Factor') || 1;
  addToFlowFields(context, 'Customer', customer, { 'Balance (LCY)': -paid / factor });
}
