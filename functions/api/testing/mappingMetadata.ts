/** Services that know a small table of their own, for tests of mappings that users define. */
import { fakeBusinessCentral, fakeDataverse } from '../../../shared/composition/testing/fakeServices.ts';
import { SyncFailure } from '../../../shared/domain/common/failures.ts';
import type { BusinessCentral } from '../../../shared/ports/businessCentral.ts';
import type { Dataverse, DataverseAttribute } from '../../../shared/ports/dataverse.ts';

function attribute(logicalName: string, type = 'String'): DataverseAttribute {
  return { logicalName, type, maxLength: 100, validForCreate: true, validForUpdate: true, navigation: {} };
}

function unknown(code: string, message: string): SyncFailure {
  return new SyncFailure({ kind: 'config', code, message });
}

/** Dataverse whose tables `new_location` and `account` have these columns; any other table is unknown. */
export function dataverseWithTables(): Dataverse {
  const columns: Readonly<Record<string, readonly DataverseAttribute[]>> = {
    new_location: [attribute('new_code'), attribute('new_name'), attribute('new_size', 'Decimal')],
    account: [
      attribute('name'),
      attribute('industrycode', 'Picklist'),
      attribute('customertypecode', 'Picklist'),
    ],
  };
  return {
    ...fakeDataverse(),
    table: async (table) => {
      const known = columns[table];
      if (!known) throw unknown('table-not-found', `Dataverse has no table "${table}".`);
      return {
        logicalName: table,
        entitySet: `${table}set`,
        idAttribute: `${table}id`,
        nameAttribute: 'name',
        changeTrackingEnabled: true,
        attributes: Object.fromEntries(known.map((column) => [column.logicalName, column])),
      };
    },
  };
}

/** Business Central that has these sets with these properties; reading anything else is refused as the service would. */
export function businessCentralWithSets(): BusinessCentral {
  const sets: Readonly<Record<string, readonly string[]>> = {
    locations: ['code', 'displayName', 'city'],
    customers: ['number', 'displayName', 'blocked', 'taxLiable'],
    customerExtras: ['faxNumber', 'contact'],
  };
  return {
    ...fakeBusinessCentral(),
    readRows: async ({ entitySet, select }) => {
      const known = sets[entitySet];
      if (!known) throw unknown('entity-set-not-found', `There is no ${entitySet}.`);
      if (select.some((name) => name !== 'id' && !known.includes(name)))
        throw unknown('property-not-found', 'Could not find a property.');
      return [];
    },
  };
}
