/** OPPORTUNITY: open opportunities of both sides; only the description flows back (E-107). */
import { mappingName } from '../../common/ids.ts';
import { column, companion, constantToDataverse, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

const extras = 'opportunityExtras';

/** Has no scheduled job: it takes part in full and manual runs, in which it creates by default. */
export const opportunity: TableMapping = {
  name: mappingName('OPPORTUNITY'),
  kind: 'table',
  description: 'OPPORTUNITY - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 15,
  dependsOn: ['CONTACT'].map(mappingName),
  businessCentral: {
    table: 'Opportunity',
    entitySet: 'opportunities',
    route: 'v2.0',
    companions: [extras],
    filter: "status eq 'Not_x0020_Started' or status eq 'In_x0020_Progress'",
    keyProperty: 'number',
    nameProperty: 'description',
    reading: 'changes',
    extraFields: [],
  },
  dataverse: {
    table: 'opportunity',
    entitySet: 'opportunities',
    idAttribute: 'opportunityid',
    nameAttribute: 'name',
    filter: null,
    extraAttributes: [],
  },
  direction: 'both',
  syncOnlyCoupled: false,
  updateConflict: 'none',
  conflictDetection: 'field',
  deletionConflict: 'none',
  eventDrivenRescheduling: true,
  fields: [
    pair(property('description', 'text', 100), column('name', 'string', { maxLength: 300 })),
    pair(
      property('contactNumber', 'code', 20),
      column('parentcontactid', 'lookup', { lookupTable: 'contact' }),
      { direction: 'toDataverse', lookup: 'CONTACT' },
    ),
    pair(
      { ...companion(extras, 'contactCompanyNumber', 'code', 20), readOnly: true },
      column('parentaccountid', 'lookup', { lookupTable: 'account' }),
      { direction: 'toDataverse', lookup: 'CUSTOMER', resolvedByRule: true },
    ),
    constantToDataverse(column('owneridtype', 'entityName'), 'systemuser'),
    pair(property('salespersonCode', 'code', 20), column('ownerid', 'owner', { lookupTable: 'systemuser' }), {
      direction: 'toDataverse',
      lookup: 'SALESPEOPLE',
      notNull: true,
    }),
    pair(
      { ...property('estimatedValue', 'decimal'), readOnly: true },
      column('estimatedvalue', 'money', { precision: 2 }),
      { direction: 'toDataverse' },
    ),
    pair(
      { ...property('estimatedClosingDate', 'date'), readOnly: true },
      column('estimatedclosedate', 'date'),
      {
        direction: 'toDataverse',
      },
    ),
    pair({ ...property('dateClosed', 'date'), readOnly: true }, column('actualclosedate', 'date'), {
      direction: 'toDataverse',
      enabled: false,
    }),
    pair(
      { ...companion(extras, 'probabilityPercent', 'decimal'), readOnly: true },
      column('closeprobability', 'integer'),
      { direction: 'toDataverse', enabled: false },
    ),
    pair(
      { ...property('calculatedCurrentValue', 'decimal'), readOnly: true },
      column('actualvalue', 'money', { precision: 2 }),
      { direction: 'toDataverse', enabled: false },
    ),
  ],
  templates: [],
  rule: 'opportunity',
  job: null,
};
