/** Page variables and FlowFields that are worked out from other tables when a page is read. */
import type { Value } from '../schema/entityModel.ts';
import { zeroGuid } from '../schema/schema.ts';
import type { Company } from '../store/company.ts';
import type { Row } from '../store/row.ts';
import { outstandingInvoices, overdueAmount } from './customerFigures.ts';

type Reader = (company: Company, row: Row, nowMs: number) => Value;

const text = (row: Row | undefined, column: string) => String(row?.values[column] ?? '');
const amount = (row: Row, column: string) => Number(row.values[column] ?? 0);

/** The sales order buffer shows Released and Pending Prepayment as Open (section 9, 8). */
const bufferStatuses: Readonly<Record<string, string>> = {
  Open: 'Draft',
  Pending_x0020_Approval: 'In_x0020_Review',
  Released: 'Open',
  Pending_x0020_Prepayment: 'Open',
};

function relationsOf(company: Company, contact: Row): readonly Row[] {
  const number = text(contact, 'Company No.') || text(contact, 'No.');
  return company.table('Contact Business Relation').findAll('Contact No.', number);
}

function businessRelation(company: Company, contact: Row): string {
  const relations = relationsOf(company, contact);
  if (relations.length > 1) return 'Multiple';
  return text(relations[0], 'Link to Table') || 'None';
}

function customerNumber(company: Company, contact: Row): string {
  const relation = relationsOf(company, contact).find((each) => each.values['Link to Table'] === 'Customer');
  return text(relation, 'No.');
}

function contactOf(company: Company, number: Value | undefined): Row | undefined {
  return company.table('Contact').find('No.', number ?? '');
}

/** The exchange rate valid at a date: latest starting date not after it (section 9, 9). */
export function exchangeRateAt(company: Company, currencyCode: Value, date: string): Row | null {
  let valid: Row | null = null;
  for (const rate of company.table('Currency Exchange Rate').findAll('Currency Code', currencyCode)) {
    const starting = text(rate, 'Starting Date');
    if (starting <= date && (!valid || starting > text(valid, 'Starting Date'))) valid = rate;
  }
  return valid;
}

/** Units of the currency per unit of local currency at a date; 1 for the local currency, 0 without rate. */
export function currencyFactorAt(company: Company, currencyCode: string, date: string): number {
  if (currencyCode === '') return 1;
  const rate = exchangeRateAt(company, currencyCode, date);
  if (!rate) return 0;
  const factor = amount(rate, 'Exchange Rate Amount') / amount(rate, 'Relational Exch. Rate Amount');
  return Math.round(factor * 1e6) / 1e6;
}

/** `YYYY-MM-DD` of an instant; the service works in UTC. */
export function dateText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

const rateColumn =
  (column: string, blank: Value): Reader =>
  (company, row, nowMs) =>
    exchangeRateAt(company, row.values['Code'] ?? '', dateText(nowMs))?.values[column] ?? blank;

function totalAmount(company: Company, row: Row): number {
  const sum =
    amount(row, 'Balance (LCY)') +
    amount(row, 'Outstanding Orders (LCY)') +
    amount(row, 'Shipped Not Invoiced (LCY)') +
    outstandingInvoices(company, row) -
    amount(row, 'Invoiced Prepmt. (LCY)');
  return Math.round(sum * 100) / 100;
}

const overdue: Reader = (company, row, nowMs) => overdueAmount(company, row, dateText(nowMs));

/** The account or item a document line stands for. */
const lineItemId: Reader = (company, row) =>
  row.values['API Type'] === 'Item'
    ? (company.idOf('Item', 'No.', row.values['No.'] ?? '') ?? zeroGuid)
    : zeroGuid;

/** By `set.property`, or by column for every set that shows the column. */
export const computedReaders: Readonly<Record<string, Reader>> = {
  'Buffer Status': (_company, row) => bufferStatuses[text(row, 'Status') || 'Open'] ?? 'Draft',
  'Contact Business Relation': businessRelation,
  'contactExtras.customerNumber': customerNumber,
  'contactExtras.customerId': (company, row) =>
    company.idOf('Customer', 'No.', customerNumber(company, row)) ?? zeroGuid,
  'opportunities.contactName': (company, row) => text(contactOf(company, row.values['Contact No.']), 'Name'),
  'opportunities.contactCompanyName': (company, row) =>
    text(contactOf(company, row.values['Contact Company No.']), 'Name'),
  'currenciesWithRate.startingDate': rateColumn('Starting Date', '0001-01-01'),
  'currenciesWithRate.exchangeRateAmount': rateColumn('Exchange Rate Amount', 0),
  'currenciesWithRate.relationalExchangeRateAmount': rateColumn('Relational Exch. Rate Amount', 0),
  'currenciesWithRate.relationalCurrencyCode': rateColumn('Relational Currency Code', ''),
  'currenciesWithRate.currencyFactor': (company, row, nowMs) =>
    currencyFactorAt(company, text(row, 'Code'), dateText(nowMs)),
  'customerExtras.totalAmountLcy': totalAmount,
  'customerExtras.outstandingInvoicesLcy': outstandingInvoices,
  'customerExtras.overdueBalanceLcy': overdue,
  'customerExtras.balanceDueLcy': overdue,
  'customerFinancialDetails.overdueAmount': overdue,
  'customers.balanceDue': overdue,
  'companyInformation.currencyCode': (company) => company.localCurrencyCode(),
  'salesOrderLines.itemId': lineItemId,
  'salesQuoteLines.itemId': lineItemId,
  'salesInvoiceLines.itemId': lineItemId,
  'salesOrderLineExtras.currencyCode': (company, row) =>
    text(company.table('Sales Order').get(text(row, 'Document Id')), 'Currency Code'),
};
