/** SALESORDER-ORDER, one way: released orders of Business Central go back to the Sales orders they came from (D-72 to D-74). */
import { mappingName } from '../../common/ids.ts';
import { column, pair } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import {
  addressOf,
  lastShipment,
  orderCurrency,
  orderDelivery,
  orderDiscount,
  orderOwner,
  orderPaymentTerms,
  orderSettings,
  orderShippingAgent,
  shown,
} from './orderFields.ts';

const toDataverse = { direction: 'toDataverse' } as const;
const address = ['Name', 'AddressLine1', 'AddressLine2', 'City', 'Country', 'PostCode', 'State'] as const;
/** Sales computes totals itself when a row is made, so they can be written afterwards only (D-15). */
const total = { precision: 2, access: 'update' } as const;

/** Lines are not sent: the Sales order has those it was submitted with (D-73). */
export const salesOrder: TableMapping = {
  ...orderSettings,
  direction: 'toDataverse',
  dependsOn: ['ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'OPPORTUNITY'].map(mappingName),
  fields: [
    pair(shown('number', 'code', 20), column('ordernumber', 'string', { maxLength: 100, access: 'insert' }), {
      ...toDataverse,
    }),
    ...orderOwner,
    orderCurrency(toDataverse),
    ...addressOf('shipTo', address, toDataverse),
    lastShipment,
    ...addressOf('billTo', address, toDataverse),
    pair(shown('totalAmountExcludingTax', 'decimal'), column('totalamountlessfreight', 'money', total), {
      ...toDataverse,
    }),
    pair(shown('totalAmountIncludingTax', 'decimal'), column('totalamount', 'money', total), toDataverse),
    orderDiscount(),
    orderShippingAgent(toDataverse),
    orderPaymentTerms(toDataverse),
    orderDelivery(toDataverse),
  ],
  rule: 'salesOrder',
  when: { orderIntegration: ['oneWay'] },
};
