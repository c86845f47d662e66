/**
 * Bound actions (section 4.3). A corrective credit memo is accepted and shown nowhere, for there is no set for it. Not
 * done: e-mails, partial shipping, stock movements and ledger entries behind a posting.
 */
import type { WriteContext } from '../page/draft.ts';
import { deleteRecord } from '../page/writePage.ts';
import { type EntitySet, requireSet } from '../schema/schema.ts';
import { dialogError, notImplemented, resourceNotFound } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { copyDocument } from './copyDocument.ts';
import { cancelInvoice } from './payments.ts';
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

/** The posted header behind an invoice. Raises an AL error for a draft. */
function postedHeader(context: WriteContext, invoice: Row): Row {
  const posted = context.company
    .table('Sales Invoice Header')
    .findAll('No.', invoice.values['No.'] ?? '')
    .at(0);
  if (invoice.values['Status'] === 'Draft' || !posted) {
    throw dialogError('A draft invoice cannot be cancelled.');
  }
  return posted;
}

function cancel(context: WriteContext, set: EntitySet, invoice: Row): ActionResult {
  cancelInvoice(context, invoice, postedHeader(context, invoice));
  return { set, row: invoice };
}

/** The draft credit memo changes nothing about the invoice until it is posted. */
function makeCreditMemo(context: WriteContext, set: EntitySet, invoice: Row): ActionResult {
  postedHeader(context, invoice);
  if (invoice.values['Status'] === 'Canceled') throw dialogError('The invoice is cancelled already.');
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
    case 'salesInvoices.makeCorrectiveCreditMemo':
      return makeCreditMemo(context, set, row);
    default:
      throw notImplemented(`The simulator does not carry out the action ${action}.`);
  }
}
