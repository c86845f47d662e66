/** The switch of the integration over the API (A-1, A-89, A-90, E-10). */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { switchIntegration } from '../../shared/app/jobs/integrationSwitch.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { mappingName, runId } from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import { type SyncJob, zeroCounters } from '../../shared/domain/logs/syncJob.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { away } from './testing/away.ts';
import { callApi } from './testing/callApi.ts';

const nobody = '11111111-1111-4111-8111-111111111111';

function principalOf(name: string) {
  const claims = [{ typ: 'roles', val: 'Sync.Manage' }];
  const principal = Buffer.from(JSON.stringify({ claims })).toString('base64');
  return { 'x-ms-client-principal': principal, 'x-ms-client-principal-name': name };
}

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
