/** Coupled data errors over the HTTP API, against both services. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import { act, couplingsOf } from './acting.ts';
import {
  accountsNamed,
  couplingNamed,
  customersNamed,
  keyOf,
  loseAccount,
  makeConflict,
  newPair,
  planOfJob,
  synchronisedWorld,
} from './erring.ts';
import type { World } from './world.ts';

const adatum = 'Adatum Corporation';
const trey = 'Trey Research';
const fresh = 'Fresh Foods';
const nobody = '11111111-1111-4111-8111-111111111111';

let world: World;
let composition: Composition;

beforeEach(async () => {
  world = await synchronisedWorld();
  const onPause = async () => {
    await world.drainQueue();
  };
  composition = memoryComposition({ ports: world.ports, onPause }).composition;
});
afterEach(() => world.close());

const get = (path: string) => callApi(composition, `GET /api/${path}`);
const post = (path: string, body: unknown) => callApi(composition, `POST /api/${path}`, { body });
const take = (body: unknown, query = '?wait=true') => post(`coupled-data-errors/actions${query}`, body);
const named = (coupling: Coupling) => ({ mapping: 'CUSTOMER', ...keyOf(coupling) });

/** Marks what was deleted, so that it is among the errors. */
async function lost(name: string): Promise<Coupling> {
  await loseAccount(world, name);
  await act(world, 'CUSTOMER', { kind: 'findDeleted' });
  return couplingNamed(world, name);
}

describe('GET /api/coupled-data-errors', () => {
  it('lists skipped couplings with their error and which records exist, and no others (A-53, A-54, E-142)', async () => {
    const conflict = await makeConflict(world, trey);
    const gone = await lost(adatum);
    const { status, body } = await get('coupled-data-errors?mapping=CUSTOMER');
    expect(status).toBe(200);
    expect(body['value']).toHaveLength(2);
    expect(body['value']).toContainEqual({
      ...{ mapping: 'CUSTOMER', ...keyOf(conflict), state: 'skipped', lastSyncedAt: conflict.lastSyncedAt },
      ...{ businessCentralName: conflict.businessCentralName, dataverseName: conflict.dataverseName },
      lastError: expect.objectContaining({ code: 'update-conflict' }),
      ...{ businessCentralExists: true, dataverseExists: true },
      ...{ code: 'update-conflict', message: conflict.lastError?.message },
      failedAt: conflict.lastError?.occurredAt,
    });
    expect(body['value']).toContainEqual(
      expect.objectContaining({
        ...keyOf(gone),
        businessCentralExists: true,
        dataverseExists: false,
        code: 'coupled-record-deleted',
      }),
    );
  });

  it('hides couplings of which both records are gone, and writes nothing itself (E-142)', async () => {
    const pair = await newPair(world, fresh);
    await lost(fresh);
    world.businessCentral.remove('customers', pair.businessCentralId, 'bob');
    const before = await couplingsOf(world, 'CUSTOMER');
    expect((await get('coupled-data-errors')).body).toEqual({ value: [] });
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual(before);
  });

  it('comes in pages, over all mappings (A-55)', async () => {
    await makeConflict(world, trey);
    await makeConflict(world, adatum);
    const first = await get('coupled-data-errors?top=1');
    expect(first.body['value']).toHaveLength(1);
    const next = new URL(String(first.body['nextLink']));
    const second = await get(`coupled-data-errors${next.search}`);
    expect(second.body['value']).toHaveLength(1);
    expect(second.body['value']).not.toEqual(first.body['value']);
    expect(await get('coupled-data-errors?mapping=NOPE')).toMatchObject({
      status: 404,
      body: { error: { code: 'mapping-not-found' } },
    });
  });
});

describe('POST /api/coupled-data-errors/actions', () => {
  it('lists every problem of a bad body and changes nothing', async () => {
    const records = [{ mapping: 'CUSTOMER' }, { mapping: '', businessCentralId: 'x' }];
    const body = { action: 'explode', records, direction: 'up', confirm: 'yes', wake: 1, extra: true };
    const answer = await take(body);
    expect(answer.status).toBe(400);
    const { details } = answer.body['error'] as { details: { target: string }[] };
    expect(details.map(({ target }) => target).toSorted()).toEqual([
      'action',
      'confirm',
      'direction',
      'extra',
      'records.0',
      'records.1.businessCentralId',
      'records.1.mapping',
      'wake',
    ]);
    const wrong = await take({ action: 'retry', records: 'some' });
    expect(wrong).toMatchObject({ status: 400, body: { error: { target: 'records' } } });
    expect(await take({ action: 'retry', records: [] })).toMatchObject({ status: 400 });
    expect(await take({ action: 'retry' })).toMatchObject({ status: 400 });
  });

  it('retries what waits, tells what does not fit, and wakes the job (A-57, A-71)', async () => {
    const conflict = await makeConflict(world, trey);
    const gone = await lost(adatum);
    const whole = await couplingNamed(world, 'Fourth Coffee (sample)');
    const stranger = { mapping: 'CUSTOMER', businessCentralId: nobody };
    const records = [named(conflict), named(gone), named(whole), stranger];
    const answer = await take({ action: 'retry', records }, '');
    expect(answer).toMatchObject({
      status: 202,
      body: {
        ...{ accepted: 1, skipped: 2, failed: 1 },
        results: [
          { status: 'accepted', businessCentralId: conflict.businessCentralId },
          { status: 'skipped', code: 'coupled-record-deleted' },
          { status: 'skipped', code: 'not-skipped' },
          { status: 'failed', code: 'coupling-not-found' },
        ],
      },
    });
    expect(answer.body['runIds']).toHaveLength(1);
    await world.drainQueue();
    expect(world.events.map(({ event }) => event)).toContain('job-woken');
  });

  it('retries without waking when asked so (A-57)', async () => {
    const conflict = await makeConflict(world, trey);
    const before = await planOfJob(world);
    const answer = await take({ action: 'retry', records: [named(conflict)], wake: false });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 1, syncJobs: [] } });
    expect(await planOfJob(world)).toEqual(before);
    expect((await couplingNamed(world, trey)).state).toBe('failed');
  });

  it('retries all: one run per mapping with errors, counted by records (A-59)', async () => {
    await makeConflict(world, trey);
    await lost(adatum);
    const answer = await take({ action: 'retry', records: 'all', wake: false });
    expect(answer.body).toMatchObject({
      ...{ accepted: 2, skipped: 0, failed: 0 },
      results: [{ mapping: 'CUSTOMER', status: 'accepted', records: 2 }],
    });
    expect((await couplingNamed(world, adatum)).state).toBe('failed');
    expect((await get('coupled-data-errors')).body).toEqual({ value: [] });
    const none = await take({ action: 'retry', records: 'all' });
    expect(none).toMatchObject({ status: 200, body: { runIds: [], accepted: 0, results: [] } });
  });

  it('synchronises in the direction chosen, which mappings of both directions need (A-60, E-129)', async () => {
    const conflict = await makeConflict(world, trey);
    const body = { action: 'synchronize', records: [named(conflict)] };
    expect(await take(body)).toMatchObject({
      status: 400,
      body: { error: { code: 'direction-missing', target: 'direction' } },
    });
    const dry = await take({ ...body, direction: 'toDataverse' }, '?dryRun=true');
    expect(dry).toMatchObject({
      status: 200,
      body: { actions: [{ kind: 'modify', fields: [{ attribute: 'address1_city', after: 'Oxford' }] }] },
    });
    expect((await couplingNamed(world, trey)).state).toBe('skipped');
    const answer = await take({ ...body, direction: 'toDataverse' });
    expect(answer).toMatchObject({ status: 200, body: { syncJobs: [{ counts: { modified: 1 } }] } });
    expect(world.dataverse.row('account', conflict.dataverseId)).toMatchObject({ address1_city: 'Oxford' });
  });

  it('lets mappings of one direction keep to it, one run each (E-129)', async () => {
    const conflict = await makeConflict(world, trey);
    const [currency] = await couplingsOf(world, 'CURRENCY');
    if (!currency) throw new Error('no currency is coupled');
    world.dataverse.edit('transactioncurrency', currency.dataverseId, { currencyname: 'Wrong' }, 'alice');
    const records = [named(conflict), { mapping: 'CURRENCY', ...keyOf(currency) }];
    const answer = await take({ action: 'synchronize', records, direction: 'toBusinessCentral' });
    expect(answer.body).toMatchObject({
      accepted: 2,
      syncJobs: [
        { mapping: 'CUSTOMER', direction: 'toBusinessCentral', counts: { modified: 1 } },
        { mapping: 'CURRENCY', direction: 'toDataverse', counts: { modified: 1 } },
      ],
    });
    const row = world.dataverse.row('transactioncurrency', currency.dataverseId);
    expect(row?.['currencyname']).not.toBe('Wrong');
  });

  it('restores what is gone, and leaves pairs alone that are whole (A-64, A-71)', async () => {
    const gone = await lost(adatum);
    const whole = await couplingNamed(world, trey);
    const answer = await take({ action: 'restore', records: [named(gone), named(whole)] });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ...{ accepted: 1, skipped: 1 },
        results: [{ status: 'accepted' }, { status: 'skipped', code: 'both-records-exist' }],
        syncJobs: [{ counts: { inserted: 1 } }],
      },
    });
    expect(accountsNamed(world, adatum)).toHaveLength(1);
    expect((await get('coupled-data-errors')).body).toEqual({ value: [] });
  });

  it('deletes only when it is confirmed; a dry run shows what it would delete (A-65)', async () => {
    await newPair(world, fresh);
    const gone = await lost(fresh);
    const body = { action: 'delete', records: [named(gone)] };
    expect(await take(body)).toMatchObject({
      status: 400,
      body: { error: { code: 'confirm-missing', target: 'confirm' } },
    });
    expect(await take({ ...body, confirm: false })).toMatchObject({ status: 400 });
    const dry = await take(body, '?dryRun=true');
    expect(dry).toMatchObject({
      status: 200,
      body: { actions: [{ kind: 'delete' }], counts: { deleted: 1 } },
    });
    expect(customersNamed(world, fresh)).toHaveLength(1);
    const answer = await take({ ...body, confirm: true });
    expect(answer).toMatchObject({ status: 200, body: { syncJobs: [{ counts: { deleted: 1 } }] } });
    expect(customersNamed(world, fresh)).toHaveLength(0);
  });

  it('removes couplings, whether their records exist or not (A-56, E-146)', async () => {
    const conflict = await makeConflict(world, trey);
    const gone = await lost(adatum);
    const records = [named(conflict), { mapping: 'CUSTOMER', dataverseId: gone.dataverseId }];
    const answer = await take({ action: 'removeCoupling', records });
    expect(answer.body).toMatchObject({ accepted: 2, syncJobs: [{ counts: { uncoupled: 2 } }] });
    expect(customersNamed(world, adatum)).toHaveLength(1);
  });

  it('does each action for all errors of every mapping (A-56, A-59, A-64)', async () => {
    await makeConflict(world, trey);
    await lost(adatum);
    const restored = await take({ action: 'restore', records: 'all' });
    expect(restored.body).toMatchObject({ accepted: 2, syncJobs: [{ counts: { inserted: 1 } }] });
    const removed = await take({ action: 'removeCoupling', records: 'all' });
    expect(removed.body).toMatchObject({ accepted: 1, syncJobs: [{ counts: { uncoupled: 1 } }] });
  });
});

describe('POST /api/coupled-data-errors/find-deleted', () => {
  it('looks through one mapping, or through all that have couplings (A-70)', async () => {
    await loseAccount(world, adatum);
    const one = await post('coupled-data-errors/find-deleted?wait=true', { mapping: 'CUSTOMER' });
    expect(one).toMatchObject({
      status: 200,
      body: { accepted: 1, syncJobs: [{ mapping: 'CUSTOMER', counts: { skipped: 1 } }] },
    });
    const all = await post('coupled-data-errors/find-deleted', {});
    expect(all.status).toBe(202);
    const results = all.body['results'] as { mapping: string; status: string; code?: string }[];
    expect(results).toContainEqual(expect.objectContaining({ mapping: 'CURRENCY', status: 'accepted' }));
    expect(results).toContainEqual(
      expect.objectContaining({ mapping: 'CONTACT', status: 'skipped', code: 'nothing-coupled' }),
    );
    expect(await post('coupled-data-errors/find-deleted', { mapping: 'NOPE' })).toMatchObject({
      status: 404,
    });
  });
});
