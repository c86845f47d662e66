/** Actions on records and mappings over the HTTP API, against both services. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { couplingsOf, recordId, rowId } from './acting.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let composition: Composition;

beforeEach(async () => {
  world = await startWorld();
  await world.run('SALESPEOPLE', 'fullSync');
  await world.run('CURRENCY', 'fullSync');
  const onPause = async () => {
    await world.drainQueue();
  };
  composition = memoryComposition({ ports: world.ports, onPause }).composition;
});
afterEach(() => world.close());

const post = (path: string, body: unknown) => callApi(composition, `POST /api/${path}`, { body });
const adatum = () => recordId(world, 'customers', 'displayName', 'Adatum Corporation');
const coffee = () => rowId(world, 'account', 'name', 'Fourth Coffee (sample)');
const nobody = '11111111-1111-4111-8111-111111111111';

async function coupled() {
  const body = {
    mapping: 'CUSTOMER',
    businessCentralId: adatum(),
    dataverseId: coffee(),
    initialSync: 'toDataverse',
  };
  const answer = await post('couplings?wait=true', body);
  // Fields that only travel one way, and what the first run meets again, are out of the way.
  await world.run('CUSTOMER');
  await world.advanceMinutes(5);
  return answer;
}

describe('POST /api/couplings', () => {
  it('couples two records and answers with the log rows once it is done (E-112)', async () => {
    const answer = await coupled();
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      accepted: 1,
      skipped: 0,
      failed: 0,
      results: [{ mapping: 'CUSTOMER', businessCentralId: adatum(), status: 'accepted' }],
      syncJobs: [
        { type: 'coupling', counts: { coupled: 1 } },
        { type: 'synchronization', direction: 'toDataverse', counts: { modified: 1 } },
      ],
    });
    const { body } = await callApi(composition, 'GET /api/couplings?mapping=CUSTOMER');
    expect(body).toMatchObject({ value: [{ businessCentralId: adatum(), state: 'synchronized' }] });
  });

  it('answers 202 at once without wait, and the plan for a dry run', async () => {
    const pair = { mapping: 'CUSTOMER', businessCentralId: adatum(), dataverseId: coffee() };
    const planned = await post('couplings?dryRun=true', pair);
    expect(planned).toMatchObject({
      status: 200,
      body: { actions: [{ kind: 'couple', mapping: 'CUSTOMER' }] },
    });
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual([]);
    const answer = await post('couplings', pair);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(answer.body['runIds']).toHaveLength(1);
  });

  it('refuses a row of another existing customer with 409, and a record that does not exist with 404 (E-112)', async () => {
    const theirs = coffee();
    await coupled();
    const trey = recordId(world, 'customers', 'displayName', 'Trey Research');
    const taken = await post('couplings', {
      mapping: 'CUSTOMER',
      businessCentralId: trey,
      dataverseId: theirs,
    });
    expect(taken).toMatchObject({ status: 409, body: { error: { code: 'already-coupled' } } });
    const gone = await post('couplings', {
      mapping: 'CUSTOMER',
      businessCentralId: nobody,
      dataverseId: theirs,
    });
    expect(gone).toMatchObject({ status: 404, body: { error: { code: 'source-not-found' } } });
    const unknown = await post('couplings', {
      mapping: 'NOPE',
      businessCentralId: nobody,
      dataverseId: theirs,
    });
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'mapping-not-found' } } });
  });

  it('lists every problem of a bad body and changes nothing', async () => {
    const answer = await post('couplings', {
      mapping: '',
      businessCentralId: 'x',
      initialSync: 'sideways',
      extra: 1,
    });
    expect(answer.status).toBe(400);
    const details = (answer.body['error'] as { details: { target: string }[] }).details;
    expect(details.map(({ target }) => target).toSorted()).toEqual([
      'businessCentralId',
      'dataverseId',
      'extra',
      'initialSync',
      'mapping',
    ]);
  });

  it('creates a new counterpart, and passes over a record that has one (E-113)', async () => {
    const body = { mapping: 'CUSTOMER', businessCentralId: adatum(), createNew: true };
    const answer = await post('couplings?wait=true', body);
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: 1, syncJobs: [{ counts: { inserted: 1 } }] },
    });
    const again = await post('couplings?wait=true', body);
    expect(again).toMatchObject({
      status: 200,
      body: {
        accepted: 0,
        skipped: 1,
        runIds: [],
        results: [{ status: 'skipped', code: 'already-coupled' }],
      },
    });
  });

  it('refuses new counterparts for rows of another kind and in directions the mapping does not have (E-113, E-157)', async () => {
    const competitor = rowId(world, 'account', 'name', 'Fourth Coffee (sample)');
    world.dataverse.edit('account', competitor, { customertypecode: 1 }, 'alice');
    const outside = await post('couplings', {
      mapping: 'CUSTOMER',
      dataverseId: competitor,
      createNew: true,
    });
    expect(outside).toMatchObject({ status: 409, body: { error: { code: 'outside-filter' } } });
    const [currency] = world.dataverse.rows('transactioncurrency');
    const id = String(currency?.['transactioncurrencyid']);
    const wrongWay = await post('couplings', { mapping: 'CURRENCY', dataverseId: id, createNew: true });
    expect(wrongWay).toMatchObject({ status: 409, body: { error: { code: 'direction-not-allowed' } } });
  });
});

describe('POST /api/couplings/delete', () => {
  it('uncouples what is coupled and says which records were not (E-123, E-124)', async () => {
    await coupled();
    const records = [
      { mapping: 'CUSTOMER', businessCentralId: adatum() },
      { mapping: 'CUSTOMER', businessCentralId: nobody },
    ];
    const answer = await post('couplings/delete?wait=true', { records });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        accepted: 1,
        failed: 1,
        results: [{ status: 'accepted' }, { status: 'failed', code: 'coupling-not-found' }],
        syncJobs: [{ type: 'uncoupling', counts: { uncoupled: 1 } }],
      },
    });
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual([]);
  });
});

describe('POST /api/records/synchronize', () => {
  it('sends one record in the direction chosen, over what changed on the other side (E-127)', async () => {
    await coupled();
    const city = world.businessCentral.record('customers', adatum())?.['city'];
    world.dataverse.edit('account', coffee2(), { address1_city: 'Tromsø' }, 'alice');
    const body = { mapping: 'CUSTOMER', dataverseIds: [coffee2()], direction: 'toDataverse' };
    const answer = await post('records/synchronize?wait=true', body);
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: 1, syncJobs: [{ counts: { modified: 1 } }] },
    });
    expect(world.dataverse.row('account', coffee2())).toMatchObject({ address1_city: city });
  });

  it('leaves out of several records the uncoupled, the skipped, and those whose target changed (E-128)', async () => {
    await coupled();
    world.dataverse.edit('account', coffee2(), { address1_city: 'Tromsø' }, 'alice');
    const ids = [adatum(), recordId(world, 'customers', 'displayName', 'Trey Research')];
    const body = { mapping: 'CUSTOMER', businessCentralIds: ids, direction: 'toDataverse' };
    const answer = await post('records/synchronize?wait=true', body);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        accepted: 0,
        skipped: 2,
        results: [{ code: 'target-changed' }, { code: 'coupling-not-found' }],
      },
    });
    expect(world.dataverse.row('account', coffee2())).toMatchObject({ address1_city: 'Tromsø' });
  });

  it('merges both sides without loss (E-127, A-62)', async () => {
    await coupled();
    world.dataverse.edit('account', coffee2(), { address1_city: 'Tromsø' }, 'alice');
    world.businessCentral.edit('customers', adatum(), { addressLine2: 'Floor 2' }, 'bob');
    const body = { mapping: 'CUSTOMER', businessCentralIds: [adatum()], direction: 'merge' };
    const answer = await post('records/synchronize?wait=true', body);
    expect(answer.body).toMatchObject({
      syncJobs: [{ direction: 'toDataverse' }, { direction: 'toBusinessCentral' }],
    });
    expect(world.dataverse.row('account', coffee2())).toMatchObject({
      address1_city: 'Tromsø',
      address1_line2: 'Floor 2',
    });
    expect(world.businessCentral.record('customers', adatum())).toMatchObject({
      city: 'Tromsø',
      addressLine2: 'Floor 2',
    });
  });

  it('refuses an empty selection', async () => {
    const answer = await post('records/synchronize', { mapping: 'CUSTOMER', direction: 'merge' });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'empty-selection' } } });
  });

  /** The coupled account has the customer's name now. */
  const coffee2 = () => rowId(world, 'account', 'name', 'Adatum Corporation');
});

describe('POST /api/table-mappings/{name}/...', () => {
  it('matches a whole mapping by the fields named (E-116, A-32)', async () => {
    const fields = [{ id: 'name' }];
    const answer = await post('table-mappings/CUSTOMER/match?wait=true', { fields });
    expect(answer).toMatchObject({
      status: 200,
      body: { syncJobs: [{ type: 'coupling', counts: { coupled: 1 } }] },
    });
    const [coupling] = await couplingsOf(world, 'CUSTOMER');
    expect(coupling?.businessCentralName).toContain('Trey Research');
  });

  it('refuses match fields that do not exist or hold references, all of them named (E-116, A-44)', async () => {
    const fields = [{ id: 'nope' }, { id: 'transactioncurrencyid' }, { id: 'name', priority: -1 }];
    const bad = await post('table-mappings/CUSTOMER/match', { fields });
    expect(bad.status).toBe(400);
    const worse = await post('table-mappings/CUSTOMER/match', { fields: fields.slice(0, 2) });
    const details = (worse.body['error'] as { details: { code: string; target: string }[] }).details;
    expect(details.map(({ code, target }) => [code, target])).toEqual([
      ['field-not-found', 'fields.0.id'],
      ['field-not-matchable', 'fields.1.id'],
    ]);
    const none = await post('table-mappings/CUSTOMER/match', {});
    expect(none).toMatchObject({ status: 409, body: { error: { code: 'match-no-criteria' } } });
  });

  it('uncouples a whole mapping only when it is confirmed (E-124, A-31)', async () => {
    const before = (await couplingsOf(world, 'CURRENCY')).length;
    expect(await post('table-mappings/CURRENCY/uncouple', {})).toMatchObject({ status: 400 });
    const answer = await post('table-mappings/CURRENCY/uncouple?wait=true', { confirm: true });
    expect(answer.body).toMatchObject({ syncJobs: [{ counts: { uncoupled: before } }] });
  });

  it('synchronises what was modified, everything, or unconditionally where only one direction exists (E-130, E-131)', async () => {
    const [currency] = world.businessCentral.records('currencies');
    const row = rowId(world, 'transactioncurrency', 'isocurrencycode', currency?.['code']);
    world.dataverse.edit('transactioncurrency', row, { currencyname: 'Changed in Sales' }, 'alice');
    const mode = async (name: string) =>
      post('table-mappings/CURRENCY/synchronize?wait=true', { mode: name });
    expect((await mode('modified')).body).toMatchObject({ syncJobs: [{ counts: { modified: 0 } }] });
    expect((await mode('full')).body).toMatchObject({ syncJobs: [{ counts: { modified: 0, inserted: 0 } }] });
    expect((await mode('unconditional')).body).toMatchObject({ syncJobs: [{ counts: { modified: 1 } }] });
    expect((await mode('unconditional')).body).toMatchObject({ syncJobs: [{ counts: { modified: 0 } }] });
    expect(world.dataverse.row('transactioncurrency', row)).toMatchObject({
      currencyname: currency?.['displayName'],
    });
    const both = await post('table-mappings/CUSTOMER/synchronize', { mode: 'unconditional' });
    expect(both).toMatchObject({ status: 409, body: { error: { code: 'unconditional-not-allowed' } } });
  });

  it('synchronises every mapping in order (E-130)', async () => {
    const answer = await post('synchronize-modified?wait=true', {});
    expect(answer.status).toBe(200);
    const results = answer.body['results'] as { job: string }[];
    expect(results.map(({ job }) => job).slice(0, 2)).toEqual(['SALESPEOPLE', 'CURRENCY']);
  });
});
