/** What the host refuses to start, and how it says so (A-4, A-10, A-11, A-12, A-31, A-40). */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { HostStartError } from './host.ts';
import { appPrelude, libraryPath, type TestApp, TestHosts, takeRecords, writeApp } from './testApp.ts';

const hosts = new TestHosts();
afterEach(() => hosts.stopAll());

const http = (name: string, route = name) =>
  `app.http('${name}', { route: '${route}', authLevel: 'anonymous', handler: () => ({ body: 'ok' }) });\n`;
const timer = (name: string, schedule: string) =>
  `app.timer('${name}', { schedule: '${schedule}', handler: () => {} });\n`;
const queue = (name: string, queueName: string, connection: string) =>
  `app.storageQueue('${name}', { queueName: '${queueName}', connection: '${connection}', handler: () => {} });\n`;

async function startError(app: TestApp, options = {}): Promise<HostStartError> {
  const error = await hosts.start(app, options).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(HostStartError);
  return error;
}

describe('an app that cannot be loaded', () => {
  it.each<[string, TestApp, RegExp]>([
    ['no package.json', { manifest: null, code: '' }, /has no package\.json/],
    ['no main (A-11)', { manifest: {}, code: '' }, /"main"/],
    ['main that matches nothing (A-11)', { manifest: { main: 'lib/*.js' } }, /no file .* matches/],
    ['no function', { code: '' }, /No functions found/],
    [
      'a throw before the first registration (A-12)',
      { code: 'throw new Error("boom")' },
      /^No functions found: .*boom/,
    ],
    [
      'a throw after one registration (A-12)',
      { code: `${http('one')}throw new Error("boom")` },
      /after 1 .*boom/,
    ],
    ['a second function of the same name (A-4)', { code: http('one') + http('one') }, /"one".* already/],
    [
      'a log hook, which the 2024 worker lacks (A-10)',
      { code: `app.hook.log(() => {});${http('one')}` },
      /Log hooks/,
    ],
  ])('is refused: %s', async (_title, app, message) => {
    expect((await startError(app)).message).toMatch(message);
  });

  it('keeps the cause', async () => {
    const error = await startError({ code: 'throw new TypeError("boom")' });
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('is refused without host.json', async () => {
    const appFolder = writeApp({ code: http('one') });
    rmSync(`${appFolder}/host.json`);
    expect((await startError({ code: '' }, { appFolder })).message).toMatch(/no host\.json/);
    rmSync(appFolder, { recursive: true });
  });
});

describe('functions that cannot be served', () => {
  it.each<[string, string, RegExp]>([
    ['names that differ in case only', http('one', 'a') + http('ONE', 'b'), /"ONE": the name/],
    ['one route twice', http('one', 'x/{a}') + http('two', 'X/{b}'), /"two": the route GET \/api\/X\/\{b\}/],
    ['an unusable name', http('1st'), /"1st": the name must begin with a letter/],
    ['a missing setting (A-31)', timer('tick', '%SCHEDULE_TICK%'), /"tick": the app setting "SCHEDULE_TICK"/],
    ['a five-field schedule (A-40)', timer('tick', '* * * * *'), /"tick": .*six fields/],
    ['a missing connection (A-31)', queue('work', 'work', 'STORE'), /"work": the connection setting "STORE"/],
    ['a bad queue name', queue('work', 'Work_Items', 'STORE'), /"work": queueName must be/],
    ['a bad route', http('one', 'x/{a'), /"one": the route/],
    [
      'another trigger',
      `app.eventHub('hub', { eventHubName: 'h', connection: 'B', handler: () => {} })`,
      /"hub": .*eventHubTrigger/,
    ],
    [
      'a Service Bus queue without sessions (A-34)',
      `app.serviceBusQueue('bus', { queueName: 'q', connection: 'B', handler: () => {} })`,
      /"bus": isSessionsEnabled must be true/,
    ],
    [
      'an output binding',
      `app.timer('tick', { schedule: '0 * * * * *', handler: () => {},
        return: output.storageQueue({ queueName: 'out', connection: 'STORE' }) })`,
      /"tick": .*binding of type "queue"/,
    ],
  ])('are refused: %s', async (_title, code, message) => {
    expect((await startError({ code })).message).toMatch(message);
  });

  it('are refused: a route the host keeps for itself', async () => {
    const host = { version: '2.0', extensions: { http: { routePrefix: '' } } };
    expect((await startError({ code: http('one', '/admin/x'), host })).message).toMatch(/keeps for itself/);
  });

  it('are all named at once, one line each', async () => {
    const error = await startError({ code: timer('a', 'x') + timer('b', '%NONE%') });
    expect(error.message.split('\n')).toHaveLength(2);
  });
});

describe('start-up', () => {
  it('refuses a registration after it (A-4)', async () => {
    const host = await hosts.start({
      code: `app.http('late', { handler: () => {
        try { ${timer('x', '0 * * * * *')} } catch (error) { return { body: error.message }; }
      } });`,
    });
    const answer = await fetch(`${host.url}/api/late`);
    expect(await answer.text()).toMatch(/only be registered during app startup/);
  });

  it('resolves %SETTING% from local.settings.json', async () => {
    const file = JSON.stringify({ Values: { SCHEDULE_TICK: '0 0 * * * *' } });
    const app = { code: timer('tick', '%SCHEDULE_TICK%'), files: { 'settings.json': file } };
    const appFolder = writeApp(app);
    const host = await hosts.start(app, { appFolder, localSettingsFile: `${appFolder}/settings.json` });
    expect(host.functions).toEqual([{ name: 'tick', trigger: 'timer' }]);
  });

  it('loads every file that main matches, and the same app twice in one process', async () => {
    const files = { 'src/a.cjs': appPrelude + http('a'), 'src/b.cjs': appPrelude + http('b') };
    const first = await hosts.start({ manifest: { main: 'src/*.cjs' }, files });
    const second = await hosts.start({ manifest: { main: 'src/*.cjs' }, files });
    for (const host of [first, second]) {
      expect((await fetch(`${host.url}/api/b`)).status).toBe(200);
      expect(host.functions.map(({ name }) => name)).toEqual(['a', 'b']);
    }
  });

  it('serves a minified bundle with its own copy of the programming model (P-1)', async () => {
    const source = { 'source.cjs': appPrelude + http('bundled') };
    const folder = writeApp({ files: source });
    const bundled = await build({
      entryPoints: [`${folder}/source.cjs`],
      bundle: true,
      minify: true,
      keepNames: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: ['@azure/functions-core'],
      write: false,
    });
    rmSync(folder, { recursive: true });
    const host = await hosts.start({ files: { 'main.cjs': bundled.outputFiles[0]?.text ?? '' } });
    expect((await fetch(`${host.url}/api/bundled`)).status).toBe(200);
  });

  it('loads an ES module (A-11)', async () => {
    const code = `import library from ${JSON.stringify(`file://${libraryPath}`)};
      library.app.http('esm', { handler: () => ({ body: 'from esm' }) });`;
    const host = await hosts.start({ manifest: { main: 'main.mjs' }, files: { 'main.mjs': code } });
    expect(await (await fetch(`${host.url}/api/esm`)).text()).toBe('from esm');
  });

  it('runs appStart and appTerminate hooks with shared data (A-10)', async () => {
    const host = await hosts.start({
      code: `app.hook.appStart((context) => { context.hookData.started = true; record('start'); });
        app.hook.appTerminate((context) => record('terminate ' + context.hookData.started));${http('one')}`,
    });
    expect(takeRecords()).toEqual(['start']);
    await host.stop();
    await host.stop();
    expect(takeRecords()).toEqual(['terminate true']);
  });

  it('says that a port is in use, and loads no app that would go to work', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    const code = `app.hook.appStart(() => record('start'));${http('one')}`;
    const error = await startError({ code }, { port });
    expect(error.message).toContain(`127.0.0.1:${port}: the port is in use`);
    expect(takeRecords()).toEqual([]);
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('refuses to listen beyond loopback without keys (A-32)', async () => {
    expect((await startError({ code: http('one') }, { host: '0.0.0.0' })).message).toMatch(/no loopback/);
  });

  it('names the function, not the key, when its queue cannot be reached', async () => {
    const connection =
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;QueueEndpoint=http://127.0.0.1:9/a;';
    const error = await startError(
      { code: queue('work', 'work', 'STORE') },
      { environment: { STORE: connection } },
    );
    expect(error.message).toMatch(/"work": the queue "work" cannot be used/);
    expect(error.message).not.toContain('c2VjcmV0');
  });
});
