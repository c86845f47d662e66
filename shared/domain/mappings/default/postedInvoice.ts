/** POSTEDSALESINV-INV: posted sales invoices become invoices in Sales (D-121 to D-126). */
import { mappingName } from '../../common/ids.ts';
import { standProperties } from '../../documents/invoiceState.ts';
import { column, constantToDataverse, pair, property } from '../fieldBuilders.ts';
import type { BusinessCentralField, DataverseField, FieldMapping, TableMapping } from '../model.ts';

const toDataverse = { direction: 'toDataverse' } as const;

function sent(ours: BusinessCentralField, theirs: DataverseField, lookup?: string): FieldMapping {
  return pair(ours, theirs, lookup === undefined ? toDataverse : { ...toDataverse, lookup });
}

/** Name and address as posted, in the order of the reference. */
function address(ours: 'shipTo' | 'billTo', theirs: 'shipto' | 'billto'): readonly FieldMapping[] {
  const text = (
    name: string,
    length: number,
    attribute: string,
    most: number,
    type: 'text' | 'code' = 'text',
  ) =>
    sent(
      property(`${ours}${name}`, type, length),
      column(`${theirs}_${attribute}`, 'string', { maxLength: most }),
    );
  return [
    text('Name', 100, 'name', 200),
    text('Address', 100, 'line1', 250),
    text('Address2', 50, 'line2', 250),
    text('City', 30, 'city', 80),
    text('CountryRegionCode', 10, 'country', 80, 'code'),
    text('PostCode', 20, 'postalcode', 20, 'code'),
    text('County', 30, 'stateorprovince', 50),
  ];
}

/** Amounts that Sales computes when an invoice is made can be corrected afterwards only (D-15). */
const total = { precision: 4, access: 'update' } as const;

/** By default users choose which invoices get a copy; state, order link and lines are its rule's. */
export const postedInvoice: TableMapping = {
  name: mappingName('POSTEDSALESINV-INV'),
  kind: 'table',
  description: 'POSTEDSALESINV-INV - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 17,
  dependsOn: ['ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'OPPORTUNITY'].map(mappingName),
  businessCentral: {
    table: 'Sales Invoice Header',
    entitySet: 'postedSalesInvoices',
    route: 'companion',
    companions: [],
    filter: null,
    keyProperty: 'number',
    nameProperty: 'billToName',
    reading: 'changes',
    extraFields: [
      property('sellToCustomerNumber', 'code', 20),
      property('yourReference', 'text', 35),
      property('shipmentMethodCode', 'code', 10),
      ...standProperties.map((name) => property(name, name === 'cancelled' ? 'boolean' : 'decimal')),
    ],
  },
  dataverse: {
    table: 'invoice',
    entitySet: 'invoices',
    idAttribute: 'invoiceid',
    nameAttribute: 'name',
    filter: null,
    extraAttributes: [
      'statecode',
      'statuscode',
      'salesorderid',
      'totaltax',
      'totaldiscountamount',
      'totallineitemdiscountamount',
    ],
  },
  direction: 'toDataverse',
  syncOnlyCoupled: true,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  fields: [
    sent(
      property('number', 'code', 20),
      column('invoicenumber', 'string', { maxLength: 100, access: 'insert' }),
    ),
    constantToDataverse(column('owneridtype', 'entityName'), 'systemuser'),
    pair(property('salespersonCode', 'code', 20), column('ownerid', 'owner', { lookupTable: 'systemuser' }), {
      ...toDataverse,
      lookup: 'SALESPEOPLE',
      notNull: true,
    }),
    sent(
      property('currencyCode', 'code', 10),
      column('transactioncurrencyid', 'lookup', { access: 'insert', lookupTable: 'transactioncurrency' }),
      'CURRENCY',
    ),
    sent(property('dueDate', 'date'), column('duedate', 'date')),
    ...address('shipTo', 'shipto'),
    sent(property('shipmentDate', 'date'), column('datedelivered', 'date')),
    ...address('billTo', 'billto'),
    sent(property('amount', 'decimal'), column('totalamountlessfreight', 'money', total)),
    sent(property('amountIncludingTax', 'decimal'), column('totalamount', 'money', total)),
    sent(property('invoiceDiscountAmount', 'decimal'), column('discountamount', 'money', { precision: 4 })),
    sent(
      property('shippingAgentCode', 'code', 10),
      column('shippingmethodcode', 'picklist'),
      'SHIPPING AGENT',
    ),
    sent(property('paymentTermsCode', 'code', 10), column('paymenttermscode', 'picklist'), 'PAYMENT TERMS'),
    sent(property('workDescription', 'text'), column('description', 'memo', { maxLength: 2000 })),
  ],
  templates: [],
  rule: 'postedInvoice',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 1440, category: null },
};
