/** Notes of orders and quotes through the companion page (documents reference D-102). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../testSupport.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.simulator.close());

const id = '11111111-2222-4333-8444-555555555555';
const orderId = async () =>
  String((await service.standard('POST', 'salesOrders', { customerNumber: '10000' })).body.id);
const notes = async (filter: string) =>
  (await service.companion('GET', `salesDocumentNotes?$filter=${encodeURIComponent(filter)}`)).body.value;

describe('notes', () => {
  it('keep the id and the time of creation they are given, once, and name their document', async () => {
    const note = { id, documentId: await orderId(), noteText: 'Text', createdAt: '2025-05-05T05:05:05Z' };
    const made = await service.companion('POST', 'salesDocumentNotes', note);
    expect(made).toMatchObject({
      status: 201,
      body: { ...note, documentType: 'Order', createdBy: 'integration' },
    });
    expect(made.body.documentNumber).not.toBe('');
    const again = await service.companion('POST', 'salesDocumentNotes', note);
    expect(again).toMatchObject({
      status: 400,
      body: { error: { code: 'Internal_EntityWithSameKeyExists' } },
    });
  });

  it('are found by document and by time of change, not by their text, which is no field', async () => {
    const documentId = await orderId();
    await service.companion('POST', 'salesDocumentNotes', { documentId, noteText: 'Text' });
    expect(await notes(`documentId eq ${documentId}`)).toHaveLength(1);
    expect(await notes('lastModifiedDateTime ge 2030-01-01T00:00:00Z')).toEqual([]);
    const byText = await service.companion('GET', "salesDocumentNotes?$filter=noteText eq 'Text'");
    expect(byText.status).toBe(400);
  });

  it('stand on an order or quote, and go with it', async () => {
    const alone = await service.companion('POST', 'salesDocumentNotes', { documentId: id, noteText: 'Text' });
    expect(alone.status).toBe(400);
    const documentId = await orderId();
    await service.companion('POST', 'salesDocumentNotes', { documentId, noteText: 'Text' });
    service.simulator.remove('salesOrders', documentId);
    expect(await notes(`documentId eq ${documentId}`)).toEqual([]);
  });
});
