/** Orders that travel both ways with their lines (D-81 to D-98). */
import { afterEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { intercept } from './intercept.ts';
import { type OrderWorld, ordersMapping, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const submitted = { statecode: 1, statuscode: 3 };
const detailsOf = (id: string) =>
  world.dataverse
    .rows('salesorderdetail')
    .filter((row) => row['_salesorderid_value'] === id)
    .toSorted(
      (left, right) =>
        Number(left['bcbi_businesscentrallinenumber']) - Number(right['bcbi_businesscentrallinenumber']),
    );
const linesOf = (id: string) =>
  world.businessCentral.records('salesOrderLines').filter((line) => line['documentId'] === id);

describe('SALESORDER-ORDER both ways', () => {
  it('brings the header and its lines to the Sales order and leaves it submitted (D-81 to D-87)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order({ shipToCity: 'Leeds' });
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(world.row(order.dataverseId)).toMatchObject({
      ...submitted,
      shipto_city: 'Leeds',
      bcbi_businesscentralordernumber: order.number,
    });
    expect(detailsOf(order.dataverseId)).toMatchObject([
      { bcbi_businesscentrallinenumber: 10000, quantity: 2, priceperunit: 100, ispriceoverridden: true },
      { bcbi_businesscentrallinenumber: 20000, quantity: 2, priceperunit: 101 },
    ]);
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
  });

  it('makes a Sales order with its lines from an uncoupled one, and submits it (D-81, D-85)', async () => {
    world = await startOrderWorld('bidirectional');
    const number = world.customer['number'];
    const made = world.businessCentral.create('salesOrders', { customerNumber: number }, 'bob');
    const line = { documentId: made['id'], lineType: 'Item', lineObjectNumber: '100', quantity: 3 };
    world.businessCentral.create('salesOrderLines', line, 'bob');
    world.businessCentral.act('salesOrderExtras', String(made['id']), 'release', 'bob');
    await world.later();
    expect(world.dataverse.rows('salesorder')).toEqual([]);
    await world.run('SALESORDER-ORDER', 'fullSync');
    const [row] = world.dataverse.rows('salesorder');
    expect(row).toMatchObject({ ...submitted, name: 'Adatum' });
    expect(detailsOf(String(row?.['salesorderid']))).toMatchObject([{ quantity: 3, priceperunit: 100 }]);
    await world.later();
    expect(await world.coupling(String(made['id']))).toMatchObject({ state: 'synchronized' });
    expect(await world.openErrors()).toEqual([]);
  });

  it('writes nothing once both agree (P4)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    await world.later();
    const before = [world.row(order.dataverseId), ...detailsOf(order.dataverseId)];
    const central = world.businessCentral.record('salesOrders', order.id);
    await world.later();
    expect([world.row(order.dataverseId), ...detailsOf(order.dataverseId)]).toEqual(before);
    expect(world.businessCentral.record('salesOrders', order.id)).toEqual(central);
  });

  it('carries a changed header back: reopened, written, released (D-34, D-90, D-91)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
    world.dataverse.edit('salesorder', order.dataverseId, { requestdeliveryby: '2026-05-01' }, 'alice');
    world.dataverse.edit('salesorder', order.dataverseId, submitted, 'alice');
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(world.businessCentral.record('salesOrders', order.id)).toMatchObject({
      requestedDeliveryDate: '2026-05-01',
    });
    expect(world.businessCentral.record('salesOrderExtras', order.id)).toMatchObject({ status: 'Released' });
  });

  it('carries the bill-to address both ways where the companion page takes it (D-25, D-35, D-83)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    world.businessCentral.edit('salesOrderExtras', order.id, { billToCity: 'Leeds' }, 'bob');
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ billto_city: 'Leeds' });
    world.changeOrder(order.dataverseId, { billto_city: 'Bath', billto_line1: 'High Street 1' });
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(world.businessCentral.record('salesOrderExtras', order.id)).toMatchObject({
      ...{ billToCity: 'Bath', billToAddressLine1: 'High Street 1', status: 'Released' },
    });
  });

  it('carries the bill-to address to Sales where the companion page does not take it (D-25, D-83)', async () => {
    world = await startOrderWorld('bidirectional');
    const businessCentral = intercept(world.ports.businessCentral, {
      companionProperties: () => async () => new Set(['id', 'status']),
    });
    const order = await world.order();
    world.businessCentral.edit('salesOrderExtras', order.id, { billToCity: 'Leeds' }, 'bob');
    const run = async () => {
      await world.advanceMinutes(30);
      const ports = { ...world.ports, businessCentral };
      const runId = ports.ids.runId(ports.clock.now());
      await executeRun(ports, world.mappings, {
        ...{ job: ordersMapping, runId, trigger: 'manual', followedBy: [] },
      });
    };
    await run();
    expect(world.row(order.dataverseId)).toMatchObject({ billto_city: 'Leeds' });
    world.changeOrder(order.dataverseId, { billto_city: 'Bath' });
    await run();
    expect(await world.openErrors()).toEqual([]);
    expect(world.businessCentral.record('salesOrderExtras', order.id)).toMatchObject({ billToCity: 'Leeds' });
  });

  it('cannot change a released order without the companion app, and says so (D-34)', async () => {
    world = await startOrderWorld('bidirectional', { companionApp: false });
    const order = await world.order();
    await world.later();
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
    world.dataverse.edit('salesorder', order.dataverseId, { requestdeliveryby: '2026-05-01' }, 'alice');
    world.dataverse.edit('salesorder', order.dataverseId, submitted, 'alice');
    await world.later();
    const errors = await world.openErrors();
    expect(errors.map(({ code }) => code)).toContain('ORDER_RELEASED_NOT_EDITABLE');
  });

  it('carries changed, new and deleted lines to Sales (D-84, D-86)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    const [first = '', second = ''] = order.lines;
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    world.businessCentral.edit('salesOrderLines', first, { quantity: 5 }, 'bob');
    world.businessCentral.remove('salesOrderLines', second, 'bob');
    const line = { documentId: order.id, lineType: 'Item', lineObjectNumber: '101', quantity: 7 };
    world.businessCentral.create('salesOrderLines', line, 'bob');
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(detailsOf(order.dataverseId).map((row) => row['quantity'])).toEqual([5, 7]);
    expect(world.row(order.dataverseId)).toMatchObject(submitted);
  });

  it('carries changed and deleted lines to Business Central, where the order is released again (D-84, D-90, D-92)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    const [first, second] = detailsOf(order.dataverseId);
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
    world.dataverse.edit('salesorderdetail', String(first?.['salesorderdetailid']), { quantity: 9 }, 'alice');
    world.dataverse.remove('salesorderdetail', String(second?.['salesorderdetailid']), 'alice');
    world.dataverse.edit('salesorder', order.dataverseId, submitted, 'alice');
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(linesOf(order.id).map((line) => line['quantity'])).toEqual([9]);
    expect(world.businessCentral.record('salesOrderExtras', order.id)).toMatchObject({ status: 'Released' });
  });

  it('loses no line that a list fails to show (P9, D-86, D-92)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.edit('salesOrders', order.id, { shipToCity: 'Leeds' }, 'bob');
    world.changeOrder(order.dataverseId, { requestdeliveryby: '2026-05-01' });
    const isLineRead = (name: string) => name === 'salesOrderLines' || name === 'salesorderdetail';
    const businessCentral = intercept(world.ports.businessCentral, {
      readByValues: (original) => async (selection, property, values) =>
        isLineRead(selection.entitySet) ? [] : original(selection, property, values),
    });
    const dataverse = intercept(world.ports.dataverse, {
      readByValues: (original) => async (selection, attribute, values) => {
        const rows = await original(selection, attribute, values);
        // What is deleted in Sales is told by reading its rows; only the pass to Business Central misses them.
        return selection.attributes.length === 1 && isLineRead(selection.table) ? rows.slice(1) : rows;
      },
    });
    const ports = { ...world.ports, businessCentral, dataverse };
    await world.advanceMinutes(30);
    const runId = ports.ids.runId(ports.clock.now());
    await executeRun(ports, world.mappings, { job: ordersMapping, runId, trigger: 'manual', followedBy: [] });
    expect(detailsOf(order.dataverseId)).toHaveLength(2);
    expect(linesOf(order.id)).toHaveLength(2);
  });

  it('becomes fulfilled by the action once everything is shipped (D-85, D-94)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.ship(order.id);
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 3, statuscode: 100001 });
    await world.later();
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
  });

  it('that left Business Central keeps its coupling, marked, and is left alone by both passes (D-94, D-97)', async () => {
    world = await startOrderWorld('bidirectional');
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await world.later();
    expect(await world.coupling(order.id)).toMatchObject({ archive: 'waiting' });
    expect(world.row(order.dataverseId)).toMatchObject(submitted);
    const runs = await world.later();
    for (const { counts } of runs) expect(counts).toMatchObject({ modified: 0, failed: 0, skipped: 0 });
  });
});
