/** Activating, revising, winning and closing quotes through the Web API (D-13, D-17). */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient, stopAll } from '../testing/client.ts';

let client: Client;
let account: string;
beforeEach(async () => {
  client = await startClient();
  account = await client.create('accounts', { name: 'Contoso' });
});
afterAll(stopAll);

const line = { isproductoverridden: true, productdescription: 'Work', quantity: 2, priceperunit: 50 };
const quote = () =>
  client.create('quotes', {
    name: 'Offer',
    'customerid_account@odata.bind': `/accounts(${account})`,
    quote_details: [line],
  });
const activate = (id: string) => client.send('PATCH', `quotes(${id})`, { statecode: 1, statuscode: 2 });
const closing = (id: string, Status: number) => ({
  QuoteClose: {
    '@odata.type': 'Microsoft.Dynamics.CRM.quoteclose',
    subject: 'Closed',
    'quoteid@odata.bind': `/quotes(${id})`,
  },
  Status,
});
const revise = (id: string) =>
  client.send('POST', 'ReviseQuote', { QuoteId: id, ColumnSet: { AllColumns: true } });
const linesOf = async (id: string) =>
  (await client.get(`quotedetails?$filter=_quoteid_value eq ${id}`)).value;

describe('quotes', () => {
  it('are closed for editing once they are active (D-13)', async () => {
    const id = await quote();
    expect((await client.send('PATCH', `quotes(${id})`, { name: 'Better' })).status).toBe(204);
    expect((await activate(id)).status).toBe(204);
    expect((await client.send('PATCH', `quotes(${id})`, { name: 'Worse' })).status).toBe(400);
    const [detail] = await linesOf(id);
    const edit = await client.send('PATCH', `quotedetails(${detail?.['quotedetailid']})`, { quantity: 3 });
    expect(edit.status).toBe(400);
  });

  it('are won by WinQuote when they are active, with the status of won quotes alone (D-17)', async () => {
    const id = await quote();
    expect((await client.send('POST', 'WinQuote', closing(id, 4))).status).toBe(400);
    await activate(id);
    expect((await client.send('POST', 'WinQuote', closing(id, 5))).status).toBe(400);
    expect((await client.send('POST', 'WinQuote', closing(id, 4))).status).toBe(204);
    expect(client.simulator.row('quote', id)).toMatchObject({ statecode: 2, statuscode: 4 });
    expect((await revise(id)).status).toBe(400);
  });

  it('are closed by CloseQuote as lost, canceled or revised (D-17)', async () => {
    for (const status of [5, 6, 7]) {
      const id = await quote();
      await activate(id);
      expect((await client.send('POST', 'CloseQuote', closing(id, 4))).status).toBe(400);
      expect((await client.send('POST', 'CloseQuote', closing(id, status))).status).toBe(204);
      expect(client.simulator.row('quote', id)).toMatchObject({ statecode: 3, statuscode: status });
    }
  });

  it('are revised into a draft of the same number with the next revision and the same lines (D-17)', async () => {
    const id = await quote();
    expect((await revise(id)).status).toBe(400);
    await activate(id);
    const answer = await revise(id);
    const before = client.simulator.row('quote', id);
    expect(answer.status).toBe(200);
    expect(before).toMatchObject({ statecode: 3, statuscode: 7, revisionnumber: 0 });
    expect(answer.json).toMatchObject({
      ...{ quotenumber: before?.['quotenumber'], revisionnumber: 1, statecode: 0, statuscode: 1 },
      ...{ name: 'Offer', totalamount: 100 },
    });
    const next = String(answer.json['quoteid']);
    expect(next).not.toBe(id);
    const [detail, ...others] = await linesOf(next);
    expect(others).toEqual([]);
    expect(detail).toMatchObject({ productdescription: 'Work', quantity: 2, priceperunit: 50 });
    const edit = await client.send('PATCH', `quotedetails(${detail?.['quotedetailid']})`, { quantity: 3 });
    expect(edit.status).toBe(204);
    expect(client.simulator.row('quote', next)).toMatchObject({ totalamount: 150 });
    expect((await revise(id)).status).toBe(400);
  });

  it('refuse actions on quotes that do not exist, and bodies that are not complete', async () => {
    const id = 'aaaaaaaa-0000-4000-8000-000000000001';
    expect((await revise(id)).status).toBe(404);
    expect((await client.send('POST', 'WinQuote', closing(id, 4))).status).toBe(404);
    expect((await client.send('POST', 'ReviseQuote', { QuoteId: id })).status).toBe(400);
  });
});
