/** Checks of both connections over the API. */
import { describe, expect, it } from 'vitest';
import { fakeBusinessCentral, fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { callApi } from './testing/callApi.ts';

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
        ],
      },
    });
  });

  it('shows neither tokens nor other secrets', async () => {
    const businessCentral = fakeBusinessCentral();
    const { composition } = memoryComposition({ ports: { businessCentral } });
    const { body } = await callApi(composition, 'GET /api/connection');
    expect(JSON.stringify(body)).not.toMatch(/-token/);
  });
});
