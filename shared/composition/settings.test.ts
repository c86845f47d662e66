/** Every setting of the contract: what is taken, what is refused, and how the refusal reads. */
import { describe, expect, it } from 'vitest';
import { type Environment, parseSettings, type Settings } from './settings.ts';
import { validEnvironment } from './testing/validSettings.ts';

const busByKey = 'Endpoint=sb://contoso.example/;SharedAccessKeyName=app;SharedAccessKey=hunter2';
const busNamespace = 'SERVICE_BUS__fullyQualifiedNamespace';
const busHost = 'contoso.servicebus.windows.net';

function settingsOf(changes: Environment = {}): Settings {
  const result = parseSettings({ ...validEnvironment, ...changes });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.settings;
}

function problemsOf(changes: Environment): readonly string[] {
  const result = parseSettings({ ...validEnvironment, ...changes });
  return result.ok ? [] : result.problems;
}

describe('defaults', () => {
  it('are those of the contract (section 2)', () => {
    expect(settingsOf()).toMatchObject({
      storageConnection: 'AzureWebJobsStorage',
      serviceBus: {},
      notification: null,
      schedules: {},
      tickMinutes: 1,
      wakeOnDataverseChange: false,
      wakeDelaySeconds: 30,
      ownershipModel: 'person',
      orderIntegration: 'off',
      autoCreateOrders: false,
      autoProcessQuotes: false,
      itemAvailability: false,
      writeInProduct: null,
      freightAccount: null,
      disabledJobs: [],
      maxDeletePercent: 20,
      mappingsFolder: null,
      retentionDays: 30,
      timeZone: 'UTC',
    });
  });

  it('hold for empty values, too', () => {
    expect(settingsOf({ TICK_MINUTES: '', TIME_ZONE: '  ' })).toEqual(settingsOf());
  });
});

describe('accepted values', () => {
  it.each<[string, string, keyof Settings, unknown]>([
    ['ORDER_INTEGRATION', 'false', 'orderIntegration', 'off'],
    ['ORDER_INTEGRATION', 'true', 'orderIntegration', 'oneWay'],
    ['ORDER_INTEGRATION', 'bidirectional', 'orderIntegration', 'bidirectional'],
    ['WAKE_ON_DATAVERSE_CHANGE', 'True', 'wakeOnDataverseChange', true],
    ['WAKE_DELAY_SECONDS', '0', 'wakeDelaySeconds', 0],
    ['OWNERSHIP_MODEL', 'team', 'ownershipModel', 'team'],
    ['DISABLED_JOBS', ' CUSTOMER, CONTACT,,CUSTOMER ', 'disabledJobs', ['CUSTOMER', 'CONTACT']],
    ['TIME_ZONE', 'Europe/Amsterdam', 'timeZone', 'Europe/Amsterdam'],
    ['WRITE_IN_PRODUCT', 'item:1000', 'writeInProduct', 'item:1000'],
    ['SCHEDULE_CUSTOMER', '0 */5 * * * *', 'schedules', { CUSTOMER: '0 */5 * * * *' }],
    [
      'SCHEDULE_CUSTOMER',
      '30 0 8-17/2 * Jan-Mar Mon,Wed',
      'schedules',
      { CUSTOMER: '30 0 8-17/2 * Jan-Mar Mon,Wed' },
    ],
    ['SYNC_STORAGE__accountName', 'contoso', 'storageConnection', 'SYNC_STORAGE'],
    ['SERVICE_BUS', busByKey, 'serviceBus', { SERVICE_BUS: busByKey }],
    [busNamespace, busHost, 'serviceBus', { [busNamespace]: busHost }],
  ])('%s=%s', (name, value, setting, expected) => {
    expect(settingsOf({ [name]: value })[setting]).toEqual(expected);
  });

  it('plain http is taken on this machine', () => {
    const url = 'http://127.0.0.1:7081/v2.0/local/production';
    expect(settingsOf({ BUSINESS_CENTRAL_URL: url }).businessCentral.url).toBe(url);
  });

  it('without tokens, a managed identity or a client secret will do', () => {
    const none = { BUSINESS_CENTRAL_ACCESS_TOKEN: '', DATAVERSE_ACCESS_TOKEN: '' };
    expect(problemsOf({ ...none, IDENTITY_ENDPOINT: 'http://localhost:4141' })).toEqual([]);
    const client = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'client', AZURE_CLIENT_SECRET: 'secret' };
    expect(settingsOf({ ...none, ...client }).businessCentral.accessToken).toBeNull();
  });
});

describe('access tokens', () => {
  it('may be absent: then the Azure identity of the process is used', () => {
    expect(problemsOf({ BUSINESS_CENTRAL_ACCESS_TOKEN: '', DATAVERSE_ACCESS_TOKEN: '' })).toEqual([]);
  });
});

describe('refused values', () => {
  it.each<[string, string, string]>([
    ['BUSINESS_CENTRAL_URL', '', 'must be set'],
    ['BUSINESS_CENTRAL_URL', 'contoso', 'must be an https address'],
    ['BUSINESS_CENTRAL_URL', 'http://contoso.example/v2.0', 'http on this machine only'],
    ['BUSINESS_CENTRAL_URL', 'https://contoso.example/', 'must not end with a slash'],
    ['BUSINESS_CENTRAL_URL', 'https://contoso.example/v2.0/t/e/api/v2.0', 'must end with the environment'],
    ['BUSINESS_CENTRAL_URL', 'https://user:pass@contoso.example', 'must not contain a user name'],
    ['BUSINESS_CENTRAL_COMPANY', '', 'must be set'],
    ['DATAVERSE_URL', 'https://contoso.crm.dynamics.com/api', 'must not contain a path'],
    ['DATAVERSE_URL', 'https://contoso.crm.dynamics.com?a=1', 'must not contain a query'],
    ['AzureWebJobsStorage', '', 'not configured'],
    ['SYNC_STORAGE', 'nonsense', 'no connection string'],
    ['SERVICE_BUS', 'Endpoint=sb://contoso.example/', 'is no connection string of a Service Bus namespace'],
    ['SERVICE_BUS', `${busByKey};EntityPath=other`, 'is for another queue than sync-runs'],
    ['NOTIFICATION_SECRET', 'short', 'must have 20 to 200 characters'],
    ['TICK_MINUTES', '0', 'from 1 to 59'],
    ['TICK_MINUTES', '1.5', 'from 1 to 59'],
    ['WAKE_DELAY_SECONDS', '-1', 'from 0 to 3600'],
    ['WAKE_ON_DATAVERSE_CHANGE', 'yes', 'must be true or false'],
    ['OWNERSHIP_MODEL', 'nobody', 'must be person or team'],
    ['ORDER_INTEGRATION', 'both', 'must be off, oneWay or bidirectional'],
    ['WRITE_IN_PRODUCT', '1000', 'must be item:NUMBER or resource:NUMBER'],
    ['MAX_DELETE_PERCENT', '101', 'from 0 to 100'],
    ['RETENTION_DAYS', '0', 'from 1 to 3650'],
    ['TIME_ZONE', 'Mars/Olympus', 'must be an IANA time zone'],
    ['TIME_ZONE', '+01:00', 'must be an IANA time zone'],
    ['DISABLED_JOBS', 'CUSTOMERS', 'names jobs that do not exist'],
    ['SCHEDULE_CUSTOMERS', '0 * * * * *', 'names no job'],
    ['SCHEDULE_CUSTOMER', '* * * * *', 'must be an NCRONTAB expression'],
    ['SCHEDULE_CUSTOMER', '0 0 L * * *', 'must be an NCRONTAB expression'],
    ['SCHEDULE_CUSTOMER', '0 60 * * * *', 'must be an NCRONTAB expression'],
    ['SCHEDULE_CUSTOMER', '0 0 0 * * 7', 'must be an NCRONTAB expression'],
    ['SCHEDULE_CUSTOMER', '0 */0 * * * *', 'must be an NCRONTAB expression'],
    ['SCHEDULE_CUSTOMER', '00:05:00', 'must be an NCRONTAB expression'],
  ])('%s=%s is refused with one line that names it', (name, value, reason) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: .*`));
    expect(problems[0]).toContain(reason);
  });

  it('a notification address needs its secret', () => {
    const problems = problemsOf({ NOTIFICATION_URL: 'https://sync.contoso.example' });
    expect(problems).toEqual(['NOTIFICATION_SECRET: must be set when NOTIFICATION_URL is']);
  });

  it('every problem is listed, not only the first', () => {
    const names = ['DATAVERSE_URL', 'TICK_MINUTES', 'TIME_ZONE', 'DISABLED_JOBS'];
    const problems = problemsOf(Object.fromEntries(names.map((name) => [name, 'x y'])));
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(names);
  });

  it('no problem repeats a value, which may be a secret', () => {
    const value = 'hunter2';
    const names = Object.keys(validEnvironment).filter((name) => !/TOKEN|COMPANY/.test(name));
    const all = [
      ...names,
      'SYNC_STORAGE',
      'SERVICE_BUS',
      'NOTIFICATION_SECRET',
      'TIME_ZONE',
      'DISABLED_JOBS',
      'SCHEDULE_CUSTOMER',
    ];
    const problems = problemsOf(Object.fromEntries(all.map((name) => [name, value])));
    expect(problems.length).toBeGreaterThan(5);
    expect(problems.join('\n')).not.toContain(value);
  });
});
