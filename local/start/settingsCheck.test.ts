/** The app's settings are checked before anything is started. */
import { expect, test } from 'vitest';
import { checkSettings } from './settingsCheck.ts';

const local = { azurite: true, businessCentral: true, dataverse: true };

test('with every part local, an empty environment is complete', () => {
  const environment = {};
  expect(() => checkSettings(environment, local)).not.toThrow();
  expect(environment).toEqual({});
});

test('each wrong setting is one line that names it', () => {
  const problems = { TICK_MINUTES: '0', TIME_ZONE: 'Moon' };
  expect(() => checkSettings(problems, local)).toThrow(/^TICK_MINUTES[^\n]*\nTIME_ZONE[^\n]*$/);
});

test('a part elsewhere needs its own settings', () => {
  const environment = { BUSINESS_CENTRAL_URL: 'https://example.test/v2.0/tenant/production' };
  expect(() => checkSettings(environment, { ...local, businessCentral: false })).toThrow(
    /BUSINESS_CENTRAL_COMPANY/,
  );
});
