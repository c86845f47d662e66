/** The host dies at every call while two orders are created; afterwards there is exactly one order of each (D-67 to D-70, P2). */
import { describe, expect, it } from 'vitest';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { couplingsOf } from './acting.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingAtCall } from './dyingAtWrites.ts';
import { intercept } from './intercept.ts';
import {
  createOrdersOf,
  goodsLine,
  type OrdersWorld,
  orderLines,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
  writeInLine,
} from './ordersWorld.ts';

type When = 'before' | 'after';

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 240_000;
const calls = crashCalls('orders of Sales', 3);

/** Ports whose host dies at the nth call that writes; `reached` tells whether it came that far. */
function dying(ports: SyncPorts, nth: number, when: When) {
  const { state, guard } = dyingAtCall(nth, when);
  const businessCentral = intercept(ports.businessCentral, {
    create: guard,
    update: guard,
    writeLines: guard,
    readByIds: guard,
    readRowsByFilters: guard,
  });
  const dataverse = intercept(ports.dataverse, {
    create: guard,
    update: guard,
    readByIds: guard,
    readRows: guard,
  });
  const couplings = intercept(ports.couplings, {
    save: guard,
    saveIntents: guard,
    removeIntents: guard,
    intents: guard,
  });
  const logs = intercept(ports.logs, { saveSyncJob: guard, saveErrors: guard, resolveErrors: guard });
  const retries = intercept(ports.retries, { save: guard, remove: guard });
  return { state, ports: { ...ports, businessCentral, dataverse, couplings, logs, retries } };
}

async function filled(): Promise<OrdersWorld> {
  const world = await startOrdersWorld();
  submitOrder(world, 'First', [goodsLine(world), writeInLine()], { discountamount: 10, freightamount: 5 });
  submitOrder(world, 'Second', [goodsLine(world, { quantity: 1 })]);
  return world;
}

async function expectTidy(world: OrdersWorld, what: string): Promise<void> {
  expect(ordersNamed(world), what).toHaveLength(2);
  expect(orderLines(world, 'First'), what).toMatchObject([
    { sequence: 10000, quantity: 2, unitPrice: 80 },
    { sequence: 20000, description: 'Assembly' },
    { sequence: 30000, lineType: 'Account', unitPrice: 5 },
  ]);
  expect(orderLines(world, 'Second'), what).toMatchObject([{ sequence: 10000, quantity: 1 }]);
  expect(ordersNamed(world, 'First'), what).toMatchObject([{ discountAmount: 10 }]);
  for (const row of world.dataverse.rows('salesorder'))
    expect(row, what).toMatchObject({ statecode: 1, statuscode: 3, lastbackofficesubmit: '2026-03-10' });
  expect(await couplingsOf(world, 'SALESORDER-ORDER'), what).toHaveLength(2);
  expect(await world.ports.couplings.intents('SALESORDER-ORDER' as never), what).toEqual([]);
  expect(await world.openErrors(), what).toEqual([]);
}

/** Runs the job with a host that dies at the nth call, then twice with one that lives. */
async function survives(nth: number, when: When): Promise<boolean> {
  const world = await filled();
  try {
    const { state, ports } = dying(world.ports, nth, when);
    await createOrdersOf(world, ports).catch(() => undefined);
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    await createOrdersOf(world);
    await createOrdersOf(world);
    await expectTidy(world, `call ${nth}, ${when}`);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)('a host that dies %s a call while it creates orders', (when) => {
  it(
    'leaves exactly one complete, stamped and submitted order for each, whichever call it is (D-67, D-68, D-70, P2)',
    async () => {
      let nth = calls.first;
      while (await survives(nth, when)) nth += calls.step;
      // Reads, reservation, create, discount, three writes to Sales, coupling and log.
      expect(nth).toBeGreaterThan(15);
    },
    slowMs,
  );
});
