/** The small parts of the transport: table, pauses, tokens, chunks, JSON. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chunk } from './chunks.ts';
import { classify, commonRules, type ErrorRule } from './errorTable.ts';
import { describeRequest } from './httpTypes.ts';
import { parseJson, readShape } from './json.ts';
import { backoffMs, defaultRetryPolicy, retryAfterMs } from './retryPolicy.ts';
import { azureToken, staticToken } from './tokens.ts';

describe('the error table', () => {
  const rule = (fields: Partial<ErrorRule>): ErrorRule => ({
    kind: 'data',
    retry: 'no',
    appCode: 'x',
    suggestion: 's',
    ...fields,
  });

  it('gives the first row whose conditions all hold', () => {
    const rules = [
      rule({ status: 400, code: 'A', appCode: 'exact' }),
      rule({ status: 400, code: /^B/, message: /late/, appCode: 'pattern' }),
      rule({ status: 400, appCode: 'status' }),
    ];
    const codeOf = (status: number, code: string, message = ''): string =>
      classify(rules, { status, code, message }).appCode;
    expect(codeOf(400, 'A')).toBe('exact');
    expect(codeOf(400, 'B2', 'too late')).toBe('pattern');
    expect(codeOf(400, 'B2', 'too early')).toBe('status');
    expect(codeOf(404, 'A')).toBe('address-not-found');
    expect(codeOf(418, 'A')).toBe('request-refused');
  });

  it('takes a repetition for harmless only where nothing was carried out', () => {
    const always = commonRules
      .filter((row) => row.retry === 'always')
      .map((row) => [row.status, row.appCode]);
    expect(always).toEqual([
      ['network', 'connection-failed'],
      [429, 'throttled'],
    ]);
  });
});

describe('pauses', () => {
  it('grow by the factor up to the cap, and chance only shortens them', () => {
    const pauses = [1, 2, 3, 7, 9].map((attempt) => backoffMs(defaultRetryPolicy, attempt, 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
    expect(backoffMs(defaultRetryPolicy, 1, 0.999)).toBeGreaterThanOrEqual(700);
    expect(backoffMs(defaultRetryPolicy, 1, 0.5)).toBeLessThan(1_000);
  });

  it('are read from Retry-After in both forms, and from nothing else', () => {
    const nowMs = Date.UTC(2026, 0, 1);
    expect(retryAfterMs('12', nowMs)).toBe(12_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:09 GMT', nowMs)).toBe(9_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 23:00:00 GMT', nowMs)).toBe(0);
    expect(retryAfterMs('soon', nowMs)).toBeNull();
    expect(retryAfterMs(undefined, nowMs)).toBeNull();
  });
});

describe('tokens', () => {
  const credential = (lifeMs: number, nowMs: () => number): { asked: number; getToken(): Promise<never> } => {
    const source = {
      asked: 0,
      getToken: async () => {
        source.asked += 1;
        return { token: `t${source.asked}`, expiresOnTimestamp: nowMs() + lifeMs } as never;
      },
    };
    return source;
  };

  it('are kept until five minutes before they expire, and fetched anew when forced', async () => {
    let now = 0;
    const source = credential(3_600_000, () => now);
    const tokens = azureToken('scope', source, () => now);
    expect([await tokens.token(), await tokens.token()]).toEqual(['t1', 't1']);
    now = 3_600_000 - 300_001;
    expect(await tokens.token()).toBe('t1');
    now += 1;
    expect(await tokens.token()).toBe('t2');
    expect(await tokens.token(true)).toBe('t3');
  });

  it('are requested once for callers that ask at the same time', async () => {
    const source = credential(3_600_000, () => 0);
    const tokens = azureToken('scope', source, () => 0);
    expect(await Promise.all([tokens.token(), tokens.token(), tokens.token()])).toEqual(['t1', 't1', 't1']);
    expect(source.asked).toBe(1);
  });

  it('that cannot be had raise authentication-failed: config when refused, transient when not reached', async () => {
    const failing = (error: object) =>
      azureToken('scope', { getToken: () => Promise.reject(error) }, () => 0);
    const refused = Object.assign(new Error('bad secret'), { name: 'AuthenticationError', statusCode: 401 });
    await expect(failing(refused).token()).rejects.toMatchObject({
      code: 'authentication-failed',
      kind: 'config',
    });
    await expect(failing(new Error('no network')).token()).rejects.toMatchObject({ kind: 'transient' });
  });

  it('can be a fixed text', async () => {
    expect(await staticToken('alice').token(true)).toBe('alice');
  });
});

describe('answers', () => {
  const context = { service: 'Dataverse', request: 'POST $batch', write: true };

  it('that are no JSON raise a transient failure that leaves a write unknown', () => {
    expect(parseJson('{"a":1}', context)).toEqual({ a: 1 });
    expect(() => parseJson('<html>', context)).toThrow(
      expect.objectContaining({ kind: 'transient', code: 'malformed-response', outcomeUnknown: true }),
    );
  });

  it('of another shape raise a failure that lists every problem with its place', () => {
    const shape = z.object({ value: z.array(z.object({ id: z.string() })), next: z.string() });
    expect(() => readShape(shape, { value: [{ id: 1 }] }, context)).toThrow(/value\[0\]\.id: .*next: /);
  });
});

describe('names and pieces', () => {
  it('requests are named by method and set only', () => {
    const name = (url: string): string => describeRequest({ method: 'GET', url });
    expect(name('https://h/api/v2.0/companies(1)/customers(2)?$select=a/b')).toBe('GET customers');
    expect(name('https://h/api/data/v9.2/$batch')).toBe('GET $batch');
  });

  it('chunks keep the order and lose nothing', () => {
    expect(chunk([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunk([], 2)).toEqual([]);
    expect(() => chunk([1], 0)).toThrow(RangeError);
  });
});
