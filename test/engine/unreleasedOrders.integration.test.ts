/** Orders made from Sales whose release Business Central refuses, where orders travel both ways (D-91, P5). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTask } from '../../shared/app/actions/runTask.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { type DataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { couplingsOf } from './acting.ts';
import { intercept } from './intercept.ts';
import { goodsLine, type OrdersWorld, startOrdersWorld, submitOrder } from './ordersWorld.ts';

const mapping = mappingName('SALESORDER-ORDER');
let world: OrdersWorld;
beforeEach(async () => {
  world = await startOrdersWorld({
    features: { orderIntegration: 'bidirectional' },
    settings: { orderIntegration: 'bidirectional' },
  });
});
afterEach(() => world.close());

/** Business Central releases no order without lines. */
const submitEmpty = (): DataverseId => submitOrder(world, 'Nothing yet', []);
const onlyOrder = () => {
  const orders = world.businessCentral.records('salesOrders');
  expect(orders).toHaveLength(1);
  return String(orders[0]?.['id']);
};
const statusOf = (id: string) => world.businessCentral.record('salesOrderExtras', id)?.['status'];
/** Units of this small company are not coupled, so that lines alone have errors of their own. */
const openErrors = async () => (await world.openErrors(mapping)).map(({ code, name }) => ({ code, name }));
const addLine = (documentId: string) => {
  const line = { documentId, lineType: 'Item', lineObjectNumber: 'CHAIR', quantity: 1 };
  world.businessCentral.create('salesOrderLines', line, 'bob');
};
/** A user asks for these orders; returns the row of the log. */
async function create(ids: readonly DataverseId[], ports: SyncPorts = world.ports) {
  const runId = ports.ids.runId(ports.clock.now());
  const task = { kind: 'createOrders', dataverseIds: ids } as const;
  await runTask(ports, world.mappings, { runId, mapping, task, progress: null }, false);
  const { rows } = await world.ports.logs.listSyncJobs({ runId }, { top: 1, continuation: null });
  return rows[0];
}
async function later() {
  await world.advanceMinutes(30);
  const runs = await world.run(mapping);
  return runs.filter((run) => run.mapping === mapping && run.direction === 'toBusinessCentral');
}

describe('an order made from Sales that cannot be released', () => {
  it('is an open error with its number, its name and what to do, and is made only once (D-91, P2)', async () => {
    const order = submitEmpty();
    const row = await create([order]);
    expect(row?.counts).toMatchObject({ inserted: 0, failed: 1 });
    const [error, ...others] = await world.openErrors();
    expect(others).toEqual([]);
    const [coupling] = await couplingsOf(world, mapping);
    const number = coupling?.businessCentralName ?? '';
    expect(error).toMatchObject({ code: 'ORDER_NOT_RELEASED', name: number, dataverseId: order });
    expect(error?.message).toMatch(new RegExp(`^The order ${number} \\("\\S+ Nothing yet"\\)`));
    expect(error?.message).toContain('There is nothing to release');
    expect(error?.suggestion).toContain('release the order there');
    expect(coupling).toMatchObject({ state: 'failed', isReopened: true, lastError: { errorId: error?.id } });
    await create([order]);
    expect(statusOf(onlyOrder())).toBe('Open');
    expect(await openErrors()).toEqual([{ code: 'ORDER_NOT_RELEASED', name: number }]);
  });

  it('is tried by every run, stays one open error, and is released as soon as it can be (D-91, P5)', async () => {
    await create([submitEmpty()]);
    for (const _ of [1, 2, 3]) {
      expect((await later())[0]?.counts).toMatchObject({ failed: 1, skipped: 0 });
      expect(await openErrors()).toMatchObject([{ code: 'ORDER_NOT_RELEASED' }]);
      expect((await couplingsOf(world, mapping))[0]).toMatchObject({ state: 'failed', isReopened: true });
    }
    addLine(onlyOrder());
    await later();
    expect(statusOf(onlyOrder())).toBe('Released');
    expect(await openErrors()).toEqual([]);
    await later();
    const [coupling] = await couplingsOf(world, mapping);
    expect(coupling).toMatchObject({ state: 'synchronized', lastError: null });
    expect(coupling?.isReopened).toBeUndefined();
  });

  it('closes its error by itself when a user releases it in Business Central (D-91)', async () => {
    await create([submitEmpty()]);
    addLine(onlyOrder());
    world.businessCentral.act('salesOrderExtras', onlyOrder(), 'release', 'bob');
    await later();
    expect(await openErrors()).toEqual([]);
    expect(statusOf(onlyOrder())).toBe('Released');
  });

  it('closes its error when it left Business Central, posted by a user (D-91, D-94)', async () => {
    await create([submitEmpty()]);
    addLine(onlyOrder());
    world.businessCentral.act('salesOrders', onlyOrder(), 'shipAndInvoice', 'bob');
    await later();
    await later();
    expect(await openErrors()).toEqual([]);
    expect((await couplingsOf(world, mapping))[0]).toMatchObject({ archive: 'waiting' });
  });

  it('is found by the next run where the host died before the error was written (D-91, P5)', async () => {
    const order = submitEmpty();
    const died = () => () => Promise.reject(new Error('The host went away.'));
    const logs = intercept(world.ports.logs, { saveErrors: died });
    const ports: SyncPorts = { ...world.ports, logs };
    await expect(create([order], ports)).rejects.toThrow();
    await world.advanceMinutes(16);
    await later();
    expect(await openErrors()).toMatchObject([{ code: 'ORDER_NOT_RELEASED' }]);
    addLine(onlyOrder());
    await later();
    expect(await openErrors()).toEqual([]);
    expect(statusOf(onlyOrder())).toBe('Released');
  });

  it('does not hold up the orders made with it (P11)', async () => {
    const row = await create([submitEmpty(), submitOrder(world, 'Complete', [goodsLine(world)])]);
    expect(row?.counts).toMatchObject({ inserted: 1, failed: 1 });
    const released = world.businessCentral.records('salesOrderExtras').map(({ status }) => status);
    expect(released.toSorted()).toEqual(['Open', 'Released']);
    expect(await openErrors()).toHaveLength(1);
  });
});
