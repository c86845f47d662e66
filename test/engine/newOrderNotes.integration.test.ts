/** Notes travel with the orders and quotes that are created from Sales (D-40, D-102, D-105, D-112, D-115). */
import { afterEach, describe, expect, it } from 'vitest';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { act, couplingsOf } from './acting.ts';
import { intercept } from './intercept.ts';
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
  activeQuote,
  draftQuote,
  orderOf,
  processQuotesOf,
  quotesNamed,
  revise,
  startQuotesWorld,
  win,
} from './quotesWorld.ts';

let world: OrdersWorld;
afterEach(() => world.close());

const orderId = (name?: string) => String(ordersNamed(world, name)[0]?.['id']);
const quoteId = () => String(quotesNamed(world)[0]?.['id']);
const textsOf = (id: string) => notesOf(world, id).map(({ noteText }) => noteText);

function submitted(name: string, ...texts: readonly string[]) {
  const id = submitOrder(world, name, [goodsLine(world)]);
  for (const notetext of texts) writeSalesNote(world, 'salesorder', id, { notetext });
  return id;
}

describe('an order that is created', () => {
  it('by its job has the notes of its Sales order, coupled, and keeps them once (D-40, D-102, D-103)', async () => {
    world = await startOrdersWorld();
    submitted('First', '<p>One</p>', 'Two');
    submitted('Second', 'Three');
    await createOrdersOf(world);
    expect(textsOf(orderId('First'))).toEqual(['One', 'Two']);
    expect(textsOf(orderId('Second'))).toEqual(['Three']);
    expect(await noteCouplings(world)).toHaveLength(3);
    expect(await runNotes(world)).toEqual([]);
    expect(world.businessCentral.records('salesDocumentNotes')).toHaveLength(3);
  });

  it('on demand has them, too (D-38, D-102)', async () => {
    world = await startOrdersWorld();
    const id = submitted('Asked for', 'One');
    await act(world, 'SALESORDER-ORDER', { kind: 'createOrders', dataverseIds: [id] });
    expect(textsOf(orderId())).toEqual(['One']);
  });

  it('is made all the same when its notes cannot be copied; the job of notes brings them (D-102, P11)', async () => {
    world = await startOrdersWorld();
    submitted('First', 'One');
    const dataverse = intercept(world.ports.dataverse, {
      readByValues: ((original: typeof world.ports.dataverse.readByValues) =>
        async (...[selection, ...rest]: Parameters<typeof original>) => {
          if (selection.table === 'annotation')
            throw new SyncFailure({ kind: 'transient', code: 'connection-failed', message: 'No answer.' });
          return original(selection, ...rest);
        }) as never,
    });
    const [run] = await createOrdersOf(world, { ...world.ports, dataverse });
    expect(run).toMatchObject({ counts: { inserted: 1, failed: 0 } });
    expect(world.events.map(({ event }) => event)).toContain('order-notes-later');
    expect(textsOf(orderId())).toEqual([]);
    expect(await runNotes(world)).toMatchObject([{ counts: { inserted: 1 } }]);
    expect(textsOf(orderId())).toEqual(['One']);
  });

  it('has each note once, though the answer to its creation was lost (D-69, P2)', async () => {
    world = await startOrdersWorld();
    submitted('First', 'One', 'One');
    type Create = typeof world.ports.businessCentral.create;
    const losing =
      (original: Create): Create =>
      async (selection, inserts) => {
        const outcomes = await original(selection, inserts);
        const isNotes = selection.entitySet === 'salesDocumentNotes';
        return isNotes
          ? outcomes.map(() => ({ status: 'unknown', message: 'The connection broke.' }))
          : outcomes;
      };
    const businessCentral = intercept(world.ports.businessCentral, { create: losing as never });
    await createOrdersOf(world, { ...world.ports, businessCentral });
    await runNotes(world);
    await runNotes(world);
    expect(textsOf(orderId())).toEqual(['One', 'One']);
    expect(await noteCouplings(world)).toHaveLength(2);
    expect(await world.openErrors()).toEqual([]);
  });

  it('anew, after it was deleted in Business Central, has its notes again (D-98, D-105)', async () => {
    world = await startOrdersWorld();
    const id = submitted('First', 'One');
    await createOrdersOf(world);
    const [coupling] = await couplingsOf(world, 'SALESORDER-ORDER');
    world.businessCentral.remove('salesOrders', orderId(), 'bob');
    if (coupling) await world.ports.couplings.save(coupling.mapping, [{ kind: 'remove', ...coupling }]);
    await act(world, 'SALESORDER-ORDER', { kind: 'createOrders', dataverseIds: [id] });
    expect(textsOf(orderId())).toEqual(['One']);
    expect(await noteCouplings(world)).toHaveLength(1);
    expect(await runNotes(world)).toEqual([]);
  });

  it('is made without notes where there is no page for them, which is said once per start (D-106)', async () => {
    world = await startOrdersWorld({ withoutSets: ['salesDocumentNotes'] });
    submitted('First', 'One');
    expect(await createOrdersOf(world)).toMatchObject([{ counts: { inserted: 1, failed: 0 } }]);
    submitted('Second', 'Two');
    await createOrdersOf(world);
    await runNotes(world);
    expect(world.events.filter(({ event }) => event === 'order-notes-off')).toHaveLength(1);
    expect(world.businessCentral.records('salesDocumentNotes')).toEqual([]);
  });
});

describe('a quote', () => {
  it('has the notes of its Sales quote when it is created, and never later (D-105, D-115)', async () => {
    world = await startQuotesWorld();
    const id = draftQuote(world, 'First', [goodsLine(world)]);
    writeSalesNote(world, 'quote', id, { notetext: '<p>One</p>' });
    activate(world, id);
    await processQuotesOf(world);
    expect(textsOf(quoteId())).toEqual(['One']);
    expect(notesOf(world, quoteId())).toMatchObject([{ documentType: 'Quote' }]);
    writeSalesNote(world, 'quote', id, { notetext: 'Two' });
    await world.advanceMinutes(30);
    await processQuotesOf(world);
    await runNotes(world);
    expect(textsOf(quoteId())).toEqual(['One']);
    expect(await noteCouplings(world)).toEqual([]);
  });

  it('that is revised has the notes of the revision, and those that users of Business Central wrote (D-105, D-112, P1)', async () => {
    world = await startQuotesWorld();
    const first = draftQuote(world, 'First', [goodsLine(world)]);
    writeSalesNote(world, 'quote', first, { notetext: 'Old' });
    const edited = writeSalesNote(world, 'quote', first, { notetext: 'Edited' });
    activate(world, first);
    await processQuotesOf(world);
    writeNote(world, quoteId(), { noteText: 'Ours' });
    world.businessCentral.edit('salesDocumentNotes', edited, { noteText: 'Edited there' }, 'bob');
    const second = revise(world, first);
    writeSalesNote(world, 'quote', second, { notetext: 'New' });
    activate(world, second);
    await world.advanceMinutes(30);
    await processQuotesOf(world);
    expect(quotesNamed(world)).toHaveLength(1);
    expect(textsOf(quoteId())).toEqual(['Edited there', 'New', 'Ours']);
    expect(await couplingsOf(world, 'SALESQUOTE-NOTES')).toHaveLength(2);
  });

  it('that was won leads to an order with the notes of the Sales order (D-105, D-110)', async () => {
    world = await startQuotesWorld();
    const id = activeQuote(world, 'Won', [goodsLine(world)]);
    win(world, id);
    const order = orderOf(world, id, [goodsLine(world)], false);
    writeSalesNote(world, 'salesorder', order, { notetext: 'Of the order' });
    world.dataverse.edit('salesorder', order, { statecode: 1, statuscode: 3 }, 'alice');
    await processQuotesOf(world);
    expect(textsOf(orderId())).toEqual(['Of the order']);
  });
});
