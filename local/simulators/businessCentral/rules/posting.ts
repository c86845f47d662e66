/** Posting: the documents that come out of `shipAndInvoice` and `post`. Posts everything at once. */
import type { WriteContext } from '../page/draft.ts';
import { addToFlowFields, deleteRecord } from '../page/writePage.ts';
import type { Value } from '../schema/entityModel.ts';
import { requireSet, zeroGuid } from '../schema/schema.ts';
import { dialogError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { roundAmount } from './amounts.ts';
import { linesOf } from './totals.ts';

type Columns = Record<string, Value>;

const text = (row: Row, column: string) => String(row.values[column] ?? '');
const amount = (row: Row, column: string) => Number(row.values[column] ?? 0);

function insert(context: WriteContext, table: string, values: Columns, id?: string): Row {
  const { database, company, user } = context;
  return database.insert(company, company.table(table), id ?? database.newGuid(), values, user);
}

/** The next free number of a series. */
export function nextNumber(context: WriteContext, table: string): string {
  const taken = (number: string) => context.company.table(table).find('No.', number) !== undefined;
  return context.company.numbers.next(table, taken);
}

function refuseIncomplete(lines: readonly Row[]): void {
  if (lines.length === 0) throw dialogError('There is nothing to post because the document has no lines.');
  const empty = lines.find((line) => text(line, 'API Type') !== 'Comment' && amount(line, 'Quantity') === 0);
  if (empty) throw dialogError(`Line ${amount(empty, 'Line No.')} must have a quantity.`);
}

const lineTypes: Readonly<Record<string, string>> = {
  Comment: '_x0020_',
  Account: 'G_x002F_L_x0020_Account',
  Charge: 'Charge_x0020__x0028_Item_x0029_',
};

/** The type as the posted line tables name it. */
function lineType(line: Row): string {
  const type = text(line, 'API Type') || 'Comment';
  return lineTypes[type] ?? type;
}

/** The line amount and the discount include tax where the prices do. */
function pricedAmounts(document: Row, line: Row): Columns {
  const includesTax = document.values['Prices Including VAT'] === true;
  const taxFactor = includesTax ? 1 + amount(line, 'VAT %') / 100 : 1;
  const lineAmount = includesTax ? 'Line Amount Including Tax' : 'Line Amount Excluding Tax';
  return {
    'Inv. Discount Amount': roundAmount(amount(line, 'Inv. Discount Amount Excl. VAT') * taxFactor),
    'Line Amount': amount(line, lineAmount),
  };
}

function postedLine(document: Row, line: Row, documentNumber: string): Columns {
  return {
    ...pricedAmounts(document, line),
    'Document No.': documentNumber,
    'Line No.': amount(line, 'Line No.'),
    Type: lineType(line),
    'No.': text(line, 'No.'),
    Description: text(line, 'Description'),
    'Description 2': text(line, 'Description 2'),
    Quantity: amount(line, 'Quantity'),
    'Unit of Measure Code': text(line, 'Unit of Measure Code'),
    'Unit Price': amount(line, 'Unit Price'),
    'Line Discount %': amount(line, 'Line Discount %'),
    'Line Discount Amount': amount(line, 'Line Discount Amount'),
    Amount: amount(line, 'Amount'),
    'Amount Including VAT': amount(line, 'Amount Including VAT'),
    'Location Code': text(line, 'Location Code'),
  };
}

/** The posted header with its lines. `document` is the order or the draft. */
export function insertPosted(
  context: WriteContext,
  document: Row,
  lines: readonly Row[],
  keys: { readonly number: string; readonly orderNumber: string; readonly draftId: string },
): Row {
  const shared = { ...document.values };
  const header = insert(context, 'Sales Invoice Header', {
    ...shared,
    'No.': keys.number,
    'Order No.': keys.orderNumber,
    'Draft Invoice SystemId': keys.draftId,
    'Remaining Amount': amount(document, 'Amount Including VAT'),
    Closed: false,
    'Shipment Date': text(document, 'Posting Date'),
  });
  for (const line of lines) insert(context, 'Sales Invoice Line', postedLine(document, line, keys.number));
  return header;
}

/** Adds what was invoiced to the customer's balance and sales. */
export function addToCustomer(context: WriteContext, document: Row): void {
  const factor = amount(document, 'Currency Factor') || 1;
  const customer = context.company.table('Customer').find('No.', text(document, 'Bill-to Customer No.'));
  addToFlowFields(context, 'Customer', customer, {
    'Balance (LCY)': amount(document, 'Amount Including VAT') / factor,
    'Sales (LCY)': amount(document, 'Amount') / factor,
  });
}

/** The posted shipment with its lines. */
export function insertShipment(context: WriteContext, order: Row, lines: readonly Row[]): void {
  const number = nextNumber(context, 'Sales Shipment Header');
  const header = insert(context, 'Sales Shipment Header', {
    ...order.values,
    'No.': number,
    'Order No.': text(order, 'No.'),
  });
  for (const line of lines) {
    const values = { ...postedLine(order, line, number), 'Document Id': header.id };
    insert(context, 'Sales Shipment Line', { ...values, 'VAT %': amount(line, 'VAT %') });
  }
}

/** The order as it was, kept when it is posted; the company archives orders (D-7). */
function archive(context: WriteContext, order: Row, lines: readonly Row[]): void {
  const versions = context.company.table('Sales Header Archive').findAll('No.', text(order, 'No.'));
  const header = insert(context, 'Sales Header Archive', {
    'No.': text(order, 'No.'),
    'Doc. No. Occurrence': 1,
    'Version No.': versions.length + 1,
    'External Document No.': text(order, 'External Document No.'),
    'Your Reference': text(order, 'Your Reference'),
    'Shipping Agent Code': text(order, 'Shipping Agent Code'),
    'Shipment Date': text(order, 'Posting Date'),
    'Document Date': text(order, 'Document Date'),
    'Payment Discount %': amount(order, 'Payment Discount %'),
  });
  for (const line of lines) {
    const shipped = { 'Quantity Shipped': amount(line, 'Quantity'), 'Document Id': header.id };
    insert(context, 'Sales Line Archive', { ...line.values, ...shipped });
  }
}

/** Ships and invoices an order in full. Returns the invoice as `salesInvoices` shows it; the order is gone. */
export function postOrder(context: WriteContext, order: Row): Row {
  const lines = linesOf(context, 'Sales Order', order);
  refuseIncomplete(lines);
  const open = lines.filter((line) => amount(line, 'Quantity Shipped') < amount(line, 'Quantity'));
  if (open.length > 0) insertShipment(context, order, open);
  const number = nextNumber(context, 'Sales Invoice Header');
  const posted = insertPosted(context, order, lines, {
    number,
    orderNumber: text(order, 'No.'),
    draftId: zeroGuid,
  });
  const invoice = insert(
    context,
    'Sales Invoice',
    {
      ...order.values,
      'No.': number,
      'Order Id': order.id,
      'Order No.': text(order, 'No.'),
      Status: 'Open',
      'Remaining Amount': amount(order, 'Amount Including VAT'),
    },
    posted.id,
  );
  for (const line of lines) {
    insert(context, 'Sales Invoice Draft Line', { ...line.values, 'Document Id': invoice.id });
  }
  addToCustomer(context, order);
  archive(context, order, linesOf(context, 'Sales Order', order));
  deleteRecord(context, requireSet('salesOrders'), order);
  return invoice;
}

/** Posts a draft invoice. It keeps its id in `salesInvoices` and takes the posted number (section 1). */
export function postInvoice(context: WriteContext, invoice: Row): Row {
  if (invoice.values['Status'] !== 'Draft') throw dialogError('Only a draft invoice can be posted.');
  const lines = linesOf(context, 'Sales Invoice', invoice);
  refuseIncomplete(lines);
  const number = nextNumber(context, 'Sales Invoice Header');
  insertPosted(context, invoice, lines, { number, orderNumber: '', draftId: invoice.id });
  const changes = {
    'No.': number,
    Status: 'Open',
    'Remaining Amount': amount(invoice, 'Amount Including VAT'),
  };
  const table = context.company.table('Sales Invoice');
  context.database.update(context.company, table, invoice, changes, context.user);
  addToCustomer(context, invoice);
  return invoice;
}
