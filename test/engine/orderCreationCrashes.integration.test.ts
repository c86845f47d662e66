/** The host dies at every call while two orders are created; afterwards there is exactly one order of each (D-67 to D-70, P2). */
import { describe, expect, it } from 'vitest';
import { crashCalls } from './crashCalls.ts';
import { dying, expectTidy, filled, untilFreeMinutes, type When } from './dyingOrders.ts';
import { createOrdersOf } from './ordersWorld.ts';

const slowMs = 240_000;
const calls = crashCalls('orders of Sales', 3);

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
