/** SALES ORDER NOTES: notes of coupled orders travel both ways (D-102 to D-106). */
import { afterEach, describe, expect, it } from 'vitest';
import { planCodeJob } from '../../shared/app/queries/planCodeJob.ts';
import { intercept } from './intercept.ts';
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

let world: OrderWorld;
afterEach(() => world.close());

async function started(mode: 'oneWay' | 'bidirectional' = 'oneWay'): Promise<PairOfOrders> {
  world = await startOrderWorld(mode);
  const order = await world.order();
  await runNotes(world);
  return order;
}

describe('a new note', () => {
  it('of Business Central becomes a Sales note, once, and nothing comes back (D-104, P4)', async () => {
    const order = await started();
    writeNote(world, order.id, { description: 'Packing', noteText: 'In two\nboxes' });
    expect(await runNotes(world)).toMatchObject([
      { direction: 'toDataverse', counts: { inserted: 1, failed: 0 } },
    ]);
    expect(salesNotesOf(world, order.dataverseId)).toMatchObject([
      { subject: 'Packing', notetext: 'In two\nboxes', isdocument: false },
    ]);
    expect(await runNotes(world)).toEqual([]);
    expect(notesOf(world, order.id)).toHaveLength(1);
    expect(await noteCouplings(world)).toHaveLength(1);
  });

  it('of Sales becomes a note with the time of its creation, as plain text (D-102, D-104)', async () => {
    const order = await started();
    const id = writeSalesNote(world, 'salesorder', order.dataverseId, {
      notetext: '<div><p>Call <b>first</b></p><p>then deliver &gt; noon</p></div>',
    });
    const [run] = await runNotes(world);
    expect(run).toMatchObject({ direction: 'toBusinessCentral', counts: { inserted: 1, failed: 0 } });
    const createdAt = new Date(String(world.dataverse.row('annotation', id)?.['createdon']));
    expect(notesOf(world, order.id)).toMatchObject([
      { id, description: 'From Sales', noteText: 'Call first\nthen deliver > noon', documentType: 'Order' },
    ]);
    expect(new Date(String(notesOf(world, order.id)[0]?.['createdAt']))).toEqual(createdAt);
    expect(await runNotes(world)).toEqual([]);
    expect(salesNotesOf(world, order.dataverseId)).toHaveLength(1);
  });

  it('on an order that is not coupled, or on another record, stays where it is; attachments never travel (D-102, D-104)', async () => {
    const order = await started();
    const alone = world.businessCentral.create(
      'salesOrders',
      { customerNumber: world.customer['number'] },
      'bob',
    );
    writeNote(world, String(alone['id']));
    writeSalesNote(world, 'salesorder', world.salesOrder('Alone'));
    const file = { documentbody: 'aGVsbG8=', filename: 'a.txt', mimetype: 'text/plain' };
    writeSalesNote(world, 'salesorder', order.dataverseId, { isdocument: true, ...file });
    writeSalesNote(world, 'salesorder', order.dataverseId, file);
    expect(await runNotes(world)).toEqual([]);
    expect(world.dataverse.rows('annotation')).toHaveLength(3);
    expect(world.businessCentral.records('salesDocumentNotes')).toHaveLength(1);
  });

  it('written long before its order was coupled travels with the first look at the order (D-105)', async () => {
    await started();
    const made = world.businessCentral.create(
      'salesOrders',
      { customerNumber: world.customer['number'] },
      'bob',
    );
    const [id, row] = [String(made['id']), world.salesOrder('Later')];
    writeNote(world, id);
    writeSalesNote(world, 'salesorder', row);
    await runNotes(world);
    await runNotes(world, 3 * 24 * 60);
    await world.couple(id, String(made['number']), row);
    const runs = await runNotes(world, 3 * 24 * 60);
    expect(runs.map(({ counts }) => counts.inserted)).toEqual([1, 1]);
    expect(notesOf(world, id)).toHaveLength(2);
    expect(salesNotesOf(world, row)).toHaveLength(2);
    expect(await runNotes(world)).toEqual([]);
  });
});

describe('a changed note', () => {
  it('of Sales replaces text and description in Business Central; edits there are not sent (D-104)', async () => {
    const order = await started();
    const id = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.businessCentral.edit('salesDocumentNotes', id, { noteText: 'Edited there' }, 'bob');
    expect(await runNotes(world)).toEqual([]);
    expect(salesNotesOf(world, order.dataverseId)).toMatchObject([{ notetext: '<p>Call &amp; deliver</p>' }]);
    world.dataverse.edit('annotation', id, { notetext: '<p>New</p>', subject: 'Other' }, 'alice');
    expect(await runNotes(world)).toMatchObject([{ counts: { modified: 1, failed: 0 } }]);
    expect(notesOf(world, order.id)).toMatchObject([{ noteText: 'New', description: 'Other' }]);
    expect(await runNotes(world)).toEqual([]);
  });

  it('of Sales that says the same in other words writes nothing (D-104)', async () => {
    const order = await started();
    const id = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.dataverse.edit('annotation', id, { notetext: '<div><p>Call &#38; deliver</p></div>' }, 'alice');
    expect(await runNotes(world)).toMatchObject([{ counts: { modified: 0, unchanged: 1 } }]);
  });

  it('whose counterpart was deleted in Business Central is not made anew; deletions there are not sent (D-104)', async () => {
    const order = await started();
    const id = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.businessCentral.remove('salesDocumentNotes', id, 'bob');
    world.dataverse.edit('annotation', id, { notetext: 'New' }, 'alice');
    expect(await runNotes(world)).toEqual([]);
    expect(notesOf(world, order.id)).toEqual([]);
    expect(salesNotesOf(world, order.dataverseId)).toHaveLength(1);
  });
});

describe('a failed note', () => {
  it('is told once, keeps no other from travelling, and closes its error when it succeeds (D-103, P5, P7, P11)', async () => {
    const order = await started();
    const bad = writeSalesNote(world, 'salesorder', order.dataverseId, { subject: 'Bad' });
    writeSalesNote(world, 'salesorder', order.dataverseId, { subject: 'Good' });
    type Create = typeof world.ports.businessCentral.create;
    const refused = {
      status: 'refused',
      problem: { kind: 'data', serviceCode: 'Application_DialogException', message: 'No.', status: 400 },
    } as const;
    const refusing =
      (original: Create): Create =>
      async (selection, inserts) =>
        Promise.all(
          inserts.map(async (insert) => {
            const [outcome] = insert.values['id'] === bad ? [refused] : await original(selection, [insert]);
            return outcome ?? refused;
          }),
        );
    const businessCentral = intercept(world.ports.businessCentral, { create: refusing as never });
    const broken = { ...world, ports: { ...world.ports, businessCentral } };
    await world.advanceMinutes(5);
    expect(await runWith(broken, notesJob)).toMatchObject([{ counts: { inserted: 1, failed: 1 } }]);
    const [error, ...others] = await world.openErrors(notesJob);
    expect(others).toEqual([]);
    expect(error).toMatchObject({ code: 'insert-failed', dataverseId: bad, name: order.number });
    await world.advanceMinutes(60);
    expect(await runWith(broken, notesJob)).toMatchObject([{ counts: { failed: 0, skipped: 1 } }]);
    expect(await world.openErrors(notesJob)).toEqual([error]);
    expect(await runNotes(world)).toMatchObject([{ counts: { inserted: 1, failed: 0 } }]);
    expect(await world.openErrors(notesJob)).toEqual([]);
    expect(notesOf(world, order.id)).toHaveLength(2);
  });
});

describe('many notes', () => {
  it('cost no more requests than few: they are read and written in bulk (D-104, P10)', async () => {
    const order = await started();
    const requests = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        writeNote(world, order.id, { noteText: `From BC ${count}-${index}` });
        writeSalesNote(world, 'salesorder', order.dataverseId, { notetext: `From Sales ${count}-${index}` });
      }
      const runs = await runNotes(world);
      expect(runs.map(({ counts }) => counts.inserted)).toEqual([count, count]);
      return runs.map((run) => run.requests);
    };
    await requests(1);
    const few = await requests(2);
    expect(await requests(40)).toEqual(few);
    expect(few).toEqual([
      { businessCentral: 3, dataverse: 4 },
      { businessCentral: 0, dataverse: 0 },
    ]);
  });
});

describe('a run', () => {
  it('with nothing to do asks either service once, and writes nothing to the log (D-104, P10)', async () => {
    const order = await started();
    writeNote(world, order.id);
    for (let run = 0; run < 4; run += 1) await runNotes(world);
    const count = () => [world.businessCentral.requests.total, world.dataverse.requests.total];
    const [ours = 0, theirs = 0] = count();
    expect(await runNotes(world)).toEqual([]);
    expect(count()).toEqual([ours + 1, theirs + 1]);
  });

  it('that is cut into slices goes on where it stopped, and comes to its end (D-104, P10)', async () => {
    world = await startOrderWorld('oneWay', { sliceMs: 0 });
    const orders = [await world.order(), await world.order()];
    for (const { id, dataverseId } of orders) {
      writeNote(world, id);
      writeSalesNote(world, 'salesorder', dataverseId);
    }
    await runNotes(world);
    expect(await world.drainQueue()).toBeGreaterThan(1);
    for (const { id, dataverseId } of orders) {
      expect(notesOf(world, id)).toHaveLength(2);
      expect(salesNotesOf(world, dataverseId)).toHaveLength(2);
    }
    expect(await noteCouplings(world)).toHaveLength(4);
    expect((await world.ports.jobs.get(notesJob))?.entry).toMatchObject({ lastRun: { outcome: 'success' } });
  });
});

describe('a dry run', () => {
  it('tells what the job would copy and writes nothing (contract section 3)', async () => {
    const order = await started();
    const changed = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    const ours = writeNote(world, order.id);
    const theirs = writeSalesNote(world, 'salesorder', order.dataverseId, { notetext: 'New' });
    world.dataverse.edit('annotation', changed, { notetext: 'Changed' }, 'alice');
    const couplings = await noteCouplings(world);
    const plan = await planCodeJob(world.ports, world.mappings, notesJob);
    expect(plan.counts).toMatchObject({ inserted: 2, modified: 1 });
    expect(plan.actions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'insert', direction: 'toDataverse', businessCentralId: ours }),
        expect.objectContaining({ kind: 'insert', direction: 'toBusinessCentral', dataverseId: theirs }),
        expect.objectContaining({
          kind: 'modify',
          fields: expect.arrayContaining([
            {
              businessCentralField: 'noteText',
              attribute: 'notetext',
              before: 'Call & deliver',
              after: 'Changed',
            },
          ]),
        }),
      ]),
    );
    expect(await noteCouplings(world)).toEqual(couplings);
    expect(notesOf(world, order.id)).toHaveLength(2);
    expect(salesNotesOf(world, order.dataverseId)).toHaveLength(2);
  });
});

describe('without the page of notes', () => {
  it('the job does nothing, and says so on its entry and once in the log (D-106)', async () => {
    world = await startOrderWorld('oneWay', { companionApp: false });
    await world.order();
    await runNotes(world);
    await runNotes(world);
    expect(world.events.filter(({ event }) => event === 'order-notes-off')).toHaveLength(1);
    const job = await world.ports.jobs.get(notesJob);
    expect(job?.entry).toMatchObject({ status: 'ready', lastRun: { outcome: 'success' } });
    expect(job?.entry.errorMessage).toContain('salesDocumentNotes');
    await expect(planCodeJob(world.ports, world.mappings, notesJob)).rejects.toMatchObject({
      code: 'companion-app-missing',
    });
  });
});
