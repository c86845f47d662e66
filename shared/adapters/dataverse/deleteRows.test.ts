/** Deletions: what is sent, how many requests, what each answer means (sections 10 and 12). */
import { describe, expect, it } from 'vitest';
import {
  BrokenConnection,
  errorAnswer,
  type FakeAnswer,
  fakeDataverse,
  testId,
} from './testing/fakeDataverse.ts';

const done: FakeAnswer = { status: 204 };

function rows(count: number) {
  return Array.from({ length: count }, (_row, index) => ({
    id: testId(index + 1),
    etag: `W/"${index + 1}"`,
  }));
}

describe('delete', () => {
  it.each([
    [0, 0],
    [1, 1],
    [100, 1],
    [250, 3],
  ])('deletes %i rows in %i HTTP requests', async (count, expected) => {
    const { dataverse, meter } = fakeDataverse({ answer: () => done });
    await dataverse.table('account');
    const before = meter.sent;
    const outcomes = await dataverse.delete('account', rows(count));
    expect(meter.sent - before).toBe(expected);
    expect(outcomes).toEqual(Array.from({ length: count }, () => ({ status: 'done' })));
  });

  it('sends the etag of the row with each deletion, and no body', async () => {
    const { dataverse, parts, requests } = fakeDataverse({ answer: () => done });
    await dataverse.delete('account', rows(1));
    expect(parts).toMatchObject([{ method: 'DELETE', target: `accounts(${testId(1)})`, body: '' }]);
    expect(parts[0]?.headers).toMatchObject({ 'if-match': 'W/"1"' });
    expect(parts[0]?.headers).not.toHaveProperty('content-type');
    expect(requests[0]?.headers['prefer']).toBe('odata.continue-on-error');
  });

  it.each([
    ['changed since', errorAnswer(412, '0x80060882'), { status: 'stale' }],
    ['gone already', errorAnswer(404, '0x80040217'), { status: 'missing' }],
    [
      'not permitted',
      errorAnswer(403, '0x80040220', 'prvDeleteAccount is missing'),
      { status: 'refused', problem: { kind: 'permission', message: 'prvDeleteAccount is missing' } },
    ],
    [
      'used by other rows',
      errorAnswer(405, '0x80040227', 'associated with another object'),
      { status: 'refused', problem: { message: 'associated with another object' } },
    ],
    [
      'of an unknown table',
      errorAnswer(404, '0x80060888'),
      { status: 'refused', problem: { kind: 'config' } },
    ],
  ])('tells a row that is %s, and deletes the others', async (_what, answer, expected) => {
    const { dataverse } = fakeDataverse({
      answer: ({ target }) => (target.includes(testId(2)) ? answer : done),
    });
    const outcomes = await dataverse.delete('account', rows(3));
    expect(outcomes).toMatchObject([{ status: 'done' }, expected, { status: 'done' }]);
  });

  it('is repeated when the connection breaks: what the lost request deleted is gone', async () => {
    const gone = new Set<string>();
    const { dataverse } = fakeDataverse({
      answer: ({ target }) => {
        if (gone.has(target)) return errorAnswer(404, '0x80040217');
        gone.add(target);
        return done;
      },
      batch: (parts, number) => {
        if (number > 1) return undefined;
        for (const { target } of parts) gone.add(target);
        throw new BrokenConnection();
      },
    });
    expect(await dataverse.delete('account', rows(2))).toEqual([
      { status: 'missing' },
      { status: 'missing' },
    ]);
  });

  it('refused as a whole batch is split until the guilty row is found (P11)', async () => {
    const { dataverse } = fakeDataverse({
      answer: () => done,
      batch: (parts) =>
        parts.some(({ target }) => target.includes(testId(3)))
          ? errorAnswer(400, '0x80048d19', 'bad')
          : undefined,
    });
    const outcomes = await dataverse.delete('account', rows(4));
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done', 'refused', 'done']);
  });
});
