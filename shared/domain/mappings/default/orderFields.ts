/** What both forms of SALESORDER-ORDER, and its lines, share (D-72, D-81). */
import { mappingName } from '../../common/ids.ts';
import {
  column,
  companion,
  constantToDataverse,
  type FieldOptions,
  pair,
  property,
} from '../fieldBuilders.ts';
import type {
  BusinessCentralField,
  BusinessCentralTable,
  BusinessCentralType,
  DataverseTable,
  FieldMapping,
  TableMapping,
} from '../model.ts';

/** The companion page that shows what the standard order page lacks, under the same id. */
export const orderExtras = 'salesOrderExtras';
/** The exact status of an order, where the companion app is installed. */
export const orderStatusKey = `${orderExtras}/status`;

/** Orders of Business Central. The standard page shows Released and Pending Prepayment alike as Open (D-22, D-75). */
export const orderTable: BusinessCentralTable = {
  table: 'Sales Header',
  entitySet: 'salesOrders',
  route: 'v2.0',
  companions: [orderExtras],
  filter: "status eq 'Open'",
  keyProperty: 'number',
  // A coupling's name is all that is left to find a posted order's invoices by (D-80), so it is the number alone.
  nameProperty: 'number',
  reading: 'changes',
  extraFields: [
    property('status', 'enum'),
    property('customerName', 'text', 100),
    companion(orderExtras, 'status', 'enum'),
  ],
};

/** Orders of Sales; their state decides which of their columns may be written (D-20). */
export const salesOrderTable: DataverseTable = {
  table: 'salesorder',
  entitySet: 'salesorders',
  idAttribute: 'salesorderid',
  nameAttribute: 'name',
  filter: null,
  extraAttributes: ['statecode', 'statuscode', 'ordernumber', 'lastbackofficesubmit', 'datefulfilled'],
};

/** What both forms are set to. */
export const orderSettings = {
  name: mappingName('SALESORDER-ORDER'),
  kind: 'table',
  description: 'SALESORDER-ORDER - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 16,
  businessCentral: orderTable,
  dataverse: salesOrderTable,
  syncOnlyCoupled: true,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  templates: [],
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
} as const satisfies Partial<TableMapping>;

const toDataverse = { direction: 'toDataverse' } as const;

/** A property that the service computes or only shows. */
export function shown(
  name: string,
  type: BusinessCentralType,
  maxLength?: number,
): BusinessCentralField & { readonly readOnly: true } {
  return { ...property(name, type, maxLength), readOnly: true };
}

/** The salesperson decides who owns the order; a blank one leaves the owner (D-74, D-142). */
export const orderOwner: readonly FieldMapping[] = [
  constantToDataverse(column('owneridtype', 'entityName'), 'systemuser'),
  pair(property('salesperson', 'code', 20), column('ownerid', 'owner', { lookupTable: 'systemuser' }), {
    ...toDataverse,
    lookup: 'SALESPEOPLE',
    notNull: true,
  }),
];

/** The currency of an order is settled when the row is made (D-15). */
export function orderCurrency(options: FieldOptions): FieldMapping {
  return pair(
    property('currencyCode', 'code', 10),
    column('transactioncurrencyid', 'lookup', { access: 'insert', lookupTable: 'transactioncurrency' }),
    { ...options, lookup: 'CURRENCY' },
  );
}

type AddressPart = 'Name' | 'AddressLine1' | 'AddressLine2' | 'City' | 'Country' | 'PostCode' | 'State';

interface PartShape {
  readonly type: 'text' | 'code';
  readonly length: number;
  readonly column: string;
  readonly columnLength: number;
}

const parts: Readonly<Record<AddressPart, PartShape>> = {
  Name: { type: 'text', length: 100, column: 'name', columnLength: 200 },
  AddressLine1: { type: 'text', length: 100, column: 'line1', columnLength: 250 },
  AddressLine2: { type: 'text', length: 50, column: 'line2', columnLength: 250 },
  City: { type: 'text', length: 30, column: 'city', columnLength: 80 },
  Country: { type: 'code', length: 10, column: 'country', columnLength: 80 },
  PostCode: { type: 'code', length: 20, column: 'postalcode', columnLength: 20 },
  State: { type: 'text', length: 30, column: 'stateorprovince', columnLength: 50 },
};

/** Fields of one of an order's two addresses, in the order given. The standard page only shows the bill-to address (D-25). */
export function addressOf(
  which: 'shipTo' | 'billTo',
  chosen: readonly AddressPart[],
  options: FieldOptions,
): readonly FieldMapping[] {
  return chosen.map((part) => {
    const { type, length, column: name, columnLength } = parts[part];
    const ours = property(`${which}${part}`, type, length);
    const theirs = column(`${which.toLowerCase()}_${name}`, 'string', { maxLength: columnLength });
    return pair(
      which === 'billTo' ? { ...ours, readOnly: true, writableIn: orderExtras } : ours,
      theirs,
      options,
    );
  });
}

/** When the last of the goods went out; the companion page adds the shipments up (D-32). */
export const lastShipment: FieldMapping = pair(
  { ...companion(orderExtras, 'lastShipmentDate', 'date'), readOnly: true },
  column('datefulfilled', 'date'),
  toDataverse,
);

/** The discount on the whole order as an amount. */
export function orderDiscount(options: FieldOptions = {}): FieldMapping {
  return pair(property('discountAmount', 'decimal'), column('discountamount', 'money', { precision: 2 }), {
    ...toDataverse,
    ...options,
  });
}

/** Shipping agent through its option (D-45). */
export function orderShippingAgent(options: FieldOptions): FieldMapping {
  return pair(
    companion(orderExtras, 'shippingAgentCode', 'code', 10),
    column('shippingmethodcode', 'picklist'),
    { ...options, lookup: 'SHIPPING AGENT' },
  );
}

/** Payment terms through their option (D-45). */
export function orderPaymentTerms(options: FieldOptions): FieldMapping {
  return pair(property('paymentTermsId', 'guid'), column('paymenttermscode', 'picklist'), {
    ...options,
    lookup: 'PAYMENT TERMS',
  });
}

/** The day the customer asked for. */
export function orderDelivery(options: FieldOptions): FieldMapping {
  return pair(property('requestedDeliveryDate', 'date'), column('requestdeliveryby', 'date'), options);
}
