/** What happens to rows that point to a deleted one (dataverse-web-api section 11). */
import type { Column, Table } from '../schema/schema.ts';

/** `restrict`: the delete is refused. `cascade`: they go too. `removeLink`: the lookup is cleared. `none`: untouched. */
export type DeleteBehaviour = 'restrict' | 'cascade' | 'removeLink' | 'none';

const documents: readonly string[] = ['salesorder', 'quote', 'invoice'];
const lines: readonly string[] = ['salesorderdetail', 'quotedetail', 'invoicedetail'];

/** Parent and child go together. */
const cascading: readonly string[] = [
  'contact.parentcustomerid',
  'opportunity.customerid',
  'annotation.objectid',
  'salesorderdetail.salesorderid',
  'quotedetail.quoteid',
  'invoicedetail.invoiceid',
  'productpricelevel.productid',
  'productpricelevel.pricelevelid',
  'uom.uomscheduleid',
  'uom.baseuom',
];

/** The rule for rows of `table` whose lookup `column` points to the deleted row. */
export function deleteBehaviour(table: Table, column: Column): DeleteBehaviour {
  const name = `${table.logicalName}.${column.name}`;
  if (cascading.includes(name)) return 'cascade';
  if (column.name === 'transactioncurrencyid' || column.name === 'basecurrencyid') return 'restrict';
  if (column.name === 'ownerid') return column.create ? 'restrict' : 'none';
  if (!column.create && !column.update) return 'none';
  if (documents.includes(table.logicalName)) {
    const restricting = ['customerid', 'pricelevelid', 'quoteid', 'opportunityid', 'salesorderid'];
    return restricting.includes(column.name) ? 'restrict' : 'removeLink';
  }
  if (lines.includes(table.logicalName) && ['productid', 'uomid'].includes(column.name)) return 'restrict';
  return column.required === 'SystemRequired' ? 'restrict' : 'removeLink';
}
