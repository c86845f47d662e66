/** Creates and updates: what is sent, how many requests, what each answer means (sections 8 to 10, 12). */
import { describe, expect, it } from 'vitest';
import type { DataverseInsert } from '../../ports/dataverse.ts';
import {
  apiUrl,
  errorAnswer,
  type FakeAnswer,
  fakeDataverse,
  rawAccount,
  type SeenRequest,
  testId,
} from './testing/fakeDataverse.ts';

const account = { table: 'account', attributes: ['name'] };

/** Answers a write with the row as stored. */
function stored(part: SeenRequest, status = 201): FakeAnswer {
  const number = Number.parseInt(/([0-9a-f]{12})\)/.exec(part.target)?.[1] ?? '', 16);
  return { status, body: rawAccount(number, JSON.parse(part.body)) };
}

function inserts(count: number): readonly DataverseInsert[] {
  return Array.from({ length: count }, (_entry, index) => ({
    id: testId(index + 1),
    values: { name: `Käse ${index + 1} \u{1F9C0}` },
  }));
}

describe('create', () => {
  it.each([
    [1, 1],
    [100, 1],
    [250, 3],
  ])('creates %i rows in %i HTTP requests', async (count, expected) => {
    const { dataverse, meter } = fakeDataverse({ answer: stored });
    await dataverse.table('account');
    const before = meter.sent;
    const outcomes = await dataverse.create(account, inserts(count));
    expect(meter.sent - before).toBe(expected);
    expect(outcomes.every((outcome) => outcome.status === 'done')).toBe(true);
    expect(outcomes).toHaveLength(count);
  });

  it('sends create-only requests under the given id and returns the row as stored (P2)', async () => {
    const { dataverse, parts, requests } = fakeDataverse({ answer: stored });
    const [outcome] = await dataverse.create(account, inserts(1));
    expect(parts[0]).toMatchObject({
      method: 'PATCH',
      target: `accounts(${testId(1)})?$select=_modifiedby_value,accountid,modifiedon,name`,
      body: '{"name":"Käse 1 \u{1F9C0}"}',
    });
    expect(parts[0]?.headers).toMatchObject({ 'if-none-match': '*', 'content-type': 'application/json' });
    expect(parts[0]?.headers['prefer']).toMatch(/^return=representation,odata\.include-annotations=/);
    expect(requests[0]?.headers['prefer']).toBe('odata.continue-on-error');
    expect(outcome).toMatchObject({
      status: 'done',
      record: { id: testId(1), etag: 'W/"1"', values: { name: 'Käse 1 \u{1F9C0}' } },
    });
  });

  it('writes references as binds of the right navigation property and set (section 8)', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: stored });
    const reference = (table: string, number: number) => ({ table, id: testId(number) });
    await dataverse.create(account, [
      {
        id: testId(1),
        values: {
          accountid: testId(1),
          bcbi_companyid: reference('bcbi_company', 5),
          ownerid: reference('team', 6),
          primarycontactid: null,
          accountnumber: null,
        },
      },
    ]);
    expect(JSON.parse(parts[0]?.body ?? '')).toEqual({
      'bcbi_CompanyId@odata.bind': `/bcbi_companies(${testId(5)})`,
      'ownerid@odata.bind': `/teams(${testId(6)})`,
      accountnumber: null,
    });
  });

  it.each([
    ['a column the table lacks', { bcbi_unknown: 1 }, 'column-not-found', 'bcbi_unknown'],
    [
      'a table the lookup cannot point at',
      { primarycontactid: { table: 'team', id: testId(2) } },
      'reference-not-allowed',
      'team',
    ],
    ['text for a lookup', { primarycontactid: 'x' }, 'reference-not-allowed', 'primarycontactid'],
    ['a reference for a text', { name: { table: 'team', id: testId(2) } }, 'reference-not-allowed', 'name'],
  ])(
    'refuses %s without sending that record, and sends the others',
    async (_what, values, serviceCode, named) => {
      const { dataverse, parts } = fakeDataverse({ answer: stored });
      const outcomes = await dataverse.create(account, [{ id: testId(7), values }, ...inserts(1)]);
      expect(outcomes[0]).toMatchObject({
        status: 'refused',
        problem: { kind: 'config', serviceCode, message: expect.stringContaining(named) },
      });
      expect(outcomes[1]?.status).toBe('done');
      expect(parts).toHaveLength(1);
    },
  );

  it.each([
    ['a taken id', errorAnswer(412, '0x80040237'), { status: 'exists' }],
    ['a taken id without a code', errorAnswer(412, ''), { status: 'exists' }],
    [
      'a taken alternate key',
      errorAnswer(412, '0x80060892', 'key'),
      { status: 'refused', problem: { kind: 'data', message: 'key' } },
    ],
    ['a duplicate rule', errorAnswer(412, '0x80040333'), { status: 'refused', problem: { kind: 'data' } }],
    [
      'a text too long',
      errorAnswer(400, '0x80044331', 'too long'),
      {
        status: 'refused',
        problem: { kind: 'data', serviceCode: '0x80044331', message: 'too long', status: 400 },
      },
    ],
    [
      'a missing referenced row',
      errorAnswer(404, '0x80040217'),
      { status: 'refused', problem: { kind: 'dependency' } },
    ],
    ['an answer without the row', { status: 204 }, { status: 'unknown' }],
  ])('tells %s from the rest of the batch (P11)', async (_what, answer, expected) => {
    const { dataverse } = fakeDataverse({
      answer: (part) => (part.target.includes(testId(2)) ? answer : stored(part)),
    });
    const outcomes = await dataverse.create(account, inserts(3));
    expect(outcomes[1]).toMatchObject(expected);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', expected.status, 'done']);
  });

  it('sends nothing for nothing', async () => {
    const { dataverse, meter } = fakeDataverse({ answer: stored });
    expect(await dataverse.create(account, [])).toEqual([]);
    expect(meter.sent).toBe(0);
  });
});

const updates = [1, 2, 3].map((number) => ({
  id: testId(number),
  etag: `W/"${number}"`,
  values: { name: `New ${number}` },
}));

describe('update', () => {
  it('guards every update by its etag, so that a deleted row never comes back (section 9)', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: (part) => stored(part, 200) });
    const outcomes = await dataverse.update(account, updates);
    expect(parts.map((part) => part.headers['if-match'])).toEqual(['W/"1"', 'W/"2"', 'W/"3"']);
    expect(parts.every((part) => part.headers['if-none-match'] === undefined)).toBe(true);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'done', 'done']);
  });

  it('clears a lookup by binding null, a polymorphic one through one of its properties', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: () => errorAnswer(412, '') });
    const empty = { id: testId(1), etag: 'W/"1"' };
    await dataverse.update(account, [{ ...empty, values: { primarycontactid: null } }]);
    await dataverse.update({ table: 'salesorder', attributes: [] }, [
      { ...empty, values: { customerid: null } },
    ]);
    expect(parts.map((part) => part.body)).toEqual([
      '{"primarycontactid@odata.bind":null}',
      '{"customerid_account@odata.bind":null}',
    ]);
  });

  it.each([
    ['a changed row', errorAnswer(412, '0x80060882'), { status: 'stale' }],
    ['a changed row, older answer', errorAnswer(412, ''), { status: 'stale' }],
    [
      'a deleted row',
      errorAnswer(404, '0x80040217', `account With Id = ${testId(2)} Does Not Exist`),
      { status: 'missing' },
    ],
    [
      'a missing referenced row',
      errorAnswer(404, '0x80040217', `contact With Id = ${testId(99)} Does Not Exist`),
      { status: 'refused', problem: { kind: 'dependency' } },
    ],
    [
      'a wrong address, which is no deletion (P9)',
      errorAnswer(404, '0x80060888', 'no segment'),
      { status: 'refused', problem: { kind: 'config' } },
    ],
    [
      'a taken alternate key',
      errorAnswer(412, '0x80060892'),
      { status: 'refused', problem: { kind: 'data' } },
    ],
  ])('tells %s from the rest of the batch', async (_what, answer, expected) => {
    const { dataverse } = fakeDataverse({
      answer: (part) => (part.target.includes(testId(2)) ? answer : stored(part, 200)),
    });
    const outcomes = await dataverse.update(account, updates);
    expect(outcomes[1]).toMatchObject(expected);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', expected.status, 'done']);
  });

  it('needs one request for the tables references point at, however many rows refer to them', async () => {
    const { dataverse, metadataRequests } = fakeDataverse({ answer: (part) => stored(part, 200) });
    const values = { primarycontactid: { table: 'contact', id: testId(5) } };
    await dataverse.update(
      account,
      updates.map((update) => ({ ...update, values })),
    );
    expect(metadataRequests()).toBe(2);
  });

  it('addresses rows below the service root', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: (part) => stored(part, 200) });
    await dataverse.update(account, updates);
    expect(parts.every((part) => part.url.startsWith(`${apiUrl}accounts(`))).toBe(true);
  });
});
