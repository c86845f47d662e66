/** Looking at single records, and at both sides as a whole, over the HTTP API and against both services. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { runTask } from '../../shared/app/actions/runTask.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { act, couplingsOf, recordId } from './acting.ts';
import { couplingNamed, keyOf, loseAccount, makeConflict, newPair, synchronisedWorld } from './erring.ts';
import { intercept } from './intercept.ts';
import type { World } from './world.ts';

const adatum = 'Adatum Corporation';
const refusal = { kind: 'data', serviceCode: '0x80044331', message: 'Too long.' } as const;
const nobody = '11111111-1111-4111-8111-111111111111';

let world: World;
let composition: Composition;

async function begin(pageSize = 5000): Promise<void> {
  world = await synchronisedWorld({ pageSize });
  composition = memoryComposition({ ports: world.ports }).composition;
}

const get = (path: string) => callApi(composition, `GET /api/${path}`);
const preview = (query: string) => get(`records/preview?mapping=CUSTOMER&${query}`);
type Field = Readonly<Record<string, unknown>>;
const fieldOf = (body: Readonly<Record<string, unknown>>, attribute: string) =>
  (body['fields'] as Field[]).find((field) => field['attribute'] === attribute);

afterEach(() => world.close());

describe('GET /api/records/preview', () => {
  beforeEach(() => begin());

  it('shows both records field by field, what changed since they agreed, and what a run would do (A-72)', async () => {
    const { businessCentralId, dataverseId } = await couplingNamed(world, adatum);
    const before = world.dataverse.row('account', dataverseId)?.['address1_city'];
    world.businessCentral.edit('customers', businessCentralId, { city: 'Oxford' }, 'bob');
    const { status, body } = await preview(`businessCentralId=${businessCentralId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ mapping: 'CUSTOMER', businessCentralId, dataverseId },
      ...{ businessCentralExists: true, dataverseExists: true, coupling: { state: 'synchronized' } },
      actions: [{ kind: 'modify', direction: 'toDataverse', fields: [{ attribute: 'address1_city' }] }],
      choice: { recommended: 'toDataverse', overwritesChanges: false },
    });
    expect(fieldOf(body, 'address1_city')).toEqual({
      id: expect.any(String),
      ...{ businessCentralField: 'city', attribute: 'address1_city', direction: 'both' },
      ...{ businessCentralValue: 'Oxford', dataverseValue: before },
      ...{ baseKnown: true, businessCentralChanged: true, dataverseChanged: false },
    });
    expect(fieldOf(body, 'name')).toMatchObject({ businessCentralChanged: false, dataverseChanged: false });
    expect(world.dataverse.row('account', dataverseId)?.['address1_city']).toBe(before);
  });

  it('offers no merge where both sides changed the same field, and says that the record waits (A-61)', async () => {
    const conflict = await makeConflict(world, adatum);
    const { body } = await preview(`dataverseId=${conflict.dataverseId}`);
    expect(body).toMatchObject({
      actions: [
        { kind: 'skip', code: 'skipped-record', direction: 'toDataverse' },
        { kind: 'skip', code: 'skipped-record', direction: 'toBusinessCentral' },
      ],
      choice: { directions: ['toDataverse', 'toBusinessCentral'], recommended: 'toDataverse' },
    });
  });

  it('recommends the changed side, and a merge when both changed different fields (A-61)', async () => {
    const { businessCentralId, dataverseId } = await couplingNamed(world, adatum);
    world.dataverse.edit('account', dataverseId, { telephone1: '555-0177' }, 'alice');
    const one = await preview(`dataverseId=${dataverseId}`);
    expect(one.body).toMatchObject({ choice: { recommended: 'toBusinessCentral' } });
    world.businessCentral.edit('customers', businessCentralId, { city: 'Oxford' }, 'bob');
    const both = await preview(`dataverseId=${dataverseId}`);
    expect(both.body).toMatchObject({ choice: { recommended: 'merge' } });
  });

  it('shows what is left of a pair, and that a run would leave it to a user (A-71)', async () => {
    const { businessCentralId } = await loseAccount(world, adatum);
    const { body } = await preview(`businessCentralId=${businessCentralId}`);
    expect(body).toMatchObject({
      ...{ dataverseExists: false, choice: null },
      actions: [{ kind: 'fail', code: 'coupled-record-deleted' }],
    });
    expect(fieldOf(body, 'name')).toMatchObject({ dataverseValue: null, dataverseChanged: null });
  });

  it('shows two records before they are coupled, without a base (A-72)', async () => {
    const pair = await newPair(world, 'Fresh Foods');
    await act(world, 'CUSTOMER', { kind: 'uncouple', records: [keyOf(pair)] });
    const { body } = await preview(
      `businessCentralId=${pair.businessCentralId}&dataverseId=${pair.dataverseId}`,
    );
    expect(body).toMatchObject({ coupling: null, actions: [{ kind: 'couple' }] });
    expect(fieldOf(body, 'name')).toMatchObject({ baseKnown: false, businessCentralChanged: null });
    expect(await couplingsOf(world, 'CUSTOMER')).not.toContainEqual(expect.objectContaining(keyOf(pair)));
  });

  it('says so when a run would change nothing, and when it would leave the record alone', async () => {
    const { businessCentralId } = await couplingNamed(world, adatum);
    const same = await preview(`businessCentralId=${businessCentralId}`);
    expect(same.body).toMatchObject({ actions: [{ kind: 'unchanged' }], choice: { recommended: 'merge' } });
    world.businessCentral.create('customers', { displayName: 'Blocked One', blocked: 'All' }, 'bob');
    const id = recordId(world, 'customers', 'displayName', 'Blocked One');
    const outside = await preview(`businessCentralId=${id}`);
    expect(outside.body).toMatchObject({ actions: [{ kind: 'skip', code: 'no-candidate' }] });
  });

  it('refuses a question without a record, and one about a record that does not exist', async () => {
    expect(await get('records/preview?mapping=CUSTOMER')).toMatchObject({
      status: 400,
      body: { error: { code: 'empty-selection' } },
    });
    expect(await preview(`businessCentralId=${nobody}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'source-not-found' } },
    });
  });
});

describe('GET /api/records/log', () => {
  beforeEach(() => begin());

  it('gives the last run in each direction and the errors of the record, newest first (A-68, A-78)', async () => {
    const conflict = await makeConflict(world, adatum);
    const { body } = await get(
      `records/log?mapping=CUSTOMER&businessCentralId=${conflict.businessCentralId}`,
    );
    const syncJobs = body['syncJobs'] as { id: string; direction: string }[];
    // Both ended within the same millisecond, so either may come first.
    expect(syncJobs.toSorted((left, right) => left.direction.localeCompare(right.direction))).toMatchObject([
      { id: conflict.toBusinessCentral?.syncJobId, direction: 'toBusinessCentral' },
      { id: conflict.toDataverse?.syncJobId, direction: 'toDataverse' },
    ]);
    const errors = body['errors'] as { businessCentralId: string; occurredAt: string }[];
    // Two in the first run; in the second the first pass skips the record, and the other leaves it (E-38).
    expect(errors).toHaveLength(3);
    expect(new Set(errors.map(({ businessCentralId }) => businessCentralId))).toEqual(
      new Set([conflict.businessCentralId]),
    );
  });

  it('of a record that was never coupled gives its newest error and the run that met it (A-105)', async () => {
    const failing = intercept(world.ports.dataverse, {
      create: () => async (_selection, inserts) =>
        inserts.map(() => ({ status: 'refused', problem: { ...refusal, status: 400 } })),
    });
    world.businessCentral.create('customers', { displayName: 'Never Coupled' }, 'bob');
    const id = recordId(world, 'customers', 'displayName', 'Never Coupled');
    const mapping = mappingName('CUSTOMER');
    const task = {
      kind: 'synchronize',
      manner: 'createNew',
      businessCentralIds: [id],
      dataverseIds: [],
    } as const;
    const runId = world.ports.ids.runId(world.ports.clock.now());
    const ports = { ...world.ports, dataverse: failing };
    await runTask(ports, world.mappings, { runId, mapping, task, progress: null }, false);
    const { body } = await get(`records/log?mapping=CUSTOMER&businessCentralId=${id}`);
    expect(body).toMatchObject({
      syncJobs: [{ runId, direction: 'toDataverse', counts: { failed: 1 } }],
      errors: [{ businessCentralId: id, code: 'insert-failed' }],
    });
  });

  it('is empty for a record nobody knows (A-78)', async () => {
    const { status, body } = await get(`records/log?mapping=CUSTOMER&businessCentralId=${nobody}`);
    expect({ status, body }).toEqual({
      status: 200,
      body: { mapping: 'CUSTOMER', syncJobs: [], errors: [] },
    });
  });
});

describe('GET /api/reconciliation', () => {
  it('counts both sides, and tells what agrees, differs and is missing, with the differing fields', async () => {
    await begin();
    const before = (await get('reconciliation?mapping=CUSTOMER')).body as unknown as {
      coupled: Record<'count' | 'equal' | 'different' | 'missing', number>;
      differences: unknown[];
    };
    const { count, equal, different } = before.coupled;
    expect(before.coupled).toMatchObject({ count: 73, equal: 73 - different, missing: 0 });
    expect(before.differences).toHaveLength(different);
    const { businessCentralId, dataverseId } = await couplingNamed(world, adatum);
    world.businessCentral.edit('customers', businessCentralId, { city: 'Oxford' }, 'bob');
    const trey = await couplingNamed(world, 'Trey Research');
    await act(world, 'CUSTOMER', { kind: 'uncouple', records: [keyOf(trey)] });
    await newPair(world, 'Fresh Foods');
    const lost = await loseAccount(world, 'Fresh Foods');
    const { body } = await get('reconciliation?mapping=CUSTOMER');
    expect(body).toMatchObject({
      coupled: { count, equal: equal - 2, different: different + 1, missing: 1 },
      businessCentral: { uncoupled: 1 },
      dataverse: { uncoupled: 1 },
    });
    expect(body['differences']).toHaveLength(different + 2);
    expect(body['differences']).toContainEqual(
      expect.objectContaining({
        ...{ businessCentralId, dataverseId, missing: null },
        fields: [expect.objectContaining({ attribute: 'address1_city', businessCentralValue: 'Oxford' })],
      }),
    );
    expect(body['differences']).toContainEqual(
      expect.objectContaining({ ...keyOf(lost), missing: 'dataverse', fields: [] }),
    );
    const first = await get('reconciliation?mapping=CUSTOMER&top=1');
    expect(first.body).toMatchObject({ coupled: { different: different + 1, missing: 1 } });
    expect(first.body['differences']).toHaveLength(1);
  });

  it('asks for pages and not for records, and writes nothing (P10)', async () => {
    await begin();
    const whole = await get('reconciliation?mapping=CUSTOMER');
    const before = await couplingsOf(world, 'CUSTOMER');
    expect(whole.body['requests']).toEqual({ businessCentral: 8, dataverse: 2 });
    expect(await couplingsOf(world, 'CUSTOMER')).toEqual(before);
    await world.close();
    await begin(25);
    const paged = await get('reconciliation?mapping=CUSTOMER');
    const morePages = (count: number) => Math.ceil(count / 25) - 1;
    const customers = world.businessCentral.records('customers').length;
    const accounts = world.dataverse.rows('account').length;
    // A page of customers brings one request for their companions.
    expect(paged.body['requests']).toEqual({
      businessCentral: 8 + 2 * morePages(customers),
      dataverse: 2 + morePages(accounts),
    });
    expect(paged.body['coupled']).toEqual(whole.body['coupled']);
  });

  it('gives no half of a comparison: one that takes longer than a request may is told so with 409', async () => {
    await begin();
    let elapsedMs = 0;
    const waiting = {
      pause: async () => {},
      elapsedMs: () => {
        elapsedMs += 110_000;
        return elapsedMs;
      },
    };
    const answer = await callApi({ ...composition, waiting }, 'GET /api/reconciliation?mapping=CUSTOMER');
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'reconciliation-too-long' } } });
    expect(answer.body).not.toHaveProperty('coupled');
  });

  it('needs a mapping that exists', async () => {
    await begin();
    expect(await get('reconciliation')).toMatchObject({
      status: 400,
      body: { error: { target: 'mapping' } },
    });
    expect(await get('reconciliation?mapping=NOPE')).toMatchObject({ status: 404 });
  });
});
