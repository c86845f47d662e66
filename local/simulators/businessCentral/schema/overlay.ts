/** What the proposed companion pages lack for the default mappings (default-mappings, "What API v2.0 lacks"). */
import type { EntityModel, PropertyModel } from './entityModel.ts';
import { id, plainPage, readOnly, systemProperties, writable } from './pageParts.ts';

const contactBusinessRelations: EntityModel = {
  ...plainPage,
  entitySet: 'contactBusinessRelations',
  entityType: 'contactBusinessRelation',
  sourceTable: 'Contact Business Relation',
  properties: [
    id,
    readOnly('contactNumber', 'Edm.String', 'Contact No.', 20),
    readOnly('businessRelationCode', 'Edm.String', 'Business Relation Code', 10),
    {
      ...readOnly('linkToTable', 'Microsoft.NAV.contactBusinessRelationLinkToTable', 'Link to Table'),
      enum: 'Contact Business Relation Link To Table',
      values: ['_x0020_', 'Customer', 'Vendor', 'Bank_x0020_Account', 'Employee'],
    },
    readOnly('number', 'Edm.String', 'No.', 20),
    ...systemProperties,
  ],
};

const integrationSetup: EntityModel = {
  ...plainPage,
  entitySet: 'integrationSetup',
  entityType: 'integrationSetup',
  sourceTable: 'Integration Setup',
  properties: [
    id,
    {
      ...readOnly('writeInProductType', 'Microsoft.NAV.writeInProductType', 'Write-in Product Type'),
      enum: 'Write-in Product Type',
      values: ['Item', 'Resource'],
    },
    readOnly('writeInProductNumber', 'Edm.String', 'Write-in Product No.', 20),
    readOnly('freightGLAccountNumber', 'Edm.String', 'Freight G/L Acc. No.', 20),
    readOnly('defaultPriceListCode', 'Edm.String', 'Default Price List Code', 20),
    readOnly('customerBusinessRelationCode', 'Edm.String', 'Bus. Rel. Code for Customers', 10),
    readOnly('vendorBusinessRelationCode', 'Edm.String', 'Bus. Rel. Code for Vendors', 10),
    readOnly('unitGroupMapping', 'Edm.Boolean', 'Unit Group Mapping Enabled'),
    readOnly('extendedPricing', 'Edm.Boolean', 'Extended Price Calculation Enabled'),
    ...systemProperties,
  ],
};

const salesOrderLineExtras: EntityModel = {
  ...plainPage,
  entitySet: 'salesOrderLineExtras',
  entityType: 'salesOrderLineExtra',
  sourceTable: 'Sales Order Line',
  modifyAllowed: true,
  webhookSupported: false,
  properties: [
    id,
    readOnly('documentId', 'Edm.Guid', 'Document Id'),
    readOnly('lineNumber', 'Edm.Int32', 'Line No.'),
    writable('requestedDeliveryDate', 'Edm.Date', 'Requested Delivery Date'),
    readOnly('currencyCode', 'Edm.String', '(computed) Currency Code of the document', 10),
    ...systemProperties,
  ],
};

/** Notes that users attach to orders and quotes; the page gathers them for each request, so nothing notifies of them (7.2). */
const salesDocumentNotes: EntityModel = {
  ...plainPage,
  entitySet: 'salesDocumentNotes',
  entityType: 'salesDocumentNote',
  sourceTable: 'Sales Document Note',
  webhookSupported: false,
  insertAllowed: true,
  modifyAllowed: true,
  deleteAllowed: true,
  properties: [
    { ...id, writableOnInsert: true },
    { ...readOnly('documentId', 'Edm.Guid', 'Document Id'), writableOnInsert: true },
    {
      ...readOnly('documentType', 'Microsoft.NAV.salesDocumentType', 'Document Type'),
      enum: 'Sales Document Type',
      values: ['Quote', 'Order', 'Invoice', 'Credit_x0020_Memo', 'Blanket_x0020_Order', 'Return_x0020_Order'],
    },
    readOnly('documentNumber', 'Edm.String', 'Document No.', 20),
    writable('description', 'Edm.String', 'Description', 250),
    writable('noteText', 'Edm.String', '(computed) Note'),
    { ...readOnly('createdAt', 'Edm.DateTimeOffset', 'Created At'), writableOnInsert: true },
    readOnly('createdBy', 'Edm.String', 'Created By', 132),
    readOnly('lastModifiedDateTime', 'Edm.DateTimeOffset', 'SystemModifiedAt'),
  ],
};

const vendorExtras: EntityModel = {
  ...plainPage,
  entitySet: 'vendorExtras',
  entityType: 'vendorExtra',
  sourceTable: 'Vendor',
  modifyAllowed: true,
  properties: [
    id,
    readOnly('number', 'Edm.String', 'No.', 20),
    writable('purchaserCode', 'Edm.String', 'Purchaser Code', 20),
    writable('contact', 'Edm.String', 'Contact', 100),
    writable('faxNumber', 'Edm.String', 'Fax No.', 30),
    writable('shipmentMethodCode', 'Edm.String', 'Shipment Method Code', 10),
    writable('shippingAgentCode', 'Edm.String', 'Shipping Agent Code', 10),
    writable('primaryContactNumber', 'Edm.String', 'Primary Contact No.', 20),
    writable('mobilePhoneNumber', 'Edm.String', 'Mobile Phone No.', 30),
    ...systemProperties,
  ],
};

/** Sets the proposal does not have. */
export const addedSets: readonly EntityModel[] = [
  contactBusinessRelations,
  integrationSetup,
  salesDocumentNotes,
  salesOrderLineExtras,
  vendorExtras,
];

/** Properties the proposal does not have, by set. */
export const addedProperties: Readonly<Record<string, readonly PropertyModel[]>> = {
  customerExtras: [
    readOnly('totalAmountLcy', 'Edm.Decimal', '(computed) Total Amount (LCY)'),
    readOnly('overdueBalanceLcy', 'Edm.Decimal', '(computed) Overdue Balance (LCY)'),
    { ...readOnly('invoicedPrepaymentAmountLcy', 'Edm.Decimal', 'Invoiced Prepmt. (LCY)'), flowField: true },
  ],
  priceListHeaders: [readOnly('allowUpdatingDefaults', 'Edm.Boolean', 'Allow Updating Defaults')],
  postedSalesInvoices: [readOnly('pricesIncludingTax', 'Edm.Boolean', 'Prices Including VAT')],
  salesOrderExtras: [
    writable('billToAddressLine1', 'Edm.String', 'Bill-to Address', 100),
    writable('billToAddressLine2', 'Edm.String', 'Bill-to Address 2', 50),
    writable('billToPostCode', 'Edm.String', 'Bill-to Post Code', 20),
    writable('billToCity', 'Edm.String', 'Bill-to City', 30),
    writable('billToCountry', 'Edm.String', 'Bill-to Country/Region Code', 10),
    writable('billToState', 'Edm.String', 'Bill-to County', 30),
  ],
};

/** Properties the proposal has read-only and a field mapping writes. */
export const writableProperties: Readonly<Record<string, readonly string[]>> = {
  contactExtras: ['salutationCode'],
  resources: ['name', 'blocked'],
};

/** Properties that may be given at creation only. */
export const insertOnlyProperties: Readonly<Record<string, readonly string[]>> = {
  resources: [
    'number',
    'type',
    'baseUnitOfMeasureCode',
    'unitPrice',
    'unitCost',
    'directUnitCost',
    'vendorNumber',
  ],
};

/** Pages whose permissions differ from the proposal. */
export const permissions: Readonly<
  Record<string, Partial<Pick<EntityModel, 'insertAllowed' | 'modifyAllowed'>>>
> = {
  resources: { insertAllowed: true, modifyAllowed: true },
};
