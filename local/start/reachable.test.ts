/** Services elsewhere must answer before anything is started. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { checkReachable } from './reachable.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(status: number): Promise<string> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { location: '/x' }).end('no'),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedAddress(): Promise<string> {
  const url = await serve(200);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return url;
}

describe('services elsewhere', () => {
  test('none given needs no check', async () => {
    await expect(checkReachable({ DATAVERSE_URL: ' ' })).resolves.toBeUndefined();
  });

  test.each([200, 302, 401, 404, 503])('any answer counts as reachable: %i', async (status) => {
    await expect(checkReachable({ DATAVERSE_URL: await serve(status) })).resolves.toBeUndefined();
  });

  test('each one that does not answer is one line with its setting, its address and the reason', async () => {
    const url = await closedAddress();
    const environment = { BUSINESS_CENTRAL_URL: `${url}/v2.0/a/b`, DATAVERSE_URL: url };
    await expect(checkReachable(environment)).rejects.toMatchObject({
      problems: [
        `BUSINESS_CENTRAL_URL: ${url}/v2.0/a/b cannot be reached: the connection was refused.`,
        `DATAVERSE_URL: ${url} cannot be reached: the connection was refused.`,
      ],
    });
  });

  test.each(['nonsense', 'ftp://example.test'])('%s is no address', async (url) => {
    const problems = ['DATAVERSE_URL is no http or https address.'];
    await expect(checkReachable({ DATAVERSE_URL: url })).rejects.toMatchObject({ problems });
  });

  test('what an address carries beside host and path is not shown', async () => {
    const url = (await closedAddress()).replace('http://', 'http://user:secret@');
    await expect(checkReachable({ DATAVERSE_URL: `${url}?key=secret` })).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
    });
  });
});
