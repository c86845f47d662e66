/** FlowFields of the customer that are added up from its documents when a page is read. */
import type { Company } from '../store/company.ts';
import type { Row } from '../store/row.ts';

const number = (row: Row, column: string) => Number(row.values[column] ?? 0);

function documentsOf(company: Company, table: string, customer: Row): readonly Row[] {
  return company.table(table).findAll('Bill-to Customer No.', customer.values['No.'] ?? '');
}

function sum(rows: readonly Row[], column: string): number {
  const total = rows.reduce(
    (added, row) => added + number(row, column) / (number(row, 'Currency Factor') || 1),
    0,
  );
  return Math.round(total * 100) / 100;
}

/** Drafts and invoices in review: nothing of them is posted (ST-9). */
export function outstandingInvoices(company: Company, customer: Row): number {
  const drafts = documentsOf(company, 'Sales Invoice', customer).filter(({ values }) =>
    ['Draft', 'In_x0020_Review'].includes(String(values['Status'])),
  );
  return sum(drafts, 'Amount Including VAT');
}

/** What is left of posted invoices that were due before a day (ST-10). */
export function overdueAmount(company: Company, customer: Row, day: string): number {
  const due = documentsOf(company, 'Sales Invoice Header', customer).filter(
    ({ values }) => String(values['Due Date'] ?? '') < day,
  );
  return sum(due, 'Remaining Amount');
}
