/** SOLINE-ORDERDETAIL: lines of orders, synchronised with their header only (D-82, D-84). */
import { mappingName } from '../../common/ids.ts';
import { column, companion, constantToDataverse, fixedByPage, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

const extras = 'salesOrderLineExtras';
const computed = { readOnly: true } as const;

/** Sales works out amounts itself when a row is made, so they can be written afterwards only (D-15). */
const amount = { precision: 2, access: 'update' } as const;

/** Product and unit depend on the kind of line; the rule follows them. */
export const orderLine: TableMapping = {
  name: mappingName('SOLINE-ORDERDETAIL'),
  kind: 'table',
  description: 'SOLINE-ORDERDETAIL - Dynamics 365 Sales synchronization',
  enabled: true,
  order: 17,
  dependsOn: ['SALESORDER-ORDER'].map(mappingName),
  businessCentral: {
    table: 'Sales Line',
    entitySet: 'salesOrderLines',
    route: 'v2.0',
    companions: [extras],
    filter: "lineType eq 'Item' or lineType eq 'Resource'",
    keyProperty: 'sequence',
    nameProperty: 'description',
    reading: 'changes',
    extraFields: [
      property('documentId', 'guid'),
      property('lineType', 'enum'),
      property('lineObjectNumber', 'code', 20),
      property('description', 'text', 100),
      property('unitOfMeasureCode', 'code', 10),
    ],
  },
  dataverse: {
    table: 'salesorderdetail',
    entitySet: 'salesorderdetails',
    idAttribute: 'salesorderdetailid',
    nameAttribute: 'salesorderdetailname',
    filter: null,
    extraAttributes: [
      'salesorderid',
      'productid',
      'uomid',
      'isproductoverridden',
      'productdescription',
      'tax',
      'producttypecode',
      'description',
    ],
  },
  direction: 'both',
  syncOnlyCoupled: false,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'removeCoupling',
  eventDrivenRescheduling: false,
  fields: [
    fixedByPage('documentType', 'toBusinessCentral', 'Order'),
    constantToDataverse(column('producttypecode', 'picklist', { access: 'insert' }), 1),
    pair(
      property('lineObjectNumber', 'code', 20),
      column('productid', 'lookup', { lookupTable: 'product' }),
      {
        lookup: 'ITEM-PRODUCT',
        resolvedByRule: true,
      },
    ),
    pair(property('sequence', 'integer'), column('bcbi_businesscentrallinenumber', 'integer')),
    pair(property('quantity', 'decimal'), column('quantity', 'decimal', { precision: 5 })),
    pair(
      { ...property('shippedQuantity', 'decimal'), ...computed },
      column('quantityshipped', 'decimal', { precision: 5 }),
    ),
    constantToDataverse(column('ispriceoverridden', 'boolean'), true),
    pair(property('unitPrice', 'decimal'), column('priceperunit', 'money', { precision: 2 })),
    pair(
      { ...companion(extras, 'currencyCode', 'code', 10), ...computed },
      column('transactioncurrencyid', 'lookup', { access: 'read', lookupTable: 'transactioncurrency' }),
      { lookup: 'CURRENCY' },
    ),
    pair({ ...property('netAmount', 'decimal'), ...computed }, column('baseamount', 'money', amount)),
    pair(
      { ...property('netAmountIncludingTax', 'decimal'), ...computed },
      column('extendedamount', 'money', amount),
    ),
    pair(companion(extras, 'requestedDeliveryDate', 'date'), column('requestdeliveryby', 'date')),
  ],
  templates: [],
  linesOf: mappingName('SALESORDER-ORDER'),
  rule: 'orderLine',
  job: null,
  when: { orderIntegration: ['bidirectional'] },
};
