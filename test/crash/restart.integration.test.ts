/** A full synchronisation that is cut off again and again; `npm run big` does the same with 50,000 records. */
import { expect, it } from 'vitest';
import { checkRestartedRun } from '../big/checkRestartedRun.ts';
import { runWithRestarts } from '../big/restartedRun.ts';

const seed = Number(process.env['RESTART_SEED'] ?? Date.now() % 1_000_000);

it(`of 3,000 customers ends without a duplicate, RESTART_SEED=${seed} (P2, P8)`, async () => {
  const run = await runWithRestarts({ records: 3_000, pageSize: 500, restarts: 3, seed, watchesHeap: false });
  try {
    expect(run.deaths.length).toBeGreaterThanOrEqual(3);
    expect(run.invocations).toBeGreaterThan(6);
    await checkRestartedRun(run, 3_000);
  } finally {
    await run.world.close();
  }
}, 120_000);
