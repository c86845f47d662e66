/** The host dies while orders are created that a user asked for over the API; each is there once in the end (D-67 to D-70, D-156, P2). */
import { describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { crashCalls } from './crashCalls.ts';
import { dying, expectTidy, filled, untilFreeMinutes, type When } from './dyingOrders.ts';
import { documentSettings } from './ordersWorld.ts';

const slowMs = 240_000;
const calls = crashCalls('orders asked for', 11);

type Mode = 'oneWay' | 'bidirectional';

/** Ports that answer nothing any more once the host is gone. */
function lostWith(isGone: () => boolean) {
  return <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...input: unknown[]): unknown =>
          isGone() ? Promise.reject(new Error('the host is gone')) : member.apply(target, input);
      },
    });
}

/** Asks for both orders; the host dies at the nth call, and the messages that were not acknowledged come again. */
async function survives(mode: Mode, nth: number, when: When): Promise<boolean> {
  const documents = { ...documentSettings, orderIntegration: mode };
  const world = await filled({ documents, settings: documents, features: { orderIntegration: mode } });
  try {
    const environment = { ORDER_INTEGRATION: mode };
    const { composition } = memoryComposition({ ports: world.ports, environment });
    for (const row of world.dataverse.rows('salesorder')) {
      const body = { mapping: 'SALESORDER-ORDER', dataverseId: row['salesorderid'], createNew: true };
      await callApi(composition, 'POST /api/couplings', { body });
    }
    const messages = world.queue.sent.map(({ message }) => message);
    world.forgetQueue();
    const { state, ports } = dying(world.ports, nth, when);
    const gone = lostWith(() => state.reached);
    const { actions, queue, mappings, jobs } = ports;
    const work = {
      ...ports,
      ...{ actions: gone(actions), queue: gone(queue), mappings: gone(mappings), jobs: gone(jobs) },
    };
    for (const message of messages) await executeRun(work, world.mappings, message).catch(() => undefined);
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    for (let turn = 0; turn < 2; turn += 1) {
      for (const message of messages) await executeRun(world.ports, world.mappings, message);
      await world.drainQueue();
    }
    await expectTidy(world, `${mode}, call ${nth}, ${when}`);
    return true;
  } finally {
    await world.close();
  }
}

describe.each([
  ['oneWay', 'before'],
  ['oneWay', 'after'],
  ['bidirectional', 'before'],
  ['bidirectional', 'after'],
] as const)('orders asked for %s, with a host that dies %s a call', (mode, when) => {
  it(
    'are there exactly once, complete, stamped and submitted, whichever call it is (D-67, D-68, D-70, D-156, P2)',
    async () => {
      let nth = calls.first;
      while (await survives(mode, nth, when)) nth += calls.step;
      expect(nth).toBeGreaterThan(15);
    },
    slowMs,
  );
});
