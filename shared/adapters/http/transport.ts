/** The only place that sends requests and the only one that sends them again. */
import pLimit from 'p-limit';
import type { RequestMeter } from '../../ports/requestMeter.ts';
import type { Log } from '../../ports/system.ts';
import type { ErrorRule } from './errorTable.ts';
import { type BrokenExchange, exchange, isBroken } from './exchange.ts';
import { createGate, type Gate } from './gate.ts';
import { foreignLink } from './httpFailure.ts';
import { describeRequest, type HttpRequest, type HttpResponse } from './httpTypes.ts';
import {
  type Refusal,
  type ServiceError,
  type ServiceName,
  toFailure,
  toRefusal,
  waitTooLong,
} from './refusal.ts';
import { backoffMs, defaultLongestWaitMs, type RetryPolicy } from './retryPolicy.ts';
import { sharedRenewal, type TokenSource } from './tokens.ts';

export interface TransportOptions {
  readonly name: ServiceName;
  /** Absent = the built-in one. */
  readonly fetch?: typeof fetch;
  readonly tokens: TokenSource;
  /** Rows of the API; the common rows follow them. */
  readonly rules: readonly ErrorRule[];
  /** Reads an error body of any form; must not raise. */
  readErrorBody(text: string): ServiceError;
  /** Requests under way at once for this identity. */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
  readonly log: Log;
  readonly defaultHeaders: Readonly<Record<string, string>>;
  /** Any address of the service; its scheme, host and port are the only ones requests go to. */
  readonly allowedOrigin: string;
}

/** Sends requests of one identity to one service. Share one instance: limits and waits are its own. */
export interface Transport {
  readonly name: ServiceName;
  /**
   * The answer with status 2xx or 304. Raises HttpFailure for other answers, SyncFailure for broken connections
   * and foreign addresses; `outcomeUnknown` is set when the request may have been carried out all the same.
   */
  send(request: HttpRequest, meter?: RequestMeter): Promise<HttpResponse>;
  /** Holds back every request of the identity, as a Retry-After does; for refusals inside a batch. */
  holdBack(pauseMs: number): void;
}

/** What one sending needs. */
interface Sending {
  readonly options: TransportOptions;
  readonly gate: Gate;
  readonly renew: (refused: string) => Promise<string>;
  readonly request: HttpRequest;
  readonly meter: RequestMeter | undefined;
}

/** A transport with its own limit of requests under way and its own gate. */
export function createTransport(options: TransportOptions): Transport {
  const gate = createGate(options);
  const limit = pLimit(options.concurrency);
  const renew = sharedRenewal(options.tokens);
  const origin = new URL(options.allowedOrigin).origin;
  return {
    name: options.name,
    send: async (request, meter) => {
      if (originOf(request.url) !== origin) throw foreignLink(options.name);
      return limit(() => sendUntilDecided({ options, gate, renew, request, meter }));
    },
    holdBack: (pauseMs) => gate.holdUntil(options.now() + pauseMs),
  };
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

async function sendUntilDecided(sending: Sending): Promise<HttpResponse> {
  const { retry } = sending.options;
  let uncertain = false;
  for (let attempt = 1; ; attempt++) {
    const result = await exchangeAuthorised(sending, uncertain);
    if (!isBroken(result) && isSuccess(result.status)) return result;
    const refusal = toRefusal(sending.options, result);
    // Once an attempt may have been carried out, no later answer tells whether it was.
    uncertain ||= refusal.rule.retry === 'ifIdempotent';
    const pauseMs = holdBack(sending, refusal, attempt);
    if (attempt >= retry.attempts || !mayRepeat(refusal.rule, sending.request)) {
      throw toFailure(sending.options.name, sending.request, refusal, {
        retryAfterMs: sending.gate.remainingMs(),
        outcomeUnknown: maybeDone(sending.request, uncertain),
      });
    }
    logRetry(sending, refusal, attempt, pauseMs);
    await sending.options.sleep(pauseMs);
  }
}

/** Reading changes nothing, whatever became of it. */
function maybeDone(request: HttpRequest, uncertain: boolean): boolean {
  return uncertain && request.method !== 'GET' && request.readOnly !== true;
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status <= 299) || status === 304;
}

function mayRepeat(rule: ErrorRule, request: HttpRequest): boolean {
  return rule.retry === 'always' || (rule.retry === 'ifIdempotent' && request.idempotent);
}

/** Shuts the gate where the whole identity has to wait; the pause of this request alone is the result. */
function holdBack({ options, gate }: Sending, refusal: Refusal, attempt: number): number {
  const ownMs = backoffMs(options.retry, attempt, options.random());
  const throttled = refusal.facts.status === 429 || refusal.rule.kind === 'throttled';
  if (refusal.retryAfterMs !== null) gate.holdUntil(options.now() + refusal.retryAfterMs);
  else if (throttled) gate.holdUntil(options.now() + ownMs);
  else return ownMs;
  return 0;
}

/** One exchange; a 401 is answered with a new token and one repetition, since nothing was carried out. */
async function exchangeAuthorised(
  sending: Sending,
  uncertain: boolean,
): Promise<HttpResponse | BrokenExchange> {
  const { tokens } = sending.options;
  const token = await tokens.token();
  const result = await exchangeOnce(sending, token, uncertain);
  if (result.status !== 401) return result;
  const renewed = await sending.renew(token);
  return exchangeOnce(sending, renewed, uncertain);
}

async function exchangeOnce(
  sending: Sending,
  token: string,
  uncertain: boolean,
): Promise<HttpResponse | BrokenExchange> {
  const { options, gate, request, meter } = sending;
  await gate.pass((remainingMs) => {
    if (remainingMs > (options.retry.longestWaitMs ?? defaultLongestWaitMs)) {
      throw waitTooLong(options.name, remainingMs, maybeDone(request, uncertain));
    }
  });
  const headers = new Headers(options.defaultHeaders);
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, value);
  headers.set('Authorization', `Bearer ${token}`);
  meter?.add();
  return exchange(options.fetch ?? fetch, request, headers);
}

function logRetry(sending: Sending, { facts, rule }: Refusal, attempt: number, pauseMs: number): void {
  const { options, gate, request } = sending;
  options.log('warning', 'http-retry', {
    service: options.name,
    request: describeRequest(request),
    status: facts.status,
    serviceCode: facts.code,
    code: rule.appCode,
    attempt,
    waitMs: Math.max(pauseMs, gate.remainingMs()),
  });
}
