/** POSTEDSALESLINE-INV: lines of posted sales invoices become lines of invoices in Sales, with their invoice only (D-127). */
import { mappingName } from '../../common/ids.ts';
import { column, constantToDataverse, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

const toDataverse = { direction: 'toDataverse' } as const;
const later = { precision: 4, access: 'update' } as const;

/** The fields begin each line; most amounts are worked out by the rule of its invoice. */
export const postedInvoiceLine: TableMapping = {
  name: mappingName('POSTEDSALESLINE-INV'),
  kind: 'table',
  description: 'POSTEDSALESLINE-INV - lines of posted sales invoices',
  enabled: true,
  order: 17,
  dependsOn: ['POSTEDSALESINV-INV'].map(mappingName),
  linesOf: mappingName('POSTEDSALESINV-INV'),
  businessCentral: {
    table: 'Sales Invoice Line',
    entitySet: 'postedSalesInvoiceLines',
    route: 'companion',
    companions: [],
    filter: null,
    keyProperty: 'documentNumber',
    nameProperty: 'description',
    reading: 'changes',
    extraFields: [
      property('lineNumber', 'integer'),
      property('type', 'enum'),
      property('number', 'code', 20),
      property('unitOfMeasureCode', 'code', 10),
      property('invoiceDiscountAmount', 'decimal'),
    ],
  },
  dataverse: {
    table: 'invoicedetail',
    entitySet: 'invoicedetails',
    idAttribute: 'invoicedetailid',
    nameAttribute: 'invoicedetailname',
    filter: null,
    extraAttributes: ['invoiceid', 'lineitemnumber'],
  },
  direction: 'toDataverse',
  syncOnlyCoupled: false,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: false,
  fields: [
    pair(property('quantity', 'decimal'), column('quantity', 'decimal', { precision: 5 }), toDataverse),
    pair(
      property('lineDiscountAmount', 'decimal'),
      column('manualdiscountamount', 'money', { precision: 4 }),
      toDataverse,
    ),
    pair(property('unitPrice', 'decimal'), column('priceperunit', 'money', { precision: 10 }), toDataverse),
    constantToDataverse(column('ispriceoverridden', 'boolean'), true),
    pair(property('amount', 'decimal'), column('baseamount', 'money', later), toDataverse),
    pair(property('amountIncludingTax', 'decimal'), column('extendedamount', 'money', later), toDataverse),
  ],
  templates: [],
  rule: null,
  job: null,
};
