/** SALESPRC-PRODPRICE: sales prices of customer price groups become lines of price lists (E-106). */
import { mappingName } from '../../common/ids.ts';
import { pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { currencyAmount, lineColumns, priceLineTable, priceSettings } from './priceFields.ts';

const toDataverse = { direction: 'toDataverse' } as const;

/** The list comes first: the line needs it. */
export const salesPrice: TableMapping = {
  ...priceSettings,
  name: mappingName('SALESPRC-PRODPRICE'),
  description: 'SALESPRC-PRODPRICE - Dynamics 365 Sales synchronization job',
  order: 14,
  dependsOn: ['CUSTPRCGRP-PRICE', 'ITEM-PRODUCT'].map(mappingName),
  when: '!extendedPricing',
  syncOnlyCoupled: false,
  businessCentral: {
    table: 'Sales Price',
    entitySet: 'salesPrices',
    route: 'companion',
    companions: [],
    filter: "salesType eq 'Customer_x0020_Price_x0020_Group' and salesCode ne ''",
    keyProperty: 'itemNumber',
    nameProperty: 'salesCode',
    reading: 'changes',
    extraFields: [property('unitOfMeasureCode', 'code', 10)],
  },
  dataverse: priceLineTable,
  fields: [
    pair(property('salesCode', 'code', 20), lineColumns.list, { ...toDataverse, lookup: 'CUSTPRCGRP-PRICE' }),
    pair(property('itemNumber', 'code', 20), lineColumns.product, { ...toDataverse, lookup: 'ITEM-PRODUCT' }),
    pair(property('itemNumber', 'code', 20), lineColumns.productNumber, toDataverse),
    pair(property('currencyCode', 'code', 10), lineColumns.currency, { ...toDataverse, lookup: 'CURRENCY' }),
    currencyAmount,
    pair(property('unitPrice', 'decimal'), lineColumns.amount, toDataverse),
  ],
  rule: 'priceLine',
};
