/** The host dies at every call while orders and quotes with notes are created; afterwards each note is there once (P2). */
import { describe, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import { crashCalls } from './crashCalls.ts';
import { dyingHost, type When } from './dyingHost.ts';
import { noteCouplings, notesOf, runNotes, writeNote, writeSalesNote } from './notesWorld.ts';
import {
  createOrdersOf,
  goodsLine,
  type OrdersWorld,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
} from './ordersWorld.ts';
import {
  activate,
  draftQuote,
  processQuotesOf,
  quotesNamed,
  revise,
  startQuotesWorld,
} from './quotesWorld.ts';

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 480_000;
const createCalls = crashCalls('notes of new orders', 13);
const quoteCalls = crashCalls('notes of quotes', 13);

async function submitted(): Promise<OrdersWorld> {
  const world = await startOrdersWorld();
  for (const name of ['First', 'Second']) {
    const id = submitOrder(world, name, [goodsLine(world)]);
    writeSalesNote(world, 'salesorder', id, { notetext: 'One' });
    writeSalesNote(world, 'salesorder', id, { notetext: 'Two' });
  }
  return world;
}

async function survivesCreation(nth: number, when: When): Promise<boolean> {
  const world = await submitted();
  try {
    const { state, ports } = dyingHost(world.ports, nth, when);
    await createOrdersOf(world, ports).catch(() => undefined);
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    await createOrdersOf(world);
    await runNotes(world);
    const what = `call ${nth}, ${when}`;
    expect(ordersNamed(world), what).toHaveLength(2);
    for (const name of ['First', 'Second']) {
      const notes = notesOf(world, String(ordersNamed(world, name)[0]?.['id']));
      expect(
        notes.map(({ noteText }) => noteText),
        what,
      ).toEqual(['One', 'Two']);
    }
    expect(await noteCouplings(world), what).toHaveLength(4);
    expect(world.dataverse.rows('annotation'), what).toHaveLength(4);
    expect(await world.openErrors(), what).toEqual([]);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)(
  'a host that dies %s a call while it creates orders with notes',
  (when) => {
    it(
      'leaves each note once on its order, whichever call it is (D-40, D-102, P2)',
      async () => {
        let nth = createCalls.first;
        while (await survivesCreation(nth, when)) nth += createCalls.step;
        expect(nth).toBeGreaterThan(35);
      },
      slowMs,
    );
  },
);

const textsOf = (world: OrdersWorld, name: string) =>
  notesOf(world, String(quotesNamed(world, name)[0]?.['id'])).map(({ noteText }) => noteText);

/** A new quote, and a revision of one that is coupled, each with a note. */
async function quoted(): Promise<OrdersWorld> {
  const world = await startQuotesWorld();
  const quote = (name: string, notetext: string) => {
    const id = draftQuote(world, name, [goodsLine(world)]);
    writeSalesNote(world, 'quote', id, { notetext });
    return id;
  };
  const first = quote('Revised', 'Old');
  activate(world, first);
  await processQuotesOf(world);
  writeNote(world, String(quotesNamed(world, 'Revised')[0]?.['id']), { noteText: 'Ours' });
  const second = revise(world, first);
  writeSalesNote(world, 'quote', second, { notetext: 'New' });
  activate(world, second);
  activate(world, quote('Fresh', 'One'));
  return world;
}

async function survivesQuotes(nth: number, when: When): Promise<boolean> {
  const world = await quoted();
  try {
    const { state, ports } = dyingHost(world.ports, nth, when);
    await processQuotesOf(world, ports).catch(() => undefined);
    if (!state.reached) return false;
    await world.advanceMinutes(untilFreeMinutes);
    await processQuotesOf(world);
    await processQuotesOf(world);
    const what = `call ${nth}, ${when}`;
    expect(textsOf(world, 'Revised'), what).toEqual(['New', 'Ours']);
    expect(textsOf(world, 'Fresh'), what).toEqual(['One']);
    expect(await couplingsOf(world, 'SALESQUOTE-QUOTE'), what).toHaveLength(2);
    expect(await world.openErrors(), what).toEqual([]);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)(
  'a host that dies %s a call while it creates and revises quotes with notes',
  (when) => {
    it(
      'leaves the notes of the quote and those of Business Central, each once, whichever call it is (D-105, D-112, P1, P2)',
      async () => {
        let nth = quoteCalls.first;
        while (await survivesQuotes(nth, when)) nth += quoteCalls.step;
        expect(nth).toBeGreaterThan(40);
      },
      slowMs,
    );
  },
);
