/** One request for every operation that changes something; a new operation is missed here by the tests that use it. */

const nobody = '11111111-1111-4111-8111-111111111111';

/** A mapping of one's own that the fake services of mappingMetadata.ts have the tables of. */
export const ownMapping = {
  name: 'LOCATION',
  businessCentral: { entitySet: 'locations' },
  dataverse: { table: 'new_location' },
  direction: 'toDataverse',
  fields: [
    { businessCentralField: 'code', attribute: 'new_code', match: { priority: 0 } },
    { businessCentralField: 'displayName', attribute: 'new_name' },
  ],
} as const;

/** A request that passes the checks of its input, and what has to be asked for before it. */
export interface SampleRequest {
  readonly request: string;
  readonly body?: unknown;
  readonly before?: readonly (keyof typeof sampleRequests)[];
}

const nobodyOfCustomer = [{ mapping: 'CUSTOMER', businessCentralId: nobody }];

/** By name of the operation. */
export const sampleRequests = {
  'jobs-change': {
    request: 'PATCH /api/jobs/CUSTOMER',
    body: { frequencyMinutes: 5 },
    before: ['jobs-hold'],
  },
  'jobs-run': { request: 'POST /api/jobs/CUSTOMER/run' },
  'jobs-restart': { request: 'POST /api/jobs/CUSTOMER/restart', before: ['jobs-hold'] },
  'jobs-hold': { request: 'POST /api/jobs/CUSTOMER/hold' },
  'jobs-ready': { request: 'POST /api/jobs/CUSTOMER/ready', before: ['jobs-hold'] },
  'table-mappings-change': {
    request: 'PATCH /api/table-mappings/CUSTOMER',
    body: { updateConflict: 'sendToDataverse' },
  },
  'table-mappings-create': { request: 'POST /api/table-mappings', body: ownMapping },
  'table-mappings-remove': {
    request: 'DELETE /api/table-mappings/LOCATION',
    before: ['table-mappings-create'],
  },
  'table-mappings-reset': {
    request: 'POST /api/table-mappings/CUSTOMER/reset',
    before: ['table-mappings-change'],
  },
  'table-mappings-synchronize': {
    request: 'POST /api/table-mappings/CUSTOMER/synchronize',
    body: { mode: 'modified' },
  },
  'table-mappings-match': {
    request: 'POST /api/table-mappings/CUSTOMER/match',
    body: { fields: [{ id: 'name' }] },
  },
  'table-mappings-uncouple': {
    request: 'POST /api/table-mappings/CUSTOMER/uncouple',
    body: { confirm: true },
  },
  'synchronize-modified': { request: 'POST /api/synchronize-modified' },
  'couplings-create': {
    request: 'POST /api/couplings',
    body: { mapping: 'CUSTOMER', businessCentralId: nobody, dataverseId: nobody },
  },
  'couplings-delete': { request: 'POST /api/couplings/delete', body: { records: nobodyOfCustomer } },
  'records-synchronize': {
    request: 'POST /api/records/synchronize',
    body: { mapping: 'CUSTOMER', businessCentralIds: [nobody], direction: 'merge' },
  },
  'coupled-data-errors-find-deleted': { request: 'POST /api/coupled-data-errors/find-deleted' },
  'coupled-data-errors-actions': {
    request: 'POST /api/coupled-data-errors/actions',
    body: { action: 'retry', records: nobodyOfCustomer },
  },
  'sync-jobs-delete': { request: 'POST /api/sync-jobs/delete', body: { olderThanDays: 0 } },
  'full-sync-start': {
    request: 'POST /api/full-sync',
    body: { mappings: ['CUSTOMER', 'CURRENCY'], keepCreatingNew: true },
  },
  'full-sync-restart': { request: 'POST /api/full-sync/restart' },
  'full-sync-reset': { request: 'POST /api/full-sync/reset' },
  'connection-enable': { request: 'POST /api/connection/enable', before: ['connection-disable'] },
  'connection-disable': { request: 'POST /api/connection/disable', body: { reason: 'Upgrade.' } },
} as const satisfies Readonly<Record<string, Omit<SampleRequest, 'before'> & { before?: readonly string[] }>>;

/** The name of an operation that changes something. */
export type ChangingOperation = keyof typeof sampleRequests;

/** The request of an operation. */
export function sampleOf(name: ChangingOperation): SampleRequest {
  return sampleRequests[name] as SampleRequest;
}
