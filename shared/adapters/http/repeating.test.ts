/** What the transport promises about repeating and waiting. */
import { describe, expect, it } from 'vitest';
import { connectionError, harnessStartMs, timeoutError, transportHarness } from './transportHarness.ts';
import { answer, failureOf, inOrder, ok, read, secondsOf, write } from './transportRequests.ts';

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
