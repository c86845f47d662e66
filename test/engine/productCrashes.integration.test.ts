/** The host dies before or after each write on the way of units, items and prices; the next runs put it right (P2, P8). */
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingAt } from './dyingAtWrites.ts';
import type { When } from './dyingHost.ts';
import {
  addGroup,
  addItem,
  addPrice,
  classicJobs,
  defaultList,
  fullRuns,
  linesOf,
  startProductWorld,
  versions,
} from './productWorld.ts';
import type { World } from './world.ts';

const calls = crashCalls('products and prices', 3);

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 180_000;

async function filled(): Promise<World> {
  const world = await startProductWorld();
  addItem(world, '1000');
  addItem(world, '1001');
  addGroup(world, 'RETAIL');
  addPrice(world, 'RETAIL', '1000');
  return world;
}

/** One of everything, whatever happened on the way. */
async function expectTidy(world: World): Promise<void> {
  const names = (table: string) => world.dataverse.rows(table).map((row) => row['name']);
  expect(names('uomschedule').toSorted()).toEqual(['NAV BOX', 'NAV HOUR', 'NAV PCS']);
  expect(names('product').toSorted()).toEqual(['Item 1000', 'Item 1001']);
  expect(names('pricelevel').toSorted()).toEqual([defaultList, 'RETAIL']);
  expect(linesOf(world, '1000', defaultList)).toMatchObject([{ amount: 10 }]);
  expect(linesOf(world, '1001', defaultList)).toMatchObject([{ amount: 10 }]);
  expect(linesOf(world, '1000', 'RETAIL')).toMatchObject([{ amount: 9 }]);
  expect(world.dataverse.rows('productpricelevel')).toHaveLength(3);
  expect(world.dataverse.rows('product').every((row) => row['statecode'] === 0)).toBe(true);
  expect(await world.openErrors()).toEqual([]);
  const { rows } = await world.ports.couplings.list({}, { top: 1000, continuation: null });
  expect(new Set(rows.map(({ mapping, dataverseId }) => `${mapping} ${dataverseId}`)).size).toBe(rows.length);
  expect(rows).toHaveLength(3 + 2 + 1 + 1);
}

/** Runs everything with a host that dies at the nth write, then twice with one that lives. */
async function survives(nth: number, when: When): Promise<boolean> {
  const world = await filled();
  try {
    const { state, ports } = dyingAt(world.ports, nth, when);
    for (const job of classicJobs) {
      const runId = ports.ids.runId(ports.clock.now());
      await executeRun(ports, world.mappings, { job, runId, trigger: 'fullSync', followedBy: [] });
      if (state.reached) break;
    }
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    await fullRuns(world, classicJobs);
    await expectTidy(world);
    const before = versions(world);
    await fullRuns(world, classicJobs);
    expect(versions(world), `write ${nth}, ${when}`).toEqual(before);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)(
  'a host that dies %s a write of units, items or prices',
  (when) => {
    it(
      'leaves nothing lost, nothing doubled and nothing to write twice, whichever write it is (P2, P4, P8)',
      async () => {
        let nth = calls.first;
        while (await survives(nth, when)) nth += calls.step;
        // Groups, products, list, lines, publishing, price list and line, each with its coupling.
        expect(nth).toBeGreaterThan(10);
      },
      slowMs,
    );
  },
);
