/** ITEM-PRODUCT: items and products of type Sales Inventory (E-101 to E-104). */
import { mappingName } from '../../common/ids.ts';
import { column, companion, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { productSettings, productTable } from './productFields.ts';
import { productTypes } from './productRule.ts';

const extras = 'itemExtras';
const toDataverse = { direction: 'toDataverse' } as const;

/** Bidirectional, but only the name and the base unit flow back; the rest keeps to its own direction. */
export const item: TableMapping = {
  ...productSettings,
  name: mappingName('ITEM-PRODUCT'),
  description: 'ITEM-PRODUCT - Dynamics 365 Sales synchronization job',
  order: 12,
  dependsOn: ['UNIT OF MEASURE', 'ITEM UOM'].map(mappingName),
  businessCentral: {
    table: 'Item',
    entitySet: 'items',
    route: 'v2.0',
    companions: [extras],
    filter: 'blocked eq false',
    keyProperty: 'number',
    nameProperty: 'displayName',
    reading: 'changes',
    extraFields: [property('blocked', 'boolean'), property('baseUnitOfMeasureCode', 'code', 10)],
  },
  dataverse: productTable(productTypes.Item),
  fields: [
    pair(property('number', 'code', 20), column('productnumber', 'string', { maxLength: 100 }), {
      ...toDataverse,
      match: { priority: 0, caseSensitive: false },
    }),
    pair(property('displayName', 'text', 100), column('name', 'string', { maxLength: 100 })),
    pair(property('unitPrice', 'decimal'), column('price', 'money', { precision: 2 }), toDataverse),
    pair(property('unitCost', 'decimal'), column('standardcost', 'money', { precision: 2 }), toDataverse),
    pair(property('unitCost', 'decimal'), column('currentcost', 'money', { precision: 2 }), toDataverse),
    pair(
      companion(extras, 'unitVolume', 'decimal'),
      column('stockvolume', 'decimal', { precision: 2 }),
      toDataverse,
    ),
    pair(
      companion(extras, 'grossWeight', 'decimal'),
      column('stockweight', 'decimal', { precision: 2 }),
      toDataverse,
    ),
    pair(
      companion(extras, 'vendorNumber', 'code', 20),
      column('vendorid', 'string', { maxLength: 100 }),
      toDataverse,
    ),
    pair(
      companion(extras, 'vendorItemNumber', 'text', 50),
      column('vendorpartnumber', 'string', { maxLength: 100 }),
      toDataverse,
    ),
    pair(
      property('inventory', 'decimal'),
      column('quantityonhand', 'decimal', { precision: 5 }),
      toDataverse,
    ),
    pair(
      property('baseUnitOfMeasureCode', 'code', 10),
      column('defaultuomid', 'lookup', { lookupTable: 'uom' }),
      {
        lookup: 'ITEM UOM',
        when: 'unitGroupMapping',
      },
    ),
    pair(
      property('baseUnitOfMeasureCode', 'code', 10),
      column('defaultuomscheduleid', 'lookup', { lookupTable: 'uomschedule' }),
      { lookup: 'UNIT OF MEASURE', when: '!unitGroupMapping' },
    ),
  ],
  rule: 'item',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 1440, category: null },
};
