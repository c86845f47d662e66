/** The hooks of azure.yaml, against stand-ins for az and azd that remember what they were asked (no cloud). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './bicepFile.ts';

// The stand-ins are files that a shell of Unix runs.
const onUnix = process.platform !== 'win32';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hooks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that writes its arguments and input down, and prints what the first matching rule says; `!` fails. */
function standIn(tool: string, answers: Readonly<Record<string, string>>): void {
  const program = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const given = process.argv.slice(2).join(' ');
const input = given.includes('@-') ? readFileSync(0, 'utf8') : '';
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify({ tool: '${tool}', given, input }) + '\\n');
const answers = ${JSON.stringify(answers)};
const [, answer = ''] = Object.entries(answers).find(([start]) => given.startsWith(start)) ?? [];
if (answer === '!') process.exit(1);
console.log(answer);
`;
  writeFileSync(join(folder, tool), program, { mode: 0o755 });
}

interface Call {
  readonly tool: string;
  readonly given: string;
  readonly input: string;
}

function run(hook: string, environment: Readonly<Record<string, string>>) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(root, 'infra', 'hooks', hook)], {
    env: { PATH: folder, HOOK_PAUSE_SECONDS: '0', ...environment },
    encoding: 'utf8',
  });
  const file = join(folder, 'calls');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return { status, printed: stdout + stderr, calls: lines.map((line) => JSON.parse(line) as Call) };
}

const deployed = {
  APP_URL: 'https://func.example',
  AZURE_SUBSCRIPTION_ID: 'subscription',
  KEY_VAULT_NAME: 'vault',
  RESOURCE_GROUP: 'group',
  SERVICE_APP_NAME: 'func',
  AUTHENTICATION_CLIENT_ID: 'client',
};

describe.runIf(onUnix)('registerApplication.mjs', () => {
  it('registers the application with its roles and without a secret, and remembers its id', () => {
    standIn('az', { 'ad app create': 'new-client', 'ad sp show': '!' });
    standIn('azd', {});
    const { status, calls } = run('registerApplication.mjs', { AZURE_ENV_NAME: 'test' });
    expect(status).toBe(0);
    expect(calls.map(({ given }) => given).slice(1)).toEqual([
      'env set AUTHENTICATION_CLIENT_ID new-client',
      expect.stringMatching(
        /^ad app update --id new-client .*--identifier-uris api:\/\/new-client .*--app-roles @.*appRoles\.json$/,
      ),
      'ad sp show --id new-client',
      'ad sp create --id new-client',
    ]);
    expect(JSON.stringify(calls)).not.toMatch(/credential|password/);
  });

  it('brings a known registration up to date, and makes none where nobody signs in', () => {
    standIn('az', {});
    const known = run('registerApplication.mjs', { AUTHENTICATION_CLIENT_ID: 'client' });
    expect(known.calls.map(({ given }) => given)).toEqual([
      expect.stringContaining('ad app update --id client'),
      'ad sp show --id client',
    ]);
    expect(run('registerApplication.mjs', { SIGN_IN: 'false' })).toMatchObject({
      status: 0,
      calls: known.calls,
    });
  });

  it('goes on with the registration it made when something failed after that', () => {
    standIn('az', { 'ad app create': 'new-client', 'ad app update': '!' });
    standIn('azd', {});
    const { status, calls } = run('registerApplication.mjs', { AZURE_ENV_NAME: 'test' });
    expect(status).toBe(1);
    expect(calls.map(({ given }) => given)).toContain('env set AUTHENTICATION_CLIENT_ID new-client');
  });

  it('ends with 1 when az fails', () => {
    standIn('az', { 'ad app create': '!' });
    expect(run('registerApplication.mjs', { AZURE_ENV_NAME: 'test' }).status).toBe(1);
  });
});

describe.runIf(onUnix)('finishSetup.mjs', () => {
  it('puts a fresh secret into the vault, never on the command line or the screen', () => {
    standIn('az', {});
    const { status, calls, printed } = run('finishSetup.mjs', deployed);
    expect(status).toBe(0);
    const put = calls.find(({ given }) => given.startsWith('keyvault secret set'));
    expect(put?.input).toMatch(/^[0-9a-f]{64}$/);
    expect(put?.given).toMatch(/--value @-$/);
    expect(calls.map(({ given }) => given).join('\n') + printed).not.toContain(put?.input);
    expect(calls.map(({ given }) => given).at(-1)).toBe(
      'ad app update --id client --web-redirect-uris https://func.example/.auth/login/aad/callback',
    );
    expect(
      calls.some(({ given }) => given.includes('/sites/func/config/configreferences/appsettings/refresh')),
    ).toBe(true);
  });

  it('keeps a secret that is there, since subscriptions carry it', () => {
    standIn('az', { 'keyvault secret list': 'other\nnotification-secret' });
    const { calls } = run('finishSetup.mjs', deployed);
    expect(calls.some(({ given }) => given.startsWith('keyvault secret set'))).toBe(false);
  });

  it('never replaces a secret it could not look for, and gives up after a while', () => {
    standIn('az', { 'keyvault secret list': '!' });
    const { status, calls, printed } = run('finishSetup.mjs', deployed);
    expect(status).toBe(1);
    expect(calls.some(({ given }) => given.startsWith('keyvault secret set'))).toBe(false);
    expect(printed).toContain('azd provision');
  });

  it('names what the deployment did not tell', () => {
    const { status, printed } = run('finishSetup.mjs', { ...deployed, KEY_VAULT_NAME: '' });
    expect([status, printed]).toEqual([1, expect.stringContaining('vault')]);
  });
});
