/** Orders of Business Central that go back to the Sales orders they came from (D-72 to D-80, D-96, D-98, D-99). */
import { afterEach, describe, expect, it } from 'vitest';
import { runTask } from '../../shared/app/actions/runTask.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { intercept } from './intercept.ts';
import { type OrderWorld, ordersMapping, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const submitted = { statecode: 1, statuscode: 3 };
const invoiced = { statecode: 4, statuscode: 100003 };
const active = { statecode: 0, statuscode: 2 };

describe('SALESORDER-ORDER one way', () => {
  it('carries the header to the submitted Sales order and leaves it submitted (D-20, D-73, D-74)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order({ requestedDeliveryDate: '2026-04-01', shipToCity: 'Leeds' });
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({
      ...submitted,
      shipto_city: 'Leeds',
      requestdeliveryby: '2026-04-01',
    });
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
  });

  it('writes nothing once both agree (P4)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    const before = world.row(order.dataverseId)['modifiedon'];
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ modified: 0, failed: 0 });
    expect(world.row(order.dataverseId)['modifiedon']).toBe(before);
  });

  it('takes released orders only, exactly where the companion app tells (D-22, D-72, D-75)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    world.businessCentral.edit('salesOrders', order.id, { shipToCity: 'Leeds' }, 'bob');
    await world.later();
    expect(world.row(order.dataverseId)['shipto_city']).toBeNull();
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    await world.later();
    expect(world.row(order.dataverseId)['shipto_city']).toBe('Leeds');
  });

  it('leaves orders alone that no Sales order belongs to, also in a full synchronisation (D-72, E-133)', async () => {
    world = await startOrderWorld('oneWay');
    const { number } = world.customer as { readonly number: string };
    const made = world.businessCentral.create('salesOrders', { customerNumber: number }, 'bob');
    const line = { documentId: made['id'], lineType: 'Item', lineObjectNumber: '100', quantity: 1 };
    world.businessCentral.create('salesOrderLines', line, 'bob');
    world.businessCentral.act('salesOrderExtras', String(made['id']), 'release');
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ inserted: 0, failed: 0 });
    await world.run(ordersMapping, 'fullSync');
    expect(world.dataverse.rows('salesorder')).toEqual([]);
  });

  it('stays submitted while shipped or invoiced in part, and tells the day of shipment (D-73, D-79)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    world.businessCentral.ship(order.id, { 10000: 1 });
    world.businessCentral.invoiceShipments([order.id]);
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ ...submitted, datefulfilled: '2026-03-10' });
  });

  it('adds the shipments up by itself where the companion app is missing (D-32)', async () => {
    world = await startOrderWorld('oneWay', { companionApp: false });
    const order = await world.order();
    await world.later();
    world.businessCentral.ship(order.id, { 10000: 1 });
    await world.later();
    expect(world.row(order.dataverseId)).toMatchObject({ ...submitted, datefulfilled: '2026-03-10' });
  });

  it('becomes invoiced once one invoice covers all shipments of several orders (D-73, D-79, D-80)', async () => {
    world = await startOrderWorld('oneWay');
    const orders = [await world.order(), await world.order()];
    await world.later();
    for (const { id } of orders) world.businessCentral.ship(id);
    world.businessCentral.invoiceShipments(orders.map(({ id }) => id));
    await world.later();
    for (const order of orders) {
      expect(world.row(order.dataverseId)).toMatchObject(invoiced);
      expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
    }
  });

  it('that was posted becomes invoiced and is no longer coupled (D-79, D-80)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrders', order.id, 'shipAndInvoice', 'bob');
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({ ...invoiced, lastbackofficesubmit: '2026-03-10' });
    expect(await world.coupling(order.id)).toBeNull();
  });

  it('that a user deleted makes the Sales order active again, to be submitted anew (D-96)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    world.businessCentral.remove('salesOrders', order.id, 'bob');
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({ ...active, lastbackofficesubmit: null });
    expect(await world.coupling(order.id)).toBeNull();
    expect((await world.later())[0]?.counts).toMatchObject({ modified: 0, failed: 0 });
  });

  it('deleted by many at once is an accident until a user says otherwise, posted by many is daily work (P9)', async () => {
    world = await startOrderWorld('oneWay');
    const orders = [];
    for (let index = 0; index < 11; index += 1) orders.push(await world.order());
    await world.later();
    for (const { id } of orders.slice(0, 10)) world.businessCentral.remove('salesOrders', id, 'bob');
    await world.later();
    for (const order of orders) expect(world.row(order.dataverseId)).toMatchObject(submitted);
  });

  it('posted by many at once trips no guard (D-79, P9)', async () => {
    world = await startOrderWorld('oneWay');
    const orders = [];
    for (let index = 0; index < 11; index += 1) orders.push(await world.order());
    await world.later();
    for (const { id } of orders) world.businessCentral.act('salesOrders', id, 'shipAndInvoice', 'bob');
    await world.later();
    for (const order of orders) expect(world.row(order.dataverseId)).toMatchObject(invoiced);
  });

  it('keeps the order in Business Central when the Sales order is deleted, and only loses its coupling (D-98, D-100)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    world.dataverse.remove('salesorder', order.dataverseId, 'alice');
    await world.later();
    expect(world.businessCentral.record('salesOrders', order.id)).not.toBeNull();
    expect(await world.coupling(order.id)).toBeNull();
  });

  it('takes no changes once canceled in Sales, and nothing happens in Business Central (D-98, D-101)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 2, statuscode: 4 }, 'alice');
    world.businessCentral.edit('salesOrders', order.id, { shipToCity: 'Leeds' }, 'bob');
    const [run] = await world.later();
    expect(run?.counts).toMatchObject({ skipped: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 2, shipto_city: null });
  });

  it('uncoupled by a user loses our company and stays submitted (D-99, D-146)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    expect(world.row(order.dataverseId)['_bcbi_companyid_value']).not.toBeNull();
    const record = (await world.coupling(order.id)) ?? expect.fail('the order is coupled');
    const { businessCentralId, dataverseId } = record;
    const runId = world.ports.ids.runId(world.ports.clock.now());
    const task = { kind: 'uncouple', records: [{ businessCentralId, dataverseId }] } as const;
    await runTask(
      world.ports,
      world.mappings,
      { runId, mapping: ordersMapping, task, progress: null },
      false,
    );
    expect(await world.coupling(order.id)).toBeNull();
    expect(world.row(order.dataverseId)).toMatchObject({ ...submitted, _bcbi_companyid_value: null });
  });
});

describe('an order that a list fails to show', () => {
  /** Business Central answers every question for many records as if there were none. */
  const withEmptyLists = () => {
    const nothing = async () => [];
    const businessCentral = intercept(world.ports.businessCentral, {
      readByIds: () => nothing,
      readChanges: (original) => async (request) => ({ ...(await original(request)), records: [] }),
    });
    return { ...world.ports, businessCentral };
  };
  const runWith = async (ports: SyncPorts) => {
    await world.advanceMinutes(30);
    const runId = ports.ids.runId(ports.clock.now());
    await executeRun(ports, world.mappings, { job: ordersMapping, runId, trigger: 'manual', followedBy: [] });
  };

  it.each(['oneWay', 'bidirectional'] as const)(
    'is asked for by itself before it counts as gone: %s, few orders (P9, D-80, D-96, D-97)',
    async (orderIntegration) => {
      world = await startOrderWorld(orderIntegration);
      const order = await world.order();
      await world.later();
      await runWith(withEmptyLists());
      expect(world.row(order.dataverseId)).toMatchObject(submitted);
      const coupling = await world.coupling(order.id);
      expect(coupling).toMatchObject({ businessCentralId: order.id });
      expect(coupling?.archive).toBeUndefined();
      expect(world.events.map(({ event }) => event)).toContain('lost-records-found');
    },
  );

  it('is not taken for gone where it cannot be asked for: the run fails and changes nothing (P9)', async () => {
    world = await startOrderWorld('oneWay');
    const order = await world.order();
    await world.later();
    const ports = withEmptyLists();
    const failure = new SyncFailure({ kind: 'transient', code: 'service-busy', message: 'Busy.' });
    const businessCentral = intercept(ports.businessCentral, {
      existing: () => () => Promise.reject(failure),
    });
    await runWith({ ...ports, businessCentral });
    expect(world.row(order.dataverseId)).toMatchObject(submitted);
    expect(await world.coupling(order.id)).not.toBeNull();
  });
});
