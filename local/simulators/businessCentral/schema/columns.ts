/** How page properties relate to the columns of the stored tables. */
import type { EntityModel, PropertyModel } from './entityModel.ts';

/** Sets that show the stored rows of another name than their source table says. */
const tableOfSet: Readonly<Record<string, string>> = {
  salesOrders: 'Sales Order',
  salesOrderExtras: 'Sales Order',
  salesQuotes: 'Sales Quote',
  salesInvoices: 'Sales Invoice',
  salesOrderLines: 'Sales Order Line',
  salesQuoteLines: 'Sales Quote Line',
  salesInvoiceLines: 'Sales Invoice Draft Line',
};

/** The stored table behind a set. Pages over one source table share one table. */
export function tableNameOf(entity: Pick<EntityModel, 'entitySet' | 'sourceTable'>): string {
  return tableOfSet[entity.entitySet] ?? entity.sourceTable;
}

const columnOverrides: Readonly<Record<string, string>> = {
  'customers.balanceDue': 'Balance Due (LCY)',
  'items.inventory': 'Inventory',
  'salesOrders.status': 'Buffer Status',
  'salesInvoices.remainingAmount': 'Remaining Amount',
};

/** The column a property reads and writes. */
export function columnOf(set: string, property: PropertyModel): string {
  const override = columnOverrides[`${set}.${property.name}`];
  if (override) return override;
  if (property.source === '(computed) CurrencyCodeTxt') return 'Currency Code';
  return (property.source ?? property.name).replace(/^Bill-To /, 'Bill-to ');
}

/** Whether the value is a page variable, which `$filter` and `$orderby` refuse (section 3.1). */
export function isComputed(property: PropertyModel): boolean {
  return property.source?.startsWith('(computed)') ?? false;
}

const textNumbers = [
  'Phone No.',
  'Mobile Phone No.',
  'Fax No.',
  'Sell-to Phone No.',
  'VAT Registration No.',
  'Vendor Item No.',
  'Package Tracking No.',
  'Account No.',
];
const otherCodes = [
  'Search Name',
  'GTIN',
  'Base Unit of Measure',
  'Sales Unit of Measure',
  'Purch. Unit of Measure',
  'Customer Price Group',
  'Customer Disc. Group',
  'Item Disc. Group',
  'Gen. Prod. Posting Group',
  'Inventory Posting Group',
];

/** Whether the column has the AL type Code: stored in upper case, compared without regard to case. */
export function isCode(property: PropertyModel): boolean {
  const source = property.source ?? '';
  if (property.type !== 'Edm.String' || property.alType || source.startsWith('(computed)')) return false;
  if (otherCodes.includes(source)) return true;
  return / Code$|^Code$/.test(source) || (/No\.$/.test(source) && !textNumbers.includes(source));
}

/** `Credit_x0020_Memo` to `Credit Memo` (section 3.5). */
export function decodeEnumMember(member: string): string {
  return member.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
