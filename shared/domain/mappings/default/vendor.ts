/** VENDOR: vendors and accounts of relationship type Vendor; the account table is shared with CUSTOMER. */
import { mappingName } from '../../common/ids.ts';
import { column, companion, constantToDataverse, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { addressFields } from './addressFields.ts';

const extras = 'vendorExtras';

export const vendor: TableMapping = {
  name: mappingName('VENDOR'),
  kind: 'table',
  description: 'VENDOR - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 9,
  dependsOn: ['SALESPEOPLE', 'CURRENCY'].map(mappingName),
  businessCentral: {
    table: 'Vendor',
    entitySet: 'vendors',
    route: 'v2.0',
    companions: [extras],
    filter: "blocked eq ' '",
    keyProperty: 'number',
    nameProperty: 'displayName',
    reading: 'changes',
    extraFields: [],
  },
  dataverse: {
    table: 'account',
    entitySet: 'accounts',
    idAttribute: 'accountid',
    nameAttribute: 'name',
    filter: 'customertypecode eq 11 and statecode eq 0',
    extraAttributes: [],
  },
  direction: 'both',
  syncOnlyCoupled: true,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  fields: [
    constantToDataverse(column('owneridtype', 'entityName'), 'systemuser'),
    pair(
      companion(extras, 'purchaserCode', 'code', 20),
      column('ownerid', 'owner', { lookupTable: 'systemuser' }),
      { direction: 'toDataverse', lookup: 'SALESPEOPLE', notNull: true },
    ),
    pair(property('displayName', 'text', 100), column('name', 'string', { maxLength: 160 })),
    pair(
      companion(extras, 'contact', 'text', 100),
      column('address1_primarycontactname', 'string', { maxLength: 100 }),
    ),
    ...addressFields,
    pair(
      property('currencyCode', 'code', 10),
      column('transactioncurrencyid', 'lookup', { lookupTable: 'transactioncurrency' }),
      { lookup: 'CURRENCY' },
    ),
    pair(property('email', 'text', 80), column('emailaddress1', 'string', { maxLength: 100 })),
    pair(companion(extras, 'faxNumber', 'text', 30), column('fax', 'string', { maxLength: 50 })),
    pair(property('website', 'text', 255), column('websiteurl', 'string', { maxLength: 200 })),
    pair(property('phoneNumber', 'text', 30), column('telephone1', 'string', { maxLength: 50 })),
    pair(
      companion(extras, 'shipmentMethodCode', 'code', 10),
      column('address1_freighttermscode', 'picklist'),
      { lookup: 'SHIPMENT METHOD' },
    ),
    pair(
      companion(extras, 'shippingAgentCode', 'code', 10),
      column('address1_shippingmethodcode', 'picklist'),
      { lookup: 'SHIPPING AGENT' },
    ),
    pair(property('paymentTermsId', 'guid'), column('paymenttermscode', 'picklist'), {
      lookup: 'PAYMENT TERMS',
    }),
    pair(
      companion(extras, 'primaryContactNumber', 'code', 20),
      column('primarycontactid', 'lookup', { lookupTable: 'contact' }),
      { lookup: 'CONTACT', clearOnFailedSync: true, blankNeedsCoupled: true },
    ),
    pair(property('number', 'code', 20), column('accountnumber', 'string', { maxLength: 20 }), {
      direction: 'toDataverse',
      enabled: false,
    }),
    pair(
      companion(extras, 'mobilePhoneNumber', 'text', 30),
      column('telephone2', 'string', { maxLength: 50 }),
      { enabled: false },
    ),
  ],
  templates: [{ target: 'dataverse', priority: 0, sourceFilter: null, values: { customertypecode: 11 } }],
  rule: 'vendor',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: 'BCI CUST' },
};
