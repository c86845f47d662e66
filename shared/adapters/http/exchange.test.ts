/** How broken connections look through the built-in fetch, over loopback. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { classify } from './errorTable.ts';
import { exchange, isBroken } from './exchange.ts';
import type { HttpResponse } from './httpTypes.ts';

let server: Server;

async function listen(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function close(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function send(
  url: string,
  timeoutMs = 5_000,
): Promise<HttpResponse | { appCode: string; retry: string }> {
  const request = { method: 'POST', url, headers: {}, body: '{}', idempotent: false, timeoutMs } as const;
  const result = await exchange(fetch, request, new Headers());
  return isBroken(result) ? classify([], result) : result;
}

afterEach(async () => {
  if (server.listening) await close();
});

describe('exchange', () => {
  it('reads status, header names in lower case, and text', async () => {
    const url = await listen((_request, response) => response.writeHead(201, { ETag: 'W/"1"' }).end('ä'));
    expect(await send(url)).toMatchObject({ status: 201, headers: { etag: 'W/"1"' }, text: 'ä' });
  });

  it('knows a port nobody listens on: nothing was sent', async () => {
    const url = await listen(() => undefined);
    await close();
    expect(await send(url)).toMatchObject({ appCode: 'connection-failed', retry: 'always' });
  });

  it('knows a connection that broke before the answer: the request may have been carried out', async () => {
    const url = await listen((request) => request.socket.destroy());
    expect(await send(url)).toMatchObject({ appCode: 'connection-failed', retry: 'ifIdempotent' });
  });

  it('knows a connection that broke in the middle of the answer', async () => {
    const url = await listen((request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    expect(await send(url)).toMatchObject({ appCode: 'connection-failed', retry: 'ifIdempotent' });
  });

  it('knows an answer that does not come in time', async () => {
    const url = await listen(() => undefined);
    expect(await send(url, 30)).toMatchObject({ appCode: 'request-timed-out', retry: 'ifIdempotent' });
  });
});
