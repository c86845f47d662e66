/** JSON batches (section 4.4). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companionPath, startService, type TestService } from '../testSupport.ts';

let service: TestService;
let company: string;
beforeAll(async () => {
  service = await startService();
  company = `companies(${service.simulator.companyId})`;
});
afterAll(() => service.simulator.close());

const json = { 'Content-Type': 'application/json', Accept: 'application/json' };
const batch = (requests: readonly object[], headers: Record<string, string> = {}, route = 'v2.0') =>
  service.call('POST', `${route}/$batch`, { requests }, { ...json, ...headers });
const create = (id: string, code: string) => ({
  id,
  method: 'POST',
  url: `${company}/itemCategories`,
  headers: { 'Content-Type': 'application/json' },
  body: { code, displayName: code },
});
const failing = { id: 'bad', method: 'GET', url: `${'nothing'}?company=x` };
const codes = async () => (await service.list('itemCategories')).map((each) => each.code);
// biome-ignore lint/suspicious/noExplicitAny: batch answers have many shapes.
const statuses = (answer: { body: any }) =>
  answer.body.responses.map((each: { status: number }) => each.status);

describe('$batch', () => {
  it('answers in order, with ids, and takes query options', async () => {
    const read = { id: '2', method: 'GET', url: `${company}/customers?$top=1&$select=number` };
    const answer = await batch([
      create('1', 'A1'),
      read,
      { method: 'GET', url: `${company}/customers/$count` },
    ]);
    expect(answer.status).toBe(200);
    expect(statuses(answer)).toEqual([201, 200, 200]);
    expect(answer.body.responses.map((each: { id: string }) => each.id)).toEqual(['1', '2', null]);
    expect(answer.body.responses[1].body.value).toHaveLength(1);
    expect(answer.body.responses[0].headers['content-type']).toContain('application/json');
  });

  it('stops at the first failure and keeps what came before', async () => {
    const answer = await batch([create('1', 'B1'), failing, create('3', 'B3')]);
    expect(statuses(answer)).toEqual([201, 404]);
    expect(await codes()).toContain('B1');
    expect(await codes()).not.toContain('B3');
  });

  it('goes on after a failure when asked', async () => {
    const answer = await batch([failing, create('2', 'C2')], { Prefer: 'odata.continue-on-error' });
    expect(statuses(answer)).toEqual([404, 201]);
    expect(await codes()).toContain('C2');
  });

  it('undoes everything of a snapshot batch that fails, although earlier answers say 201', async () => {
    const answer = await batch([create('1', 'D1'), failing], { Isolation: 'snapshot' });
    expect(statuses(answer)).toEqual([201, 404]);
    expect(await codes()).not.toContain('D1');
    const fine = await batch([create('1', 'D1'), create('2', 'D2')], { Isolation: 'snapshot' });
    expect(statuses(fine)).toEqual([201, 201]);
    expect(await codes()).toEqual(expect.arrayContaining(['D1', 'D2']));
  });

  it('needs If-Match per request, and works on the companion route', async () => {
    const id = service.simulator.records('customers')[0]?.['id'];
    const patch = (headers: object) => ({
      method: 'PATCH',
      url: `${company}/customerExtras(${id})`,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: { faxNumber: '1' },
    });
    expect(statuses(await batch([patch({})], {}, companionPath))).toEqual([400]);
    expect(statuses(await batch([patch({ 'If-Match': '*' })], {}, companionPath))).toEqual([200]);
  });

  it('finds the company by name in the Company header', async () => {
    const read = {
      method: 'GET',
      url: 'customers?$top=1',
      headers: { Company: 'CRONUS International Ltd.' },
    };
    expect(statuses(await batch([read]))).toEqual([200]);
  });

  it('refuses more than 100 operations with code Unknown, absolute urls, and formats it does not write', async () => {
    const many = await batch(Array.from({ length: 101 }, () => failing));
    expect([many.status, many.body.error.code]).toEqual([400, 'Unknown']);
    expect(statuses(await batch([{ method: 'GET', url: '/companies' }]))).toEqual([400]);
    const multipart = await service.call(
      'POST',
      'v2.0/$batch',
      { requests: [] },
      { Accept: 'multipart/mixed' },
    );
    expect(multipart.status).toBe(400);
  });

  it('counts a batch as one request and its operations one by one', async () => {
    service.simulator.requests.reset();
    await batch([create('1', 'E1'), create('2', 'E2')]);
    expect(service.simulator.requests.counts()).toEqual({
      total: 1,
      operations: 2,
      byOperation: { 'POST $batch': 1, '$batch POST itemCategories': 2 },
    });
  });
});
