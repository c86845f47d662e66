/** CUSTPRCGRP-PRICE: customer price groups become price lists (E-105). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { priceListTable, priceSettings } from './priceFields.ts';

export const customerPriceGroup: TableMapping = {
  ...priceSettings,
  name: mappingName('CUSTPRCGRP-PRICE'),
  description: 'CUSTPRCGRP-PRICE - Dynamics 365 Sales synchronization job',
  order: 13,
  dependsOn: ['CURRENCY', 'ITEM-PRODUCT'].map(mappingName),
  when: '!extendedPricing',
  syncOnlyCoupled: true,
  businessCentral: {
    table: 'Customer Price Group',
    entitySet: 'customerPriceGroups',
    route: 'companion',
    companions: [],
    filter: null,
    keyProperty: 'code',
    nameProperty: 'description',
    reading: 'changes',
    extraFields: [],
  },
  dataverse: priceListTable,
  fields: [
    pair(property('code', 'code', 10), column('name', 'string', { maxLength: 100 }), {
      direction: 'toDataverse',
    }),
  ],
  rule: 'customerPriceGroup',
};
