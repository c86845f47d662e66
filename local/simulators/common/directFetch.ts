/** `fetch` to a server of the same process without a socket: most of the time of a test with thousands of requests goes there. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { answerOf, payloadOf } from './payload.ts';
import type { HttpServerOptions, SimulatorRequest, SimulatorResponse } from './server.ts';

/** The server behind it. */
export interface DirectServer extends Pick<HttpServerOptions, 'handle'> {
  readonly maxHeaderBytes: number;
  /** False once it is closed. */
  readonly isOpen: () => boolean;
}

/** What `fetch` sends by itself, as far as a service could look at it. */
const usualHeaders = { accept: '*/*', 'accept-language': '*', 'user-agent': 'node' };
const ofText = { 'content-type': 'text/plain;charset=UTF-8' };

/**
 * Requests and answers are those of the socket: addresses and headers are checked and normalised, a head over the limit
 * is refused, status 0 and a closed server break the connection, the signal ends the wait, and nothing is answered in
 * the same turn. The origin of the address is not looked at; answers name it. Bodies are text.
 */
export function directFetch(server: DirectServer): typeof fetch {
  return async (input, init = {}) => {
    const request = requestOf(String(input), init);
    init.signal?.throwIfAborted();
    await nextTurn();
    if (!server.isOpen()) throw broken('ECONNREFUSED');
    if (headBytes(request) > server.maxHeaderBytes) return new Response('', { status: 431 });
    const response = await untilAborted(
      answerOf(() => server.handle(request)),
      init.signal,
    );
    if (response.status === 0) throw broken('ECONNRESET');
    return fetched(response, request.method);
  };
}

function requestOf(address: string, { method = 'GET', headers, body }: RequestInit): SimulatorRequest {
  if (typeof body !== 'string' && body != null) throw new TypeError('only bodies of text are sent');
  const url = new URL(address);
  const given = Object.fromEntries(new Headers(headers));
  return {
    method,
    url,
    path: url.pathname,
    headers: { host: url.host, ...usualHeaders, ...(body == null ? {} : ofText), ...given },
    body: body ?? '',
  };
}

function headBytes({ path, url, headers }: SimulatorRequest): number {
  let bytes = path.length + url.search.length;
  for (const [name, value] of Object.entries(headers)) bytes += name.length + value.length;
  return bytes;
}

function untilAborted<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal | null | undefined,
): Promise<Answer> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function broken(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

function fetched(response: SimulatorResponse, method: string): Response {
  const payload = payloadOf(response);
  const headers = new Headers();
  for (const [name, value] of payload.headers) headers.set(name, value);
  return new Response(method === 'HEAD' ? null : payload.text, { status: response.status, headers });
}
