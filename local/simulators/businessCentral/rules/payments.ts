/** What happens to a posted invoice afterwards: payments and cancellation. */
import type { WriteContext } from '../page/draft.ts';
import { addToFlowFields } from '../page/writePage.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { roundAmount } from './amounts.ts';

const amount = (row: Row, column: string) => Number(row.values[column] ?? 0);

/** Carries what a posted invoice changed by to its bill-to customer, in local currency. */
function carryToCustomer(
  context: WriteContext,
  posted: Row,
  changes: Readonly<Record<string, number>>,
): void {
  const factor = amount(posted, 'Currency Factor') || 1;
  const customer = context.company.table('Customer').find('No.', posted.values['Bill-to Customer No.'] ?? '');
  const local = Object.entries(changes).map(([column, value]) => [column, value / factor] as const);
  addToFlowFields(context, 'Customer', customer, Object.fromEntries(local));
}

/**
 * What is left to pay stands in the customer ledger, so the posted header is not touched. The buffer is touched only when
 * its status changes (D-134).
 */
function settle(
  context: WriteContext,
  invoice: Row,
  posted: Row,
  change: { remaining: number; cancelled?: true },
): void {
  const { company, database, user } = context;
  const { remaining, cancelled } = change;
  const header = {
    'Remaining Amount': remaining,
    Closed: remaining === 0,
    ...(cancelled ? { Cancelled: true } : {}),
  };
  database.updateSilently(company.table('Sales Invoice Header'), posted, header);
  database.updateSilently(company.table('Sales Invoice'), invoice, { 'Remaining Amount': remaining });
  const status = cancelled ? 'Canceled' : remaining === 0 ? 'Paid' : 'Open';
  if (invoice.values['Status'] === status) return;
  database.update(company, company.table('Sales Invoice'), invoice, { Status: status }, user);
}

/** Cancels a posted invoice, as posting a corrective credit memo does. Raises an AL error when it is cancelled already. */
export function cancelInvoice(context: WriteContext, invoice: Row, posted: Row): void {
  if (invoice.values['Status'] === 'Canceled') throw dialogError('The invoice is cancelled already.');
  carryToCustomer(context, posted, {
    'Balance (LCY)': -amount(posted, 'Remaining Amount'),
    'Sales (LCY)': -amount(posted, 'Amount'),
  });
  settle(context, invoice, posted, { remaining: 0, cancelled: true });
}

/** Applies a payment in the invoice's currency; a negative one takes an application back. Raises an AL error. */
export function payInvoice(context: WriteContext, invoice: Row, posted: Row, paid: number): void {
  const remaining = roundAmount(amount(posted, 'Remaining Amount') - paid);
  const isPossible = remaining >= 0 && remaining <= amount(posted, 'Amount Including VAT');
  if (!isPossible) throw dialogError(`The amount ${paid} cannot be applied to the invoice.`);
  carryToCustomer(context, posted, { 'Balance (LCY)': -paid });
  settle(context, invoice, posted, { remaining });
}
