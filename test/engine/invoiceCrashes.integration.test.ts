/** The host dies before or after each write on the way of invoices; header and lines are there together or not at all (P2, P8). */
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { couplingsOf } from './acting.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingAt } from './dyingAtWrites.ts';
import type { When } from './dyingHost.ts';
import { intercept } from './intercept.ts';
import {
  addInvoice,
  detailsOf,
  invoice,
  invoiceJob,
  invoiceVersions,
  itemLine,
  startInvoiceWorld,
} from './invoiceWorld.ts';
import { priceList } from './productWorld.ts';
import type { World } from './world.ts';

const calls = crashCalls('posted invoices', 2);

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 180_000;

/** The log and the retry list are written to on the way, too. */
function dying(world: World, nth: number, when: When) {
  return dyingAt(world.ports, nth, when, ({ logs, retries }, guard) => ({
    logs: intercept(logs, { saveSyncJobs: guard }),
    retries: intercept(retries, { save: guard }),
  }));
}

async function filled(): Promise<World> {
  const world = await startInvoiceWorld();
  // The last invoice cannot be made.
  addInvoice(world, 'OPEN', [itemLine(), itemLine({ number: '1001' })]);
  addInvoice(world, 'PAID', [itemLine()], { remainingAmount: 0 });
  addInvoice(world, 'BAD', [itemLine({ number: 'NOPE' })]);
  return world;
}

/** At no time an invoice without its lines, nor lines without an invoice. */
function expectWhole(world: World): void {
  expect(detailsOf(world, 'OPEN')).toHaveLength(invoice(world, 'OPEN') ? 2 : 0);
  expect(detailsOf(world, 'PAID')).toHaveLength(invoice(world, 'PAID') ? 1 : 0);
}

async function expectTidy(world: World): Promise<void> {
  expectWhole(world);
  expect(world.dataverse.rows('invoice')).toHaveLength(2);
  expect(world.dataverse.rows('invoicedetail')).toHaveLength(3);
  expect(invoice(world, 'OPEN')).toMatchObject({ totalamount: 50, statecode: 0, statuscode: 4 });
  expect(invoice(world, 'PAID')).toMatchObject({ totalamount: 25, statecode: 2, statuscode: 100001 });
  expect(priceList(world, 'Business Central Default Price List')).toBeDefined();
  const couplings = await couplingsOf(world, invoiceJob);
  expect(couplings.map(({ state }) => state)).toEqual(['synchronized', 'synchronized']);
  expect(await world.openErrors()).toMatchObject([{ code: 'product-not-synchronisable' }]);
}

/** A full run with a host that dies at the nth write, then ordinary and full ones with one that lives. */
async function survives(nth: number, when: When): Promise<boolean> {
  const world = await filled();
  try {
    const { state, ports } = dying(world, nth, when);
    const runId = ports.ids.runId(ports.clock.now());
    const message = { job: invoiceJob, runId, trigger: 'fullSync', followedBy: [] } as const;
    await executeRun(ports, world.mappings, message);
    if (!state.reached) return false;
    expectWhole(world);
    await world.advanceMinutes(untilFreeMinutes);
    await world.run(invoiceJob, 'fullSync');
    await expectTidy(world);
    const before = invoiceVersions(world);
    await world.run(invoiceJob);
    await world.run(invoiceJob, 'fullSync');
    expect(invoiceVersions(world), `write ${nth}, ${when}`).toEqual(before);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)('a host that dies %s a write of invoices', (when) => {
  it(
    'leaves no invoice without its lines, and nothing lost or doubled after the next run (P2, P4, P8, D-136)',
    async () => {
      let nth = calls.first;
      while (await survives(nth, when)) nth += calls.step;
      // The log's row, invoices with their lines, couplings, the failure, the row of the lines, the finished row.
      expect(nth).toBeGreaterThan(4);
    },
    slowMs,
  );
});
