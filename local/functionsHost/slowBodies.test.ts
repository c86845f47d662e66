/** Who sends a body drop by drop is cut off, and holds up nobody meanwhile. */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from './httpServer.ts';

let server: HttpServer | null = null;
afterEach(() => server?.closeAll());

describe('a slow body', () => {
  it('ends with 408 and never reaches the app, while others are answered', async () => {
    const handled: string[] = [];
    server = await startHttpServer({
      ...{ port: 0, host: '127.0.0.1', bodyLimitBytes: 1_000, arrivalLimitMs: 300 },
      handle: async ({ url }) => {
        handled.push(url.pathname);
        return { status: 200 };
      },
    });
    const socket = connect(server.port, '127.0.0.1');
    const drops = setInterval(() => socket.write('{'), 20);
    const cutOff = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
    socket.write('POST /slow HTTP/1.1\r\nHost: local\r\nContent-Length: 900\r\n\r\n');
    expect((await fetch(`${server.url}/quick`)).status).toBe(200);
    const answer = await cutOff;
    clearInterval(drops);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(handled).toEqual(['/quick']);
  });
});
