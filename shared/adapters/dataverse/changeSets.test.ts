/** Rows that come to be together: one change set of a batch each (dataverse-web-api section 12). */
import { describe, expect, it } from 'vitest';
import { buildMultipart } from './multipartBuilder.ts';
import { parseUnits } from './multipartParser.ts';
import { batchAnswer, errorAnswer, fakeDataverse, rawAccount, testId } from './testing/fakeDataverse.ts';

const account = { table: 'account', attributes: ['name'] };
const together = [{ kind: 'update', table: 'account', id: testId(1), values: { name: 'Later' } }] as const;

const part = (url: string) => ({ method: 'PATCH', url, headers: { 'If-Match': '*' }, body: '{}' }) as const;

describe('a change set', () => {
  it('stands nested in the batch, each of its requests with a Content-ID of its own', () => {
    const unit = { operations: [part('a'), part('b')], answering: 1 };
    const { contentType, text } = buildMultipart([part('c'), unit]);
    expect(contentType).toBe('multipart/mixed; boundary="batch_1"');
    expect(text).toContain('Content-Type: multipart/mixed; boundary="changeset_1"\r\n\r\n--changeset_1\r\n');
    expect(text.match(/Content-ID: (\d)/g)).toEqual(['Content-ID: 1', 'Content-ID: 2']);
    expect(text).toContain('--changeset_1--');
  });

  it('is answered as one unit, by a nested answer or by the one refusal that undid it', () => {
    const nested = [
      '--b',
      'Content-Type: multipart/mixed; boundary=cs',
      '',
      ...['--cs', 'Content-Type: application/http', 'Content-ID: 1', '', 'HTTP/1.1 204 No Content', '', ''],
      ...['--cs', 'Content-Type: application/http', 'Content-ID: 2', '', 'HTTP/1.1 200 OK', '', '{"a":1}'],
      '--cs--',
      '--b',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 400 Bad Request',
      '',
      '{}',
      '--b--',
    ].join('\r\n');
    const units = parseUnits('multipart/mixed; boundary=b', nested);
    expect(units?.map((answers) => answers.map(({ status }) => status))).toEqual([[204, 200], [400]]);
  });
});

describe('creating rows together', () => {
  const insert = { id: testId(1), values: { name: 'First' }, together };
  const answerOf = (answers: readonly object[]) => ({
    ...batchAnswer([]),
    body: [
      '--batchresponse_1',
      'Content-Type: multipart/mixed; boundary=cs',
      '',
      ...answers.flatMap((body) => [
        ...[
          '--cs',
          'Content-Type: application/http',
          '',
          'HTTP/1.1 200 OK',
          'Content-Type: application/json',
          '',
        ],
        JSON.stringify(body),
      ]),
      '--cs--',
      '--batchresponse_1--',
      '',
    ].join('\r\n'),
  });

  it('gives the row as it is after the last write to it (D-16)', async () => {
    const { dataverse, requests } = fakeDataverse({
      answer: () => errorAnswer(500, 'x'),
      batch: () =>
        answerOf([
          rawAccount(1, { name: 'First' }),
          rawAccount(1, { '@odata.etag': 'W/"9"', name: 'Later' }),
        ]),
    });
    const outcomes = await dataverse.create(account, [insert]);
    expect(outcomes).toMatchObject([
      { status: 'done', record: { etag: 'W/"9"', values: { name: 'Later' } } },
    ]);
    expect(requests[0]?.body).toMatch(/If-None-Match: \*[\s\S]*If-Match: \*/);
  });

  it('is refused as a whole, with the reason of the request that failed', async () => {
    const { dataverse } = fakeDataverse({
      answer: () => errorAnswer(400, '0x80044331', 'too long'),
      batch: () => batchAnswer([errorAnswer(400, '0x80044331', 'too long')]),
    });
    const outcomes = await dataverse.create(account, [insert]);
    expect(outcomes).toMatchObject([{ status: 'refused', problem: { message: 'too long' } }]);
  });

  it('answers exists when the row is there already, so that a repeat does no harm (P2)', async () => {
    const { dataverse } = fakeDataverse({
      answer: () => errorAnswer(412, '0x80040237'),
      batch: () => batchAnswer([errorAnswer(412, '0x80040237')]),
    });
    const [outcome] = await dataverse.create(account, [insert]);
    expect(outcome?.status).toBe('exists');
  });

  it('is not sent with a value for a column that the table does not have', async () => {
    const { dataverse, requests } = fakeDataverse({ answer: () => errorAnswer(500, 'x') });
    const wrong = [{ kind: 'update', table: 'account', id: testId(1), values: { nothere: 1 } }] as const;
    const outcomes = await dataverse.create(account, [{ ...insert, together: wrong }]);
    expect(outcomes).toMatchObject([{ status: 'refused', problem: { serviceCode: 'column-not-found' } }]);
    expect(requests).toEqual([]);
  });

  it('counts as many requests in a batch as it holds, and is never cut', async () => {
    const { dataverse, requests } = fakeDataverse({
      answer: () => errorAnswer(500, 'x'),
      batch: () => batchAnswer([]),
    });
    const many = Array.from({ length: 60 }, (_, index) => ({ ...insert, id: testId(index + 1) }));
    await dataverse.create(account, many).catch(() => undefined);
    const sizes = requests.map(({ body }) => (body.match(/Content-ID/g) ?? []).length);
    expect(Math.max(...sizes)).toBe(100);
    expect(sizes.every((size) => size % 2 === 0)).toBe(true);
  });
});
