/** What the transport promises about repeating, waiting and the words of failures. */
import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../domain/common/failures.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { HttpFailure } from './httpFailure.ts';
import type { HttpRequest } from './httpTypes.ts';
import {
  connectionError,
  harnessOrigin,
  harnessStartMs,
  type ScriptedAnswer,
  type TransportHarness,
  timeoutError,
  transportHarness,
} from './transportHarness.ts';

const ok = (text = '{}'): Response => new Response(text, { status: 200 });
const answer = (status: number, headers: Record<string, string> = {}, text = ''): Response =>
  new Response(text, { status, headers });

function read(path = '/api/things?secret=1'): HttpRequest {
  return { method: 'GET', url: `${harnessOrigin}${path}`, headers: {}, idempotent: true };
}

function write(idempotent = false): HttpRequest {
  return { method: 'POST', url: `${harnessOrigin}/api/things`, headers: {}, body: '{}', idempotent };
}

/** Answers in order; the last one again and again. */
function inOrder(...answers: readonly (() => ScriptedAnswer)[]): TransportHarness {
  return transportHarness((_request, index) => (answers[index] ?? answers.at(-1) ?? ok)());
}

async function failureOf(sending: Promise<unknown>): Promise<SyncFailure> {
  const outcome = await sending.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof SyncFailure) return outcome;
  throw new Error(`A SyncFailure was expected, not ${String(outcome)}`);
}

const secondsOf = (harness: TransportHarness): readonly number[] =>
  harness.sent.map((request) => (request.atMs - harnessStartMs) / 1_000);

describe('sending', () => {
  it('sends the token, the default headers and those of the request, which win in any case', async () => {
    const harness = transportHarness(() => ok('{"a":1}'), { defaultHeaders: { Accept: 'x', 'X-One': '1' } });
    const response = await harness.transport.send({ ...read(), headers: { accept: 'application/json' } });
    expect(response).toMatchObject({ status: 200, text: '{"a":1}' });
    const headers = harness.sent[0]?.headers;
    expect(headers?.get('authorization')).toBe('Bearer secret-token');
    expect(headers?.get('accept')).toBe('application/json');
    expect(headers?.get('x-one')).toBe('1');
  });

  it('hands back 304 and header names in lower case', async () => {
    const harness = inOrder(() => new Response(null, { status: 304, headers: { ETag: 'W/"1"' } }));
    expect(await harness.transport.send(read())).toMatchObject({ status: 304, headers: { etag: 'W/"1"' } });
  });

  it('keeps to the number of requests under way at once', async () => {
    let underWay = 0;
    let most = 0;
    const harness = transportHarness(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay -= 1;
      return ok();
    });
    await Promise.all(Array.from({ length: 20 }, () => harness.transport.send(read())));
    expect(most).toBe(4);
    expect(harness.sent).toHaveLength(20);
  });

  it('counts every exchange into the meter, repetitions too', async () => {
    const meter = new RequestMeter();
    const harness = inOrder(
      () => answer(503),
      () => answer(429),
      ok,
    );
    await harness.transport.send(read(), meter);
    expect(meter.sent).toBe(3);
  });

  it.each(['https://elsewhere.example/next', 'http://service.example/', 'nonsense'])(
    'sends nothing to %s, which is not its own origin',
    async (url) => {
      const harness = inOrder(ok);
      const failure = await failureOf(harness.transport.send({ ...read(), url }));
      expect(failure).toMatchObject({ kind: 'config', code: 'foreign-next-link' });
      expect(harness.sent).toHaveLength(0);
    },
  );

  it('does not follow redirects', async () => {
    const harness = inOrder(() => answer(302, { location: 'https://elsewhere.example' }));
    expect(await failureOf(harness.transport.send(read()))).toMatchObject({ status: 302 });
    expect(harness.sent).toHaveLength(1);
  });
});

describe('repeating', () => {
  it.each([408, 500, 502, 503, 504])(
    'repeats a read after %i with growing pauses, six times in all',
    async (status) => {
      const harness = inOrder(() => answer(status));
      expect(await failureOf(harness.transport.send(read()))).toMatchObject({
        status,
        outcomeUnknown: false,
      });
      expect(secondsOf(harness)).toEqual([0, 1, 3, 7, 15, 31]);
    },
  );

  it.each([408, 500, 502, 503, 504])(
    'never sends a write that may not be repeated again after %i',
    async (status) => {
      const harness = inOrder(() => answer(status));
      expect(await failureOf(harness.transport.send(write()))).toMatchObject({
        status,
        outcomeUnknown: true,
      });
      expect(harness.sent).toHaveLength(1);
    },
  );

  it.each([
    ['a time-out', timeoutError],
    ['a broken connection', () => connectionError('ECONNRESET')],
  ])('never sends a write that may not be repeated again after %s', async (_what, broken) => {
    const harness = inOrder(broken);
    expect(await failureOf(harness.transport.send(write()))).toMatchObject({
      kind: 'transient',
      outcomeUnknown: true,
    });
    expect(harness.sent).toHaveLength(1);
  });

  it.each([
    ['a time-out', timeoutError],
    ['a broken connection', () => connectionError('ECONNRESET')],
  ])('repeats a write that may be repeated after %s', async (_what, broken) => {
    const harness = inOrder(broken, ok);
    await harness.transport.send(write(true));
    expect(harness.sent).toHaveLength(2);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND'])(
    'repeats any write after %s, since nothing was sent',
    async (code) => {
      const harness = inOrder(() => connectionError(code), ok);
      await harness.transport.send(write());
      expect(harness.sent).toHaveLength(2);
    },
  );

  it('says that the outcome is known when no connection ever came about', async () => {
    const harness = inOrder(() => connectionError('ECONNREFUSED'));
    expect(await failureOf(harness.transport.send(write()))).toMatchObject({
      code: 'connection-failed',
      outcomeUnknown: false,
    });
    expect(harness.sent).toHaveLength(6);
  });

  it('never calls the outcome of a batch of reads unknown', async () => {
    const harness = inOrder(timeoutError);
    const failure = await failureOf(harness.transport.send({ ...write(true), readOnly: true }));
    expect(failure).toMatchObject({ code: 'request-timed-out', outcomeUnknown: false });
  });

  it('keeps the outcome unknown when a repetition is refused after an attempt that may have worked', async () => {
    const harness = inOrder(timeoutError, () => answer(400));
    expect(await failureOf(harness.transport.send(write(true)))).toMatchObject({
      status: 400,
      outcomeUnknown: true,
    });
  });

  it.each([400, 403, 404, 405, 409, 412, 413])('does not repeat after %i', async (status) => {
    const harness = inOrder(() => answer(status));
    expect(await failureOf(harness.transport.send(write(true)))).toMatchObject({
      status,
      outcomeUnknown: false,
    });
    expect(harness.sent).toHaveLength(1);
  });

  it('repeats a write after 429 without harm, since it was not carried out', async () => {
    const harness = inOrder(() => answer(429), ok);
    await harness.transport.send(write());
    expect(secondsOf(harness)).toEqual([0, 1]);
  });

  it('repeats by the table of the API before the common one', async () => {
    const rules = [
      { status: 400, code: 'Busy', kind: 'transient', retry: 'always', appCode: 'busy', suggestion: 'Wait.' },
    ] as const;
    const harness = transportHarness((_request, index) => (index === 0 ? answer(400, {}, 'Busy') : ok()), {
      rules,
    });
    await harness.transport.send(write());
    expect(harness.sent).toHaveLength(2);
  });

  it('tells each repetition to the log without address or query', async () => {
    const harness = inOrder(() => answer(503), ok);
    await harness.transport.send(read());
    expect(harness.events).toEqual([
      {
        event: 'http-retry',
        details: expect.objectContaining({ request: 'GET things', status: 503, attempt: 1, waitMs: 1_000 }),
      },
    ]);
  });
});

describe('Retry-After (P10)', () => {
  it.each([
    ['seconds', '7'],
    ['an HTTP date', new Date(harnessStartMs + 7_000).toUTCString()],
  ])('is obeyed to the second when given as %s', async (_form, value) => {
    const harness = inOrder(() => answer(429, { 'retry-after': value }), ok);
    await harness.transport.send(write());
    expect(secondsOf(harness)).toEqual([0, 7]);
  });

  it('holds back every request of the identity, those under way in a queue too', async () => {
    const harness = transportHarness(
      async (_request, index) => {
        if (index === 0) return answer(429, { 'retry-after': '30' });
        return ok();
      },
      { concurrency: 1 },
    );
    await Promise.all([1, 2, 3].map(() => harness.transport.send(read())));
    expect(secondsOf(harness)).toEqual([0, 30, 30, 30]);
  });

  it('holds back a request that already waits for a shorter pause', async () => {
    const waits = ['5', '60'];
    const harness = transportHarness(async (_request, index) => {
      const wait = waits[index];
      return wait === undefined ? ok() : answer(429, { 'retry-after': wait });
    });
    await Promise.all([harness.transport.send(read()), harness.transport.send(write())]);
    expect(secondsOf(harness)).toEqual([0, 0, 60, 60]);
  });

  it('holds back others when it comes with 503, even if the refused write itself is not repeated', async () => {
    const harness = inOrder(() => answer(503, { 'retry-after': '20' }), ok);
    expect(await failureOf(harness.transport.send(write()))).toMatchObject({ retryAfterMs: 20_000 });
    await harness.transport.send(read());
    expect(secondsOf(harness)).toEqual([0, 20]);
  });

  it('when missing on 429, a growing pause holds back all', async () => {
    const harness = inOrder(
      () => answer(429),
      () => answer(429),
      ok,
    );
    await harness.transport.send(write());
    await harness.transport.send(read());
    expect(secondsOf(harness)).toEqual([0, 1, 3, 3]);
  });

  it('longer than a run can wait is raised with the pause, for the refused request and for later ones', async () => {
    const harness = inOrder(() => answer(429, { 'retry-after': '3600' }));
    for (const request of [read(), read()]) {
      expect(await failureOf(harness.transport.send(request))).toMatchObject({
        kind: 'throttled',
        code: 'throttled',
        retryAfterMs: 3_600_000,
      });
    }
    expect(harness.sent).toHaveLength(1);
  });

  it('found inside a batch can be told to the transport, which then holds back all', async () => {
    const harness = inOrder(ok);
    harness.transport.holdBack(4_000);
    await harness.transport.send(read());
    expect(secondsOf(harness)).toEqual([4]);
  });

  it('is not shortened by a later, shorter one', async () => {
    const harness = inOrder(ok);
    harness.transport.holdBack(30_000);
    harness.transport.holdBack(4_000);
    await harness.transport.send(read());
    expect(secondsOf(harness)).toEqual([30]);
  });

  it('gives up after six attempts and says how long to wait', async () => {
    const harness = inOrder(() => answer(429, { 'retry-after': '10' }));
    const failure = await failureOf(harness.transport.send(write()));
    expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: 10_000, outcomeUnknown: false });
    expect(harness.sent).toHaveLength(6);
  });
});

describe('credentials', () => {
  const tokens = (): { asked: boolean[]; token(force?: boolean): Promise<string> } => {
    let version = 1;
    const asked: boolean[] = [];
    return {
      asked,
      token: async (force = false) => {
        asked.push(force);
        if (force) version += 1;
        return `token-${version}`;
      },
    };
  };
  const bearer = (harness: TransportHarness): readonly (string | null)[] =>
    harness.sent.map((request) => request.headers.get('authorization'));

  it('after 401 fetches a new token once and repeats even a write once', async () => {
    const harness = transportHarness((_request, index) => (index === 0 ? answer(401) : ok()), {
      tokens: tokens(),
    });
    await harness.transport.send(write());
    expect(bearer(harness)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('gives up after the second 401', async () => {
    const harness = transportHarness(() => answer(401), { tokens: tokens() });
    expect(await failureOf(harness.transport.send(read()))).toMatchObject({
      kind: 'permission',
      code: 'authentication-failed',
      status: 401,
    });
    expect(harness.sent).toHaveLength(2);
  });

  it('fetches one new token when several requests are refused at once', async () => {
    const source = tokens();
    const harness = transportHarness(
      (request) => (request.headers.get('authorization') === 'Bearer token-1' ? answer(401) : ok()),
      { tokens: source },
    );
    await Promise.all([1, 2, 3].map(() => harness.transport.send(read())));
    expect(source.asked.filter((force) => force)).toHaveLength(1);
  });
});

describe('failures', () => {
  it('name service, request and reason, and neither token nor record nor query', async () => {
    const harness = transportHarness(() => answer(400, {}, 'Name is missing.'));
    const failure = await failureOf(harness.transport.send(read('/api/things(1234)/?$filter=name')));
    expect(failure).toBeInstanceOf(HttpFailure);
    expect(failure).toMatchObject({ status: 400, serviceCode: 'Name is missing.' });
    expect(failure.message).toBe('Business Central answered 400 to GET things: Name is missing.');
  });

  it('of broken connections name the code and carry the cause', async () => {
    const harness = inOrder(() => connectionError('ECONNRESET'));
    const failure = await failureOf(harness.transport.send(write()));
    expect(failure).not.toBeInstanceOf(HttpFailure);
    expect(failure.message).toContain('ECONNRESET');
    expect(failure.cause).toBeInstanceOf(TypeError);
  });
});
