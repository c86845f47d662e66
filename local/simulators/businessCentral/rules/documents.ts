/** Headers of sales orders, quotes and invoices (sections 4.2, 5 and 9; documents reference D-22 and D-34). */
import { currencyFactorAt } from '../page/computed.ts';
import type { Draft, WriteContext } from '../page/draft.ts';
import { addToFlowFields } from '../page/writePage.ts';
import { blankDate } from '../schema/schema.ts';
import { dialogError, ServiceError } from '../serviceError.ts';
import type { Row } from '../store/row.ts';
import { copyBillTo, copyCustomer } from './documentParties.ts';
import { removeNotes } from './notes.ts';
import type { TableRules } from './rules.ts';
import { carryOutstanding, linesOf, lineTableOf, refreshDocument } from './totals.ts';

/** Columns that need the order to be open (D-34). */
const lockedByRelease = [
  'Sell-to Customer No.',
  'Bill-to Customer No.',
  'Currency Code',
  'Prices Including VAT',
  'Requested Delivery Date',
  'Shipping Agent Code',
  'Shipment Method Code',
  'Payment Discount %',
  'Invoice Discount Amount',
];

const columnsThatMoveTotals = ['Invoice Discount Amount', 'Prices Including VAT', 'Currency Code'];
const counters: Readonly<Record<string, string>> = {
  'Sales Order': 'No. of Orders',
  'Sales Quote': 'No. of Quotes',
  'Sales Invoice': 'No. of Invoices',
};

/** Whether header and lines may be changed. */
export function isOpenDocument(headerTable: string, header: Row): boolean {
  const status = header.values['Status'];
  if (headerTable === 'Sales Order') return status === undefined || status === 'Open';
  if (headerTable === 'Sales Invoice') return status === 'Draft';
  return true;
}

function validateCustomer(table: string): (draft: Draft) => void {
  return (draft) => {
    const customer = draft.find('Customer', 'No.', draft.get('Sell-to Customer No.'));
    if (!customer) return;
    if (customer.values['Blocked'] === 'All') {
      throw dialogError(
        `You cannot create this document because customer ${customer.values['No.']} is blocked.`,
      );
    }
    if (draft.row && linesOf(draft.context, table, draft.row).length > 0) {
      throw new ServiceError(
        400,
        'Application_CallbackNotAllowed',
        'Changing the customer of a document with lines asks for confirmation.',
      );
    }
    copyCustomer(draft, customer);
  };
}

function prepareInsert(table: string): (draft: Draft) => void {
  return (draft) => {
    if (draft.text('Sell-to Customer No.') === '') {
      throw dialogError('A "customerNumber" or a "customerId" must be provided.');
    }
    for (const column of ['Document Date', 'Posting Date']) {
      if (draft.text(column) === blankDate) draft.assign(column, draft.today());
    }
    if (table === 'Sales Order') {
      draft.assign('Document Type', 'Order');
      draft.assign('Status', 'Open');
      if (!draft.given.has('(computed) PartialOrderShipping')) {
        draft.assign('(computed) PartialOrderShipping', true);
      }
      assignFactor(draft);
    } else {
      draft.assign('Status', 'Draft');
    }
  };
}

/** The order keeps the rate of its posting date; 0 stands for local currency. */
function assignFactor(draft: Draft): void {
  const code = draft.text('Currency Code');
  const { company } = draft.context;
  draft.assign(
    'Currency Factor',
    code === '' ? 0 : currencyFactorAt(company, code, draft.text('Posting Date')),
  );
}

function refuseLocked(table: string): (draft: Draft) => void {
  return (draft) => {
    const { row } = draft;
    if (!row || isOpenDocument(table, row)) return;
    const changed = Object.keys(draft.changed());
    if (table === 'Sales Order') {
      const locked = changed.find((column) => lockedByRelease.includes(column));
      if (locked) throw dialogError(`Status must be equal to 'Open' in Sales Header to change ${locked}.`);
    } else if (changed.length > 0 && !draft.context.asClientUser) {
      throw dialogError('A posted invoice cannot be changed.');
    }
  };
}

function countFor(context: WriteContext, table: string, row: Row, by: number): void {
  const customer = context.company.table('Customer').find('No.', row.values['Sell-to Customer No.'] ?? '');
  addToFlowFields(context, 'Customer', customer, { [counters[table] ?? '']: by });
}

function refuseDelete(table: string): (context: WriteContext, row: Row) => void {
  return (_context, row) => {
    if (table === 'Sales Invoice' && !isOpenDocument(table, row)) {
      throw dialogError('A posted invoice cannot be deleted.');
    }
  };
}

function removeLines(context: WriteContext, table: string, header: Row): void {
  const lineTable = context.company.table(lineTableOf[table] ?? '');
  for (const line of linesOf(context, table, header))
    context.database.delete(context.company, lineTable, line);
}

function headerRules(table: string): TableRules {
  return {
    validate: {
      'Sell-to Customer No.': validateCustomer(table),
      'Bill-to Customer No.': (draft) => copyBillTo(draft),
      ...(table === 'Sales Order' ? { 'Currency Code': assignFactor } : {}),
    },
    beforeInsert: prepareInsert(table),
    afterInsert: (draft, row) => countFor(draft.context, table, row, 1),
    beforeModify: refuseLocked(table),
    afterModify: (draft, row, changed) => {
      const moves = columnsThatMoveTotals.some((column) => column in changed);
      if (moves && isOpenDocument(table, row)) refreshDocument(draft.context, table, row);
    },
    beforeDelete: refuseDelete(table),
    afterDelete: (context, row) => {
      if (table === 'Sales Order') {
        carryOutstanding(context, row, { 'Outstanding Orders (LCY)': 0, 'Shipped Not Invoiced (LCY)': 0 });
      }
      removeLines(context, table, row);
      removeNotes(context, row);
      countFor(context, table, row, -1);
    },
  };
}

/** Rules of sales orders. */
export const orderRules = headerRules('Sales Order');
/** Rules of sales quotes. */
export const quoteRules = headerRules('Sales Quote');
/** Rules of sales invoices, draft and posted in one set (section 9, 3). */
export const invoiceRules = headerRules('Sales Invoice');

/** The invoice as `salesInvoices` shows it follows the posted header: payment and cancellation. */
function carryToInvoice(draft: Draft, row: Row, balanceChange: number): void {
  const { company, database, user } = draft.context;
  const table = company.table('Sales Invoice');
  const invoice = table.get(String(row.values['Draft Invoice SystemId'] ?? '')) ?? table.get(row.id);
  const customer = company.table('Customer').find('No.', row.values['Bill-to Customer No.'] ?? '');
  addToFlowFields(draft.context, 'Customer', customer, { 'Balance (LCY)': balanceChange });
  if (!invoice) return;
  database.updateSilently(table, invoice, { 'Remaining Amount': row.values['Remaining Amount'] ?? 0 });
  const status = row.values['Cancelled'] ? 'Canceled' : row.values['Closed'] ? 'Paid' : 'Open';
  if (invoice.values['Status'] !== status) database.update(company, table, invoice, { Status: status }, user);
}

const remainingBefore = new WeakMap<Draft, number>();

/** Rules of posted invoice headers: a user's payment changes remaining amount, status and balance. */
export const postedInvoiceRules: TableRules = {
  beforeModify: (draft) => {
    remainingBefore.set(draft, Number(draft.row?.values['Remaining Amount'] ?? 0));
    if (draft.given.has('Remaining Amount')) draft.assign('Closed', draft.number('Remaining Amount') === 0);
  },
  afterModify: (draft, row) => {
    const factor = Number(row.values['Currency Factor'] ?? 0) || 1;
    const change = draft.number('Remaining Amount') - (remainingBefore.get(draft) ?? 0);
    carryToInvoice(draft, row, change / factor);
  },
};
