/** The Sales side that ITEM-PRODUCT and RESOURCE-PRODUCT share. */
import type { DataverseTable, TableMapping } from '../model.ts';

/** Columns that the rule of products reads beside the mapped ones. */
const ruleAttributes = [
  'statecode',
  'producttypecode',
  'transactioncurrencyid',
  'defaultuomid',
  'defaultuomscheduleid',
  'pricelevelid',
  'price',
  'vendorname',
];

/** Active products of a type (E-101). */
export function productTable(productType: number): DataverseTable {
  return {
    table: 'product',
    entitySet: 'products',
    idAttribute: 'productid',
    nameAttribute: 'name',
    filter: `producttypecode eq ${productType} and statecode eq 0`,
    extraAttributes: ruleAttributes,
  };
}

/** What both mappings are set to. */
export const productSettings = {
  kind: 'table',
  enabled: true,
  direction: 'both',
  syncOnlyCoupled: true,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  templates: [],
} as const satisfies Partial<TableMapping>;
