/** Notes of the bidirectional integration: those deleted in Sales go in Business Central, too (D-7, D-98, D-105). */
import { afterEach, describe, expect, it } from 'vitest';
import { intercept } from './intercept.ts';
import { noteCouplings, notesJob, notesOf, runNotes, writeNote, writeSalesNote } from './notesWorld.ts';
import { type OrderWorld, type PairOfOrders, startOrderWorld } from './orderWorld.ts';
import { runWith } from './runWith.ts';

let world: OrderWorld;
afterEach(() => world.close());

/** Longer than from one comparison to the next. */
const anHour = 61;

async function started(mode: 'oneWay' | 'bidirectional' = 'bidirectional'): Promise<PairOfOrders> {
  world = await startOrderWorld(mode);
  const order = await world.order();
  await runNotes(world);
  return order;
}

describe('a note that is deleted in Sales', () => {
  it('goes in Business Central within an hour, whichever side it came from (D-105)', async () => {
    const order = await started();
    const theirs = writeSalesNote(world, 'salesorder', order.dataverseId);
    writeNote(world, order.id);
    writeSalesNote(world, 'salesorder', order.dataverseId, { notetext: 'Stays' });
    await runNotes(world);
    const [made] = world.dataverse.rows('annotation').filter(({ notetext }) => notetext === 'Packed');
    for (const id of [theirs, String(made?.['annotationid'])])
      world.dataverse.remove('annotation', id, 'alice');
    const runs = await runNotes(world, anHour);
    expect(runs).toMatchObject([{ direction: 'toBusinessCentral', counts: { deleted: 2, failed: 0 } }]);
    expect(notesOf(world, order.id)).toMatchObject([{ noteText: 'Stays' }]);
    expect(await noteCouplings(world)).toHaveLength(1);
    expect(await runNotes(world, anHour)).toEqual([]);
  });

  it('stays in Business Central one way (D-104)', async () => {
    const order = await started('oneWay');
    const id = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.dataverse.remove('annotation', id, 'alice');
    expect(await runNotes(world, anHour)).toEqual([]);
    expect(notesOf(world, order.id)).toHaveLength(1);
  });

  it('stays where a user changed it in Business Central, and is not looked at again (P1)', async () => {
    const order = await started();
    const id = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.businessCentral.edit('salesDocumentNotes', id, { noteText: 'Mine' }, 'bob');
    world.dataverse.remove('annotation', id, 'alice');
    expect(await runNotes(world, anHour)).toMatchObject([{ counts: { deleted: 0, skipped: 1 } }]);
    expect(await runNotes(world, anHour)).toEqual([]);
    expect(notesOf(world, order.id)).toMatchObject([{ noteText: 'Mine' }]);
  });

  it('together with its order stays: an order deleted in Sales changes nothing (D-98)', async () => {
    const order = await started();
    writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.dataverse.remove('salesorder', order.dataverseId, 'alice');
    expect(await runNotes(world, anHour)).toEqual([]);
    expect(notesOf(world, order.id)).toHaveLength(1);
    expect(await noteCouplings(world)).toEqual([]);
  });

  it('that Business Central does not let go is an open error until it does (P5)', async () => {
    const order = await started();
    const id = writeSalesNote(world, 'salesorder', order.dataverseId);
    await runNotes(world);
    world.dataverse.remove('annotation', id, 'alice');
    const problem = { kind: 'permission', serviceCode: 'X', message: 'No.', status: 403 } as const;
    const businessCentral = intercept(world.ports.businessCentral, {
      delete: (() => async () => [{ status: 'refused', problem }]) as never,
    });
    const broken = { ...world, ports: { ...world.ports, businessCentral } };
    await world.advanceMinutes(anHour);
    expect(await runWith(broken, notesJob)).toMatchObject([{ counts: { deleted: 0, failed: 1 } }]);
    await world.advanceMinutes(anHour);
    expect(await runWith(broken, notesJob)).toMatchObject([{ counts: { failed: 0, skipped: 1 } }]);
    expect(await world.openErrors()).toMatchObject([{ code: 'delete-not-permitted', name: order.number }]);
    expect(await runNotes(world, anHour)).toMatchObject([{ counts: { deleted: 1 } }]);
    expect(await world.openErrors()).toEqual([]);
    expect(notesOf(world, order.id)).toEqual([]);
  });

  it('together with very many others stops the job before anything is deleted (P9)', async () => {
    const order = await started();
    for (let index = 0; index < 12; index += 1)
      writeSalesNote(world, 'salesorder', order.dataverseId, { notetext: `Note ${index}` });
    await runNotes(world);
    for (const { annotationid } of world.dataverse.rows('annotation'))
      world.dataverse.remove('annotation', String(annotationid), 'alice');
    await runNotes(world, anHour);
    const job = await world.ports.jobs.get(notesJob);
    expect(job?.entry.errorMessage).toContain('lost one side');
    expect(notesOf(world, order.id)).toHaveLength(12);
    const policy = { ...world.ports.policy, maxDeletePercent: 100 };
    await world.advanceMinutes(anHour);
    await runWith({ ...world, ports: { ...world.ports, policy } }, notesJob);
    expect(notesOf(world, order.id)).toEqual([]);
  });
});

describe('a note of an order that came from Business Central', () => {
  it('travels once the order is in Sales, however old it is (D-105)', async () => {
    await started();
    const made = world.businessCentral.create(
      'salesOrders',
      { customerNumber: world.customer['number'] },
      'bob',
    );
    const id = String(made['id']);
    const line = { documentId: id, lineType: 'Item', lineObjectNumber: '100', quantity: 3 };
    world.businessCentral.create('salesOrderLines', line, 'bob');
    writeNote(world, id);
    await runNotes(world);
    world.businessCentral.act('salesOrderExtras', id, 'release', 'bob');
    await world.advanceMinutes(24 * 60);
    await world.run('SALESORDER-ORDER', 'fullSync');
    expect(await runNotes(world)).toMatchObject([{ direction: 'toDataverse', counts: { inserted: 1 } }]);
  });
});
