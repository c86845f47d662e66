/** What the transport promises about sending, credentials and the words of failures. */
import { describe, expect, it } from 'vitest';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { HttpFailure } from './httpFailure.ts';
import { connectionError, type TransportHarness, transportHarness } from './transportHarness.ts';
import { answer, failureOf, inOrder, ok, read, write } from './transportRequests.ts';

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
