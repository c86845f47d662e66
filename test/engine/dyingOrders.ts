/** Two submitted orders, a host that dies while they are created, and what must be true in the end (D-67 to D-70, P2). */
import { expect } from 'vitest';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { couplingsOf } from './acting.ts';
import { dyingAtCall } from './dyingAtWrites.ts';
import { intercept } from './intercept.ts';
import {
  goodsLine,
  type OrdersWorld,
  orderLines,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
  writeInLine,
} from './ordersWorld.ts';

export type When = 'before' | 'after';

/** Longer than a lease. */
export const untilFreeMinutes = 16;

/** Ports whose host dies at the nth call that writes; `reached` tells whether it came that far. */
export function dying(ports: SyncPorts, nth: number, when: When) {
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

/** Two orders that wait. */
export async function filled(options: Parameters<typeof startOrdersWorld>[0] = {}): Promise<OrdersWorld> {
  const world = await startOrdersWorld(options);
  submitOrder(world, 'First', [goodsLine(world), writeInLine()], { discountamount: 10, freightamount: 5 });
  submitOrder(world, 'Second', [goodsLine(world, { quantity: 1 })]);
  return world;
}

/** There is exactly one complete, stamped and submitted order of each. */
export async function expectTidy(world: OrdersWorld, what: string): Promise<void> {
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
