/** The handshake with the app's own address, as Business Central does it (business-central-api 7.1). */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { echoProbe } from './echoProbe.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/notifications/business-central`;
}

describe('the echo probe', () => {
  it('posts the token and tells what came back', async () => {
    const address = await serve((request, response) => {
      const token = new URL(request.url ?? '', 'http://x').searchParams.get('validationToken');
      response.end(request.method === 'POST' ? token : 'not asked');
    });
    expect(await echoProbe(address, 'a b+c')).toEqual({ text: 'a b+c', problem: '' });
  });

  it('follows no redirect, such as one to a sign-in page, and tells the status', async () => {
    const address = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:9/login' }).end();
    });
    expect(await echoProbe(address, 'x')).toMatchObject({ problem: 'it answered with status 302' });
  });

  it('keeps little of a long answer', async () => {
    const address = await serve((_request, response) => void response.end('x'.repeat(100_000)));
    expect((await echoProbe(address, 'x')).text?.length).toBe(1_000);
  });

  it('tells that nobody is there', async () => {
    expect(await echoProbe('http://127.0.0.1:9/', 'x')).toEqual({
      text: null,
      problem: expect.stringContaining('cannot be reached'),
    });
  });
});
