/** What runs locally is decided by the settings (contract section 1). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applySettingsFile, localPartsOf, setMissing, settingOf, useAzurite } from './localSettings.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settingsFile(text: string): string {
  const file = join(folder, 'local.settings.json');
  writeFileSync(file, text);
  return file;
}

describe('which parts run locally', () => {
  const all = { azurite: true, businessCentral: true, dataverse: true };

  test.each([
    [{}, all],
    [{ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }, all],
    [{ AzureWebJobsStorage: ' usedevelopmentstorage=TRUE; ' }, all],
    [{ AzureWebJobsStorage: '', BUSINESS_CENTRAL_URL: ' ', DATAVERSE_URL: '' }, all],
    [{ AzureWebJobsStorage: 'AccountName=a;AccountKey=b' }, { ...all, azurite: false }],
    [{ AzureWebJobsStorage__accountName: 'a' }, { ...all, azurite: false }],
    [{ BUSINESS_CENTRAL_URL: 'https://example.test' }, { ...all, businessCentral: false }],
    [{ DATAVERSE_URL: 'https://example.test' }, { ...all, dataverse: false }],
  ])('%j', (environment, parts) => {
    expect(localPartsOf(environment)).toEqual(parts);
  });
});

describe('settings', () => {
  test('the file fills gaps of the environment and never overwrites it', () => {
    const environment = { DATAVERSE_URL: 'https://mine.test' };
    const values = { DATAVERSE_URL: 'https://file.test', TICK_MINUTES: '5' };
    applySettingsFile(settingsFile(JSON.stringify({ Values: values })), environment);
    expect(environment).toEqual({ DATAVERSE_URL: 'https://mine.test', TICK_MINUTES: '5' });
  });

  test('a file that does not exist is no error', () => {
    expect(() => applySettingsFile(join(folder, 'none.json'), {})).not.toThrow();
  });

  test.each(['{', '{"Values":{"A":1,"B":true}}'])(
    'the file %s is refused with one line that names it',
    (text) => {
      expect(() => applySettingsFile(settingsFile(text), {})).toThrow(/^.*local\.settings\.json[^\n]*$/);
    },
  );

  test('Azurite takes the place of every setting that means the emulator, and of no other', () => {
    const emulator = {
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      SYNC_STORAGE: 'UseDevelopmentStorage=true',
    };
    useAzurite(emulator, 'azurite');
    expect(emulator).toEqual({ AzureWebJobsStorage: 'azurite', SYNC_STORAGE: 'azurite' });
    const own = { SYNC_STORAGE: 'AccountName=a' };
    useAzurite(own, 'azurite');
    expect(own).toEqual({ AzureWebJobsStorage: 'azurite', SYNC_STORAGE: 'AccountName=a' });
  });

  test('values of local parts give way to given ones, but not to blank ones', () => {
    const environment: NodeJS.ProcessEnv = { A: 'given', B: ' ' };
    setMissing(environment, { A: 'local', B: 'local', C: 'local' });
    expect(environment).toEqual({ A: 'given', B: 'local', C: 'local' });
    expect(settingOf({ A: ' x ' }, 'A')).toBe('x');
  });
});
