/** Plans of orders that travel both ways: discount and freight are listed and counted as the run sends them (D-90, contract section 3). */
import { afterEach, describe, expect, it } from 'vitest';
import { runRequestFor } from '../../shared/app/jobs/runRequest.ts';
import { runMapping } from '../../shared/app/runMapping.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { type OrderWorld, ordersMapping, type PairOfOrders, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const withFreight = { documents: { freightAccount: '6110' } };
const noChange = (order: PairOfOrders) => [world.row(order.dataverseId), central(order.id)];
const central = (id: string) => [
  world.businessCentral.record('salesOrders', id),
  ...world.businessCentral.records('salesOrderLines').filter((line) => line['documentId'] === id),
];
const change = (order: PairOfOrders, values: Readonly<Record<string, unknown>>) =>
  world.changeOrder(order.dataverseId, values);

async function planOf() {
  await world.advanceMinutes(30);
  const runId = world.ports.ids.runId(world.ports.clock.now());
  const mapping = findMapping(world.mappings, ordersMapping);
  const request = runRequestFor(mapping, { runId, trigger: 'manual' }, true);
  const result = await runMapping(world.ports, world.mappings, request);
  return result.status === 'done' ? result : expect.fail('the mapping is free');
}

/** The plan and the run that follows it, which have to count alike. */
async function plannedAndRun(order: PairOfOrders) {
  const before = noChange(order);
  const { plan, syncJobs } = await planOf();
  expect(noChange(order)).toEqual(before);
  const runs = (await world.later()).filter(({ mapping }) => mapping === ordersMapping);
  const countsOf = (rows: typeof syncJobs) => rows.map(({ direction, counts }) => [direction, counts]);
  expect(countsOf(syncJobs)).toEqual(countsOf(runs));
  const action = plan.find(({ direction }) => direction === 'toBusinessCentral');
  const fields = action !== undefined && 'fields' in action ? action.fields : [];
  return { action, fields };
}

describe('a plan of an order that is in both systems', () => {
  it('lists a discount that is all that changed, and counts the order as modified (D-55, D-90)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 12.5 });
    const { action, fields } = await plannedAndRun(order);
    expect(action).toMatchObject({ kind: 'modify', businessCentralId: order.id });
    expect(fields).toEqual([
      { businessCentralField: 'discountAmount', attribute: 'discountamount', before: 0, after: 12.5 },
    ]);
    expect(central(order.id)[0]).toMatchObject({ discountAmount: 12.5 });
  });

  it('lists freight beside other fields, as a new line and as one that gets another price (D-58, D-90)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    await world.later();
    change(order, { freightamount: 25, requestdeliveryby: '2026-05-01' });
    const first = await plannedAndRun(order);
    expect(first.action?.kind).toBe('modify');
    expect(first.fields.map(({ attribute }) => attribute)).toEqual(['requestdeliveryby', 'freightamount']);
    const freight = { attribute: 'freightamount' };
    expect(first.fields.at(-1)).toMatchObject({ ...freight, before: null, after: 25 });
    change(order, { freightamount: 30 });
    const second = await plannedAndRun(order);
    expect(second.fields).toMatchObject([{ ...freight, before: 25, after: 30 }]);
    expect(second.fields[0]?.businessCentralField).toMatch(/^salesOrderLines\(\d+\)\/unitPrice$/);
  });

  it('lists the freight of a pair that never agreed, and not its discount (D-90, E-31)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    change(order, { freightamount: 25, discountamount: 7 });
    const { fields } = await plannedAndRun(order);
    const amounts = fields.filter(({ attribute }) => ['discountamount', 'freightamount'].includes(attribute));
    expect(amounts).toMatchObject([{ attribute: 'freightamount', before: null, after: 25 }]);
  });

  it('lists the freight of an order that gets its first lines from Sales in the same run (D-58, D-92)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    await world.later();
    const { businessCentral } = world;
    businessCentral.act('salesOrderExtras', order.id, 'reopen');
    for (const line of order.lines) businessCentral.remove('salesOrderLines', line, 'bob');
    const product = world.dataverse.rows('product')[0] ?? {};
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
    for (const row of world.dataverse.rows('salesorderdetail'))
      world.dataverse.remove('salesorderdetail', String(row['salesorderdetailid']), 'alice');
    world.dataverse.create(
      'salesorderdetail',
      {
        'salesorderid@odata.bind': `/salesorders(${order.dataverseId})`,
        'productid@odata.bind': `/products(${product['productid']})`,
        'uomid@odata.bind': `/uoms(${product['_defaultuomid_value']})`,
        ...{ ispriceoverridden: true, quantity: 1, priceperunit: 80 },
      },
      'alice',
    );
    change(order, { freightamount: 25 });
    const { fields } = await plannedAndRun(order);
    expect(fields).toMatchObject([{ attribute: 'freightamount', after: 25 }]);
    expect(central(order.id).map((line) => line?.['lineType'])).toEqual([undefined, 'Item', 'Account']);
  });

  it('lists no amounts that stand already, and the order as unchanged (D-58, P4)', async () => {
    world = await startOrderWorld('bidirectional', withFreight);
    const order = await world.order();
    await world.later();
    const { businessCentral } = world;
    businessCentral.act('salesOrderExtras', order.id, 'reopen');
    const line = { documentId: order.id, lineType: 'Account', lineObjectNumber: '6110' };
    businessCentral.create('salesOrderLines', { ...line, quantity: 1, unitPrice: 25 }, 'bob');
    businessCentral.act('salesOrderExtras', order.id, 'release');
    change(order, { freightamount: 25 });
    const { action } = await plannedAndRun(order);
    expect(action?.kind).toBe('unchanged');
  });

  it('lists an order whose freight has no account as failing (D-58, D-90)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { freightamount: 25 });
    const { action } = await plannedAndRun(order);
    expect(action).toMatchObject({ kind: 'fail', problem: { code: 'ORDER_FREIGHT_ACCOUNT_MISSING' } });
  });

  it('lists a discount for a released order as failing without the companion app (D-34)', async () => {
    world = await startOrderWorld('bidirectional', { companionApp: false });
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 7 });
    const { action } = await plannedAndRun(order);
    expect(action).toMatchObject({ kind: 'fail', problem: { code: 'ORDER_RELEASED_NOT_EDITABLE' } });
  });

  it('lists a discount that both sides changed as the conflict it is (P1, D-90)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    change(order, { discountamount: 7 });
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    world.businessCentral.edit('salesOrders', order.id, { discountAmount: 9 }, 'bob');
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    const { fields } = await plannedAndRun(order);
    expect(fields).toEqual([]);
  });
});
