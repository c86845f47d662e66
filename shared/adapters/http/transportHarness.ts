/** A transport on a scripted fetch and a clock that moves only by sleeping, for tests. */
import type { Log } from '../../ports/system.ts';
import { defaultRetryPolicy } from './retryPolicy.ts';
import { staticToken } from './tokens.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

/** One request as it went over the wire. */
export interface SentRequest {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** An answer of the script: a response, or an error that fetch raises. */
export type ScriptedAnswer = Response | Error;
/** Answers a request; called once per exchange. */
export type Script = (request: SentRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** What a test looks at. */
export interface TransportHarness {
  readonly transport: Transport;
  readonly sent: readonly SentRequest[];
  readonly events: readonly { readonly event: string; readonly details: Readonly<Record<string, unknown>> }[];
  now(): number;
}

/** The clock's start: 2026-01-05T12:00:00Z. */
export const harnessStartMs = Date.UTC(2026, 0, 5, 12);
/** Host of the scripted service. */
export const harnessOrigin = 'https://service.example';

/** A transport without jitter; sleeping moves the clock to the end of the earliest sleep. */
export function transportHarness(
  script: Script,
  overrides: Partial<TransportOptions> = {},
): TransportHarness {
  const sent: SentRequest[] = [];
  const events: { event: string; details: Readonly<Record<string, unknown>> }[] = [];
  const clock = sleepingClock(harnessStartMs);
  const log: Log = (_level, event, details) => void events.push({ event, details });
  const scripted = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = toSent(clock.now(), String(url), init);
    sent.push(request);
    const answer = await script(request, sent.length - 1);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const transport = createTransport({
    name: 'Business Central',
    fetch: scripted,
    tokens: staticToken('secret-token'),
    rules: [],
    readErrorBody: (text) => ({ code: text, message: text }),
    concurrency: 4,
    retry: { ...defaultRetryPolicy, jitter: 0 },
    random: () => 0,
    log,
    defaultHeaders: {},
    allowedOrigin: harnessOrigin,
    ...clock,
    ...overrides,
  });
  return { transport, sent, events, now: clock.now };
}

function toSent(atMs: number, url: string, init: RequestInit | undefined): SentRequest {
  const body = typeof init?.body === 'string' ? init.body : undefined;
  return { atMs, method: init?.method ?? 'GET', url, headers: new Headers(init?.headers), body };
}

/** When everything waits, time jumps to the earliest end of a sleep. */
export function sleepingClock(startMs: number): { now(): number; sleep(ms: number): Promise<void> } {
  let nowMs = startMs;
  const sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];
  const wakeEarliest = (): void => {
    sleepers.sort((left, right) => left.untilMs - right.untilMs);
    const first = sleepers.shift();
    if (first === undefined) return;
    nowMs = Math.max(nowMs, first.untilMs);
    first.wake();
  };
  return {
    now: () => nowMs,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ untilMs: nowMs + ms, wake: resolve });
        setTimeout(wakeEarliest, 0);
      }),
  };
}

/** The error fetch raises when a connection breaks. */
export function connectionError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** The error fetch raises when the time is over. */
export function timeoutError(): Error {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}
