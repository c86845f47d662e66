/** State of both connections over the API. */
import { describe, expect, it } from 'vitest';
import type { RunPolicy } from '../../shared/app/syncPorts.ts';
import { fakeBusinessCentral, fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { somePolicy } from '../../test/builders/policy.ts';
import { away } from './testing/away.ts';
import { callApi } from './testing/callApi.ts';

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
