/** Testing both connections over the API. */
import { describe, expect, it } from 'vitest';
import { fakeBusinessCentral, fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { dataverseId } from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import type { FieldValues } from '../../shared/domain/common/records.ts';
import { away } from './testing/away.ts';
import { callApi } from './testing/callApi.ts';

const modifiedAt = instant('2026-01-30T10:00:00Z');
const nobody = '11111111-1111-4111-8111-111111111111';

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
