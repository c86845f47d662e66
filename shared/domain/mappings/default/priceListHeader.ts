/** PLHEADER-PRICE: sales price lists of the new price experience become price lists (E-106). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { priceListTable, priceSettings } from './priceFields.ts';

const toDataverse = { direction: 'toDataverse' } as const;

/** Whether lists must allow updating defaults depends on the sales set-up, so the rule judges that. */
export const priceListHeader: TableMapping = {
  ...priceSettings,
  name: mappingName('PLHEADER-PRICE'),
  description: 'PLHEADER-PRICE - Dynamics 365 Sales synchronization job',
  order: 13,
  dependsOn: ['CURRENCY', 'ITEM-PRODUCT'].map(mappingName),
  when: 'extendedPricing',
  syncOnlyCoupled: true,
  businessCentral: {
    table: 'Price List Header',
    entitySet: 'priceListHeaders',
    route: 'companion',
    companions: [],
    filter: "priceType eq 'Sale' and amountType eq 'Price'",
    keyProperty: 'code',
    nameProperty: 'description',
    reading: 'changes',
    extraFields: [property('status', 'enum'), property('allowUpdatingDefaults', 'boolean')],
  },
  dataverse: priceListTable,
  fields: [
    pair(property('code', 'code', 20), column('name', 'string', { maxLength: 100 }), toDataverse),
    pair(
      property('description', 'text', 250),
      column('description', 'memo', { maxLength: 2000 }),
      toDataverse,
    ),
    pair(
      property('currencyCode', 'code', 10),
      column('transactioncurrencyid', 'lookup', { access: 'insert', lookupTable: 'transactioncurrency' }),
      { ...toDataverse, lookup: 'CURRENCY' },
    ),
    pair(property('startingDate', 'date'), column('begindate', 'date'), toDataverse),
    pair(property('endingDate', 'date'), column('enddate', 'date'), toDataverse),
  ],
  rule: 'priceListHeader',
};
