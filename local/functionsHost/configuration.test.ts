/** host.json, its overrides, local.settings.json, `main` globs and time spans (A-11, A-30, A-33, D-23). */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyLocalSettings, readHostConfiguration } from './hostConfiguration.ts';
import { findMainFiles } from './mainFiles.ts';
import { writeApp } from './testApp.ts';
import { parseTimeSpanMs } from './timeSpan.ts';

const folders: string[] = [];
function folderWith(app: Parameters<typeof writeApp>[0]): string {
  const folder = writeApp(app);
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('readHostConfiguration', () => {
  it('has the defaults of the extensions (A-32 to A-34)', () => {
    expect(readHostConfiguration(folderWith({}), {})).toEqual({
      routePrefix: 'api',
      queues: {
        batchSize: 16,
        newBatchThreshold: 8,
        maxPollingIntervalMs: 60_000,
        visibilityTimeoutMs: 0,
        maxDequeueCount: 5,
        messageEncoding: 'base64',
      },
      serviceBus: {
        maxConcurrentSessions: 8,
        sessionIdleTimeoutMs: 60_000,
        maxAutoLockRenewalMs: 300_000,
      },
    });
  });

  it('takes overrides from the environment, whatever their case (D-23)', () => {
    const folder = folderWith({ host: { version: '2.0', extensions: { queues: { batchSize: 4 } } } });
    const configuration = readHostConfiguration(folder, {
      AzureFunctionsJobHost__extensions__queues__BATCHSIZE: '2',
      AzureFunctionsJobHost__extensions__http__routePrefix: '',
    });
    expect(configuration.queues.batchSize).toBe(2);
    expect(configuration.routePrefix).toBe('');
  });

  it('lists every wrong value', () => {
    const queues = { batchSize: 99, visibilityTimeout: 'soon' };
    const folder = folderWith({ host: { version: '1.0', extensions: { queues } } });
    const read = () => readHostConfiguration(folder, {});
    expect(read).toThrow(/version/);
    expect(read).toThrow(/batchSize/);
    expect(read).toThrow(/visibilityTimeout/);
  });
});

describe('applyLocalSettings', () => {
  it('fills gaps of the environment and overwrites nothing (A-30)', () => {
    const folder = folderWith({});
    const file = join(folder, 'local.settings.json');
    writeFileSync(file, JSON.stringify({ IsEncrypted: false, Values: { GIVEN: 'file', MISSING: 'file' } }));
    const environment: NodeJS.ProcessEnv = { GIVEN: 'environment' };
    applyLocalSettings(file, environment);
    expect(environment).toEqual({ GIVEN: 'environment', MISSING: 'file' });
  });

  it('names the file when it is not valid', () => {
    const folder = folderWith({ files: { 'local.settings.json': '{"Values":{"A":1}}' } });
    expect(() => applyLocalSettings(join(folder, 'local.settings.json'), {})).toThrow(
      /local\.settings\.json/,
    );
  });
});

describe('findMainFiles', () => {
  it.each([
    ['main.cjs', ['main.cjs']],
    ['./main.cjs', ['main.cjs']],
    ['dist/functions/*.js', ['dist/functions/a.js', 'dist/functions/b.js']],
    ['dist/**/*.js', ['dist/functions/a.js', 'dist/functions/b.js', 'dist/index.js']],
    ['dist/{index,functions/a}.js', ['dist/functions/a.js', 'dist/index.js']],
    ['dist/inde?.js', ['dist/index.js']],
    ['mainXcjs', []],
  ])('reads "%s" as a glob (A-11)', (glob, expected) => {
    const names = ['dist/index.js', 'dist/functions/b.js', 'dist/functions/a.js', 'node_modules/x/dist/y.js'];
    const files = Object.fromEntries([...names, 'main.cjs'].map((name) => [name, '']));
    expect(findMainFiles(folderWith({ files }), glob)).toEqual(expected);
  });
});

describe('parseTimeSpanMs', () => {
  it.each([
    ['00:00:05', 5000],
    ['00:01', 60_000],
    ['1.02:00:00', 93_600_000],
    ['00:00:00.5', 500],
    ['5', null],
    ['00:61:00', null],
    ['24:00:00', null],
  ])('reads "%s"', (text, expected) => {
    expect(parseTimeSpanMs(text)).toBe(expected);
  });
});
