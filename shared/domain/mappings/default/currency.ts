/** CURRENCY: currencies with their present exchange rate travel to Sales (E-90 to E-93). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

/**
 * Read whole in every run: a new exchange rate, or a rate whose starting date is reached, does not touch
 * the currency's own modification time (E-93, E-164).
 */
export const currency: TableMapping = {
  name: mappingName('CURRENCY'),
  kind: 'table',
  description: 'CURRENCY - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 2,
  dependsOn: [],
  businessCentral: {
    table: 'Currency',
    entitySet: 'currencies',
    route: 'v2.0',
    companions: [],
    filter: null,
    keyProperty: 'code',
    nameProperty: 'displayName',
    reading: 'whole',
    extraFields: [],
  },
  dataverse: {
    table: 'transactioncurrency',
    entitySet: 'transactioncurrencies',
    idAttribute: 'transactioncurrencyid',
    nameAttribute: 'currencyname',
    filter: null,
    extraAttributes: ['exchangerate', 'currencyprecision'],
  },
  direction: 'toDataverse',
  syncOnlyCoupled: true,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  fields: [
    pair(
      property('code', 'code', 10),
      column('isocurrencycode', 'string', { maxLength: 5, access: 'insert' }),
      {
        direction: 'toDataverse',
        match: { priority: 0, caseSensitive: false },
      },
    ),
    pair(property('symbol', 'text', 10), column('currencysymbol', 'string', { maxLength: 10 }), {
      direction: 'toDataverse',
    }),
    pair(property('displayName', 'text', 30), column('currencyname', 'string', { maxLength: 100 }), {
      direction: 'toDataverse',
    }),
  ],
  templates: [],
  rule: 'currency',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
};
