/** An order that left Business Central by being posted tells its Sales order when the last goods went out (D-32, D-74, D-79). */
import { afterEach, describe, expect, it } from 'vitest';
import { type OrderWorld, ordersMapping, type PairOfOrders, startOrderWorld } from './orderWorld.ts';
import type { WorldOptions } from './world.ts';

let world: OrderWorld;
afterEach(() => world.close());

const invoiced = { statecode: 4, statuscode: 100003 };
const today = '2026-03-10';

/** Orders that agree with their Sales orders, and are not read again because they were just written. */
async function agreed(count: number, options: WorldOptions = {}): Promise<readonly PairOfOrders[]> {
  world = await startOrderWorld('oneWay', options);
  const orders: PairOfOrders[] = [];
  for (let index = 0; index < count; index += 1) orders.push(await world.order());
  await world.later();
  await world.advanceMinutes(60);
  await world.later();
  return orders;
}

const post = ({ id }: PairOfOrders) => world.businessCentral.act('salesOrders', id, 'shipAndInvoice', 'bob');

/** Reads of posted shipments so far, by kind of request. */
const shipmentReads = () =>
  Object.keys(world.businessCentral.requests.byOperation).filter((name) => name.endsWith('salesShipments'));

/** Requests that the next run sends to Business Central. */
async function cost(): Promise<number> {
  await world.advanceMinutes(1);
  const before = world.businessCentral.requests.total;
  const runs = await world.later();
  expect(runs.every(({ counts }) => counts.failed === 0)).toBe(true);
  return world.businessCentral.requests.total - before;
}

/** The same when posted shipments are not asked for: every Sales order has its day already. */
async function costWithDays(count: number): Promise<number> {
  const orders = await agreed(count);
  for (const { dataverseId } of orders) world.changeOrder(dataverseId, { datefulfilled: '2026-03-01' });
  for (const order of orders) post(order);
  const requests = await cost();
  for (const { dataverseId } of orders)
    expect(world.row(dataverseId)).toMatchObject({ ...invoiced, datefulfilled: '2026-03-01' });
  await world.close();
  return requests;
}

describe('an order that was posted between two runs', () => {
  it('becomes invoiced with the day of its last shipment (D-32, D-74, D-79)', async () => {
    const [order] = await agreed(1);
    if (!order) expect.fail('there is an order');
    world.businessCentral.ship(order.id, { 10000: 1 });
    post(order);
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(shipmentReads()).toHaveLength(1);
    expect(world.row(order.dataverseId)).toMatchObject({ ...invoiced, datefulfilled: today });
    expect(await world.coupling(order.id)).toBeNull();
  });

  it('does so without the companion app, too (D-32)', async () => {
    const [order] = await agreed(1, { companionApp: false });
    if (!order) expect.fail('there is an order');
    post(order);
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ ...invoiced, datefulfilled: today });
  });

  it('costs one request more, however many they are, and none where the day is known (P10)', async () => {
    for (const count of [1, 7]) {
      const withDays = await costWithDays(count);
      const orders = await agreed(count);
      for (const order of orders) post(order);
      expect(await cost()).toBe(withDays + 1);
      for (const { dataverseId } of orders)
        expect(world.row(dataverseId)).toMatchObject({ ...invoiced, datefulfilled: today });
      if (count === 1) await world.close();
    }
  });

  it('asks for no shipments when it was deleted by a user (D-96, P10)', async () => {
    const [order] = await agreed(1);
    if (!order) expect.fail('there is an order');
    world.businessCentral.remove('salesOrders', order.id, 'bob');
    await world.later();
    expect(shipmentReads()).toEqual([]);
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 0, datefulfilled: null });
  });

  it('becomes invoiced without a day where posted shipments are not offered (D-32)', async () => {
    const [order] = await agreed(1, { withoutSets: ['salesShipments'] });
    if (!order) expect.fail('there is an order');
    post(order);
    await world.later();
    expect(await world.openErrors(ordersMapping)).toEqual([]);
    expect(world.row(order.dataverseId)).toMatchObject({ ...invoiced, datefulfilled: null });
  });

  it('gets no day once it is canceled in Sales (D-13, D-98)', async () => {
    const [order] = await agreed(1);
    if (!order) expect.fail('there is an order');
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 2, statuscode: 4 }, 'alice');
    post(order);
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 2, datefulfilled: null });
    expect(await world.coupling(order.id)).toBeNull();
  });
});
