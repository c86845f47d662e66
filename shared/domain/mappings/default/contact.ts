/** CONTACT: persons of a customer's or vendor's company and contacts of an account (E-97 to E-100). */
import { mappingName } from '../../common/ids.ts';
import {
  column,
  companion,
  constantToBusinessCentral,
  constantToDataverse,
  pair,
  property,
} from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';
import { addressFields } from './addressFields.ts';

const extras = 'contactExtras';

export const contact: TableMapping = {
  name: mappingName('CONTACT'),
  kind: 'table',
  description: 'CONTACT - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 10,
  dependsOn: ['CUSTOMER', 'VENDOR'].map(mappingName),
  businessCentral: {
    table: 'Contact',
    entitySet: 'contacts',
    route: 'v2.0',
    companions: [extras],
    filter: "type eq 'Person' and companyNumber ne ''",
    keyProperty: 'number',
    nameProperty: 'displayName',
    reading: 'changes',
    extraFields: [{ entitySet: extras, property: 'customerId', type: 'guid', readOnly: true }],
  },
  dataverse: {
    table: 'contact',
    entitySet: 'contacts',
    idAttribute: 'contactid',
    nameAttribute: 'fullname',
    filter: 'parentcustomerid_account/accountid ne null and statecode eq 0',
    extraAttributes: ['parentcustomerid'],
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
      companion(extras, 'salespersonCode', 'code', 20),
      column('ownerid', 'owner', { lookupTable: 'systemuser' }),
      {
        direction: 'toDataverse',
        lookup: 'SALESPEOPLE',
        notNull: true,
      },
    ),
    pair(
      companion(extras, 'currencyCode', 'code', 10),
      column('transactioncurrencyid', 'lookup', { lookupTable: 'transactioncurrency' }),
      { lookup: 'CURRENCY' },
    ),
    ...addressFields,
    pair(property('email', 'text', 80), column('emailaddress1', 'string', { maxLength: 100 })),
    pair(companion(extras, 'faxNumber', 'text', 30), column('fax', 'string', { maxLength: 50 })),
    pair(companion(extras, 'firstName', 'text', 30), column('firstname', 'string', { maxLength: 50 })),
    pair(companion(extras, 'middleName', 'text', 30), column('middlename', 'string', { maxLength: 50 })),
    pair(companion(extras, 'surname', 'text', 30), column('lastname', 'string', { maxLength: 50 })),
    pair(property('website', 'text', 255), column('websiteurl', 'string', { maxLength: 200 })),
    pair(property('mobilePhoneNumber', 'text', 30), column('mobilephone', 'string', { maxLength: 50 })),
    pair(companion(extras, 'pager', 'text', 30), column('pager', 'string', { maxLength: 50 })),
    pair(property('phoneNumber', 'text', 30), column('telephone1', 'string', { maxLength: 50 })),
    constantToBusinessCentral(property('type', 'enum'), 'Person'),
    constantToDataverse(column('parentcustomeridtype', 'entityName'), 'account'),
    pair(
      companion(extras, 'salutationCode', 'code', 10),
      column('salutation', 'string', { maxLength: 100 }),
      {
        enabled: false,
      },
    ),
  ],
  templates: [],
  rule: 'contact',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: 'BCI CUST' },
};
