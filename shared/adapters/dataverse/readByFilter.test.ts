/** Reading by id and by value: what is asked and how many requests it takes. */
import { describe, expect, it } from 'vitest';
import {
  apiUrl,
  batchAnswer,
  errorAnswer,
  failureOf,
  fakeDataverse,
  rawAccount,
  type SeenRequest,
  testId,
} from './testing/fakeDataverse.ts';

const account = { table: 'account', attributes: ['name'] };

/** Answers a filter of ids with the rows of those ids, except number 13, which does not exist. */
function rowsOfFilter({ target }: SeenRequest) {
  const numbers = [...target.matchAll(/accountid eq aaaaaaaa-0000-4000-8000-([0-9a-f]{12})/g)];
  const value = numbers
    .map((match) => Number.parseInt(match[1] ?? '', 16))
    .filter((number) => number !== 13)
    .map((number) => rawAccount(number));
  return { status: 200, body: { value } };
}

function ids(count: number) {
  return Array.from({ length: count }, (_entry, index) => testId(index + 1));
}

describe('readByIds', () => {
  it.each([
    [1, 1],
    [5_000, 1],
    [5_001, 2],
  ])('reads %i ids in %i HTTP requests', async (count, expected) => {
    const { dataverse, meter } = fakeDataverse({ answer: rowsOfFilter });
    await dataverse.table('account');
    const before = meter.sent;
    const rows = await dataverse.readByIds(account, ids(count));
    expect(meter.sent - before).toBe(expected);
    expect(rows).toHaveLength(count >= 13 ? count - 1 : count);
  });

  it('asks for at most 50 ids per part, each id once (E-18)', async () => {
    const { dataverse, parts, requests } = fakeDataverse({ answer: rowsOfFilter });
    await dataverse.readByIds(account, [...ids(60), ...ids(60)]);
    expect(parts.map((part) => part.target.match(/accountid eq/g)?.length)).toEqual([50, 10]);
    expect(parts[0]?.headers).toMatchObject({ 'if-none-match': 'null', accept: 'application/json' });
    expect(requests[0]?.headers['prefer']).toBe('odata.continue-on-error');
  });

  it('sends nothing for no ids', async () => {
    const { dataverse, meter } = fakeDataverse({ answer: rowsOfFilter });
    expect(await dataverse.readByIds(account, [])).toEqual([]);
    expect(meter.sent).toBe(0);
  });

  it('fails as a whole when one part is refused: missing rows must not look deleted (P9)', async () => {
    const { dataverse } = fakeDataverse({
      answer: (part) =>
        part.target.includes(testId(51))
          ? errorAnswer(403, '0x80040220', 'no privilege')
          : rowsOfFilter(part),
    });
    const failure = await failureOf(dataverse.readByIds(account, ids(60)));
    expect(failure).toMatchObject({ kind: 'permission', code: 'permission-missing' });
    expect(failure.message).toContain('no privilege');
  });

  it('sends a part again that was only busy', async () => {
    let busy = true;
    const { dataverse, requests } = fakeDataverse({
      answer: (part) => {
        if (!busy || !part.target.includes(testId(51))) return rowsOfFilter(part);
        busy = false;
        return errorAnswer(500, '0x80044151', 'SQL time-out');
      },
    });
    expect(await dataverse.readByIds(account, ids(60))).toHaveLength(59);
    expect(requests).toHaveLength(2);
  });

  it('is not split when the service refuses it as a whole: no record is to blame for a read', async () => {
    const { dataverse, requests } = fakeDataverse({
      answer: rowsOfFilter,
      batch: () => errorAnswer(400, '0x80060888', 'bad query'),
    });
    const failure = await failureOf(dataverse.readByIds(account, ids(500)));
    expect(failure).toMatchObject({ kind: 'config', code: 'unknown-resource' });
    expect(requests).toHaveLength(1);
  });

  it('raises a transient failure when the answer is no batch answer', async () => {
    const { dataverse } = fakeDataverse({
      answer: rowsOfFilter,
      batch: () => ({ status: 200, body: '<html></html>' }),
    });
    expect(await failureOf(dataverse.readByIds(account, ids(1)))).toMatchObject({
      kind: 'transient',
      code: 'unexpected-response',
      outcomeUnknown: false,
    });
  });
});

describe('readByValues', () => {
  it('doubles quotes, encodes and asks for each value once', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: () => ({ status: 200, body: { value: [] } }) });
    await dataverse.readByValues(account, 'accountnumber', ["O'Neil", 'A&B', "O'Neil", 10]);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.target).toContain(
      "$filter=accountnumber eq 'O''Neil' or accountnumber eq 'A&B' or accountnumber eq '10'",
    );
    expect(parts[0]?.url).toContain('A%26B');
  });

  it('asks for a reference by its read name and a bare guid, and leaves out what can equal no row', async () => {
    const { dataverse, parts, meter } = fakeDataverse({
      answer: () => ({ status: 200, body: { value: [] } }),
    });
    await dataverse.readByValues(account, 'ownerid', [testId(1), 'nobody']);
    expect(parts[0]?.target).toMatch(new RegExp(`\\$filter=_ownerid_value eq ${testId(1)}$`));
    const before = meter.sent;
    expect(await dataverse.readByValues(account, 'revenue', ['abc'])).toEqual([]);
    expect(meter.sent).toBe(before);
  });

  it('gives a row once that two values find, and follows the pages of a part', async () => {
    const link = `${apiUrl}accounts?$skiptoken=1`;
    const { dataverse } = fakeDataverse({
      answer: ({ url }) => ({
        status: 200,
        body: url === link ? { value: [rawAccount(2)] } : { value: [rawAccount(1)], '@odata.nextLink': link },
      }),
    });
    const values = Array.from({ length: 51 }, (_entry, index) => `N${index}`);
    const rows = await dataverse.readByValues(account, 'accountnumber', values);
    expect(rows.map((row) => row.id)).toEqual([testId(1), testId(2)]);
  });

  it('splits long values over parts so that no address grows too long (section 1)', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: () => ({ status: 200, body: { value: [] } }) });
    const values = Array.from({ length: 50 }, (_entry, index) => `${index}${'ü'.repeat(400)}`);
    await dataverse.readByValues(account, 'name', values);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map((part) => part.url.length))).toBeLessThan(65_536);
  });

  it('says column-not-found for a column the table lacks', async () => {
    const { dataverse } = fakeDataverse({ answer: () => batchAnswer([]) });
    const failure = await failureOf(dataverse.readByValues(account, 'bcbi_unknown', ['x']));
    expect(failure).toMatchObject({ kind: 'config', code: 'column-not-found' });
  });
});
