/** ARCHIVED SALES ORDERS: what became of orders that left Business Central (D-94, D-95). */
import { afterEach, describe, expect, it } from 'vitest';
import { planArchivesJob } from '../../shared/app/documents/planArchivesJob.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { dyingAt } from './dyingAtWrites.ts';
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
    world = await startOrderWorld('bidirectional', { withoutSets: ['salesOrderArchives'] });
    const order = await world.order();
    await world.later();
    world.businessCentral.remove('salesOrders', order.id, 'bob');
    await world.later();
    for (let turn = 0; turn < 2; turn += 1) expect(await world.run(job)).toEqual([]);
    const lines = world.events.filter(({ event }) => event === 'order-archives-missing');
    expect(lines).toHaveLength(1);
    expect(await world.coupling(order.id)).toMatchObject({ archive: 'waiting' });
  });

  it.each([
    ['the environment has none', ['salesOrderArchives'], []],
    ['the company does not archive', [], ['salesOrderArchives']],
  ])('is not needed for an order that was invoiced, where %s (D-33, D-80)', async (_why, sets, emptied) => {
    world = await startOrderWorld('bidirectional', { withoutSets: [...sets, 'salesOrderArchiveLines'] });
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    for (const set of emptied) {
      for (const { id } of world.businessCentral.records(set))
        world.businessCentral.remove(set, String(id), 'bob');
    }
    await world.later();
    const [run] = await world.run(job);
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 4, statuscode: 100003 });
    expect(await world.coupling(order.id)).toMatchObject({ archive: 'handled' });
    expect(await world.run(job)).toEqual([]);
  });
});

describe('the lines of an archive', () => {
  const detailsOf = (id: string) =>
    world.dataverse
      .rows('salesorderdetail')
      .filter((row) => row['_salesorderid_value'] === id)
      .toSorted((left, right) => lineNumber(left) - lineNumber(right));
  const lineNumber = (row: Readonly<Record<string, unknown>>) =>
    Number(row['bcbi_businesscentrallinenumber'] ?? 0);

  /** An order that was changed in Business Central and posted before Sales heard of it. */
  async function changedAndPosted(options: Parameters<typeof startOrderWorld>[1] = {}) {
    world = await startOrderWorld('bidirectional', options);
    const order = await world.order();
    await world.later();
    const [first = '', second = ''] = order.lines;
    const { businessCentral } = world;
    businessCentral.act('salesOrderExtras', order.id, 'reopen');
    businessCentral.edit('salesOrderLines', first, { quantity: 5 }, 'bob');
    businessCentral.edit('salesOrderLines', first, { discountAmount: 20 }, 'bob');
    businessCentral.remove('salesOrderLines', second, 'bob');
    const line = { documentId: order.id, lineType: 'Item', lineObjectNumber: '101', quantity: 7 };
    businessCentral.create('salesOrderLines', { ...line, sequence: 30000 }, 'bob');
    businessCentral.edit('salesOrderExtras', order.id, { paymentDiscountPercent: 2 }, 'bob');
    businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    await world.later();
    return order;
  }

  it('are compared with those of the Sales order: changed, made and deleted, line by line (D-95)', async () => {
    const order = await changedAndPosted();
    const own = { isproductoverridden: true, productdescription: 'Own', quantity: 1, priceperunit: 3 };
    const { dataverse } = world;
    dataverse.edit('salesorder', order.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
    const bind = { 'salesorderid@odata.bind': `/salesorders(${order.dataverseId})` };
    dataverse.create('salesorderdetail', { ...own, ...bind } as never, 'alice');
    dataverse.edit('salesorder', order.dataverseId, { statecode: 1, statuscode: 3 }, 'alice');
    const [run] = await world.run(job);
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    const details = detailsOf(order.dataverseId);
    expect(details.map(lineNumber)).toEqual([0, 10000, 30000]);
    expect(details.slice(1)).toMatchObject([
      { quantity: 5, quantityshipped: 5, manualdiscountamount: 20 },
      { quantity: 7, quantityshipped: 7, priceperunit: 101, ispriceoverridden: true },
    ]);
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 4, discountpercentage: 2 });
    expect(await world.run(job)).toEqual([]);
  });

  it('are told by a dry run, each under its number, and the run counts the same (D-95)', async () => {
    const order = await changedAndPosted();
    const { actions, counts } = await planArchivesJob(world);
    const [action, ...others] = actions;
    expect(others).toEqual([]);
    expect(action).toMatchObject({ kind: 'modify', dataverseId: order.dataverseId });
    const fields = action?.kind === 'modify' ? action.fields : [];
    for (const change of [
      { attribute: 'statecode', before: 1, after: 4 },
      { attribute: 'salesorderdetails(10000)/quantity', before: 2, after: 5 },
      { attribute: 'salesorderdetails(20000)/quantity', before: 2, after: null },
      { attribute: 'salesorderdetails(30000)/quantity', before: null, after: 7 },
    ])
      expect(fields).toContainEqual(change);
    expect(detailsOf(order.dataverseId).map(lineNumber)).toEqual([10000, 20000]);
    const [run] = await world.run(job);
    expect(run?.counts).toEqual(counts);
  });

  it('are left out where this version of the service does not show them (D-33, D-95)', async () => {
    const order = await changedAndPosted({ withoutSets: ['salesOrderArchiveLines'] });
    await world.run(job);
    expect(detailsOf(order.dataverseId).map((row) => row['quantity'])).toEqual([2, 2]);
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 4 });
  });

  it('are taken over once the host is back that died on the way, and the order ends invoiced (D-21, D-95)', async () => {
    for (let nth = 1; ; nth += 1) {
      const order = await changedAndPosted();
      const host = dyingAt(world.ports, nth, nth % 2 === 0 ? 'after' : 'before');
      const runId = host.ports.ids.runId(host.ports.clock.now());
      await executeRun(host.ports, world.mappings, { job, runId, trigger: 'manual', followedBy: [] });
      if (!host.state.reached) break;
      await world.advanceMinutes(16);
      await world.run(job);
      expect(detailsOf(order.dataverseId).map(lineNumber), `write ${nth}`).toEqual([10000, 30000]);
      expect(world.row(order.dataverseId), `write ${nth}`).toMatchObject({ statecode: 4 });
      await world.close();
    }
  });
});
