/** A day of an administrator, over the HTTP API alone and against both services: each hour goes on from the one before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { recordId, rowId } from './acting.ts';
import { startWorld, type World } from './world.ts';

type Row = Readonly<Record<string, unknown>>;
type Counts = Readonly<Record<string, number>>;

let world: World;
let composition: Composition;
let carriedOut = 0;

/** Works the queue off as the host would: each message with the mappings in force when it is read. */
async function drain(): Promise<void> {
  for (; carriedOut < world.queue.sent.length; ) {
    const next = world.queue.sent[carriedOut];
    carriedOut += 1;
    if (next) await executeRun(world.ports, (await composition.open()).mappings, next.message);
  }
}

beforeAll(async () => {
  world = await startWorld();
  composition = memoryComposition({ ports: world.ports, onPause: drain }).composition;
}, 60_000);
afterAll(() => world.close());

const get = async (path: string) => (await callApi(composition, `GET /api/${path}`)).body;
const list = async (path: string) => (await get(path))['value'] as readonly Row[];

/** Asks for something, waits until it has ended, and gives the answer. */
async function act(path: string, body: unknown = {}) {
  const answer = await callApi(composition, `POST /api/${path}?wait=true`, { body });
  expect(answer).toMatchObject({ status: 200 });
  await world.advanceMinutes(1);
  return answer.body;
}

/** Counters of the runs an answer tells of, together. */
function total(body: Row): Counts {
  const sum: Record<string, number> = {};
  for (const { counts } of body['syncJobs'] as { counts: Counts }[]) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

const runCustomers = async () => total(await act('jobs/CUSTOMER/run'));
const ours = (name: string) => recordId(world, 'customers', 'displayName', name);
const theirs = (name: string) => rowId(world, 'account', 'name', name);
const customer = (id: string) => world.businessCentral.records('customers').find((row) => row['id'] === id);
const account = (id: string) => world.dataverse.row('account', id);
const couplingOf = async (name: string) =>
  (await list('couplings?mapping=CUSTOMER&top=1000')).find((row) =>
    String(row['businessCentralName']).endsWith(name),
  );

const adatum = 'Adatum Corporation';

describe('a day of an administrator', () => {
  it('begins with a connection that works, and a review of what a first synchronisation is to do (A-79, A-91)', async () => {
    const tested = await callApi(composition, 'POST /api/connection/test');
    const { businessCentral, dataverse } = tested.body as Record<
      string,
      { reachable: boolean; checks: Row[] }
    >;
    expect([businessCentral?.reachable, dataverse?.reachable]).toEqual([true, true]);
    const checks = [...(businessCentral?.checks ?? []), ...(dataverse?.checks ?? [])];
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    const lines = await list('full-sync');
    expect(lines.every(({ status }) => status === 'notStarted')).toBe(true);
    expect(lines).toContainEqual(expect.objectContaining({ mapping: 'SALESPEOPLE', recommendation: 'full' }));
  });

  it('synchronises everything, and nothing is left for a second time (A-82 to A-85)', async () => {
    const first = total(await act('full-sync', { keepCreatingNew: true }));
    expect(first['inserted']).toBeGreaterThan(0);
    const lines = await list('full-sync');
    expect(lines.filter(({ status }) => status !== 'finished')).toEqual([]);
    expect(lines.every(({ syncJobIds }) => (syncJobIds as string[]).length > 0)).toBe(true);
    await world.advanceMinutes(30);
    await act('full-sync/restart', { mappings: ['CUSTOMER', 'CONTACT'] });
    const again = total(await act('full-sync/restart', { mappings: ['CUSTOMER', 'CONTACT'] }));
    expect(again).toMatchObject({ inserted: 0, modified: 0, deleted: 0 });
  }, 120_000);

  it('couples two records by hand (A-74)', async () => {
    const coupling = await couplingOf(adatum);
    expect(coupling).toBeDefined();
    await act('couplings/delete', { records: [{ mapping: 'CUSTOMER', businessCentralId: ours(adatum) }] });
    expect(await couplingOf(adatum)).toBeUndefined();
    const pair = { businessCentralId: ours(adatum), dataverseId: theirs(adatum) };
    await act('couplings', { mapping: 'CUSTOMER', ...pair, initialSync: 'toDataverse' });
    expect(await couplingOf(adatum)).toMatchObject({ ...pair, state: 'synchronized' });
    await runCustomers();
  });

  it('meets a conflict, finds it in the list of errors, and lets Sales win (A-53, A-60)', async () => {
    const pair = { businessCentralId: ours(adatum), dataverseId: theirs(adatum) };
    world.businessCentral.edit('customers', pair.businessCentralId, { city: 'Oxford' }, 'bob');
    world.dataverse.edit('account', pair.dataverseId, { address1_city: 'Bath' }, 'alice');
    await world.advanceMinutes(1);
    expect((await runCustomers())['failed']).toBe(2);
    // The second time the same way, the record is left to the administrator (E-57).
    expect((await runCustomers())['skipped']).toBeGreaterThan(0);
    expect(await list('coupled-data-errors')).toMatchObject([{ ...pair, code: 'update-conflict' }]);
    const records = [{ mapping: 'CUSTOMER', ...pair }];
    await act('coupled-data-errors/actions', {
      action: 'synchronize',
      records,
      direction: 'toBusinessCentral',
    });
    expect(customer(pair.businessCentralId)?.['city']).toBe('Bath');
    expect(account(pair.dataverseId)?.['address1_city']).toBe('Bath');
    expect(await list('coupled-data-errors')).toEqual([]);
  });

  it('finds a deleted account and restores it (A-64, A-70)', async () => {
    const lost = theirs(adatum);
    // Sales keeps an account as long as it has invoices.
    const invoices = world.dataverse.rows('invoice').filter((row) => row['_customerid_value'] === lost);
    for (const { invoiceid } of invoices) world.dataverse.remove('invoice', String(invoiceid), 'alice');
    world.dataverse.remove('account', lost, 'alice');
    await act('coupled-data-errors/find-deleted', { mapping: 'CUSTOMER' });
    const errors = await list('coupled-data-errors');
    expect(errors).toMatchObject([
      { dataverseId: lost, code: 'coupled-record-deleted', dataverseExists: false },
    ]);
    const records = [{ mapping: 'CUSTOMER', businessCentralId: ours(adatum) }];
    await act('coupled-data-errors/actions', { action: 'restore', records });
    expect(theirs(adatum)).not.toBe(lost);
    expect(account(theirs(adatum))?.['address1_city']).toBe('Bath');
    expect(await couplingOf(adatum)).toMatchObject({ dataverseId: theirs(adatum), state: 'synchronized' });
  });

  it('changes a filter: what is outside waits, and comes once the filter is back (A-22, A-33)', async () => {
    const change = { businessCentralFilter: "blocked eq ' ' and city ne 'Nowhere'" };
    const changed = await callApi(composition, 'PATCH /api/table-mappings/CUSTOMER', { body: change });
    expect(changed.status).toBe(200);
    await runCustomers();
    const fresh = { displayName: 'Fresh Foods', city: 'Nowhere' };
    world.businessCentral.create('customers', fresh, 'bob');
    await world.advanceMinutes(1);
    await runCustomers();
    expect(world.dataverse.rows('account').some(({ name }) => name === 'Fresh Foods')).toBe(false);
    const wider = { businessCentralFilter: "blocked eq ' '" };
    await callApi(composition, 'PATCH /api/table-mappings/CUSTOMER', { body: wider });
    await runCustomers();
    expect(account(theirs('Fresh Foods'))?.['address1_city']).toBe('Nowhere');
  });

  it('disables the connection for an upgrade and enables it again (A-89, A-90)', async () => {
    await callApi(composition, 'POST /api/connection/disable', { body: { reason: 'Upgrade.' } });
    const refused = await callApi(composition, 'POST /api/jobs/CUSTOMER/run');
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'integration-disabled' } } });
    expect((await callApi(composition, 'POST /api/connection/enable')).status).toBe(200);
    expect((await runCustomers())['failed'] ?? 0).toBe(0);
  });

  it('ends with uncoupling the mapping: records stay, couplings go (A-31)', async () => {
    const customers = world.businessCentral.records('customers').length;
    const accounts = world.dataverse.rows('account').length;
    await act('table-mappings/CUSTOMER/uncouple', { confirm: true });
    expect(await list('couplings?mapping=CUSTOMER')).toEqual([]);
    expect(world.businessCentral.records('customers')).toHaveLength(customers);
    expect(world.dataverse.rows('account')).toHaveLength(accounts);
  });
});
