/** Batches that break, stop halfway or are refused as a whole (dataverse-web-api section 12). */
import { describe, expect, it } from 'vitest';
import {
  BrokenConnection,
  batchAnswer,
  errorAnswer,
  type FakeAnswer,
  fakeDataverse,
  rawAccount,
  type SeenRequest,
  testId,
} from './testing/fakeDataverse.ts';

const account = { table: 'account', attributes: ['name'] };

function stored(part: SeenRequest): FakeAnswer {
  const number = Number.parseInt(/([0-9a-f]{12})\)/.exec(part.target)?.[1] ?? '', 16);
  return { status: 200, body: rawAccount(number) };
}

function updates(count: number) {
  return Array.from({ length: count }, (_entry, index) => ({
    id: testId(index + 1),
    etag: `W/"${index + 1}"`,
    values: { name: 'New' },
  }));
}

function inserts(count: number) {
  return updates(count).map(({ id, values }) => ({ id, values }));
}

const breakConnection = (): never => {
  throw new BrokenConnection('socket hang up');
};

describe('an unknown outcome', () => {
  it('is never repeated for updates: they would look stale though they are ours', async () => {
    const { dataverse, requests } = fakeDataverse({ answer: stored, batch: breakConnection });
    const outcomes = await dataverse.update(account, updates(2));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['unknown', 'unknown']);
    expect(requests).toHaveLength(1);
  });

  it('is repeated for creates, whose ids make that safe (P2)', async () => {
    const { dataverse, requests } = fakeDataverse({
      answer: stored,
      batch: (_parts, number) => (number === 1 ? breakConnection() : undefined),
    });
    const outcomes = await dataverse.create(account, inserts(2));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'done']);
    expect(requests).toHaveLength(2);
  });

  it('stays unknown for creates when no repetition comes through', async () => {
    const { dataverse } = fakeDataverse({ answer: stored, batch: breakConnection });
    expect((await dataverse.create(account, inserts(1)))[0]?.status).toBe('unknown');
  });

  it('is what an unreadable answer to a write means', async () => {
    const { dataverse } = fakeDataverse({
      answer: stored,
      batch: () => ({ status: 200, body: '<html>done?</html>' }),
    });
    expect((await dataverse.update(account, updates(1)))[0]?.status).toBe('unknown');
  });

  it('of one batch does not hide what became of the others (P5)', async () => {
    const { dataverse } = fakeDataverse({
      answer: stored,
      batch: (parts) => (parts[0]?.target.includes(testId(101)) ? breakConnection() : undefined),
    });
    const outcomes = await dataverse.update(account, updates(250));
    expect(outcomes.filter((outcome) => outcome.status === 'unknown')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(150);
  });
});

describe('a service that stops at the first failing part', () => {
  it('keeps the answers there are and gets the parts after it again, nothing twice', async () => {
    const seen: string[] = [];
    const { dataverse, requests } = fakeDataverse({
      answer: stored,
      batch: (parts) => {
        const answers: FakeAnswer[] = [];
        for (const part of parts) {
          seen.push(part.target.slice(0, 46));
          const fails = part.target.includes(testId(2)) || part.target.includes(testId(4));
          answers.push(fails ? errorAnswer(400, '0x80044331', 'too long') : stored(part));
          if (fails) return batchAnswer(answers, 400);
        }
        return batchAnswer(answers);
      },
    });
    const outcomes = await dataverse.update(account, updates(5));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'refused', 'done', 'refused', 'done']);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    expect(requests).toHaveLength(3);
  });
});

describe('a batch refused as a whole', () => {
  it.each([400, 413])('by %i is split until the guilty record is found (P11)', async (status) => {
    const { dataverse, requests } = fakeDataverse({
      answer: stored,
      batch: (parts) =>
        parts.some((part) => part.target.includes(testId(37)))
          ? errorAnswer(status, '0x80048d19', 'cannot be read')
          : undefined,
    });
    const outcomes = await dataverse.update(account, updates(100));
    const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'done' ? [] : [index + 1]));
    expect(refused).toEqual([37]);
    expect(outcomes[36]).toMatchObject({
      status: 'refused',
      problem: { kind: 'config', status, message: expect.stringContaining('cannot be read') },
    });
    expect(requests.length).toBeLessThanOrEqual(15);
  });

  it('by missing rights raises that, without splitting', async () => {
    const { dataverse, requests } = fakeDataverse({
      answer: stored,
      batch: () => errorAnswer(403, '0x80040220', 'no privilege'),
    });
    await expect(dataverse.update(account, updates(50))).rejects.toMatchObject({ kind: 'permission' });
    expect(requests).toHaveLength(1);
  });

  it('by missing rights, while another came through, refuses its own records only', async () => {
    const { dataverse } = fakeDataverse({
      answer: stored,
      batch: (parts) => (parts.length === 100 ? undefined : errorAnswer(403, '0x80040220', 'no privilege')),
    });
    const outcomes = await dataverse.update(account, updates(150));
    expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(100);
    expect(outcomes[149]).toMatchObject({
      status: 'refused',
      problem: { kind: 'permission', serviceCode: '0x80040220', status: 403 },
    });
  });

  it('by 429 is sent again, updates too: nothing of it was carried out (section 12)', async () => {
    const { dataverse, requests, clock } = fakeDataverse({
      answer: stored,
      batch: (_parts, number) =>
        number === 1
          ? { ...errorAnswer(429, '0x80072322', 'too many'), headers: { 'Retry-After': '7' } }
          : undefined,
    });
    const startMs = clock.nowMs;
    const outcomes = await dataverse.update(account, updates(2));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'done']);
    expect(requests).toHaveLength(2);
    expect(clock.nowMs - startMs).toBe(7_000);
  });
});

describe('a part that was not carried out', () => {
  it('because of throttling is sent once more, alone', async () => {
    let throttled = true;
    const { dataverse, parts } = fakeDataverse({
      answer: (part) => {
        if (!throttled || !part.target.includes(testId(2))) return stored(part);
        throttled = false;
        return errorAnswer(429, '0x80072321', 'busy');
      },
    });
    const outcomes = await dataverse.update(account, updates(3));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'done', 'done']);
    expect(parts).toHaveLength(4);
  });

  it('because of throttling holds every request of the identity back for as long as it says (P10)', async () => {
    let throttled = true;
    const { dataverse, clock } = fakeDataverse({
      answer: (part) => {
        if (!throttled || !part.target.includes(testId(2))) return stored(part);
        throttled = false;
        return { ...errorAnswer(429, '0x80072321', 'busy'), headers: { 'Retry-After': '9' } };
      },
    });
    const startMs = clock.nowMs;
    await dataverse.update(account, updates(3));
    expect(clock.nowMs - startMs).toBe(9_000);
  });

  it('and is refused again keeps the reason', async () => {
    const { dataverse, parts } = fakeDataverse({ answer: () => errorAnswer(429, '0x80072321', 'busy') });
    const [outcome] = await dataverse.update(account, updates(1));
    expect(outcome).toMatchObject({ status: 'refused', problem: { kind: 'throttled', message: 'busy' } });
    expect(parts).toHaveLength(2);
  });

  it('for want of a database answer is repeated for creates only', async () => {
    const busy = () => errorAnswer(500, '0x80044150', 'deadlock');
    const creating = fakeDataverse({ answer: busy });
    await creating.dataverse.create(account, inserts(1));
    expect(creating.parts).toHaveLength(2);
    const updating = fakeDataverse({ answer: busy });
    const [outcome] = await updating.dataverse.update(account, updates(1));
    expect(updating.parts).toHaveLength(1);
    expect(outcome).toMatchObject({ status: 'refused', problem: { kind: 'transient' } });
  });
});
