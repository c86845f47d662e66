/**
 * Both services as fakes that hold a few records and refuse to be written to.
 *
 * What they do not do: filters (every row passes), paging, companions, change tracking. Each call counts as a request.
 */
import { SyncFailure } from '../../domain/common/failures.ts';
import { businessCentralId, dataverseId } from '../../domain/common/ids.ts';
import { type Instant, instant } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../../domain/common/records.ts';
import { defaultMappings } from '../../domain/mappings/catalog.ts';
import type { SubscribableSet, WebhookSubscription } from '../../domain/notifications/subscriptions.ts';
import { statisticsLookup } from '../../domain/statistics/customerStatistics.ts';
import { dataverseFilter, filterAttributes } from '../../domain/sync/recordFilter.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';
import type { ChangeSubscriptions } from '../../ports/changeSubscriptions.ts';
import type { Dataverse, DataverseAttribute } from '../../ports/dataverse.ts';
import type { Probes } from '../../ports/probes.ts';
import type { RequestMeter } from '../../ports/requestMeter.ts';

const changedAt = instant('2026-01-30T10:00:00Z');

/** A GUID that ends in a number. */
function guidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Records of Business Central by entity set, rows of Dataverse by table. */
export type FakeRecords = Readonly<Record<string, readonly FieldValues[]>>;

function writesRefused(): Promise<never> {
  return Promise.reject(new SyncFailure({ kind: 'bug', code: 'written', message: 'A test wrote.' }));
}

/** Business Central with these records. */
export function fakeBusinessCentral(records: FakeRecords = {}, meter?: RequestMeter): BusinessCentral {
  const of = (entitySet: string): BusinessCentralRecord[] =>
    (records[entitySet] ?? []).map((values, index) => ({
      id: businessCentralId(guidOf(index + 1)),
      etags: { [entitySet]: 'W/"1"' },
      modifiedAt: changedAt,
      values,
    }));
  const answer = async <Value>(value: Value): Promise<Value> => {
    meter?.add();
    return value;
  };
  return {
    metered: (own) => fakeBusinessCentral(records, own),
    company: async () => ({ id: guidOf(900), name: 'CRONUS International Ltd.' }),
    hasCompanionApp: async () => false,
    localCurrencyCode: async () => 'GBP',
    hasCompanionSet: async () => false,
    companionProperties: async () => new Set(),
    standardProperties: async () => new Set(),
    readChanges: ({ selection }) => answer({ records: of(selection.entitySet), next: null }),
    readByIds: ({ entitySet }, ids) => answer(of(entitySet).filter(({ id }) => ids.includes(id))),
    existing: ({ entitySet }, ids) =>
      answer(new Set(of(entitySet).flatMap(({ id }) => (ids.includes(id) ? [id] : [])))),
    readByValues: ({ entitySet }, property, values) =>
      answer(of(entitySet).filter((record) => values.includes(String(record.values[property])))),
    readRows: ({ entitySet }) => answer(of(entitySet).map(({ id, values }) => ({ ...values, id }))),
    readRowsByFilters: () => answer([]),
    readLines: () => answer([]),
    writeLines: writesRefused,
    rewriteDocuments: writesRefused,
    create: writesRefused,
    update: writesRefused,
    act: writesRefused,
    delete: writesRefused,
  };
}

/** Every column that a default mapping or its filter uses, and the lookup of statistics, in every table. */
const columns: Readonly<Record<string, DataverseAttribute>> = Object.fromEntries(
  defaultMappings('person')
    .flatMap(({ fields, dataverse }) => [
      ...fields.flatMap((field) => field.dataverse?.attribute ?? []),
      ...filterAttributes(dataverseFilter(dataverse.filter)),
    ])
    .concat(statisticsLookup)
    .map((logicalName) => [
      logicalName,
      {
        logicalName,
        type: 'String',
        maxLength: null,
        validForCreate: false,
        validForUpdate: true,
        navigation: {},
      },
    ]),
);

/** Dataverse with these rows; every table has the columns of the default mappings. */
export function fakeDataverse(rows: FakeRecords = {}, meter?: RequestMeter): Dataverse {
  const of = (table: string): DataverseRow[] =>
    (rows[table] ?? []).map((values, index) => ({
      id: dataverseId(guidOf(index + 501)),
      etag: 'W/"1"',
      modifiedAt: changedAt,
      modifiedBy: null,
      values,
      lookupTables: {},
    }));
  const answer = async <Value>(value: Value): Promise<Value> => {
    meter?.add();
    return value;
  };
  return {
    metered: (own) => fakeDataverse(rows, own),
    whoAmI: async () => ({ userId: dataverseId(guidOf(901)), organizationId: dataverseId(guidOf(902)) }),
    currencyOfIsoCode: async () => null,
    table: async (logicalName) => ({
      logicalName,
      entitySet: `${logicalName}s`,
      idAttribute: `${logicalName}id`,
      nameAttribute: 'name',
      changeTrackingEnabled: true,
      attributes: columns,
    }),
    prepareTables: async () => {},
    optionNumbers: async (asked) => asked.map(() => null),
    rightsOn: async () => null,
    integrationCompany: async () => null,
    addToTeam: writesRefused,
    readChanges: ({ selection }) =>
      answer({ rows: of(selection.table), deletedIds: [], next: null, end: 'end' }),
    readByIds: ({ table }, ids) => answer(of(table).filter(({ id }) => ids.includes(id))),
    readByValues: ({ table }, attribute, values) =>
      answer(of(table).filter((row) => values.includes(row.values[attribute] ?? null))),
    readRows: ({ table }) => answer(of(table)),
    create: writesRefused,
    update: writesRefused,
    fulfilOrders: writesRefused,
    delete: writesRefused,
    readOptions: (columns) => answer(columns.map((column) => ({ column, sharedSet: null, options: [] }))),
    addOptions: writesRefused,
    renameOptions: writesRefused,
    removeOptions: writesRefused,
    publishOptions: writesRefused,
  };
}

/** Everything the app stands on works. */
export const fakeProbes: Probes = {
  echo: async (_address, token) => ({ text: token, problem: '' }),
  runQueue: async () => {},
};

/** Subscriptions of an environment that offers these sets and holds these; each is one of its own kind of memory. */
export function fakeSubscriptions(
  sets: readonly SubscribableSet[] = [],
  expiresAt: Instant = changedAt,
): ChangeSubscriptions & { readonly present: WebhookSubscription[] } {
  const present: WebhookSubscription[] = [];
  return {
    present,
    supportedSets: async () => sets,
    list: async () => [...present],
    create: async ({ set, notificationUrl, clientState }) => {
      const id = `subscription-${present.length + 1}`;
      present.push({ id, set, notificationUrl, clientState, expiresAt, etag: 'W/"1"' });
    },
    renew: async ({ id }, { clientState }) => {
      const index = present.findIndex((one) => one.id === id);
      const stored = present[index];
      if (stored === undefined) return null;
      present[index] = { ...stored, clientState, expiresAt };
      return expiresAt;
    },
    remove: async ({ id }) => {
      const index = present.findIndex((one) => one.id === id);
      if (index >= 0) present.splice(index, 1);
    },
  };
}
