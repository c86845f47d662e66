/** The folder that is deployed: it holds all it needs, starts from anywhere, and is closed without a key. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAzurite, startAzurite } from '../../local/azurite/azurite.ts';
import { type RunningFunctionsHost, startFunctionsHost } from '../../local/functionsHost/host.ts';

const built = resolve(import.meta.dirname, '..', '..', 'dist', 'app');
const masterKey = 'the-master-key-of-this-test';
const functionKey = 'a-function-key-of-this-test';

let folder = '';
let azurite: RunningAzurite;
let host: RunningFunctionsHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'artefact-'));
  cpSync(built, join(folder, 'app'), { recursive: true });
  const functionKeysFile = join(folder, 'keys.json');
  writeFileSync(functionKeysFile, JSON.stringify({ masterKey, functionKeys: { default: functionKey } }));
  azurite = await startAzurite({ log: () => {} });
  // The app reads its environment when it is loaded; nobody answers at these addresses.
  Object.assign(process.env, {
    AzureWebJobsStorage: azurite.connectionString,
    BUSINESS_CENTRAL_URL: 'http://127.0.0.1:1/v2.0/none/none',
    BUSINESS_CENTRAL_COMPANY: 'None',
    BUSINESS_CENTRAL_ACCESS_TOKEN: 'none',
    DATAVERSE_URL: 'http://127.0.0.1:1',
    DATAVERSE_ACCESS_TOKEN: 'none',
    TICK_MINUTES: '59',
  });
  host = await startFunctionsHost({
    appFolder: join(folder, 'app'),
    port: 0,
    functionKeysFile,
    log: () => {},
  });
}, 60_000);

afterAll(async () => {
  await host?.stop();
  await azurite?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('dist/app', () => {
  it('is one program with its settings of the host, without dependencies to install', () => {
    const files = readdirSync(built).filter((name) => name !== 'mappings');
    expect(files.toSorted()).toEqual(['host.json', 'main.cjs', 'main.cjs.map', 'package.json']);
    const manifest = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest['main']).toBe('main.cjs');
    expect(manifest).not.toHaveProperty('dependencies');
    expect(statSync(join(built, 'main.cjs')).size).toBeLessThan(4_000_000);
  });

  it('holds no path of the machine that built it, and nothing of the simulators', () => {
    const program = readFileSync(join(built, 'main.cjs'), 'utf8');
    expect(program).not.toContain(resolve(built, '..', '..'));
    expect(program).not.toMatch(/openDatabase|createOrganisation|azurite/);
  });

  it('starts in a folder outside the repository, with every kind of function', () => {
    const kinds = new Set(host.functions.map(({ trigger }) => trigger));
    expect([...kinds].sort()).toEqual(['http', 'queue', 'timer']);
    expect(host.functions.length).toBeGreaterThan(40);
  });

  it('answers nobody without a key but the start page and the notifications of Business Central', async () => {
    const openApi = await fetch(`${host.url}/api/openapi.json`, {
      headers: { 'x-functions-key': functionKey },
    });
    const { paths } = (await openApi.json()) as { paths: Record<string, Record<string, unknown>> };
    const requests = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x')] as const),
    );
    expect(requests.length).toBeGreaterThan(30);
    const more = [
      ['POST', '/api/notifications/dataverse'],
      ['GET', '/api/key-check'],
    ] as const;
    for (const [method, path] of [...requests, ...more]) {
      const { status } = await fetch(host.url + path, { method });
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 401`);
    }
    expect((await fetch(host.url)).status).toBe(200);
    const marked = { 'x-ms-client-principal': 'e30=' };
    expect((await fetch(`${host.url}/api/sign-in-check`)).status).toBe(204);
    expect((await fetch(`${host.url}/api/sign-in-check`, { headers: marked })).status).toBe(409);
    const handshake = `${host.url}/api/notifications/business-central?validationToken=abc`;
    expect(await (await fetch(handshake, { method: 'POST' })).text()).toBe('abc');
  });

  it('answers who shows a key', async () => {
    const headers = { 'x-functions-key': functionKey };
    expect((await fetch(`${host.url}/api/key-check`, { headers })).status).toBe(204);
    expect((await fetch(`${host.url}/api/sync-jobs?top=many`, { headers })).status).toBe(400);
  });
});
