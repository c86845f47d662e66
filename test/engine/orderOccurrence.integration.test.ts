/** Number and occurrence of orders in Sales, and orders made from Sales that travel both ways (D-89 to D-91). */
import { afterEach, describe, expect, it } from 'vitest';
import { runTask } from '../../shared/app/actions/runTask.ts';
import { businessCentralId, dataverseId } from '../../shared/domain/common/ids.ts';
import { type OrderWorld, ordersMapping, startOrderWorld } from './orderWorld.ts';
import type { World } from './world.ts';

const running: World[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((world) => world.close()));
});

const occurrence = 'bcbi_businesscentraldocumentoccurrencenumber';
const number = 'bcbi_businesscentralordernumber';

async function bothWays(withoutSets: readonly string[] = []): Promise<OrderWorld> {
  const world = await startOrderWorld('bidirectional', { withoutSets });
  running.push(world);
  return world;
}

/** A released order that Sales does not know. */
function releasedOrder({ businessCentral, customer }: OrderWorld): Readonly<Record<string, unknown>> {
  const made = businessCentral.create('salesOrders', { customerNumber: customer['number'] }, 'bob');
  const line = { documentId: made['id'], lineType: 'Item', lineObjectNumber: '100', quantity: 3 };
  businessCentral.create('salesOrderLines', line, 'bob');
  businessCentral.act('salesOrderExtras', String(made['id']), 'release', 'bob');
  return made;
}

describe('the occurrence of an order', () => {
  it.each([
    ['is the first without an archive of its number', null, 1],
    [
      'is that of the last archive with its document date',
      { orderDate: '2026-03-10', docNoOccurrence: 2 },
      2,
    ],
    [
      'is the next after the last archive of another date',
      { orderDate: '2025-01-01', docNoOccurrence: 2 },
      3,
    ],
  ])('%s (D-85, D-89)', async (_what, archived, expected) => {
    const world = await bothWays();
    const made = releasedOrder(world);
    if (archived) {
      const older = { number: made['number'], versionNumber: 1 };
      world.businessCentral.create('salesOrderArchives', { ...older, ...archived }, 'bob');
      const oldest = { orderDate: '2020-01-01', docNoOccurrence: 1, versionNumber: 9 };
      world.businessCentral.create('salesOrderArchives', { ...older, ...oldest }, 'bob');
    }
    await world.run('SALESORDER-ORDER', 'fullSync');
    expect(world.dataverse.rows('salesorder')).toMatchObject([
      { [number]: made['number'], [occurrence]: expected },
    ]);
    await world.later();
    expect(await world.openErrors()).toEqual([]);
  });

  it('comes to an order that was coupled, and one that stands there stays (D-89)', async () => {
    const world = await bothWays();
    const [first, second] = [await world.order(), await world.order()];
    world.changeOrder(second.dataverseId, { [occurrence]: 4 });
    await world.later();
    expect(world.row(first.dataverseId)).toMatchObject({ [occurrence]: 1 });
    expect(world.row(second.dataverseId)).toMatchObject({ [occurrence]: 4 });
  });

  it('is left out where Business Central shows no archives (D-33, D-89)', async () => {
    const world = await bothWays(['salesOrderArchives']);
    const order = await world.order();
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ [number]: order.number, [occurrence]: null });
    expect(await world.openErrors()).toEqual([]);
  });
});

describe('an order made from Sales where orders travel both ways', () => {
  async function made(): Promise<{ readonly world: OrderWorld; readonly id: string }> {
    const world = await bothWays();
    const { dataverse } = world;
    const id = world.salesOrder('Bicycles');
    dataverse.edit('salesorder', id, { statecode: 0, statuscode: 2, lastbackofficesubmit: null }, 'alice');
    for (const product of dataverse.rows('product').slice(0, 2)) {
      const references = {
        'salesorderid@odata.bind': `/salesorders(${id})`,
        'productid@odata.bind': `/products(${product['productid']})`,
        'uomid@odata.bind': `/uoms(${product['_defaultuomid_value']})`,
      };
      const values = { ispriceoverridden: true, quantity: 2, priceperunit: 80 };
      dataverse.create('salesorderdetail', { ...references, ...values } as never, 'alice');
    }
    dataverse.edit('salesorder', id, { statecode: 1, statuscode: 3 }, 'alice');
    const task = { kind: 'createOrders', dataverseIds: [dataverseId(id)] } as const;
    const runId = world.ports.ids.runId(world.ports.clock.now());
    await runTask(
      world.ports,
      world.mappings,
      { runId, mapping: ordersMapping, task, progress: null },
      false,
    );
    return { world, id };
  }
  const detailsOf = ({ dataverse }: OrderWorld, id: string) =>
    dataverse.rows('salesorderdetail').filter((row) => row['_salesorderid_value'] === id);
  const onlyOrder = ({ businessCentral }: OrderWorld) => businessCentral.records('salesOrders')[0] ?? {};

  it('is released, and the Sales order gets its number and occurrence (D-89 to D-91)', async () => {
    const { world, id } = await made();
    const order = onlyOrder(world);
    const extras = world.businessCentral.record('salesOrderExtras', String(order['id']));
    expect(extras).toMatchObject({ status: 'Released' });
    expect(world.row(id)).toMatchObject({ statecode: 1, [number]: order['number'], [occurrence]: 1 });
  });

  it('keeps its lines when it comes back: none is doubled on either side (P2, D-82)', async () => {
    const { world, id } = await made();
    await world.later();
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(detailsOf(world, id)).toMatchObject([
      { quantity: 2, priceperunit: 80, bcbi_businesscentrallinenumber: 10000 },
      { quantity: 2, priceperunit: 80, bcbi_businesscentrallinenumber: 20000 },
    ]);
    expect(world.businessCentral.records('salesOrderLines')).toHaveLength(2);
  });

  it('knows its lines by their numbers when it is uncoupled and coupled again (P2, D-84)', async () => {
    const { world, id } = await made();
    await world.later();
    const order = onlyOrder(world);
    const ids = { businessCentralId: businessCentralId(String(order['id'])), dataverseId: dataverseId(id) };
    const runId = world.ports.ids.runId(world.ports.clock.now());
    const task = { kind: 'uncouple', records: [ids] } as const;
    const wish = { runId, mapping: ordersMapping, task, progress: null };
    await runTask(world.ports, world.mappings, wish, false);
    await world.couple(ids.businessCentralId, String(order['number']), id);
    await world.later();
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(detailsOf(world, id)).toHaveLength(2);
    expect(world.businessCentral.records('salesOrderLines')).toHaveLength(2);
  });
});
