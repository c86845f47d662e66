/** The host dies at every call while quotes are processed; afterwards there is one quote of each and one order of the won one (D-120, P2). */
import { describe, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingHost, type When } from './dyingHost.ts';
import { goodsLine, type OrdersWorld, orderLines, ordersNamed, writeInLine } from './ordersWorld.ts';
import {
  activate,
  activeQuote,
  addLine,
  doneMarks,
  orderOf,
  processQuotesOf,
  quoteCouplings,
  quoteLines,
  quotesNamed,
  revise,
  startQuotesWorld,
  win,
} from './quotesWorld.ts';

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 480_000;
const calls = crashCalls('quotes of Sales', 7);

/** A new quote, a revision of one that is coupled, and a won quote with its order. */
async function filled(): Promise<OrdersWorld> {
  const world = await startQuotesWorld();
  const first = activeQuote(world, 'Revised', [goodsLine(world), writeInLine()], { discountamount: 10 });
  await processQuotesOf(world);
  const second = revise(world, first);
  addLine(world, second, goodsLine(world, { quantity: 9 }));
  activate(world, second);
  activeQuote(world, 'Fresh', [goodsLine(world)], { discountamount: 20, freightamount: 5 });
  const won = activeQuote(world, 'Won', [goodsLine(world)]);
  win(world, won);
  orderOf(world, won, [goodsLine(world, { quantity: 3 })]);
  return world;
}

async function expectTidy(world: OrdersWorld, what: string): Promise<void> {
  expect(quotesNamed(world), what).toHaveLength(3);
  expect(quoteLines(world, 'Revised'), what).toMatchObject([
    { sequence: 10000, quantity: 2 },
    { sequence: 20000, description: 'Assembly' },
    { sequence: 30000, quantity: 9 },
  ]);
  expect(quotesNamed(world, 'Revised'), what).toMatchObject([{ discountAmount: 10 }]);
  expect(quoteLines(world, 'Fresh'), what).toMatchObject([{ quantity: 2 }, { lineType: 'Account' }]);
  expect(quotesNamed(world, 'Fresh'), what).toMatchObject([{ discountAmount: 20 }]);
  expect(quoteLines(world, 'Won'), what).toHaveLength(1);
  expect(ordersNamed(world), what).toHaveLength(1);
  expect(orderLines(world), what).toMatchObject([{ quantity: 3 }]);
  expect(await quoteCouplings(world), what).toHaveLength(3);
  expect(await couplingsOf(world, 'SALESORDER-ORDER'), what).toHaveLength(1);
  expect(await doneMarks(world), what).toMatchObject([{ businessCentralId: ordersNamed(world)[0]?.['id'] }]);
  for (const mapping of ['SALESQUOTE-QUOTE', 'SALESORDER-ORDER'])
    expect(await world.ports.couplings.intents(mapping as never), what).toEqual([]);
  expect(await world.openErrors(), what).toEqual([]);
}

/** Runs the job with a host that dies at the nth call, then twice with one that lives. */
async function survives(nth: number, when: When): Promise<boolean> {
  const world = await filled();
  try {
    const { state, ports } = dyingHost(world.ports, nth, when);
    await processQuotesOf(world, ports).catch(() => undefined);
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    await processQuotesOf(world);
    await processQuotesOf(world);
    await expectTidy(world, `call ${nth}, ${when}`);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)(
  'a host that dies %s a call while it processes quotes',
  (when) => {
    it(
      'leaves exactly one quote for each quote and revision, and one order for the won one (D-109, D-110, D-120, P2)',
      async () => {
        let nth = calls.first;
        while (await survives(nth, when)) nth += calls.step;
        // Leases, changes, facts, reservations, creates, discounts, rewriting, couplings, the order with its stamp, marks, log.
        expect(nth).toBeGreaterThan(40);
      },
      slowMs,
    );
  },
);
