/** HTTP functions over real HTTP. */
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, request as nodeRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostRequest, RunningFunctionsHost } from './host.ts';
import { startHttpServer } from './httpServer.ts';
import { type TestApp, TestHosts, takeRecords, writeApp } from './testApp.ts';

const hosts = new TestHosts();
afterEach(() => hosts.stopAll());

const noPrefix = { version: '2.0', extensions: { http: { routePrefix: '' } } };

function startApp(code: string, app: TestApp = {}, options = {}): Promise<RunningFunctionsHost> {
  return hosts.start({ host: noPrefix, ...app, code }, options);
}

const echo = `async (request, context) => ({ jsonBody: {
  method: request.method, url: request.url, params: request.params, query: Object.fromEntries(request.query),
  header: request.headers.get('x-test'), body: await request.text(), name: context.functionName,
  triggerMetadata: context.triggerMetadata ?? null } })`;
const http = (name: string, route: string, methods = "['GET']") =>
  `app.http('${name}', { route: '${route}', methods: ${methods}, authLevel: 'anonymous', handler: ${echo} });\n`;

async function json(url: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(url, init);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

describe('routing (A-32)', () => {
  it('serves the root, decoded names and catch-alls with an empty prefix', async () => {
    const host = await startApp(
      http('root', '/') + http('job', 'api/jobs/{name}') + http('asset', 'assets/{*path}'),
    );
    expect((await json(`${host.url}/`))['name']).toBe('root');
    const job = await json(`${host.url}/api/jobs/UNIT%20OF%20MEASURE`);
    expect(job['params']).toEqual({ name: 'UNIT OF MEASURE' });
    expect((await json(`${host.url}/assets/js/app.js`))['params']).toEqual({ path: 'js/app.js' });
  });

  it('puts the prefix of host.json, "api" by default, before each route', async () => {
    const host = await hosts.start({ code: http('one', 'one') });
    expect((await json(`${host.url}/api/one`))['name']).toBe('one');
    expect((await fetch(`${host.url}/one`)).status).toBe(404);
  });

  it('prefers the literal route and finds the function by method', async () => {
    const code = http('any', 'x/{id}') + http('fixed', 'x/list') + http('create', 'x/list', "['POST']");
    const host = await startApp(code);
    expect((await json(`${host.url}/X/List`))['name']).toBe('fixed');
    expect((await json(`${host.url}/x/other`))['name']).toBe('any');
    expect((await json(`${host.url}/x/list`, { method: 'POST' }))['name']).toBe('create');
  });

  it('answers 404 without a route and 405 with the allowed methods', async () => {
    const host = await startApp(http('one', 'one', "['GET', 'PATCH']"));
    expect((await fetch(`${host.url}/none`)).status).toBe(404);
    const answer = await fetch(`${host.url}/one`, { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, PATCH');
  });
});

describe('a request', () => {
  it('arrives with method, url, query, headers and body; HTTP has no trigger metadata (A-7)', async () => {
    const host = await startApp(http('one', 'one', "['POST']"));
    const init = { method: 'POST', body: 'Grüße', headers: { 'x-test': 'yes' } };
    expect(await json(`${host.url}/one?a=1&b=x%20y&a=2`, init)).toMatchObject({
      method: 'POST',
      url: `${host.url}/one?a=1&b=x%20y&a=2`,
      query: { a: '1,2', b: 'x y' },
      header: 'yes',
      body: 'Grüße',
      triggerMetadata: null,
    });
  });

  it('loses its body on GET (A-8)', async () => {
    const host = await startApp(http('one', 'one'));
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { 'content-length': 4 };
      const sent = nodeRequest(`${host.url}/one`, { method: 'GET', headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => {
          body += chunk;
        });
        answer.on('end', () => resolve(body));
      });
      sent.on('error', reject);
      sent.end('text');
    });
    expect(JSON.parse(text)).toMatchObject({ body: '' });
  });
});

describe('an answer', () => {
  const answering = (init: string) =>
    `app.http('one', { route: 'one', methods: ['GET', 'HEAD'], authLevel: 'anonymous', handler: () => (${init}) });`;

  it('carries status, headers, bytes and cookies', async () => {
    const host = await startApp(
      answering(`{ status: 201, headers: { 'x-one': '1', 'transfer-encoding': 'chunked' }, body: Buffer.from([1, 2]),
        cookies: [{ name: 'a', value: 'x y', path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 0 }, { name: 'b', value: '2' }] }`),
    );
    const answer = await fetch(`${host.url}/one`);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-one')).toBe('1');
    expect(answer.headers.getSetCookie()).toEqual([
      'a=x%20y; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
      'b=2',
    ]);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2]);
  });

  it('is 204 when the function returns nothing, and has no body on HEAD', async () => {
    const host = await startApp(
      `${answering('undefined')}app.http('two', { route: 'two', methods: ['HEAD'], handler: () => ({ body: 'abc' }) });`,
    );
    expect((await fetch(`${host.url}/one`)).status).toBe(204);
    const head = await fetch(`${host.url}/two`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('3');
    expect(await head.text()).toBe('');
  });

  it('is a bare 500 when the function throws; the log names function and error (A-9)', async () => {
    const lines: string[] = [];
    const code = answering(`(() => { throw new Error('inner secret'); })()`);
    const host = await startApp(code, {}, { log: (line: string) => lines.push(line) });
    const answer = await fetch(`${host.url}/one`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('');
    expect(lines.join('\n')).toMatch(/^error one: failed: Error: inner secret/m);
  });

  it('is a bare 500 when the function returns no object', async () => {
    const host = await startApp(answering(`'text'`));
    expect((await fetch(`${host.url}/one`)).status).toBe(500);
  });
});

describe('an invocation (A-5)', () => {
  it('runs the hooks around the function; they may replace inputs, handler, result and error', async () => {
    const host = await startApp(`
      app.hook.preInvocation((hook) => {
        const inner = hook.functionHandler;
        hook.hookData.seen = hook.invocationContext.functionName;
        hook.functionHandler = async (...values) => { record('wrapped'); return inner(...values); };
      });
      app.hook.postInvocation((hook) => {
        record([hook.hookData.seen, hook.error ? hook.error.message : null]);
        if (hook.error) { hook.error = null; hook.result = { status: 418 }; }
      });
      app.http('one', { route: 'one', authLevel: 'anonymous', handler: () => { throw new Error('x'); } });`);
    expect((await fetch(`${host.url}/one`)).status).toBe(418);
    expect(takeRecords()).toEqual(['wrapped', ['one', 'x']]);
  });

  it('sends the log lines of a function to the log with level and name', async () => {
    const lines: string[] = [];
    const handler = `(request, context) => { context.log('hello', 1); context.warn('careful'); return {}; }`;
    const code = `app.http('one', { route: 'one', authLevel: 'anonymous', handler: ${handler} });`;
    const host = await startApp(code, {}, { log: (line: string) => lines.push(line) });
    await fetch(`${host.url}/one`);
    expect(lines).toEqual(['information one: hello 1', 'warning one: careful']);
  });
});

describe('function keys (A-32)', () => {
  const levels = ['anonymous', 'function', 'admin'];
  const code = levels
    .map(
      (level) =>
        `app.http('${level}', { authLevel: '${level}', route: 'level/${level}', handler: () => ({}) });`,
    )
    .join('\n');
  const statuses = (host: RunningFunctionsHost, headers: Record<string, string>) =>
    Promise.all(levels.map(async (level) => (await fetch(`${host.url}/level/${level}`, { headers })).status));

  it('are not asked for without a key file', async () => {
    expect(await statuses(await startApp(code), {})).toEqual([200, 200, 200]);
  });

  it('are checked with one, by header or query, on own routes too', async () => {
    const folder = writeApp({});
    const functionKeysFile = join(folder, 'keys.json');
    writeFileSync(functionKeysFile, JSON.stringify({ masterKey: 'm', functionKeys: { default: 'f' } }));
    const host = await startApp(code, {}, { functionKeysFile });
    rmSync(folder, { recursive: true });
    expect(await statuses(host, {})).toEqual([200, 401, 401]);
    expect(await statuses(host, { 'x-functions-key': 'f' })).toEqual([200, 200, 401]);
    expect(await statuses(host, { 'x-functions-key': 'm' })).toEqual([200, 200, 200]);
    expect((await fetch(`${host.url}/level/function?code=f`)).status).toBe(200);
    expect((await fetch(`${host.url}/admin/functions`)).status).toBe(401);
    expect((await fetch(`${host.url}/admin/functions?code=m`)).status).toBe(200);
  });
});

describe('the listener', () => {
  const echoLength = async (request: HostRequest) => ({ status: 200, body: String(request.body.length) });
  const start = (bodyLimitBytes: number) =>
    startHttpServer({ port: 0, host: '127.0.0.1', bodyLimitBytes, handle: echoLength });

  it('refuses a body above the limit with 413, announced or streamed', async () => {
    const server = await start(10);
    const post = (body: string | ReadableStream) =>
      fetch(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(await (await post('0123456789')).text()).toBe('10');
    expect((await post('0123456789x')).status).toBe(413);
    expect((await post(new Blob(['01234567', '89x']).stream())).status).toBe(413);
    server.closeAll();
    await server.close();
  });

  it('takes a path that begins with two slashes for a path', async () => {
    const host = await startApp(http('one', 'one'));
    expect((await fetch(`${host.url}//one`)).status).toBe(404);
  });

  it('lets a request under way end before stop resolves, and frees the port', async () => {
    const host =
      await startApp(`app.http('slow', { route: 'slow', authLevel: 'anonymous', handler: async () => {
      record('begun'); await new Promise((resolve) => setTimeout(resolve, 150)); return { body: 'done' }; } });`);
    const answer = fetch(`${host.url}/slow`).then((response) => response.text());
    while (host.running() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await host.stop();
    expect(await answer).toBe('done');
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject);
      other.listen(host.port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it('stops waiting for a function that does not end', async () => {
    const lines: string[] = [];
    const code = `app.http('stuck', { route: 'stuck', handler: () => new Promise(() => {}) });`;
    const host = await startApp(code, {}, { stopTimeoutMs: 50, log: (line: string) => lines.push(line) });
    const answer = fetch(`${host.url}/stuck`).catch((error: Error) => error.name);
    while (host.running() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await host.stop();
    expect(await answer).toBe('TypeError');
    expect(lines).toEqual(['warning stopped while still running: stuck']);
  });
});
