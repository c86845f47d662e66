/** Sets of API v2.0 that the schema file does not list. */
import type { EntityModel } from './entityModel.ts';
import { id, plainPage, readOnly, writable } from './pageParts.ts';

const vendors: EntityModel = {
  ...plainPage,
  entitySet: 'vendors',
  entityType: 'vendor',
  sourceTable: 'Vendor',
  insertAllowed: true,
  modifyAllowed: true,
  deleteAllowed: true,
  properties: [
    id,
    writable('number', 'Edm.String', 'No.', 20),
    writable('displayName', 'Edm.String', 'Name', 100),
    writable('addressLine1', 'Edm.String', 'Address', 100),
    writable('addressLine2', 'Edm.String', 'Address 2', 50),
    writable('city', 'Edm.String', 'City', 30),
    writable('state', 'Edm.String', 'County', 30),
    writable('country', 'Edm.String', 'Country/Region Code', 10),
    writable('postalCode', 'Edm.String', 'Post Code', 20),
    writable('phoneNumber', 'Edm.String', 'Phone No.', 30),
    writable('email', 'Edm.String', 'E-Mail', 80),
    writable('website', 'Edm.String', 'Home Page', 255),
    writable('currencyId', 'Edm.Guid', 'Currency Id'),
    writable('currencyCode', 'Edm.String', '(computed) CurrencyCodeTxt'),
    writable('paymentTermsId', 'Edm.Guid', 'Payment Terms Id'),
    writable('paymentMethodId', 'Edm.Guid', 'Payment Method Id'),
    writable('taxLiable', 'Edm.Boolean', 'Tax Liable'),
    {
      ...writable('blocked', 'Microsoft.NAV.vendorBlocked', 'Blocked'),
      enum: 'Vendor Blocked',
      values: ['_x0020_', 'Payment', 'All'],
    },
    readOnly('lastModifiedDateTime', 'Edm.DateTimeOffset', 'SystemModifiedAt'),
  ],
  navigation: [
    {
      name: 'contactsInformation',
      entityType: 'contactInformation',
      entitySet: 'contactsInformation',
      multiplicity: '*',
    },
  ],
};

/** Present in current versions of the service; only what is known of it (documents D-33). */
const salesOrderArchives: EntityModel = {
  ...plainPage,
  entitySet: 'salesOrderArchives',
  entityType: 'salesOrderArchive',
  sourceTable: 'Sales Header Archive',
  webhookSupported: false,
  properties: [
    id,
    readOnly('number', 'Edm.String', 'No.', 20),
    readOnly('docNoOccurrence', 'Edm.Int32', 'Doc. No. Occurrence'),
    readOnly('versionNumber', 'Edm.Int32', 'Version No.'),
    readOnly('externalDocumentNumber', 'Edm.String', 'External Document No.', 35),
    readOnly('yourReference', 'Edm.String', 'Your Reference', 35),
    readOnly('shippingAgentCode', 'Edm.String', 'Shipping Agent Code', 10),
    readOnly('shipmentDate', 'Edm.Date', 'Shipment Date'),
    readOnly('orderDate', 'Edm.Date', 'Document Date'),
    readOnly('paymentDiscountPercent', 'Edm.Decimal', 'Payment Discount %'),
    readOnly('lastModifiedDateTime', 'Edm.DateTimeOffset', 'SystemModifiedAt'),
  ],
};

/** Not documented: supposed to be named like the lines of living orders. Their document is a version of an archived order. */
const salesOrderArchiveLines: EntityModel = {
  ...plainPage,
  entitySet: 'salesOrderArchiveLines',
  entityType: 'salesOrderArchiveLine',
  sourceTable: 'Sales Line Archive',
  webhookSupported: false,
  properties: [
    id,
    readOnly('documentId', 'Edm.Guid', 'Document Id'),
    readOnly('sequence', 'Edm.Int32', 'Line No.'),
    readOnly('lineType', 'Edm.String', 'API Type', 20),
    readOnly('lineObjectNumber', 'Edm.String', 'No.', 20),
    readOnly('description', 'Edm.String', 'Description', 100),
    readOnly('unitOfMeasureCode', 'Edm.String', 'Unit of Measure Code', 10),
    readOnly('quantity', 'Edm.Decimal', 'Quantity'),
    readOnly('unitPrice', 'Edm.Decimal', 'Unit Price'),
    readOnly('discountAmount', 'Edm.Decimal', 'Line Discount Amount'),
    readOnly('netAmount', 'Edm.Decimal', 'Amount'),
    readOnly('netAmountIncludingTax', 'Edm.Decimal', 'Amount Including VAT'),
    readOnly('shippedQuantity', 'Edm.Decimal', 'Quantity Shipped'),
  ],
};

/** Offered or not, depending on the version of the service (ST-12, ST-37); see `withoutSets` of the simulator. */
const accountingPeriods: EntityModel = {
  ...plainPage,
  entitySet: 'accountingPeriods',
  entityType: 'accountingPeriod',
  sourceTable: 'Accounting Period',
  properties: [
    id,
    readOnly('startingDate', 'Edm.Date', 'Starting Date'),
    readOnly('name', 'Edm.String', 'Name', 10),
    readOnly('newFiscalYear', 'Edm.Boolean', 'New Fiscal Year'),
    readOnly('closed', 'Edm.Boolean', 'Closed'),
    readOnly('lastModifiedDateTime', 'Edm.DateTimeOffset', 'SystemModifiedAt'),
  ],
};

const itemLedgerEntries: EntityModel = {
  ...plainPage,
  entitySet: 'itemLedgerEntries',
  entityType: 'itemLedgerEntry',
  sourceTable: 'Item Ledger Entry',
  properties: [
    id,
    readOnly('entryNumber', 'Edm.Int32', 'Entry No.'),
    readOnly('itemNumber', 'Edm.String', 'Item No.', 20),
    readOnly('postingDate', 'Edm.Date', 'Posting Date'),
    readOnly('quantity', 'Edm.Decimal', 'Quantity'),
    readOnly('lastModifiedDateTime', 'Edm.DateTimeOffset', 'SystemModifiedAt'),
  ],
};

/** Standard sets that the schema file does not list. */
export const addedStandardSets: readonly EntityModel[] = [
  vendors,
  salesOrderArchives,
  salesOrderArchiveLines,
  accountingPeriods,
  itemLedgerEntries,
];
