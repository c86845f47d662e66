/** What the mappings of price lists and of their lines share on both sides. */
import { column, constantToDataverse } from '../fieldBuilders.ts';
import type { DataverseTable, FieldMapping, TableMapping } from '../model.ts';

/** Price lists in Sales. */
export const priceListTable: DataverseTable = {
  table: 'pricelevel',
  entitySet: 'pricelevels',
  idAttribute: 'pricelevelid',
  nameAttribute: 'name',
  filter: null,
  extraAttributes: ['transactioncurrencyid', 'statecode'],
};

/** Lines of price lists in Sales; their name column is computed, so the product number stands for it. */
export const priceLineTable: DataverseTable = {
  table: 'productpricelevel',
  entitySet: 'productpricelevels',
  idAttribute: 'productpricelevelid',
  nameAttribute: 'productnumber',
  filter: null,
  extraAttributes: ['pricelevelid', 'productid', 'uomid', 'uomscheduleid'],
};

/** What all of them are set to. */
export const priceSettings = {
  kind: 'table',
  enabled: true,
  direction: 'toDataverse',
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  templates: [],
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 1440, category: null },
} as const satisfies Partial<TableMapping>;

/** Prices are amounts in the list's currency, no percentages (E-106). */
export const currencyAmount: FieldMapping = constantToDataverse(column('pricingmethodcode', 'picklist'), 1);

/** Columns of a line as Sales takes them. */
export const lineColumns = {
  list: column('pricelevelid', 'lookup', { access: 'insert', lookupTable: 'pricelevel' }),
  product: column('productid', 'lookup', { lookupTable: 'product' }),
  productNumber: column('productnumber', 'string', { maxLength: 100, access: 'read' }),
  currency: column('transactioncurrencyid', 'lookup', {
    access: 'update',
    lookupTable: 'transactioncurrency',
  }),
  amount: column('amount', 'money', { precision: 2 }),
} as const;
