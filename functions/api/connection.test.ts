/** State, test and switch of both connections over the API (A-89 to A-91, E-10). */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { switchIntegration } from '../../shared/app/jobs/integrationSwitch.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import type { RunPolicy } from '../../shared/app/syncPorts.ts';
import { fakeBusinessCentral, fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { dataverseId, mappingName, runId } from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import type { FieldValues } from '../../shared/domain/common/records.ts';
import { type SyncJob, zeroCounters } from '../../shared/domain/logs/syncJob.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { somePolicy } from '../../test/builders/policy.ts';
import { callApi } from './testing/callApi.ts';

const modifiedAt = instant('2026-01-30T10:00:00Z');
const nobody = '11111111-1111-4111-8111-111111111111';

function principalOf(name: string) {
  const claims = [{ typ: 'roles', val: 'Sync.Manage' }];
  const principal = Buffer.from(JSON.stringify({ claims })).toString('base64');
  return { 'x-ms-client-principal': principal, 'x-ms-client-principal-name': name };
}

const away = new SyncFailure({
  kind: 'transient',
  code: 'connection-failed',
  message: 'Dataverse could not be reached.',
  suggestion: 'Check DATAVERSE_URL.',
});

describe('connection', () => {
  it('tells the company, the organisation, and what is missing', async () => {
    const dataverse = fakeDataverse({ organization: [{ name: 'contoso' }] });
    const { composition } = memoryComposition({ ports: { dataverse } });
    const { status, body } = await callApi(composition, 'GET /api/connection');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      businessCentral: {
        reachable: true,
        company: { name: 'CRONUS International Ltd.' },
        checks: [
          { name: 'company', outcome: 'passed' },
          { name: 'read', outcome: 'passed' },
          {
            name: 'companion-app',
            outcome: 'warning',
            message: expect.stringContaining('CUSTOMER runs without the fields'),
            whatToDo: expect.stringContaining('Install'),
          },
        ],
      },
      dataverse: { reachable: true, organization: { name: 'contoso' } },
    });
  });

  it('says that notes are not copied, where documents are and the page of notes is missing (D-106)', async () => {
    const messageWith = async (documents: Partial<RunPolicy['documents']>) => {
      const dataverse = fakeDataverse({ organization: [{ name: 'contoso' }] });
      const policy = { ...somePolicy, documents: { ...somePolicy.documents, ...documents } };
      const { composition } = memoryComposition({ ports: { dataverse, policy } });
      const { body } = await callApi(composition, 'GET /api/connection');
      return JSON.stringify(body);
    };
    expect(await messageWith({ orderIntegration: 'oneWay' })).toContain(
      'Notes of orders and quotes are not copied',
    );
    expect(await messageWith({})).not.toContain('Notes of orders');
  });

  it('tells what to do when a service answers no more, though it once did', async () => {
    const dataverse = { ...fakeDataverse(), readRows: () => Promise.reject(away) };
    const { composition } = memoryComposition({ ports: { dataverse } });
    const { status, body } = await callApi(composition, 'GET /api/connection');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      businessCentral: { reachable: true },
      dataverse: {
        reachable: false,
        organization: null,
        checks: [
          { name: 'identity', outcome: 'passed' },
          { name: 'read', outcome: 'failed', message: away.message, whatToDo: away.suggestion },
          { name: 'tables', outcome: 'passed' },
          { name: 'options', outcome: 'passed' },
        ],
      },
    });
  });

  it('tells that statistics of customers have no table, unless their job is disabled (ST-2)', async () => {
    const missing = new SyncFailure({ kind: 'config', code: 'table-not-found', message: 'No such table.' });
    const whole = fakeDataverse();
    const table = (name: string) =>
      name === 'nav_accountstatistics' ? Promise.reject(missing) : whole.table(name);
    const tablesOf = async (policy: RunPolicy) => {
      const { composition } = memoryComposition({ ports: { dataverse: { ...whole, table }, policy } });
      const { body } = await callApi(composition, 'GET /api/connection');
      const { checks } = body['dataverse'] as { checks: readonly { name: string }[] };
      return checks.find(({ name }) => name === 'tables');
    };
    const told = {
      outcome: 'warning',
      message: expect.stringContaining('CUSTOMER STATISTICS writes no statistics'),
    };
    expect(await tablesOf(somePolicy)).toMatchObject(told);
    const without = { ...somePolicy, disabledJobs: ['CUSTOMER STATISTICS'] };
    expect(await tablesOf(without)).toMatchObject({ outcome: 'passed' });
  });

  it('shows neither tokens nor other secrets', async () => {
    const businessCentral = fakeBusinessCentral();
    const { composition } = memoryComposition({ ports: { businessCentral } });
    const { body } = await callApi(composition, 'GET /api/connection');
    expect(JSON.stringify(body)).not.toMatch(/-token/);
  });
});

describe('testing the connection', () => {
  const test = async (options: Parameters<typeof memoryComposition>[0]) => {
    const { composition } = memoryComposition(options);
    const { status, body } = await callApi(composition, 'POST /api/connection/test');
    expect(status).toBe(200);
    return body as unknown as Record<'businessCentral' | 'dataverse', Checked> & Checked;
  };
  interface Checked {
    readonly checks: readonly { name: string; outcome: string; message: string; whatToDo: string }[];
  }
  const outcomes = ({ checks }: Checked) => checks.map(({ name, outcome }) => [name, outcome]);
  const user = { fullname: 'sync', isdisabled: false };

  it('asks for token, company, rights, user, tables, currency and storage (A-89, A-91)', async () => {
    const body = await test({ ports: { dataverse: withUser(user) } });
    expect(outcomes(body.businessCentral)).toEqual([
      ['token', 'passed'],
      ['company', 'passed'],
      ['read', 'passed'],
      ['companion-app', 'warning'],
      ['permissions', 'passed'],
      ['companion-pages', 'passed'],
    ]);
    expect(outcomes(body.dataverse)).toEqual([
      ['token', 'passed'],
      ['identity', 'passed'],
      ['read', 'passed'],
      ['tables', 'passed'],
      ['options', 'passed'],
      ['permissions', 'passed'],
      ['application-user', 'passed'],
      ['security-roles', 'failed'],
      ['privileges', 'passed'],
      ['base-currency', 'warning'],
    ]);
    expect(outcomes(body)).toEqual([
      ['mapping-files', 'passed'],
      ['storage', 'passed'],
      ['run-queue', 'passed'],
      ['notifications', 'passed'],
    ]);
  });

  it('names the mappings that may not be read, and what to do', async () => {
    const refused = new SyncFailure({
      kind: 'permission',
      code: 'permission-missing',
      message: 'No privilege.',
      suggestion: 'Give the privilege.',
    });
    const dataverse = withUser(user);
    const body = await test({
      ports: {
        dataverse: {
          ...dataverse,
          readRows: (selection, filter) =>
            selection.table === 'account' ? Promise.reject(refused) : dataverse.readRows(selection, filter),
        },
      },
    });
    const rights = body.dataverse.checks.find(({ name }) => name === 'permissions');
    expect(rights).toMatchObject({
      outcome: 'failed',
      message:
        'The records of CUSTOMER, PAYMENT TERMS, SHIPMENT METHOD, VENDOR cannot be read: No privilege.',
      whatToDo: 'Give the privilege.',
    });
  });

  it('tells that the application user is disabled, or cannot be read (A-89)', async () => {
    const disabled = await test({ ports: { dataverse: withUser({ ...user, isdisabled: true }) } });
    expect(outcomes(disabled.dataverse)).toContainEqual(['application-user', 'failed']);
    const unread = await test({});
    expect(outcomes(unread.dataverse)).toContainEqual(['application-user', 'warning']);
  });

  const notified = {
    NOTIFICATION_URL: 'https://sync.example',
    NOTIFICATION_SECRET: 'a secret of more than twenty characters',
  };

  it.each([
    [{ text: '<html>', problem: '' }, 'something else than the token'],
    [{ text: null, problem: 'it cannot be reached (ENOTFOUND)' }, 'ENOTFOUND'],
    [{ text: '', problem: 'it answered with status 401' }, 'status 401'],
  ])('tells that notifications would not arrive: %j', async (answer, reason) => {
    const asked: string[] = [];
    const echo = async (address: string) => {
      asked.push(address);
      return answer;
    };
    const body = await test({ environment: notified, probes: { echo } });
    expect(asked).toEqual(['https://sync.example/api/notifications/business-central']);
    const found = body.checks.find(({ name }) => name === 'notifications');
    expect(found).toMatchObject({ outcome: 'failed', message: expect.stringContaining(reason) });
    expect(found?.whatToDo).toContain('NOTIFICATION_URL');
  });

  it('tells that notifications arrive, and how many subscriptions send there', async () => {
    const found = (await test({ environment: notified })).checks.find(({ name }) => name === 'notifications');
    expect(found).toMatchObject({ outcome: 'passed', message: expect.stringContaining('0 subscriptions') });
  });

  it('tells that the run queue cannot be used', async () => {
    const body = await test({ probes: { runQueue: () => Promise.reject(away) } });
    expect(outcomes(body)).toContainEqual(['run-queue', 'failed']);
  });

  it('names pages of the companion app that lack a field, or may not be read', async () => {
    const present = fakeBusinessCentral();
    const refused = new SyncFailure({ kind: 'data', code: 'refused', message: 'No property pager.' });
    const businessCentral = {
      ...present,
      hasCompanionApp: async () => true,
      hasCompanionSet: async () => true,
      readChanges: (request: Parameters<typeof present.readChanges>[0]) =>
        request.selection.entitySet === 'contactExtras' && request.selection.properties.includes('pager')
          ? Promise.reject(refused)
          : present.readChanges(request),
    };
    const body = await test({ ports: { businessCentral } });
    const found = body.businessCentral.checks.find(({ name }) => name === 'companion-pages');
    expect(found).toMatchObject({
      outcome: 'failed',
      message: 'contactExtras of the companion app cannot be read as this version does: No property pager.',
      whatToDo: expect.stringContaining('OS Integration'),
    });
  });

  it('asks a service nothing more that does not answer, and works while disabled (A-91)', async () => {
    const dataverse = { ...fakeDataverse(), whoAmI: () => Promise.reject(away) };
    const { composition } = memoryComposition({ ports: { dataverse } });
    await callApi(composition, 'POST /api/connection/disable');
    const { body } = await callApi(composition, 'POST /api/connection/test');
    expect(body).toMatchObject({ enabled: false });
    const { checks } = body['dataverse'] as Checked;
    expect(checks.map(({ name }) => name)).toEqual(['token', 'identity', 'read', 'tables', 'options']);
    expect(checks[0]).toMatchObject({ outcome: 'failed', message: away.message });
  });

  function withUser(values: FieldValues) {
    const dataverse = fakeDataverse();
    const row = { id: dataverseId(nobody), etag: 'W/"1"', modifiedAt, modifiedBy: null, lookupTables: {} };
    const readByIds = async () => [{ ...row, values }];
    return { ...dataverse, readByIds };
  }
});

describe('disabling the connection', () => {
  const disable = (composition: Parameters<typeof callApi>[0], body: unknown = {}) =>
    callApi(composition, 'POST /api/connection/disable', { body });
  const refused = { status: 409, body: { error: { code: 'integration-disabled' } } };

  it('stops ticks and refuses every request for a run, until it is enabled again (A-1, A-90)', async () => {
    const { composition, ports, sent, asked } = memoryComposition();
    const user = principalOf('ann@contoso.example');
    const answer = await callApi(composition, 'POST /api/connection/disable', {
      body: { reason: 'Upgrade.' },
      headers: user,
    });
    const state = { enabled: false, reason: 'Upgrade.', changedBy: 'ann@contoso.example' };
    expect(answer).toMatchObject({ status: 200, body: state });
    expect((await callApi(composition, 'GET /api/connection')).body).toMatchObject(state);
    expect(await tickJob(ports, 'CUSTOMER')).toBe('disabled');
    const requests = [
      ['POST /api/jobs/CUSTOMER/run', {}],
      ['POST /api/synchronize-modified', {}],
      ['POST /api/full-sync', {}],
      ['POST /api/table-mappings/CUSTOMER/synchronize', { mode: 'modified' }],
    ] as const;
    for (const [request, body] of requests) {
      expect(await callApi(composition, request, { body })).toMatchObject(refused);
    }
    expect(sent).toEqual([]);
    expect((await ports.fullSync.get()).review).toEqual([]);
    const enabled = await callApi(composition, 'POST /api/connection/enable');
    expect(enabled).toMatchObject({ status: 200, body: { enabled: true, reason: '' } });
    expect(asked.map(({ job }) => job)).toContain('CUSTOMER');
    expect(await tickJob(ports, 'CUSTOMER')).toBe('queued');
  });

  it('gives up what waits in the queue, and tells so of an action and of the full synchronisation (E-10)', async () => {
    const { composition, ports, sent } = memoryComposition();
    await callApi(composition, 'POST /api/full-sync', { body: { mappings: ['CURRENCY'] } });
    const body = { mode: 'modified' };
    await callApi(composition, 'POST /api/table-mappings/CUSTOMER/synchronize', { body });
    await disable(composition);
    for (const { message } of [...sent]) await executeRun(ports, defaultMappings('person'), message);
    const action = await ports.actions.get(sent[1]?.message.runId ?? runId(nobody));
    expect(action).toMatchObject({ status: 'failed', message: 'The integration is disabled.' });
    const { review } = await ports.fullSync.get();
    expect(review).toMatchObject([{ mapping: 'CURRENCY', run: { outcome: 'error' } }]);
  });

  it('ends a run that somebody waits for, with the reason in the log (A-90, E-10)', async () => {
    const { composition, sent } = memoryComposition({
      onPause: async (paused) => {
        await switchIntegration(paused, { enabled: false, changedBy: '', reason: '' });
        for (const { message } of [...sent]) {
          await executeRun(paused, defaultMappings('person'), message);
        }
      },
    });
    const ask = async (path: string, body: unknown) => {
      await callApi(composition, 'POST /api/connection/enable');
      const answer = await callApi(composition, `POST /api/${path}?wait=true`, { body });
      expect([path, answer.status]).toEqual([path, 200]);
      return answer.body as { syncJobs: readonly SyncJob[]; [name: string]: unknown };
    };
    const given = { message: 'The integration is disabled.', counts: zeroCounters };
    expect((await ask('jobs/CUSTOMER/run', {})).syncJobs).toMatchObject([
      { ...given, direction: 'toDataverse' },
      { ...given, direction: 'toBusinessCentral' },
    ]);
    const full = await ask('full-sync', { mappings: ['CURRENCY', 'OPPORTUNITY'] });
    expect(full.syncJobs).toMatchObject([given, given, given]);
    expect(await ask('table-mappings/CURRENCY/synchronize', { mode: 'modified' })).toMatchObject({
      accepted: 0,
      failed: 1,
      results: [{ mapping: 'CURRENCY', status: 'failed', message: 'The integration is disabled.' }],
      syncJobs: [],
    });
    const { value } = (await callApi(composition, 'GET /api/full-sync')).body as { value: unknown[] };
    expect(value).toContainEqual(
      expect.objectContaining({ mapping: 'CURRENCY', status: 'error', toDataverse: 'error' }),
    );
    expect(value).toContainEqual(
      expect.objectContaining({ mapping: 'OPPORTUNITY', status: 'error', toBusinessCentral: 'error' }),
    );
  });

  it('lets a run go on that has begun (A-10)', async () => {
    const { composition, ports, sent } = memoryComposition();
    await callApi(composition, 'POST /api/jobs/CURRENCY/run');
    const first = sent[0]?.message;
    const { state, version } = await ports.mappings.get(mappingName('CURRENCY'));
    const lease = { owner: first?.runId ?? '', expiresAt: instant('2026-01-31T09:00:00Z'), fencing: 1 };
    await ports.mappings.replace({ ...state, lease }, version);
    await disable(composition);
    if (first) await executeRun(ports, defaultMappings('person'), first);
    const { rows } = await ports.logs.listSyncJobs({}, { top: 10, continuation: null });
    expect(rows.map(({ mapping }) => mapping)).toEqual(['CURRENCY']);
  });

  it('leaves jobs as they are and nobody late (A-90)', async () => {
    const { composition, ports } = memoryComposition();
    await composition.open();
    const before = await ports.jobs.list();
    await disable(composition);
    expect(await ports.jobs.list()).toEqual(before);
    const { body } = await callApi(composition, 'GET /api/health');
    expect(body).toMatchObject({ enabled: false, healthy: true });
    const jobs = body['jobs'] as { scheduled: boolean }[];
    expect(jobs.some(({ scheduled }) => scheduled)).toBe(false);
  });

  it('ends only with a connection that works (A-89)', async () => {
    const dataverse = { ...fakeDataverse(), whoAmI: () => Promise.reject(away) };
    const { composition, ports } = memoryComposition({ ports: { dataverse } });
    await disable(composition);
    const answer = await callApi(composition, 'POST /api/connection/enable');
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { code: 'connection-check-failed', details: [{ target: 'dataverse.identity' }] } },
    });
    expect((await ports.jobs.integration()).state.enabled).toBe(false);
  });
});
