/** What users of the client post and no API action does: shipments alone, and one invoice for shipments (D-32, D-79). */
import type { WriteContext } from '../page/draft.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { insertPosted, insertShipment, nextNumber } from './posting.ts';
import { linesOf, refreshDocument } from './totals.ts';

const amount = (row: Row, column: string) => Number(row.values[column] ?? 0);

function releasedBeforePosting(context: WriteContext, order: Row): void {
  if (order.values['Status'] === 'Released') return;
  const table = context.company.table('Sales Order');
  context.database.update(context.company, table, order, { Status: 'Released' }, context.user);
}

/** Ships the quantities given by line number, or everything; posting releases the order on the way (D-24). */
export function shipOrder(
  context: WriteContext,
  order: Row,
  quantities: Readonly<Record<number, number>> | undefined,
): void {
  const table = context.company.table('Sales Order Line');
  const parts = linesOf(context, 'Sales Order', order).map((line) => {
    const left = amount(line, 'Quantity') - amount(line, 'Quantity Shipped');
    const wanted = quantities ? (quantities[amount(line, 'Line No.')] ?? 0) : left;
    if (wanted > left) throw dialogError(`You cannot ship more than ${left} units.`);
    return { line, wanted };
  });
  const shipped = parts.filter(({ wanted }) => wanted > 0);
  if (shipped.length === 0) throw dialogError('There is nothing to post.');
  releasedBeforePosting(context, order);
  insertShipment(
    context,
    order,
    shipped.map(({ line }) => line),
  );
  for (const { line, wanted } of shipped) {
    const done = amount(line, 'Quantity Shipped') + wanted;
    const changes = { 'Quantity Shipped': done, 'Qty. to Ship': amount(line, 'Quantity') - done };
    context.database.update(context.company, table, line, changes, context.user);
  }
  const all = linesOf(context, 'Sales Order', order);
  const isShipped = all.every((line) => amount(line, 'Quantity Shipped') === amount(line, 'Quantity'));
  const header = {
    'Completely Shipped': isShipped,
    'Last Shipment Date': String(order.values['Posting Date'] ?? ''),
  };
  context.database.update(context.company, context.company.table('Sales Order'), order, header, context.user);
  refreshDocument(context, 'Sales Order', order);
}

/** One posted invoice for what was shipped; its header names no order, and the orders stay. */
export function invoiceShipments(context: WriteContext, orders: readonly Row[]): void {
  const [first] = orders;
  if (!first) throw dialogError('There is nothing to invoice.');
  const table = context.company.table('Sales Order Line');
  const lines = orders.flatMap((order) => linesOf(context, 'Sales Order', order));
  const open = lines.filter((line) => amount(line, 'Quantity Shipped') > amount(line, 'Quantity Invoiced'));
  if (open.length === 0) throw dialogError('There is nothing to invoice.');
  const number = nextNumber(context, 'Sales Invoice Header');
  const posted = insertPosted(context, first, open, { number, orderNumber: '', draftId: '' });
  const { database, company, user } = context;
  const shown = { 'No.': number, 'Order No.': '', Status: 'Open' };
  database.insert(company, company.table('Sales Invoice'), posted.id, { ...first.values, ...shown }, user);
  for (const line of open) {
    const changes = { 'Quantity Invoiced': amount(line, 'Quantity Shipped') };
    database.update(company, table, line, changes, user);
  }
  for (const order of orders) refreshDocument(context, 'Sales Order', order);
}
