/** Order discount and freight of Sales orders that are in Business Central already (D-55 to D-58, D-90). */
import { afterEach, describe, expect, it } from 'vitest';
import { type OrderWorld, ordersMapping, type PairOfOrders, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const freightAccount = '6110';
const withFreight = { documents: { freightAccount } };

const change = (order: PairOfOrders, values: Readonly<Record<string, unknown>>) =>
  world.changeOrder(order.dataverseId, values);
const orderOf = ({ id }: PairOfOrders) => world.businessCentral.record('salesOrders', id);
const freightOf = ({ id }: PairOfOrders) =>
  world.businessCentral
    .records('salesOrderLines')
    .filter((line) => line['documentId'] === id && line['lineType'] === 'Account');
const toBusinessCentral = (runs: Awaited<ReturnType<OrderWorld['later']>>) =>
  runs.find(({ mapping, direction }) => mapping === ordersMapping && direction === 'toBusinessCentral');
const statusOf = ({ id }: PairOfOrders) => world.businessCentral.record('salesOrderExtras', id)?.['status'];

describe('the discount of a Sales order', () => {
  it('goes to the order it is coupled with, which is released again (D-55, D-90, D-91)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 12.5 });
    const back = toBusinessCentral(await world.later());
    expect(await world.openErrors()).toEqual([]);
    expect(orderOf(order)).toMatchObject({ discountAmount: 12.5 });
    expect(statusOf(order)).toBe('Released');
    expect(back?.counts).toMatchObject({ modified: 1, unchanged: 0, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 1, discountamount: 12.5 });
  });

  it('contains the percentage, which does not grow from run to run (D-55, P3, P4)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 2, discountpercentage: 10 });
    await world.later();
    const wanted = 2 + 0.1 * (2 * 100 + 2 * 101);
    expect(orderOf(order)?.['discountAmount']).toBeCloseTo(wanted, 2);
    await world.later();
    const before = [world.row(order.dataverseId), orderOf(order)];
    await world.later();
    await world.later();
    expect([world.row(order.dataverseId), orderOf(order)]).toEqual(before);
    expect(world.row(order.dataverseId)).toMatchObject({ discountamount: 2, discountpercentage: 10 });
  });

  it('survives a change of another field in Business Central at the same time (P1)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 7 });
    world.businessCentral.edit('salesOrders', order.id, { shipToCity: 'Leeds' }, 'bob');
    await world.later();
    expect(orderOf(order)).toMatchObject({ discountAmount: 7, shipToCity: 'Leeds' });
    expect(world.row(order.dataverseId)).toMatchObject({ discountamount: 7, shipto_city: 'Leeds' });
  });

  it('that both sides changed is a conflict, and neither value is overwritten (P1, D-83, D-90)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 7 });
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    world.businessCentral.edit('salesOrders', order.id, { discountAmount: 9 }, 'bob');
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    await world.later();
    expect((await world.openErrors()).map(({ code }) => code)).toContain('update-conflict');
    expect(orderOf(order)).toMatchObject({ discountAmount: 9 });
    expect(world.row(order.dataverseId)).toMatchObject({ discountamount: 7 });
  });

  it('cannot go to a released order without the companion app, which is an error (D-34)', async () => {
    world = await startOrderWorld('bidirectional', { companionApp: false });
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 7 });
    await world.later();
    expect((await world.openErrors()).map(({ code }) => code)).toContain('ORDER_RELEASED_NOT_EDITABLE');
    expect(orderOf(order)).toMatchObject({ discountAmount: 0 });
  });
});

describe('the freight of a Sales order', () => {
  it('becomes a line on the freight account, once, and follows later changes (D-58, D-90)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    await world.later();
    change(order, { freightamount: 25 });
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    const line = { lineObjectNumber: freightAccount, quantity: 1, description: 'Freight Amount' };
    expect(freightOf(order)).toMatchObject([{ ...line, unitPrice: 25 }]);
    change(order, { freightamount: 30, requestdeliveryby: '2026-05-01' });
    await world.later();
    expect(freightOf(order)).toMatchObject([{ ...line, unitPrice: 30 }]);
    expect(statusOf(order)).toBe('Released');
    await world.later();
    expect(freightOf(order)).toHaveLength(1);
  });

  it('that stands on a line already makes no second one (D-58, D-90)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    const line = { documentId: order.id, lineType: 'Account', lineObjectNumber: freightAccount };
    world.businessCentral.create('salesOrderLines', { ...line, quantity: 1, unitPrice: 25 }, 'bob');
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    change(order, { freightamount: 25 });
    await world.later();
    expect(freightOf(order)).toMatchObject([{ unitPrice: 25, description: '' }]);
  });

  it('that was shipped stays, and a changed one gets a line of its own (D-58)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    change(order, { freightamount: 25 });
    await world.later();
    expect(freightOf(order)).toMatchObject([{ unitPrice: 25 }]);
    world.businessCentral.ship(order.id, { [Number(freightOf(order)[0]?.['sequence'])]: 1 });
    change(order, { freightamount: 40 });
    await world.later();
    expect(freightOf(order).map((line) => line['unitPrice'])).toEqual([25, 40]);
  });

  it('without a configured account is an error until there is one (D-58, D-90)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { freightamount: 25 });
    const back = toBusinessCentral(await world.later());
    expect(back?.counts).toMatchObject({ failed: 1, unchanged: 0 });
    const errors = await world.openErrors();
    expect(errors.map(({ code }) => code)).toEqual(['ORDER_FREIGHT_ACCOUNT_MISSING']);
    expect(await world.coupling(order.id)).toMatchObject({ state: 'failed' });
    const { policy } = world.ports;
    Object.assign(policy, { documents: { ...policy.documents, freightAccount } });
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(freightOf(order)).toMatchObject([{ unitPrice: 25 }]);
  });
});
