/** SALES ORDER STATUS: what happened to an order in Business Central stands on its wall in Sales (D-76 to D-78). */
import { afterEach, describe, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import { type OrderWorld, ordersMapping, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const job = 'SALES ORDER STATUS';
const wallOf = (id: string) =>
  world.dataverse
    .rows('post')
    .filter((row) => row['_regardingobjectid_value'] === id)
    .map((row) => String(row['text']).split(' ')[4])
    .toSorted();

async function runLater() {
  await world.advanceMinutes(7);
  return world.run(job);
}

describe('the wall of a Sales order', () => {
  it('tells of its release, of each shipment and of each invoice, once, and on no other wall (D-76 to D-78)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    const [first] = await runLater();
    expect(first?.counts).toMatchObject({ inserted: 1, failed: 0 });
    world.businessCentral.ship(order.id, { 10000: 1 });
    await runLater();
    world.businessCentral.ship(order.id, { 20000: 2 });
    await runLater();
    expect(wallOf(order.dataverseId)).toHaveLength(3);
    const posts = world.dataverse.rows('post').map((row) => row['text']);
    expect(posts.filter((text) => String(text).includes('shipment'))).toHaveLength(2);
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await runLater();
    expect(world.dataverse.rows('post')).toHaveLength(5);
    await runLater();
    expect(world.dataverse.rows('post')).toHaveLength(5);
  });

  it('stays empty for orders that are not coupled, or not released (D-76)', async () => {
    world = await startOrderWorld('oneWay');
    const number = world.customer['number'];
    const uncoupled = world.businessCentral.create('salesOrders', { customerNumber: number }, 'bob');
    const line = { documentId: uncoupled['id'], lineType: 'Item', lineObjectNumber: '100', quantity: 1 };
    world.businessCentral.create('salesOrderLines', line, 'bob');
    world.businessCentral.ship(String(uncoupled['id']));
    const draft = await world.order();
    world.businessCentral.act('salesOrderExtras', draft.id, 'reopen');
    const [run] = await runLater();
    expect(run?.counts).toMatchObject({ inserted: 0, failed: 0 });
    expect(world.dataverse.rows('post')).toEqual([]);
  });

  it('is told of documents posted before the first run, by the numbers of coupled orders', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    world.businessCentral.ship(order.id);
    await runLater();
    expect(world.dataverse.rows('post')).toHaveLength(2);
  });

  it('loses a post that Sales refuses, with a line in the log, and no second attempt (D-76)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    world.dataverse.remove('salesorder', order.dataverseId, 'alice');
    const [run] = await runLater();
    expect(run?.counts).toMatchObject({ inserted: 0, failed: 1 });
    expect(world.events.map(({ event }) => event)).toContain('order-post-dropped');
  });

  it('tells of an order that was released, posted and uncoupled between two runs, once (D-76, D-79)', async () => {
    world = await startOrderWorld('oneWay');
    await runLater();
    const [first, second] = [await world.order(), await world.order()];
    if (!first || !second) expect.fail('there are orders');
    await world.run(ordersMapping);
    for (const { id } of [first, second])
      world.businessCentral.act('salesOrders', id, 'shipAndInvoice', 'bob');
    await world.later();
    expect(await world.coupling(first.id)).toBeNull();
    expect(world.dataverse.rows('post')).toEqual([]);
    const [run] = await runLater();
    expect(run?.counts).toMatchObject({ inserted: 6, failed: 0 });
    for (const { dataverseId } of [first, second]) expect(wallOf(dataverseId)).toHaveLength(3);
    const [next] = await runLater();
    expect(next?.counts).toMatchObject({ inserted: 0, unchanged: 0, failed: 0 });
    expect(world.dataverse.rows('post')).toHaveLength(6);
  });

  it('does not tell twice of what was told before the order was posted, and forgets it (D-76, D-78)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await runLater();
    await world.run(ordersMapping);
    world.businessCentral.ship(order.id, { 10000: 1 });
    await runLater();
    expect(wallOf(order.dataverseId)).toHaveLength(2);
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await world.later();
    await runLater();
    expect(wallOf(order.dataverseId)).toHaveLength(4);
    expect(await couplingsOf(world, job)).toEqual([]);
  });

  it('keeps nothing of orders that were deleted, or where the job never runs (D-76, D-96)', async () => {
    world = await startOrderWorld('oneWay');
    const [deleted, posted] = [await world.order(), await world.order()];
    if (!deleted || !posted) expect.fail('there are orders');
    await world.later();
    world.businessCentral.remove('salesOrders', deleted.id, 'bob');
    await world.later();
    Object.assign(world.ports.policy, { disabledJobs: [job] });
    world.businessCentral.act('salesOrders', posted.id, 'shipAndInvoice', 'bob');
    await world.later();
    expect(await world.coupling(posted.id)).toBeNull();
    expect(await couplingsOf(world, job)).toEqual([]);
  });
});
