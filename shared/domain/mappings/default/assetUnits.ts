/** ITEM UOM and RESOURCE UOM: units of an item or resource become units of its group (unit-group mode, E-94). */
import { mappingName } from '../../common/ids.ts';
import { column, pair, property } from '../fieldBuilders.ts';
import type { BusinessCentralTable, TableMapping } from '../model.ts';

const toDataverse = { direction: 'toDataverse' } as const;

function assetUnits(
  name: string,
  rule: string,
  source: Pick<BusinessCentralTable, 'table' | 'entitySet' | 'nameProperty'>,
): TableMapping {
  return {
    name: mappingName(name),
    kind: 'table',
    description: `${name} - Dynamics 365 Sales synchronization job`,
    enabled: true,
    order: 7,
    dependsOn: ['UNIT GROUP'].map(mappingName),
    when: 'unitGroupMapping',
    businessCentral: {
      ...source,
      route: 'companion',
      companions: [],
      filter: null,
      keyProperty: 'code',
      reading: 'changes',
      extraFields: [],
    },
    dataverse: {
      table: 'uom',
      entitySet: 'uoms',
      idAttribute: 'uomid',
      nameAttribute: 'name',
      filter: null,
      extraAttributes: ['uomscheduleid', 'baseuom'],
    },
    direction: 'toDataverse',
    syncOnlyCoupled: true,
    updateConflict: 'none',
    conflictDetection: 'field',
    deletionConflict: 'none',
    eventDrivenRescheduling: true,
    fields: [
      pair(property('code', 'code', 10), column('name', 'string', { maxLength: 100 }), {
        ...toDataverse,
        match: { priority: 0, caseSensitive: false },
      }),
      pair(
        property('quantityPerUnitOfMeasure', 'decimal'),
        column('quantity', 'decimal', { precision: 5 }),
        toDataverse,
      ),
    ],
    templates: [],
    rule,
    job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category: null },
  };
}

export const itemUnits: TableMapping = assetUnits('ITEM UOM', 'itemUnit', {
  table: 'Item Unit of Measure',
  entitySet: 'itemUnitsOfMeasure',
  nameProperty: 'itemNumber',
});

export const resourceUnits: TableMapping = assetUnits('RESOURCE UOM', 'resourceUnit', {
  table: 'Resource Unit of Measure',
  entitySet: 'resourceUnitsOfMeasure',
  nameProperty: 'resourceNumber',
});
