/**
 * Bound actions (section 4.3). Not done: corrective credit memos (no set for them), e-mails, partial
 * shipping, stock movements and ledger entries behind a posting.
 */
import type { WriteContext } from '../page/draft.ts';
import { addToFlowFields, deleteRecord } from '../page/writePage.ts';
import { type EntitySet, requireSet } from '../schema/schema.ts';
import { dialogError, notImplemented, resourceNotFound } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { copyDocument } from './copyDocument.ts';
import { postInvoice, postOrder } from './posting.ts';
import { linesOf } from './totals.ts';

/** The record an action leads to; the answer names it in `Location`. */
export interface ActionResult {
  readonly set: EntitySet;
  readonly row: Row;
}

function setStatus(context: WriteContext, table: string, row: Row, status: string): void {
  context.database.update(
    context.company,
    context.company.table(table),
    row,
    { Status: status },
    context.user,
  );
}

function release(context: WriteContext, set: EntitySet, order: Row): ActionResult {
  if (linesOf(context, 'Sales Order', order).length === 0) {
    throw dialogError(`There is nothing to release for Order ${order.values['No.']}.`);
  }
  if (order.values['Status'] !== 'Released') setStatus(context, 'Sales Order', order, 'Released');
  return { set, row: order };
}

function reopen(context: WriteContext, set: EntitySet, order: Row): ActionResult {
  if (order.values['Status'] !== 'Open') setStatus(context, 'Sales Order', order, 'Open');
  return { set, row: order };
}

function makeFromQuote(
  context: WriteContext,
  quote: Row,
  target: 'Sales Order' | 'Sales Invoice',
): ActionResult {
  const row = copyDocument(context, quote, target);
  const set = requireSet(target === 'Sales Order' ? 'salesOrders' : 'salesInvoices');
  deleteRecord(context, requireSet('salesQuotes'), quote);
  return { set, row };
}

function sendQuote(context: WriteContext, set: EntitySet, quote: Row): ActionResult {
  const sent = new Date(context.database.clock.now()).toISOString().replace(/\.?0+Z$/, 'Z');
  const changes = { Status: 'Sent', 'Quote Sent to Customer': sent };
  context.database.update(
    context.company,
    context.company.table('Sales Quote'),
    quote,
    changes,
    context.user,
  );
  return { set, row: quote };
}

function cancel(context: WriteContext, set: EntitySet, invoice: Row): ActionResult {
  const posted = context.company
    .table('Sales Invoice Header')
    .findAll('No.', invoice.values['No.'] ?? '')
    .at(0);
  if (invoice.values['Status'] === 'Draft' || !posted)
    throw dialogError('A draft invoice cannot be cancelled.');
  if (invoice.values['Status'] === 'Canceled') throw dialogError('The invoice is cancelled already.');
  const factor = Number(posted.values['Currency Factor'] ?? 0) || 1;
  const customer = context.company.table('Customer').find('No.', posted.values['Bill-to Customer No.'] ?? '');
  addToFlowFields(context, 'Customer', customer, {
    'Balance (LCY)': -Number(posted.values['Remaining Amount'] ?? 0) / factor,
    'Sales (LCY)': -Number(posted.values['Amount'] ?? 0) / factor,
  });
  const table = context.company.table('Sales Invoice Header');
  const changes = { Cancelled: true, Closed: true, 'Remaining Amount': 0 };
  context.database.update(context.company, table, posted, changes, context.user);
  context.database.updateSilently(context.company.table('Sales Invoice'), invoice, { 'Remaining Amount': 0 });
  setStatus(context, 'Sales Invoice', invoice, 'Canceled');
  return { set, row: invoice };
}

/** Carries out an action inside a transaction. Raises 404 for an action the set does not have. */
export function runAction(context: WriteContext, set: EntitySet, row: Row, action: string): ActionResult {
  if (!set.boundActions.some((each) => each.name === action))
    throw resourceNotFound(`Microsoft.NAV.${action}`);
  switch (`${set.entitySet}.${action}`) {
    case 'salesOrders.shipAndInvoice':
      return { set: requireSet('salesInvoices'), row: postOrder(context, row) };
    case 'salesOrderExtras.release':
      return release(context, set, row);
    case 'salesOrderExtras.reopen':
      return reopen(context, set, row);
    case 'salesQuotes.makeOrder':
      return makeFromQuote(context, row, 'Sales Order');
    case 'salesQuotes.makeInvoice':
      return makeFromQuote(context, row, 'Sales Invoice');
    case 'salesQuotes.send':
      return sendQuote(context, set, row);
    case 'salesInvoices.post':
    case 'salesInvoices.postAndSend':
      return { set, row: postInvoice(context, row) };
    case 'salesInvoices.send':
      return { set, row };
    case 'salesInvoices.cancel':
    case 'salesInvoices.cancelAndSend':
      return cancel(context, set, row);
    default:
      throw notImplemented(`The simulator does not carry out the action ${action}.`);
  }
}
