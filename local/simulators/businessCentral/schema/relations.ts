/** References between tables: code columns, their id twins, and navigation properties. */

/** A column that must hold the key of a row in another table. */
export interface Reference {
  readonly table: string;
  readonly keyColumn: string;
  /** The page raises an AL error of its own instead of the table relation error (section 5). */
  readonly dialog?: boolean;
}

const country: Reference = { table: 'Country/Region', keyColumn: 'Code' };
const customer: Reference = { table: 'Customer', keyColumn: 'No.', dialog: true };
const unit: Reference = { table: 'Unit of Measure', keyColumn: 'Code', dialog: true };
const contact: Reference = { table: 'Contact', keyColumn: 'No.' };

/** References by column name; they hold in every table that has the column. */
export const references: Readonly<Record<string, Reference>> = {
  'Country/Region Code': country,
  'Sell-to Country/Region Code': country,
  'Bill-to Country/Region Code': country,
  'Ship-to Country/Region Code': country,
  'Salesperson Code': { table: 'Salesperson/Purchaser', keyColumn: 'Code' },
  'Purchaser Code': { table: 'Salesperson/Purchaser', keyColumn: 'Code' },
  'Currency Code': { table: 'Currency', keyColumn: 'Code', dialog: true },
  'Payment Terms Code': { table: 'Payment Terms', keyColumn: 'Code', dialog: true },
  'Payment Method Code': { table: 'Payment Method', keyColumn: 'Code', dialog: true },
  'Shipment Method Code': { table: 'Shipment Method', keyColumn: 'Code', dialog: true },
  'Shipping Agent Code': { table: 'Shipping Agent', keyColumn: 'Code' },
  'Customer Price Group': { table: 'Customer Price Group', keyColumn: 'Code' },
  'Location Code': { table: 'Location', keyColumn: 'Code' },
  'Item Category Code': { table: 'Item Category', keyColumn: 'Code', dialog: true },
  'Base Unit of Measure': unit,
  'Unit of Measure Code': unit,
  'Primary Contact No.': contact,
  'Company No.': contact,
  'Contact No.': contact,
  'Sell-to Customer No.': customer,
  'Bill-to Customer No.': customer,
  'Item No.': { table: 'Item', keyColumn: 'No.' },
};

/** Id columns that are shown and written as the SystemId of the row a code column points at. */
export const idTwins: Readonly<Record<string, string>> = {
  'Currency Id': 'Currency Code',
  'Payment Terms Id': 'Payment Terms Code',
  'Payment Method Id': 'Payment Method Code',
  'Shipment Method Id': 'Shipment Method Code',
  'Item Category Id': 'Item Category Code',
  'Customer Id': 'Sell-to Customer No.',
  'Bill-to Customer Id': 'Bill-to Customer No.',
  'Location Id': 'Location Code',
};

/** Id twins whose code column depends on the table. */
export function codeTwin(table: string, column: string): string | undefined {
  if (column === 'Unit of Measure Id')
    return table === 'Item' ? 'Base Unit of Measure' : 'Unit of Measure Code';
  if (column === 'Item Id') return table === 'Item Variant' ? 'Item No.' : undefined;
  return idTwins[column];
}

/** Columns that name a row besides its id; a second row with the same values is refused. */
export function keyColumns(table: string): readonly string[] {
  switch (table) {
    case 'Item Variant':
    case 'Item Unit of Measure':
      return ['Item No.', 'Code'];
    case 'Resource Unit of Measure':
      return ['Resource No.', 'Code'];
    case 'Currency Exchange Rate':
      return ['Currency Code', 'Starting Date'];
    case 'Contact Business Relation':
      return ['Contact No.', 'Business Relation Code'];
    case 'Sales Header Archive':
      return ['No.', 'Doc. No. Occurrence', 'Version No.'];
    case 'Unit Group':
      return ['Source Type', 'Source Id'];
    case 'Price List Line':
      return ['Price List Code', 'Line No.'];
    case 'Accounting Period':
    case 'Item Ledger Entry':
    case 'Sales Price':
    case 'Sales Document Note':
    case 'Integration Setup':
    case 'General Ledger Setup':
    case 'Company Information':
      return [];
    case 'Sales Order Line':
    case 'Sales Quote Line':
    case 'Sales Invoice Draft Line':
    case 'Sales Shipment Line':
      return ['Document Id', 'Line No.'];
    case 'Sales Invoice Line':
      return ['Document No.', 'Line No.'];
    default:
      return numberedTables.includes(table) ? ['No.'] : ['Code'];
  }
}

/** Tables whose key is a number from a number series. */
export const numberedTables: readonly string[] = [
  'Customer',
  'Vendor',
  'Contact',
  'Item',
  'Resource',
  'Opportunity',
  'Sales Order',
  'Sales Quote',
  'Sales Invoice',
  'Sales Invoice Header',
  'Sales Shipment Header',
];

/** A navigation: rows of `set` whose property `theirs` equals our property `ours`. */
export interface Navigation {
  readonly set: string;
  readonly ours: string;
  readonly theirs: string;
}

const one = (set: string, ours: string): Navigation => ({ set, ours, theirs: 'id' });
const lines = (set: string): Navigation => ({ set, ours: 'id', theirs: 'documentId' });
const documentParts = {
  customer: one('customers', 'customerId'),
  currency: one('currencies', 'currencyId'),
  paymentTerm: one('paymentTerms', 'paymentTermsId'),
  shipmentMethod: one('shipmentMethods', 'shipmentMethodId'),
};
const lineParts = {
  item: one('items', 'itemId'),
  unitOfMeasure: one('unitsOfMeasure', 'unitOfMeasureId'),
  itemVariant: one('itemVariants', 'itemVariantId'),
  location: one('locations', 'locationId'),
};

/** How each served navigation property finds its records; those not listed answer 404. */
export const navigations: Readonly<Record<string, Readonly<Record<string, Navigation>>>> = {
  customers: {
    customerFinancialDetail: one('customerFinancialDetails', 'id'),
    contactsInformation: { set: 'contactsInformation', ours: 'id', theirs: 'relatedId' },
    currency: documentParts.currency,
    paymentTerm: documentParts.paymentTerm,
    shipmentMethod: documentParts.shipmentMethod,
    paymentMethod: one('paymentMethods', 'paymentMethodId'),
  },
  vendors: {
    contactsInformation: { set: 'contactsInformation', ours: 'id', theirs: 'relatedId' },
    currency: documentParts.currency,
    paymentTerm: documentParts.paymentTerm,
    paymentMethod: one('paymentMethods', 'paymentMethodId'),
  },
  customerFinancialDetails: { customer: one('customers', 'id') },
  contactsInformation: { contact: one('contacts', 'contactId'), customer: one('customers', 'relatedId') },
  items: {
    unitOfMeasure: one('unitsOfMeasure', 'baseUnitOfMeasureId'),
    itemCategory: one('itemCategories', 'itemCategoryId'),
    itemVariants: { set: 'itemVariants', ours: 'id', theirs: 'itemId' },
  },
  itemVariants: { item: one('items', 'itemId') },
  salesOrders: { ...documentParts, salesOrderLines: lines('salesOrderLines') },
  salesQuotes: { ...documentParts, salesQuoteLines: lines('salesQuoteLines') },
  salesInvoices: { ...documentParts, salesInvoiceLines: lines('salesInvoiceLines') },
  salesOrderLines: { ...lineParts, salesOrder: one('salesOrders', 'documentId') },
  salesQuoteLines: { ...lineParts, salesQuote: one('salesQuotes', 'documentId') },
  salesInvoiceLines: { ...lineParts, salesInvoice: one('salesInvoices', 'documentId') },
  salesShipments: {
    salesShipmentLines: lines('salesShipmentLines'),
    customer: one('customers', 'customerId'),
  },
  salesShipmentLines: { salesShipment: one('salesShipments', 'documentId') },
  priceListHeaders: { priceListLines: { set: 'priceListLines', ours: 'code', theirs: 'priceListCode' } },
  postedSalesInvoices: {
    postedSalesInvoiceLines: { set: 'postedSalesInvoiceLines', ours: 'number', theirs: 'documentNumber' },
  },
};
