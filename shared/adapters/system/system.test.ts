/** Clock, ids, digests and the log. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SyncFailure } from '../../domain/common/failures.ts';
import { fromEpochMs, instant, toEpochMs } from '../../domain/common/instants.ts';
import { createSystemClock } from './clock.ts';
import { createDigest } from './digest.ts';
import { createIds } from './ids.ts';
import { createConsoleLog } from './log.ts';
import { redact } from './redact.ts';

describe('clock', () => {
  test('the local host moves it while it runs, by a setting read each time', () => {
    const environment: NodeJS.ProcessEnv = {};
    const clock = createSystemClock(environment);
    const before = toEpochMs(clock.now());
    environment['LOCAL_CLOCK_OFFSET_MS'] = String(365 * 86_400_000);
    expect(toEpochMs(clock.now()) - before).toBeGreaterThanOrEqual(365 * 86_400_000);
    environment['LOCAL_CLOCK_OFFSET_MS'] = 'soon';
    expect(() => clock.now()).toThrow(expect.objectContaining({ code: 'clock-offset-invalid' }));
  });
});

describe('ids', () => {
  test('ids carry the instant given and ascend with it, and within it', () => {
    const ids = createIds();
    const at = instant('2026-01-05T12:10:44.796Z');
    const made = [at, at, at, fromEpochMs(toEpochMs(at) + 1)].map((when) => ids.syncJobId(when));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(4);
    const [first] = made;
    expect(Number.parseInt((first ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(toEpochMs(at));
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(createIds().runId(at)).not.toBe(createIds().runId(at));
  });
});

describe('digest', () => {
  const [key, otherKey] = ['0f'.repeat(32), 'f0'.repeat(32)];

  test('equal texts give equal digests under one key, and others under another', () => {
    const digest = createDigest(key);
    const expected = createHash('sha256').update(`${key}Køb & Søn`).digest('base64url').slice(0, 8);
    expect(digest('Køb & Søn')).toBe(expected);
    expect(digest('Køb & Søn')).not.toBe(digest('Kob & Son'));
    expect(digest('a')).not.toBe(createDigest(otherKey)('a'));
  });

  test('a key that is none is refused', () => {
    for (const bad of ['', 'zz'.repeat(32), 'F0'.repeat(32)])
      expect(() => createDigest(bad)).toThrow(RangeError);
  });
});

describe('log', () => {
  const logged = (details: Readonly<Record<string, unknown>>): string => {
    const lines: string[] = [];
    createConsoleLog((line) => lines.push(line))('warning', 'page-read', details);
    return lines.join('\n');
  };

  test('an event is one line of JSON with level, event and details', () => {
    expect(JSON.parse(logged({ rows: 3, level: 'x', text: 'two\nlines', at: new Date(0) }))).toEqual({
      level: 'warning',
      event: 'page-read',
      details: { rows: 3, level: 'x', text: 'two\nlines', at: '1970-01-01T00:00:00.000Z' },
    });
    expect(logged({ text: 'two\nlines' })).not.toContain('\n');
  });

  test('errors show their cause chain without stack, and nothing makes the log raise', () => {
    const cause = Object.assign(new Error('Bearer abc.def'), { code: 'ECONNRESET' });
    const error = new SyncFailure({ kind: 'transient', code: 'x', message: 'm', cause });
    const circular: Record<string, unknown> = { big: 1n, list: [error, undefined] };
    circular['self'] = circular;
    expect(JSON.parse(logged(circular)).details).toEqual({
      big: '1',
      list: [
        {
          name: 'SyncFailure',
          message: 'm',
          code: 'x',
          kind: 'transient',
          cause: { name: 'Error', message: 'Bearer ***', code: 'ECONNRESET' },
        },
        null,
      ],
      self: '[circular]',
    });
  });

  test.each([
    ['Authorization: Bearer abc-123_x.y', 'abc-123'],
    ['authorization bearer  QUJD+/==', 'QUJD'],
    ['AccountName=a;AccountKey=QUJD+/==;EndpointSuffix=x', 'QUJD'],
    ['Endpoint=sb://x/;SharedAccessKey=QUJD=;EntityPath=q', 'QUJD'],
    ['https://a/b?sv=1&sig=QUJD%2B&x=1', 'QUJD'],
    ['https://a/api/x?code=QUJD', 'QUJD'],
    ['{"client_secret": "QUJD~x"}', 'QUJD'],
    ['token eyJhbGciOiJ.eyJzdWIiOiI.c2ln is bad', 'eyJ'],
    ['SharedKeyLite devstoreaccount1:QUJD=', 'QUJD'],
  ])('the secret in %s is masked', (text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(logged({ inner: { text } })).not.toContain(secret);
  });

  test('members named after secrets are masked whatever they hold, other texts are left alone', () => {
    expect(
      logged({ Authorization: 'abc', notification_secret: ['abc'], inner: { accountKey: 'abc' } }),
    ).not.toContain('abc');
    expect(redact('The bearer of bad news; 12 keys')).toContain('news; 12 keys');
    expect(redact('Customer C10 was coupled')).toBe('Customer C10 was coupled');
  });
});
