/** The Dataverse adapter: one organisation's Web API behind the port. */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { OptionNumber } from '../../domain/mappings/optionUses.ts';
import type {
  Dataverse,
  DataverseIdentity,
  DataverseTableMetadata,
  IntegrationCompany,
} from '../../ports/dataverse.ts';
import type { Log } from '../../ports/system.ts';
import type { Transport } from '../http/transport.ts';
import type { DataverseContext } from './context.ts';
import { currencyOfIsoCode } from './currencies.ts';
import { deleteRows } from './deleteRows.ts';
import { fulfilOrders } from './fulfilOrders.ts';
import { addToTeam, integrationCompany } from './integrationCompany.ts';
import { addOptions, publishOptions, removeOptions, renameOptions } from './optionActions.ts';
import { optionNumbers } from './optionNumbers.ts';
import { readOptions } from './optionReads.ts';
import { readByIds, readByValues, readRows } from './readByFilter.ts';
import { readChanges } from './readChanges.ts';
import { prepareTables, table } from './tableMetadata.ts';
import { rightsOn } from './tableRights.ts';
import { TimedCache } from './timedCache.ts';
import { whoAmI } from './whoAmI.ts';
import { createRows, updateRows } from './writeRows.ts';

/** What {@link createDataverse} needs. */
export interface DataverseOptions {
  /** `https://{org}.crm.dynamics.com`, with or without a slash at the end (DATAVERSE_URL). */
  readonly baseUrl: string;
  readonly transport: Transport;
  /** Rows per page, 1 to 5,000; absent = 5,000. */
  readonly pageSize?: number;
  /** Writes per batch, 1 to 1,000; absent = 100. */
  readonly batchSize?: number;
  /** Epoch milliseconds; metadata is read anew once a day. */
  now(): number;
  /** Takes warnings: columns that do not exist, rows that cannot be read. */
  readonly log: Log;
}

/** Metadata changes rarely; a day is the longest a new column stays unseen (dataverse-web-api section 18). */
const metadataMaxAgeMs = 24 * 60 * 60 * 1_000;

/** The adapter. Opens no connection; share one instance, its caches are its own. */
export function createDataverse(options: DataverseOptions): Dataverse {
  const identity = new TimedCache<DataverseIdentity>(metadataMaxAgeMs, options.now);
  const context: DataverseContext = {
    apiUrl: `${options.baseUrl.replace(/\/+$/, '')}/api/data/v9.2/`,
    transport: options.transport,
    pageSize: options.pageSize ?? 5_000,
    batchSize: options.batchSize ?? 100,
    log: options.log,
    now: options.now,
    tables: new TimedCache<DataverseTableMetadata>(metadataMaxAgeMs, options.now),
    optionNumbers: new TimedCache<readonly OptionNumber[] | null>(metadataMaxAgeMs, options.now),
    currencies: new TimedCache<DataverseId>(metadataMaxAgeMs, options.now),
    languages: new TimedCache<number>(metadataMaxAgeMs, options.now),
    companies: new TimedCache<IntegrationCompany>(metadataMaxAgeMs, options.now),
    warnedColumns: new Set(),
    actionAddresses: new Map(),
    meter: null,
  };
  return bindContext(context, identity);
}

function bindContext(context: DataverseContext, identity: TimedCache<DataverseIdentity>): Dataverse {
  return {
    metered: (meter) => bindContext({ ...context, meter }, identity),
    whoAmI: () => identity.get('', () => whoAmI(context)),
    table: (logicalName) => table(context, logicalName),
    prepareTables: (logicalNames) => prepareTables(context, logicalNames),
    optionNumbers: (columns) => optionNumbers(context, columns),
    currencyOfIsoCode: (code) => currencyOfIsoCode(context, code),
    rightsOn: async (tables) => {
      const { userId } = await identity.get('', () => whoAmI(context));
      return rightsOn(context, userId, tables);
    },
    integrationCompany: (externalId) => integrationCompany(context, externalId),
    addToTeam: (team, users) => addToTeam(context, team, users),
    readChanges: (request) => readChanges(context, request),
    readByIds: (selection, ids) => readByIds(context, selection, ids),
    readByValues: (selection, attribute, values) => readByValues(context, selection, attribute, values),
    readRows: (selection, filter) => readRows(context, selection, filter),
    create: (selection, inserts) => createRows(context, selection, inserts),
    update: (selection, updates) => updateRows(context, selection, updates),
    readOptions: (columns) => readOptions(context, columns),
    addOptions: (inserts) => addOptions(context, inserts),
    renameOptions: (writes) => renameOptions(context, writes),
    removeOptions: (writes) => removeOptions(context, writes),
    publishOptions: (targets) => publishOptions(context, targets),
    fulfilOrders: (ids) => fulfilOrders(context, ids),
    delete: (logicalName, rows) => deleteRows(context, logicalName, rows),
  };
}
