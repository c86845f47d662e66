import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Client, startClient, stopAll } from '../testing/client.ts';

let client: Client;

beforeEach(async () => {
  client = await startClient();
});
afterEach(stopAll);

const type = { '@odata.type': 'Microsoft.Dynamics.CRM.account' };
const count = async () => Number((await client.get('accounts/$count')).text);

describe('bulk actions (dataverse-web-api section 13)', () => {
  const bulk = (action: string, targets: readonly object[]) =>
    client.send('POST', `accounts/Microsoft.Dynamics.CRM.${action}`, { Targets: targets });

  it('create, update and upsert many rows at once', async () => {
    const created = await bulk('CreateMultiple', [
      { ...type, name: 'A' },
      { ...type, name: 'B' },
    ]);
    const ids = created.json['Ids'] as string[];
    expect([created.status, ids.length]).toEqual([200, 2]);
    const updated = await bulk(
      'UpdateMultiple',
      ids.map((accountid) => ({ ...type, accountid, telephone1: '1' })),
    );
    expect([updated.status, client.simulator.row('account', ids[1] ?? '')?.['telephone1']]).toEqual([
      204,
      '1',
    ]);
    const fresh = '00000000-0000-4000-8000-000000000001';
    const upserted = await bulk('UpsertMultiple', [
      { ...type, accountid: fresh, name: 'C' },
      { ...type, '@odata.id': `accounts(${ids[0]})`, name: 'A2' },
    ]);
    expect([upserted.status, upserted.text]).toEqual([204, '']);
    expect([await count(), client.simulator.row('account', ids[0] ?? '')?.['name']]).toEqual([3, 'A2']);
  });

  it('roll back every row when one fails', async () => {
    const answer = await bulk('CreateMultiple', [
      { ...type, name: 'A' },
      { ...type, name: 'x'.repeat(200) },
    ]);
    expect([answer.errorCode, await count()]).toEqual(['0x80044331', 0]);
    const missing = await bulk('UpdateMultiple', [
      { ...type, accountid: '00000000-0000-4000-8000-000000000009' },
    ]);
    expect(missing.status).toBe(404);
  });

  it('need @odata.type of the right table in every target', async () => {
    expect((await bulk('CreateMultiple', [{ name: 'A' }])).status).toBe(400);
    const contact = { '@odata.type': 'Microsoft.Dynamics.CRM.contact', lastname: 'x' };
    expect((await bulk('CreateMultiple', [contact])).status).toBe(400);
    expect((await bulk('DeleteMultiple', [])).status).toBe(404);
  });

  it('are announced by sdkmessagefilters', async () => {
    const ask = (message: string) =>
      client.get(
        `sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq '${message}' and primaryobjecttypecode eq 'account'`,
      );
    expect((await ask('CreateMultiple')).value).toHaveLength(1);
    expect((await ask('DeleteMultiple')).value).toHaveLength(0);
  });
});

interface Part {
  readonly method: string;
  readonly target: string;
  readonly body?: object;
  readonly headers?: readonly string[];
  readonly contentId?: string;
}

function httpPart(part: Part): string {
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(part.contentId ? [`Content-ID: ${part.contentId}`] : []),
    '',
    `${part.method} ${part.target} HTTP/1.1`,
    ...(part.body ? ['Content-Type: application/json; type=entry'] : []),
    ...(part.headers ?? []),
    '',
    part.body ? JSON.stringify(part.body) : '',
  ].join('\r\n');
}

function changeSet(parts: readonly Part[]): string {
  const inner = parts.map((part) => `--changeset_c\r\n${httpPart(part)}\r\n`).join('');
  return `Content-Type: multipart/mixed; boundary="changeset_c"\r\n\r\n${inner}--changeset_c--\r\n`;
}

function batch(parts: readonly (Part | readonly Part[])[], prefer?: string): Promise<Answer> {
  const body = parts.map(
    (part) => `--batch_b\r\n${Array.isArray(part) ? changeSet(part) : httpPart(part as Part)}\r\n`,
  );
  return client.send('POST', '$batch', `${body.join('')}--batch_b--\r\n`, {
    'Content-Type': 'multipart/mixed; boundary="batch_b"',
    ...(prefer ? { Prefer: prefer } : {}),
  });
}

const statuses = (answer: Answer) =>
  [...answer.text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => Number(match[1]));
const post = (name: string, contentId?: string): Part => ({
  method: 'POST',
  target: '/api/data/v9.2/accounts',
  body: { name },
  ...(contentId ? { contentId } : {}),
});

describe('$batch (dataverse-web-api section 12)', () => {
  it('carries parts out in order, addressed absolutely, fully or relatively', async () => {
    const answer = await batch([
      post('A'),
      { method: 'GET', target: `${client.base}/accounts?$select=name` },
      { method: 'GET', target: 'accounts/$count' },
    ]);
    expect([answer.status, statuses(answer)]).toEqual([200, [204, 200, 200]]);
    expect(answer.headers.get('Content-Type')).toMatch(/^multipart\/mixed; boundary=batchresponse_/);
    expect(answer.text).toContain(`Location: ${client.base}/accounts(`);
    expect(answer.text).toContain('"name":"A"');
  });

  it('stops at the first failure with its status, or goes on when told to', async () => {
    const bad: Part = { method: 'GET', target: 'accounts(00000000-0000-4000-8000-000000000000)' };
    const stopped = await batch([post('A'), bad, post('B')]);
    expect([stopped.status, statuses(stopped), await count()]).toEqual([404, [204, 404], 1]);
    const all = await batch([post('C'), bad, post('D')], 'odata.continue-on-error');
    expect([all.status, statuses(all), await count()]).toEqual([200, [204, 404, 204], 3]);
  });

  it('carries a change set out as one, with $1 in binds and addresses', async () => {
    const answer = await batch([
      [
        { method: 'POST', target: 'contacts', body: { lastname: 'L' }, contentId: '1' },
        {
          method: 'POST',
          target: 'accounts',
          body: { name: 'A', 'primarycontactid@odata.bind': '$1' },
          contentId: '2',
        },
        { method: 'PATCH', target: '$2', body: { telephone1: '7' }, contentId: '3' },
        { method: 'PUT', target: '$1/lastname', body: { value: 'M' }, contentId: '4' },
      ],
    ]);
    expect([answer.status, statuses(answer)]).toEqual([200, [204, 204, 204, 204]]);
    expect(answer.text).toContain('boundary=changesetresponse_');
    expect(answer.text).toContain('Content-ID: 2');
    const [account] = (await client.get('accounts?$expand=primarycontactid')).value;
    expect(account).toMatchObject({ telephone1: '7', primarycontactid: { lastname: 'M' } });
  });

  it('rolls a failed change set back and answers one error part in its place', async () => {
    const answer = await batch(
      [[post('A', '1'), post('x'.repeat(200), '2')], post('B')],
      'odata.continue-on-error',
    );
    expect([statuses(answer), await count()]).toEqual([[400, 204], 1]);
    expect(answer.text).not.toContain('changesetresponse_');
    expect(answer.text).toContain('0x80044331');
  });

  it('refuses forward references, GET and missing Content-ID in change sets', async () => {
    const bind = { name: 'A', 'primarycontactid@odata.bind': '$2' };
    const forward = await batch([[{ method: 'POST', target: 'accounts', body: bind, contentId: '1' }]]);
    expect(forward.status).toBe(400);
    expect((await batch([[{ method: 'GET', target: 'accounts', contentId: '1' }]])).status).toBe(400);
    expect((await batch([[post('A')]])).status).toBe(400);
  });

  it('refuses more than 1,000 requests and nested batches', async () => {
    const many = Array.from({ length: 1_001 }, (): Part => ({ method: 'GET', target: 'WhoAmI' }));
    expect((await batch(many)).status).toBe(400);
    expect((await batch([{ method: 'POST', target: '$batch', body: {} }])).status).toBe(400);
    expect((await client.send('POST', '$batch', {})).status).toBe(400);
  });

  it('counts as one request, each operation apart', async () => {
    client.simulator.requests.reset();
    await batch([post('A'), post('B'), { method: 'GET', target: `${client.base}/contacts?$top=1` }]);
    expect(client.simulator.requests.counts()).toEqual({
      total: 1,
      operations: 3,
      byOperation: { '$batch GET contacts': 1, '$batch POST accounts': 2, 'POST $batch': 1 },
    });
  });

  it('honours If-Match of the single part', async () => {
    const id = await client.create('accounts', { name: 'A' });
    const answer = await batch([
      { method: 'PATCH', target: `accounts(${id})`, body: { name: 'B' }, headers: ['If-Match: W/"1"'] },
    ]);
    expect([answer.status, statuses(answer)]).toEqual([412, [412]]);
  });
});
