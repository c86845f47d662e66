/** SALESORDER-ORDER, both ways: orders travel with their lines (D-81 to D-83). */
import { mappingName } from '../../common/ids.ts';
import { occurrenceColumn } from '../../documents/occurrence.ts';
import { amountAttributes } from '../../documents/orderAmounts.ts';
import { column, companion, constantToDataverse, fixedByPage, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import {
  addressOf,
  lastShipment,
  orderCurrency,
  orderDelivery,
  orderDiscount,
  orderExtras,
  orderOwner,
  orderPaymentTerms,
  orderSettings,
  orderShippingAgent,
  orderTable,
  salesOrderTable,
  shown,
} from './orderFields.ts';
import { lineDiscountColumn } from './orderRowValues.ts';

const toDataverse = { direction: 'toDataverse' } as const;
const address = ['AddressLine1', 'AddressLine2', 'PostCode', 'City', 'Country', 'State'] as const;

/** Columns that the rule reads, and writes where they lack what they should have. */
const ruleAttributes = [occurrenceColumn, lineDiscountColumn, 'pricelevelid'];

/** Lines follow their header under SOLINE-ORDERDETAIL (D-82). */
export const salesOrderBidirectional: TableMapping = {
  ...orderSettings,
  businessCentral: { ...orderTable, extraFields: [...orderTable.extraFields, property('orderDate', 'date')] },
  direction: 'both',
  dependsOn: ['CUSTOMER', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'OPPORTUNITY'].map(mappingName),
  dataverse: {
    ...salesOrderTable,
    filter: 'statecode eq 1',
    extraAttributes: [...salesOrderTable.extraAttributes, ...amountAttributes, ...ruleAttributes],
  },
  fields: [
    ...orderOwner,
    fixedByPage('documentType', 'toBusinessCentral', 'Order'),
    pair(
      shown('number', 'code', 20),
      column('bcbi_businesscentralordernumber', 'string', { maxLength: 20 }),
      toDataverse,
    ),
    pair(
      companion(orderExtras, 'yourReference', 'text', 35),
      column('ordernumber', 'string', { maxLength: 100, access: 'insert' }),
      { direction: 'toBusinessCentral' },
    ),
    constantToDataverse(column('customeridtype', 'entityName'), 'account'),
    pair(
      property('customerNumber', 'code', 20),
      column('customerid', 'customer', { lookupTable: 'account' }),
      { lookup: 'CUSTOMER' },
    ),
    orderCurrency({}),
    ...addressOf('shipTo', ['Name', ...address], {}),
    lastShipment,
    ...addressOf('billTo', address, {}),
    orderDiscount({ sentBackByRule: true }),
    orderShippingAgent({}),
    orderPaymentTerms({}),
    pair(property('shipmentMethodId', 'guid'), column('freighttermscode', 'picklist'), {
      lookup: 'SHIPMENT METHOD',
    }),
    orderDelivery({}),
    pair(
      companion(orderExtras, 'paymentDiscountPercent', 'decimal'),
      column('discountpercentage', 'decimal', { precision: 2 }),
    ),
    pair(
      companion(orderExtras, 'workDescription', 'text'),
      column('description', 'memo', { maxLength: 2000 }),
    ),
  ],
  dependentCouplings: [
    {
      mapping: mappingName('SOLINE-ORDERDETAIL'),
      attribute: 'salesorderid',
      businessCentralKey: 'documentId',
    },
  ],
  rule: 'salesOrderBidirectional',
  when: { orderIntegration: ['bidirectional'] },
};
