/** A full synchronisation of 50,000 customers with restarts, and what it costs: `npm run big`. */
import { expect, it } from 'vitest';
import { checkRestartedRun } from './checkRestartedRun.ts';
import { runWithRestarts } from './restartedRun.ts';

const records = 50_000;
const seed = Number(process.env['RESTART_SEED'] ?? Date.now() % 1_000_000);

it(`of ${records} customers ends without a duplicate, in bounded memory, RESTART_SEED=${seed} (P2, P8, P10)`, async () => {
  const run = await runWithRestarts({ records, pageSize: 5_000, restarts: 4, seed, watchesHeap: true });
  try {
    const { seconds, requests, heapMegabytes, invocations, deaths } = run;
    const { before, most, after } = heapMegabytes;
    const perSecond = Math.round(records / seconds);
    process.stdout.write(
      `${records} customers in ${seconds.toFixed(1)} s (${perSecond} per second with the simulators), ${invocations} invocations, ` +
        `${deaths.length} deaths at ${deaths.map(({ call, nth, moment }) => `${moment} ${call} #${nth}`).join(', ')}; ` +
        `${requests.businessCentral} + ${requests.dataverse} requests, heap of ${before.toFixed(0)} MB before, ${most.toFixed(0)} at most, ${after.toFixed(0)} after, simulators and tables included\n`,
    );
    expect(deaths.length).toBeGreaterThanOrEqual(4);
    // What grows is what both systems and the tables hold in the end; the run itself holds a few pages.
    expect(most - after).toBeLessThanOrEqual(64);
    await checkRestartedRun(run, records);
  } finally {
    await run.world.close();
  }
}, 1_800_000);
