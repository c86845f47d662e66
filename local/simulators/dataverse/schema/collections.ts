/** One-to-many relationships by their collection navigation name (schema `collectionNavigation`, dataverse-web-api section 8). */
import type { CollectionNavigation } from './schema.ts';

const collections: Readonly<Record<string, readonly CollectionNavigation[]>> = {
  account: [
    { name: 'contact_customer_accounts', table: 'contact', column: 'parentcustomerid' },
    { name: 'order_customer_accounts', table: 'salesorder', column: 'customerid' },
    { name: 'quote_customer_accounts', table: 'quote', column: 'customerid' },
    { name: 'invoice_customer_accounts', table: 'invoice', column: 'customerid' },
    { name: 'opportunity_customer_accounts', table: 'opportunity', column: 'customerid' },
    { name: 'Account_Annotation', table: 'annotation', column: 'objectid' },
  ],
  systemuser: [{ name: 'user_accounts', table: 'account', column: 'owninguser' }],
  uomschedule: [{ name: 'unit_of_measurement_schedule_conversions', table: 'uom', column: 'uomscheduleid' }],
  product: [{ name: 'product_price_levels', table: 'productpricelevel', column: 'productid' }],
  pricelevel: [
    { name: 'price_level_product_price_levels', table: 'productpricelevel', column: 'pricelevelid' },
  ],
  quote: [
    { name: 'quote_details', table: 'quotedetail', column: 'quoteid' },
    { name: 'quote_orders', table: 'salesorder', column: 'quoteid' },
  ],
  salesorder: [
    { name: 'order_details', table: 'salesorderdetail', column: 'salesorderid' },
    { name: 'order_invoices', table: 'invoice', column: 'salesorderid' },
    { name: 'SalesOrder_Annotation', table: 'annotation', column: 'objectid' },
  ],
  invoice: [{ name: 'invoice_details', table: 'invoicedetail', column: 'invoiceid' }],
};

/** The collection navigations of a table; empty when it has none. */
export function collectionsOf(logicalName: string): readonly CollectionNavigation[] {
  return collections[logicalName] ?? [];
}

/** The one many-to-many relationship served: members of teams. */
export const teamMembership = {
  name: 'teammembership_association',
  tables: ['team', 'systemuser'],
} as const;
