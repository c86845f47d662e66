/** A request without a socket is the same request, and gets the same answer. */
import { afterEach, describe, expect, test } from 'vitest';
import { type HttpServer, type SimulatorRequest, type SimulatorResponse, startHttpServer } from './server.ts';

const servers: HttpServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

interface Sent {
  readonly path: string;
  readonly init?: RequestInit;
}

async function started(
  handle: (request: SimulatorRequest) => SimulatorResponse | Promise<SimulatorResponse>,
) {
  const server = await startHttpServer({ port: 0, maxHeaderBytes: 4_096, handle });
  servers.push(server);
  const ways = { socket: fetch, direct: server.fetch };
  return { server, send: (way: Way, { path, init }: Sent) => ways[way](server.url + path, init) };
}

const ways = ['socket', 'direct'] as const;
type Way = (typeof ways)[number];

/** What the server saw of a request; lines that only speak of the connection or of caches are left out. */
function seen({ method, url, path, headers, body }: SimulatorRequest) {
  const { connection, 'content-length': length, 'accept-encoding': encoding, ...rest } = headers;
  const { 'sec-fetch-mode': mode, 'cache-control': cached, pragma, ...own } = rest;
  return { method, url: url.href, path, headers: own, body };
}

const requests: readonly Sent[] = [
  { path: '/plain' },
  { path: "/customers?$filter=name eq 'Ärger & Co'&$select=a,b" },
  { path: '/a%20b(%27x%27)/../c', init: { headers: { 'If-Match': 'W/"1"', Prefer: 'a, b' } } },
  { path: '/post', init: { method: 'POST', body: '{"name":"Ærø"}' } },
  {
    path: '/json',
    init: { method: 'PATCH', body: '{}', headers: [['Content-Type', 'application/json']] },
  },
];

test.each(requests)('the server sees the same of $path', async (sent) => {
  const requestsSeen: unknown[] = [];
  const { send } = await started((request) => {
    requestsSeen.push(seen(request));
    return { status: 200, body: 'ok' };
  });
  for (const way of ways) await send(way, sent);
  expect(requestsSeen[1]).toEqual(requestsSeen[0]);
});

const answers: readonly SimulatorResponse[] = [
  { status: 200, body: { text: 'Ærø', list: [1, null] } },
  { status: 200, headers: { 'content-type': 'multipart/mixed; boundary=a', 'X-Own': 'b' }, body: '--a--' },
  { status: 201, headers: { ETag: 'W/"2"' }, body: { id: 1 } },
  { status: 204, headers: { 'OData-EntityId': 'x' } },
  { status: 304 },
  { status: 400, body: { error: { code: 'a' } } },
  { status: 404 },
];

test.each(answers)('the client gets the same answer $status', async (answer) => {
  const { send } = await started(() => answer);
  const received = [];
  for (const way of ways) {
    const response = await send(way, { path: '/' });
    const {
      connection,
      date,
      'keep-alive': kept,
      'content-length': length,
      ...headers
    } = Object.fromEntries(response.headers);
    received.push({ status: response.status, ok: response.ok, headers, text: await response.text() });
  }
  const [socket, direct] = received;
  const { 'content-type': type, ...others } = direct?.headers ?? {};
  // fetch names a type for text of its own; nobody looks at the type of a plain answer.
  const isNamed = socket?.headers['content-type'] === undefined && type?.startsWith('text/plain');
  expect({ ...direct, headers: isNamed ? others : direct?.headers }).toEqual(socket);
});

describe.each(ways)('by %s', (way) => {
  test('a head over the limit is refused with 431', async () => {
    const { send } = await started(() => ({ status: 200 }));
    expect((await send(way, { path: `/${'a'.repeat(5_000)}` })).status).toBe(431);
  });

  test('status 0 breaks the connection', async () => {
    const { send } = await started(() => ({ status: 0 }));
    await expect(send(way, { path: '/' })).rejects.toMatchObject({ message: 'fetch failed' });
  });

  test('a closed server refuses the connection', async () => {
    const { server, send } = await started(() => ({ status: 200 }));
    await server.close();
    await expect(send(way, { path: '/' })).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('an error of the server is an answer 500 that tells it', async () => {
    const { send } = await started(() => {
      throw new Error('broken rule');
    });
    const response = await send(way, { path: '/' });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { message: 'broken rule' } });
  });

  test('the signal ends the wait', async () => {
    const { send } = await started(() => new Promise(() => {}));
    const waiting = send(way, { path: '/', init: { signal: AbortSignal.timeout(20) } });
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('a header that cannot be sent is an error', async () => {
    const { send } = await started(() => ({ status: 200 }));
    const waiting = send(way, { path: '/', init: { headers: { 'X-Name': 'Łódź' } } });
    await expect(waiting).rejects.toBeInstanceOf(TypeError);
  });
});
