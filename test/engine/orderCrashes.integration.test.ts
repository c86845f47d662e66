/** The host dies on the way of an order; the next run puts the Sales order where it was meant to end (D-20, D-21). */
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingAt } from './dyingAtWrites.ts';
import { type OrderWorld, ordersMapping, type PairOfOrders, startOrderWorld } from './orderWorld.ts';

const calls = crashCalls('orders of Business Central', 3);

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 60_000;

interface Crash {
  readonly change: (world: OrderWorld, order: PairOfOrders) => void;
  readonly meanwhile?: (world: OrderWorld, order: PairOfOrders) => void;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly coupled: boolean;
}

const submitted = { statecode: 1, statuscode: 3 };
const crashes: readonly (readonly [string, Crash])[] = [
  [
    'a change of the header',
    {
      change: ({ businessCentral }, { id }) =>
        void businessCentral.edit('salesOrders', id, { shipToCity: 'Leeds' }, 'bob'),
      expected: { ...submitted, shipto_city: 'Leeds' },
      coupled: true,
    },
  ],
  [
    'a change of an order that is no longer released when the host is back',
    {
      change: ({ businessCentral }, { id }) =>
        void businessCentral.edit('salesOrders', id, { shipToCity: 'Leeds' }, 'bob'),
      meanwhile: ({ businessCentral }, { id }) => void businessCentral.act('salesOrderExtras', id, 'reopen'),
      expected: submitted,
      coupled: true,
    },
  ],
  [
    'posting',
    {
      change: ({ businessCentral }, { id }) => void businessCentral.act('salesOrders', id, 'shipAndInvoice'),
      expected: { statecode: 4, statuscode: 100003 },
      coupled: false,
    },
  ],
  [
    'a deletion',
    {
      change: ({ businessCentral }, { id }) => void businessCentral.remove('salesOrders', id, 'bob'),
      expected: { statecode: 0, statuscode: 2, lastbackofficesubmit: null },
      coupled: false,
    },
  ],
];

/** Whether the run had that many writes. */
async function survives(crash: Crash, nth: number, when: 'before' | 'after'): Promise<boolean> {
  const world = await startOrderWorld('oneWay');
  try {
    const order = await world.order();
    await world.later();
    crash.change(world, order);
    await world.advanceMinutes(30);
    const { state, ports } = dyingAt(world.ports, nth, when);
    const runId = ports.ids.runId(ports.clock.now());
    await executeRun(ports, world.mappings, { job: ordersMapping, runId, trigger: 'manual', followedBy: [] });
    if (!state.reached) return false;
    crash.meanwhile?.(world, order);
    await world.advanceMinutes(untilFreeMinutes);
    await world.later();
    expect(world.row(order.dataverseId), `write ${nth}, ${when}`).toMatchObject(crash.expected);
    const coupling = await world.coupling(order.id);
    expect(coupling !== null, `write ${nth}, ${when}`).toBe(crash.coupled);
    expect(coupling?.intendedState).toBeUndefined();
    const before = world.row(order.dataverseId)['modifiedon'];
    await world.later();
    expect(world.row(order.dataverseId)['modifiedon']).toBe(before);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(crashes)('a host that dies on the way of %s', (_what, crash) => {
  it.each(['before', 'after'] as const)(
    'leaves the Sales order in the state it was meant to have, dying %s any write (D-21, P1, P8)',
    async (when) => {
      let nth = calls.first;
      while (await survives(crash, nth, when)) nth += calls.step;
      expect(nth).toBeGreaterThan(2);
    },
    slowMs,
  );
});
