/** UNIT OF MEASURE: each unit becomes a unit group of one unit in Sales (E-94). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

export const unitOfMeasure: TableMapping = {
  name: mappingName('UNIT OF MEASURE'),
  kind: 'table',
  description: 'UNIT OF MEASURE - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 6,
  dependsOn: [],
  when: '!unitGroupMapping',
  businessCentral: {
    table: 'Unit of Measure',
    entitySet: 'unitsOfMeasure',
    route: 'v2.0',
    companions: [],
    filter: null,
    keyProperty: 'code',
    nameProperty: 'displayName',
    reading: 'changes',
    extraFields: [],
  },
  dataverse: {
    table: 'uomschedule',
    entitySet: 'uomschedules',
    idAttribute: 'uomscheduleid',
    nameAttribute: 'name',
    filter: null,
    extraAttributes: ['statecode'],
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
      column('baseuomname', 'string', { maxLength: 100, access: 'insert' }),
      { direction: 'toDataverse' },
    ),
  ],
  templates: [],
  rule: 'unitOfMeasure',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
};
