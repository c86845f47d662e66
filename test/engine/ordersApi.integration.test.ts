/** Creating an order on demand over the HTTP API (contract section 3, D-38, D-65, D-156). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { goodsLine, type OrdersWorld, ordersNamed, startOrdersWorld, submitOrder } from './ordersWorld.ts';

let world: OrdersWorld;
let composition: Composition;

beforeEach(async () => {
  world = await startOrdersWorld();
  const onPause = async () => {
    await world.drainQueue();
  };
  const environment = { ORDER_INTEGRATION: 'oneWay' };
  composition = memoryComposition({ ports: world.ports, onPause, environment }).composition;
});
afterEach(() => world.close());

const mapping = 'SALESORDER-ORDER';
const create = (dataverseId: string, query = '?wait=true') =>
  callApi(composition, `POST /api/couplings${query}`, { body: { mapping, dataverseId, createNew: true } });

describe('POST /api/couplings with createNew for a Sales order', () => {
  it('creates the order, and tells its number; asked again, tells that it is there (D-65, D-156)', async () => {
    const id = submitOrder(world, 'Asked for', [goodsLine(world)]);
    const answer = await create(id);
    const [order] = ordersNamed(world);
    expect(answer).toMatchObject({ status: 200, body: { accepted: 1, failed: 0 } });
    expect(answer.body).toMatchObject({
      results: [{ mapping, dataverseId: id, status: 'accepted', code: 'created' }],
      syncJobs: [{ direction: 'toBusinessCentral', counts: { inserted: 1 } }],
    });
    expect(JSON.stringify(answer.body['results'])).toContain(String(order?.['number']));
    expect((await create(id)).body).toMatchObject({
      ...{ accepted: 0, skipped: 1 },
      results: [{ status: 'skipped', code: 'alreadyCoupled' }],
    });
    expect(ordersNamed(world)).toHaveLength(1);
  });

  it('tells the code of what is wrong with the order (D-156)', async () => {
    const id = submitOrder(world, 'Bad', [goodsLine(world)]);
    world.dataverse.edit('product', world.goods, { statecode: 1 }, 'alice');
    expect((await create(id)).body).toMatchObject({
      ...{ accepted: 0, failed: 1 },
      results: [{ status: 'failed', code: 'ORDER_PRODUCT_NOT_ACTIVE' }],
    });
    const { body } = await callApi(composition, `GET /api/sync-errors?mapping=${mapping}&open=true`);
    expect(body).toMatchObject({ value: [{ dataverseId: id, code: 'ORDER_PRODUCT_NOT_ACTIVE' }] });
  });

  it('answers 404 for an order that does not exist, and shows a plan for a dry run', async () => {
    expect((await create('11111111-1111-4111-8111-111111111111')).status).toBe(404);
    const id = submitOrder(world, 'Planned', [goodsLine(world)]);
    const { body } = await create(id, '?dryRun=true');
    expect(body).toMatchObject({ actions: [{ kind: 'insert', dataverseId: id }], counts: { inserted: 1 } });
    expect(ordersNamed(world)).toEqual([]);
  });
});

describe('POST /api/jobs/{name}/run?dryRun=true of a job without a mapping', () => {
  const planOf = (job: string) =>
    callApi(composition, `POST /api/jobs/${encodeURIComponent(job)}/run?dryRun=true`);

  it('shows the orders that wait with the fields they would have, and writes nothing (D-36)', async () => {
    await composition.open();
    await ensureCodeJobs(world.ports);
    const id = submitOrder(world, 'Waiting', [goodsLine(world)]);
    const { status, body } = await planOf('AUTO CREATE SALES ORDERS');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      actions: [{ kind: 'insert', direction: 'toBusinessCentral', dataverseId: id }],
      counts: { inserted: 1, failed: 0 },
    });
    expect(ordersNamed(world)).toEqual([]);
  });
});
