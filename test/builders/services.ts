/** Services that hold a few records in memory, for tests of single stages of a run. */
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { dataverseId } from '../../shared/domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../shared/domain/common/records.ts';
import type { BusinessCentral, BusinessCentralChangesRequest } from '../../shared/ports/businessCentral.ts';
import type {
  Dataverse,
  DataverseChangesRequest,
  DataverseTableMetadata,
} from '../../shared/ports/dataverse.ts';
import { memoryPorts } from './ports.ts';
import { guidOf } from './records.ts';

/** What was asked of the services, in order. */
export interface Asked {
  readonly businessCentral: BusinessCentralChangesRequest[];
  readonly dataverse: DataverseChangesRequest[];
  /** Ids and values looked up, one entry per call. */
  readonly lookUps: (readonly string[])[];
}

/** Columns of the things of test/builders/records.ts. */
const columns = ['name', 'city', 'limit'];

function tableMetadata(table: string): DataverseTableMetadata {
  const attribute = (logicalName: string) => ({
    logicalName,
    type: 'String',
    maxLength: null,
    validForCreate: true,
    validForUpdate: true,
    navigation: {},
  });
  return {
    logicalName: table,
    entitySet: `${table}s`,
    idAttribute: `${table}id`,
    nameAttribute: 'name',
    changeTrackingEnabled: true,
    attributes: Object.fromEntries(columns.map((name) => [name, attribute(name)])),
  };
}

/** Ports of which both services answer reads with these records, whatever they are asked for. */
export function readingPorts(held: {
  readonly records?: readonly BusinessCentralRecord[];
  readonly rows?: readonly DataverseRow[];
}) {
  const memory = memoryPorts();
  const asked: Asked = { businessCentral: [], dataverse: [], lookUps: [] };
  const { records = [], rows = [] } = held;
  const businessCentral = {
    metered: () => businessCentral,
    company: async () => ({ id: guidOf('c', 1), name: 'Company' }),
    readChanges: async (request: BusinessCentralChangesRequest) => {
      asked.businessCentral.push(request);
      return { records, next: null };
    },
    readByIds: async (_selection: unknown, ids: readonly string[]) => {
      asked.lookUps.push(ids);
      return records.filter(({ id }) => ids.includes(id));
    },
    readByValues: async (_selection: unknown, property: string, values: readonly string[]) => {
      asked.lookUps.push(values);
      return records.filter((record) => values.includes(String(record.values[property])));
    },
  } as unknown as BusinessCentral;
  const dataverse = {
    metered: () => dataverse,
    whoAmI: async () => ({
      userId: dataverseId(guidOf('f', 1)),
      organizationId: dataverseId(guidOf('f', 2)),
    }),
    table: async (table: string) => tableMetadata(table),
    readChanges: async (request: DataverseChangesRequest) => {
      asked.dataverse.push(request);
      return { rows, deletedIds: [], next: null, end: 'token-2' };
    },
    readByIds: async (_selection: unknown, ids: readonly string[]) =>
      rows.filter(({ id }) => ids.includes(id)),
  } as unknown as Dataverse;
  const ports: SyncPorts = { ...memory.ports, businessCentral, dataverse };
  return { ...memory, ports, asked };
}
