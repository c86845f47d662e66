/** A host that dies between any two writes of customer statistics leaves nothing that the next run does not finish (ST-30). */
import { afterEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { intercept } from './intercept.ts';
import {
  accountOf,
  manyCustomers,
  runStatistics,
  statisticsJob,
  statisticsOf,
  statisticsRows,
} from './statisticsWorld.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** Ports whose n-th write of statistics is not sent, or is sent and not heard of again, and everything after it, too. */
function dyingPorts(ports: SyncPorts, diesAt: number, answerIsLost: boolean) {
  const state = { writes: 0 };
  const die = (): never => {
    throw new SyncFailure({ kind: 'transient', code: 'host-died', message: 'The host died.' });
  };
  const mortal = <Call extends (...input: never[]) => Promise<unknown>>(original: Call): Call =>
    (async (...input: Parameters<Call>) => {
      state.writes += 1;
      if (state.writes > diesAt || (state.writes === diesAt && !answerIsLost)) die();
      const result = await original(...input);
      return state.writes === diesAt ? die() : result;
    }) as Call;
  const dataverse = intercept(ports.dataverse, { create: mortal, update: mortal });
  const statistics = intercept(ports.statistics, { save: mortal });
  return { state, ports: { ...ports, dataverse, statistics } };
}

describe.each([
  ['before it is sent', false],
  ['after it was carried out', true],
] as const)('a crash at a write, %s', (_when, answerIsLost) => {
  it.each([1, 2, 3, 4])(
    'number %i: the next run finishes every row, each once (ST-20, ST-30, P2)',
    async (diesAt) => {
      world = await manyCustomers(2);
      const { ports, state } = dyingPorts(world.ports, diesAt, answerIsLost);
      const runId = ports.ids.runId(ports.clock.now());
      await executeRun(ports, world.mappings, {
        job: statisticsJob,
        runId,
        trigger: 'manual',
        followedBy: [],
      });
      expect(state.writes).toBeGreaterThanOrEqual(diesAt);
      await world.advanceMinutes(16);
      expect(await runStatistics(world)).toMatchObject({ failed: 0 });
      expect(statisticsRows(world)).toHaveLength(2);
      for (const number of ['C00000', 'C00001']) {
        expect(statisticsOf(world, number)).toMatchObject({ nav_balancelcy: 0, nav_totallcy: 0 });
        expect(accountOf(world, number)?.['name']).toBe(`Customer ${number}`);
      }
      expect(await runStatistics(world)).toMatchObject({ inserted: 0, modified: 0, failed: 0 });
    },
  );
});
