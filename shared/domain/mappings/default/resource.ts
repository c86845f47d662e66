/** RESOURCE-PRODUCT: resources and products of type Services (E-101 to E-104). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { productSettings, productTable } from './productFields.ts';
import { productTypes } from './productRule.ts';

const toDataverse = { direction: 'toDataverse' } as const;

/** Bidirectional, but only the name flows back. */
export const resource: TableMapping = {
  ...productSettings,
  name: mappingName('RESOURCE-PRODUCT'),
  description: 'RESOURCE-PRODUCT - Dynamics 365 Sales synchronization job',
  order: 11,
  dependsOn: ['UNIT OF MEASURE', 'RESOURCE UOM'].map(mappingName),
  businessCentral: {
    table: 'Resource',
    entitySet: 'resources',
    route: 'companion',
    companions: [],
    filter: 'blocked eq false',
    keyProperty: 'number',
    nameProperty: 'name',
    reading: 'changes',
    extraFields: [property('blocked', 'boolean'), property('baseUnitOfMeasureCode', 'code', 10)],
  },
  dataverse: productTable(productTypes.Resource),
  fields: [
    pair(property('number', 'code', 20), column('productnumber', 'string', { maxLength: 100 }), {
      ...toDataverse,
      match: { priority: 0, caseSensitive: false },
    }),
    pair(property('name', 'text', 100), column('name', 'string', { maxLength: 100 })),
    pair(property('unitPrice', 'decimal'), column('price', 'money', { precision: 2 }), toDataverse),
    pair(property('unitCost', 'decimal'), column('standardcost', 'money', { precision: 2 }), toDataverse),
    pair(property('unitCost', 'decimal'), column('currentcost', 'money', { precision: 2 }), toDataverse),
    pair(property('vendorNumber', 'code', 20), column('vendorid', 'string', { maxLength: 100 }), toDataverse),
    pair(property('capacity', 'decimal'), column('quantityonhand', 'decimal', { precision: 5 }), toDataverse),
    pair(
      property('baseUnitOfMeasureCode', 'code', 10),
      column('defaultuomid', 'lookup', { lookupTable: 'uom' }),
      {
        ...toDataverse,
        lookup: 'RESOURCE UOM',
        when: 'unitGroupMapping',
      },
    ),
  ],
  rule: 'resource',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
};
