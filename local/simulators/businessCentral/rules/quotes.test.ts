/** Sales quotes: deep insert, and lines replaced in a snapshot batch with its refusals (documents reference D-26, D-117). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../testSupport.ts';

let service: TestService;
let company: string;
beforeAll(async () => {
  service = await startService();
  company = `companies(${service.simulator.companyId})`;
});
afterAll(() => service.simulator.close());

const line = (quantity: number) => ({ lineType: 'Item', lineObjectNumber: '1896-S', quantity });
const quote = async (lines: readonly object[], header: object = {}) =>
  (
    await service.standard('POST', 'salesQuotes', {
      ...{ customerNumber: '10000', validUntilDate: '2026-05-31' },
      ...header,
      salesQuoteLines: lines,
    })
  ).body;
const linesOf = (id: string) => service.list(`salesQuotes(${id})/salesQuoteLines?$orderby=sequence`);
const json = { 'Content-Type': 'application/json' };
const remove = (id: string, etag = '*') => ({
  method: 'DELETE',
  url: `${company}/salesQuoteLines(${id})`,
  headers: { 'If-Match': etag },
});
const add = (documentId: string, values: object) => ({
  method: 'POST',
  url: `${company}/salesQuoteLines`,
  headers: json,
  body: { documentId, ...values },
});
const patch = (id: string, body: object, etag = '*') => ({
  method: 'PATCH',
  url: `${company}/salesQuotes(${id})`,
  headers: { ...json, 'If-Match': etag },
  body,
});
const snapshot = async (requests: readonly object[]) => {
  const headers = { Isolation: 'snapshot', Accept: 'application/json' };
  const { body } = await service.call('POST', 'v2.0/$batch', { requests }, headers);
  return (body.responses as { status: number }[]).map(({ status }) => status);
};

describe('quotes', () => {
  it('are created with their lines at once, as drafts, or not at all (D-117)', async () => {
    const made = await quote([line(2), line(1)]);
    expect(made).toMatchObject({ status: 'Draft', validUntilDate: '2026-05-31' });
    expect((await linesOf(made.id)).map(({ sequence }) => sequence)).toEqual([10000, 20000]);
    const before = (await service.list('salesQuotes')).length;
    await quote([line(1), { lineType: 'Item', lineObjectNumber: 'NOPE', quantity: 1 }]);
    expect(await service.list('salesQuotes')).toHaveLength(before);
  });

  it('have their lines replaced in one transaction, header first with its etag (D-112, D-117)', async () => {
    const made = await quote([line(2), line(1)]);
    const removals = (await linesOf(made.id)).map(({ id }) => remove(id));
    const header = patch(made.id, { externalDocumentNumber: 'NEW' }, made['@odata.etag']);
    expect(await snapshot([header, ...removals, add(made.id, { sequence: 10000, ...line(5) })])).toEqual([
      200, 204, 204, 201,
    ]);
    expect(await linesOf(made.id)).toMatchObject([{ sequence: 10000, quantity: 5 }]);
  });

  it('stay as they are when a later request of the transaction fails (D-117)', async () => {
    const made = await quote([line(2)]);
    const [first] = await linesOf(made.id);
    const bad = add(made.id, { lineType: 'Item', lineObjectNumber: 'NOPE', quantity: 1 });
    const header = patch(made.id, { externalDocumentNumber: 'NEW' }, made['@odata.etag']);
    expect(await snapshot([header, remove(first.id), bad])).toEqual([200, 204, 400]);
    expect(await linesOf(made.id)).toMatchObject([{ id: first.id, quantity: 2 }]);
    expect((await service.standard('GET', `salesQuotes(${made.id})`)).body.externalDocumentNumber).toBe('');
  });

  it('refuse the etag of a header whose lines changed in between (D-164)', async () => {
    const made = await quote([line(2)]);
    const [first] = await linesOf(made.id);
    await service.standard('PATCH', `salesQuoteLines(${first.id})`, { quantity: 3 }, { 'If-Match': '*' });
    expect(await snapshot([patch(made.id, { shipToName: 'X' }, made['@odata.etag'])])).toEqual([409]);
    expect(await snapshot([remove(first.id, first['@odata.etag'])])).toEqual([409]);
  });

  it('take another customer only without lines, which a transaction can remove before (D-112)', async () => {
    const made = await quote([line(2)]);
    const [first] = await linesOf(made.id);
    const move = patch(made.id, { customerNumber: '20000' });
    expect(await snapshot([move, remove(first.id)])).toEqual([400]);
    expect(await snapshot([remove(first.id), move, add(made.id, line(1))])).toEqual([204, 200, 201]);
    expect((await service.standard('GET', `salesQuotes(${made.id})`)).body.customerNumber).toBe('20000');
  });

  it('refuse a change of document, sequence or product of a line (D-29)', async () => {
    const made = await quote([line(2)]);
    const [first] = await linesOf(made.id);
    for (const change of [{ sequence: 5 }, { lineObjectNumber: '1900-S' }, { documentId: first.id }]) {
      const answer = await service.standard('PATCH', `salesQuoteLines(${first.id})`, change, {
        'If-Match': '*',
      });
      expect(answer.body.error.code).toBe('Application_DialogException');
    }
  });
});
