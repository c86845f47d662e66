/** ARCHIVED SALES ORDERS: what became of orders that left Business Central (D-94, D-95). */
import { afterEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { intercept } from './intercept.ts';
import { type OrderWorld, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const job = 'ARCHIVED SALES ORDERS';

describe('the archive of an order', () => {
  it('gives the Sales order its day of shipment and makes it invoiced, once (D-95)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await world.later();
    const [run] = await world.run(job);
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({
      ...{ statecode: 4, statuscode: 100003 },
      datefulfilled: '2026-03-10',
    });
    expect(await world.coupling(order.id)).toMatchObject({ archive: 'handled' });
    expect(await world.run(job)).toEqual([]);
  });

  it('makes a fulfilled order invoiced (D-94, D-95)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.ship(order.id);
    await world.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await world.later();
    await world.run(job);
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 4, statuscode: 100003 });
  });

  it('that an order without one is waited for: a deleted order stays as it is (D-97)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.remove('salesOrders', order.id, 'bob');
    await world.later();
    await world.run(job);
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 1, statuscode: 3 });
    expect(await world.coupling(order.id)).toMatchObject({ archive: 'waiting' });
  });

  it('is not asked for where the environment has none, which the log is told once (D-33)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await world.later();
    const missing = new SyncFailure({
      kind: 'config',
      code: 'entity-set-not-found',
      message: 'No such set.',
    });
    const businessCentral = intercept(world.ports.businessCentral, {
      readRowsByFilters: () => () => Promise.reject(missing),
    });
    const ports = { ...world.ports, businessCentral };
    for (let turn = 0; turn < 2; turn += 1) {
      const runId = ports.ids.runId(ports.clock.now());
      await executeRun(ports, world.mappings, { job, runId, trigger: 'manual', followedBy: [] });
    }
    const lines = world.events.filter(({ event }) => event === 'order-archives-missing');
    expect(lines).toHaveLength(1);
    expect(await world.coupling(order.id)).toMatchObject({ archive: 'waiting' });
  });
});
