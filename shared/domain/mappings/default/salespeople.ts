/** SALESPEOPLE: licensed, enabled users of Sales become salespeople of Business Central (E-89). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

/** Runs first: every owner column depends on it. Users are matched to salespeople by e-mail. */
export const salespeople: TableMapping = {
  name: mappingName('SALESPEOPLE'),
  kind: 'table',
  description: 'SALESPEOPLE - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 1,
  dependsOn: [],
  businessCentral: {
    table: 'Salesperson/Purchaser',
    entitySet: 'salespeoplePurchasers',
    route: 'v2.0',
    companions: [],
    filter: null,
    keyProperty: 'code',
    nameProperty: 'displayName',
    reading: 'changes',
    extraFields: [],
  },
  dataverse: {
    table: 'systemuser',
    entitySet: 'systemusers',
    idAttribute: 'systemuserid',
    nameAttribute: 'fullname',
    filter: 'isdisabled eq false and islicensed eq true and isintegrationuser eq false',
    extraAttributes: [],
  },
  direction: 'toBusinessCentral',
  syncOnlyCoupled: true,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  fields: [
    pair(property('email', 'text', 80), column('internalemailaddress', 'string', { maxLength: 100 }), {
      direction: 'toBusinessCentral',
      match: { priority: 0, caseSensitive: false },
    }),
    pair(
      property('displayName', 'text', 50),
      column('fullname', 'string', { maxLength: 200, access: 'read' }),
      {
        direction: 'toBusinessCentral',
      },
    ),
    pair(property('phoneNo', 'text', 30), column('mobilephone', 'string', { maxLength: 64 }), {
      direction: 'toBusinessCentral',
    }),
    pair(property('jobTitle', 'text', 30), column('jobtitle', 'string', { maxLength: 100 }), {
      enabled: false,
    }),
    pair(property('email2', 'text', 80), column('personalemailaddress', 'string', { maxLength: 100 }), {
      enabled: false,
    }),
  ],
  templates: [],
  rule: 'salesperson',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 1440, category: null },
};
