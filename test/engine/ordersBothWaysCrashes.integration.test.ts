/** The host dies at any call of a run in which orders travel both ways; the next runs bring both sides to agree (D-20, D-21, D-90 to D-94). */
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingHost, type When } from './dyingHost.ts';
import { type OrderWorld, ordersMapping, type PairOfOrders, startOrderWorld } from './orderWorld.ts';

const calls = crashCalls('orders both ways', 47);

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 3_600_000;
const submitted = { statecode: 1, statuscode: 3 };

interface Filled {
  readonly world: OrderWorld;
  readonly changedHere: PairOfOrders;
  readonly changedThere: PairOfOrders;
  readonly shipped: PairOfOrders;
  readonly posted: PairOfOrders;
}

/** Four orders that agreed; then one is changed in Business Central, one in Sales, one is shipped and one posted. */
async function filled(): Promise<Filled> {
  const world = await startOrderWorld('bidirectional', { documents: { freightAccount: '6110' } });
  const [changedHere, changedThere] = [await world.order(), await world.order()];
  const [shipped, posted] = [await world.order(), await world.order()];
  await world.later();
  await world.later();
  await world.advanceMinutes(30);
  const { businessCentral, dataverse } = world;
  const [first = '', second = ''] = changedHere.lines;
  businessCentral.act('salesOrderExtras', changedHere.id, 'reopen');
  businessCentral.edit('salesOrders', changedHere.id, { shipToCity: 'Leeds' }, 'bob');
  businessCentral.edit('salesOrderLines', first, { quantity: 5 }, 'bob');
  businessCentral.remove('salesOrderLines', second, 'bob');
  const line = { documentId: changedHere.id, lineType: 'Item', lineObjectNumber: '101', quantity: 7 };
  businessCentral.create('salesOrderLines', line, 'bob');
  businessCentral.act('salesOrderExtras', changedHere.id, 'release');
  const [one, other] = detailsOf(world, changedThere);
  dataverse.edit('salesorder', changedThere.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
  dataverse.edit('salesorderdetail', String(one?.['salesorderdetailid']), { quantity: 9 }, 'alice');
  dataverse.remove('salesorderdetail', String(other?.['salesorderdetailid']), 'alice');
  const values = { requestdeliveryby: '2026-05-01', discountamount: 12, freightamount: 25 };
  dataverse.edit('salesorder', changedThere.dataverseId, values, 'alice');
  dataverse.edit('salesorder', changedThere.dataverseId, submitted, 'alice');
  businessCentral.ship(shipped.id);
  businessCentral.act('salesOrders', posted.id, 'shipAndInvoice', 'bob');
  return { world, changedHere, changedThere, shipped, posted };
}

const numberColumn = 'bcbi_businesscentrallinenumber';
function detailsOf({ dataverse }: OrderWorld, { dataverseId }: PairOfOrders) {
  return dataverse
    .rows('salesorderdetail')
    .filter((row) => row['_salesorderid_value'] === dataverseId)
    .toSorted((left, right) => Number(left[numberColumn]) - Number(right[numberColumn]));
}
function linesOf({ businessCentral }: OrderWorld, { id }: PairOfOrders) {
  return businessCentral
    .records('salesOrderLines')
    .filter((line) => line['documentId'] === id)
    .toSorted((left, right) => Number(left['sequence']) - Number(right['sequence']));
}

async function expectAgreement({ world, ...orders }: Filled, what: string): Promise<void> {
  const { changedHere, changedThere, shipped, posted } = orders;
  expect(await world.openErrors(), what).toEqual([]);
  expect(world.row(changedHere.dataverseId), what).toMatchObject({ ...submitted, shipto_city: 'Leeds' });
  expect(
    detailsOf(world, changedHere).map((row) => row['quantity']),
    what,
  ).toEqual([5, 7]);
  const { businessCentral } = world;
  expect(businessCentral.record('salesOrders', changedThere.id), what).toMatchObject({
    ...{ requestedDeliveryDate: '2026-05-01', discountAmount: 12 },
  });
  expect(linesOf(world, changedThere), what).toMatchObject([
    { lineType: 'Item', quantity: 9 },
    { lineType: 'Account', quantity: 1, unitPrice: 25 },
  ]);
  expect(detailsOf(world, changedThere), what).toMatchObject([{ quantity: 9 }]);
  expect(world.row(changedThere.dataverseId), what).toMatchObject({ ...submitted, discountamount: 12 });
  for (const order of [changedHere, changedThere]) {
    expect(businessCentral.record('salesOrderExtras', order.id), what).toMatchObject({ status: 'Released' });
    const coupling = await world.coupling(order.id);
    expect(coupling, what).toMatchObject({ state: 'synchronized' });
    expect([coupling?.intendedState, coupling?.isReopened], what).toEqual([undefined, undefined]);
  }
  expect(world.row(shipped.dataverseId), what).toMatchObject({ statecode: 3, statuscode: 100001 });
  expect(await world.coupling(posted.id), what).toMatchObject({ archive: 'waiting' });
}

/** Whether the run had that many calls. */
async function survives(nth: number, when: When): Promise<boolean> {
  const all = await filled();
  const { world } = all;
  try {
    const { state, ports } = dyingHost(world.ports, nth, when);
    const runId = world.ports.ids.runId(world.ports.clock.now());
    const run = { job: ordersMapping, runId, trigger: 'manual', followedBy: [] } as const;
    await executeRun(ports, world.mappings, run).catch(() => undefined);
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    await world.later();
    await world.later();
    await expectAgreement(all, `call ${nth}, ${when}`);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)('a host that dies %s a call while orders travel', (when) => {
  it(
    'leaves both sides to agree after two more runs, and no order open (D-21, D-86, D-90 to D-94, P1, P2, P3)',
    async () => {
      let nth = calls.first;
      while (await survives(nth, when)) nth += calls.step;
      // Couplings, pages of both sides, lines, opening and closing, discount and freight, the log.
      expect(nth).toBeGreaterThan(60);
    },
    slowMs,
  );
});
