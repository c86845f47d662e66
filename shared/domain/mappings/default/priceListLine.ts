/** PLLINE-PRODPRICE: prices of items and resources on sales price lists become lines of price lists (E-106). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { currencyAmount, lineColumns, priceLineTable, priceSettings } from './priceFields.ts';

const toDataverse = { direction: 'toDataverse' } as const;

/** The look-ups of product and unit depend on the kind of asset; the rule follows them. */
export const priceListLine: TableMapping = {
  ...priceSettings,
  name: mappingName('PLLINE-PRODPRICE'),
  description: 'PLLINE-PRODPRICE - Dynamics 365 Sales synchronization job',
  order: 14,
  dependsOn: ['PLHEADER-PRICE', 'ITEM-PRODUCT'].map(mappingName),
  when: 'extendedPricing',
  syncOnlyCoupled: false,
  businessCentral: {
    table: 'Price List Line',
    entitySet: 'priceListLines',
    route: 'companion',
    companions: [],
    filter:
      "priceType eq 'Sale' and amountType eq 'Price' and (assetType eq 'Item' or assetType eq 'Resource') and minimumQuantity eq 0",
    keyProperty: 'assetNumber',
    nameProperty: 'priceListCode',
    reading: 'changes',
    extraFields: [property('assetType', 'enum'), property('unitOfMeasureCode', 'code', 10)],
  },
  dataverse: priceLineTable,
  fields: [
    pair(property('priceListCode', 'code', 20), lineColumns.list, {
      ...toDataverse,
      lookup: 'PLHEADER-PRICE',
    }),
    pair(property('assetNumber', 'code', 20), lineColumns.product, {
      ...toDataverse,
      lookup: 'ITEM-PRODUCT',
    }),
    pair(property('assetNumber', 'code', 20), lineColumns.productNumber, toDataverse),
    pair(property('currencyCode', 'code', 10), lineColumns.currency, { ...toDataverse, lookup: 'CURRENCY' }),
    currencyAmount,
    pair(property('unitOfMeasureCode', 'code', 10), column('uomid', 'lookup', { lookupTable: 'uom' }), {
      ...toDataverse,
      lookup: 'ITEM UOM',
      when: 'unitGroupMapping',
    }),
    pair(
      property('unitOfMeasureCode', 'code', 10),
      column('uomscheduleid', 'lookup', { lookupTable: 'uomschedule' }),
      { ...toDataverse, lookup: 'UNIT OF MEASURE', when: '!unitGroupMapping' },
    ),
    pair(property('unitPrice', 'decimal'), lineColumns.amount, toDataverse),
  ],
  rule: 'priceLine',
};
