/** The host dies at every call while notes are copied; afterwards each note is there once on either side (D-103, P2, P7, P8). */
import { describe, expect, it } from 'vitest';
import { crashCalls } from './crashCalls.ts';
import { dyingHost, type When } from './dyingHost.ts';
import {
  noteCouplings,
  notesJob,
  notesOf,
  runNotes,
  salesNotesOf,
  writeNote,
  writeSalesNote,
} from './notesWorld.ts';
import { type OrderWorld, type PairOfOrders, startOrderWorld } from './orderWorld.ts';
import { runWith } from './runWith.ts';

/** Longer than a lease. */
const untilFreeMinutes = 16;
const slowMs = 480_000;
const jobCalls = crashCalls('notes of orders', 13);

interface Filled {
  readonly world: OrderWorld;
  readonly order: PairOfOrders;
  readonly later: PairOfOrders;
}

/** New notes of either side, a changed one, a deleted one, and an order that is met for the first time. */
async function filled(): Promise<Filled> {
  const world = await startOrderWorld('bidirectional');
  const order = await world.order();
  const changed = writeSalesNote(world, 'salesorder', order.dataverseId, { notetext: 'Old' });
  const deleted = writeSalesNote(world, 'salesorder', order.dataverseId, { notetext: 'Deleted' });
  await runNotes(world);
  await world.advanceMinutes(61);
  world.dataverse.edit('annotation', changed, { notetext: 'Changed' }, 'alice');
  world.dataverse.remove('annotation', deleted, 'alice');
  const later = await world.order();
  for (const { id, dataverseId } of [order, later]) {
    writeNote(world, id, { noteText: 'Ours' });
    writeSalesNote(world, 'salesorder', dataverseId, { notetext: 'Theirs' });
  }
  return { world, order, later };
}

async function expectTidy({ world, order, later }: Filled, what: string): Promise<void> {
  const ours = ({ id }: PairOfOrders) => notesOf(world, id).map(({ noteText }) => noteText);
  const theirs = ({ dataverseId }: PairOfOrders) =>
    salesNotesOf(world, dataverseId).map(({ notetext }) => notetext);
  expect(ours(order), what).toEqual(['Changed', 'Ours', 'Theirs']);
  expect(theirs(order), what).toEqual(['Changed', 'Ours', 'Theirs']);
  expect(ours(later), what).toEqual(['Ours', 'Theirs']);
  expect(theirs(later), what).toEqual(['Ours', 'Theirs']);
  expect(await noteCouplings(world), what).toHaveLength(5);
  expect(await world.openErrors(), what).toEqual([]);
}

/** Runs the job with a host that dies at the nth call, then twice with one that lives. */
async function survives(nth: number, when: When): Promise<boolean> {
  const made = await filled();
  const { world } = made;
  try {
    const { state, ports } = dyingHost(world.ports, nth, when);
    await runWith({ ...world, ports }, notesJob).catch(() => undefined);
    if (!state.reached) return false;
    await runNotes(world, untilFreeMinutes);
    await runNotes(world, 61);
    await expectTidy(made, `call ${nth}, ${when}`);
    return true;
  } finally {
    await world.close();
  }
}

describe.each(['before', 'after'] as const)('a host that dies %s a call while it copies notes', (when) => {
  it(
    'leaves each note once on either side, coupled, whichever call it is (D-103, D-104, D-105, P2, P7)',
    async () => {
      let nth = jobCalls.first;
      while (await survives(nth, when)) nth += jobCalls.step;
      // Lease, reads of both sides, creates, an update, a deletion, couplings, marks, rows of the log.
      expect(nth).toBeGreaterThan(40);
    },
    slowMs,
  );
});
