/** UNIT GROUP: the unit group that each item and resource has to itself (unit-group mode, E-94). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { TableMapping } from '../model.ts';

const toDataverse = { direction: 'toDataverse' } as const;

/** Both columns hold the composed name of the group, which the rule makes of kind and number. */
export const unitGroup: TableMapping = {
  name: mappingName('UNIT GROUP'),
  kind: 'table',
  description: 'UNIT GROUP - Dynamics 365 Sales synchronization job',
  enabled: true,
  order: 6,
  dependsOn: [],
  when: 'unitGroupMapping',
  businessCentral: {
    table: 'Unit Group',
    entitySet: 'unitGroups',
    route: 'companion',
    companions: [],
    filter: null,
    keyProperty: 'sourceNumber',
    nameProperty: 'sourceType',
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
    pair(property('sourceNumber', 'code', 20), column('name', 'string', { maxLength: 200 }), {
      ...toDataverse,
      match: { priority: 0, caseSensitive: false },
    }),
    pair(
      property('sourceNumber', 'code', 20),
      column('baseuomname', 'string', { maxLength: 100, access: 'insert' }),
      toDataverse,
    ),
  ],
  templates: [],
  rule: 'unitGroup',
  job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
};
