/** The audit: who asked for what, and what came of it. */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { keepHouse } from '../../shared/app/housekeeping/keepHouse.ts';
import { memoryComposition, testNow } from '../../shared/composition/testing/memoryComposition.ts';
import { keptInput } from '../../shared/domain/audit/auditRow.ts';
import { shift } from '../../shared/domain/common/instants.ts';
import { allEndpoints } from './endpoints.ts';
import { callApi } from './testing/callApi.ts';
import { businessCentralWithSets, dataverseWithTables } from './testing/mappingMetadata.ts';
import { type ChangingOperation, sampleOf, sampleRequests } from './testing/requests.ts';

const names = Object.keys(sampleRequests) as ChangingOperation[];

function signedIn(name: string, role = 'Sync.Manage') {
  const principal = Buffer.from(JSON.stringify({ claims: [{ typ: 'roles', val: role }] })).toString('base64');
  return { 'x-ms-client-principal': principal, 'x-ms-client-principal-name': name };
}

function composition() {
  const services = { businessCentral: businessCentralWithSets(), dataverse: dataverseWithTables() };
  return memoryComposition({ ports: services });
}

type Row = Readonly<Record<string, unknown>>;

async function auditOf(app: ReturnType<typeof composition>, query = ''): Promise<readonly Row[]> {
  const { body } = await callApi(app.composition, `GET /api/audit${query}`);
  return body['value'] as readonly Row[];
}

describe('the audit (A-7)', () => {
  it('is written by every operation that changes something, and there is none this list lacks', () => {
    const changing = allEndpoints.filter(
      ({ method, name }) => method !== 'GET' && name !== 'connection-test',
    );
    expect(changing.filter(({ isAudited }) => !isAudited)).toEqual([]);
    expect(changing.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('tells of %s: who, when, what, and what was answered', async (name) => {
    const app = composition();
    const { request, body, before = [] } = sampleOf(name);
    for (const each of before) await callApi(app.composition, sampleOf(each).request, sampleOf(each));
    const headers = signedIn('ann@contoso.example');
    const answer = await callApi(app.composition, request, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const [row] = await auditOf(app);
    const runIds = answer.body['runIds'] ?? [];
    expect(row).toMatchObject({ at: testNow, user: 'ann@contoso.example', action: name, runIds });
    expect(row?.['input']).toMatchObject(name === 'table-mappings-create' ? {} : (body ?? {}));
    expect(row?.['status']).toBe(answer.status);
    const [, resource] = /\/(?:jobs|table-mappings)\/([A-Z]+)/.exec(request) ?? [];
    expect(row?.['target']).toBe(resource ?? null);
  });

  it('tells of what was refused, with the code, and not of what could not be read', async () => {
    const app = composition();
    await callApi(app.composition, 'POST /api/jobs/NOPE/run');
    await callApi(app.composition, 'POST /api/jobs/CUSTOMER/run?wait=perhaps');
    await callApi(app.composition, 'POST /api/records/synchronize', { body: {} });
    expect(await auditOf(app)).toMatchObject([{ action: 'jobs-run', status: 404, code: 'job-not-found' }]);
  });

  it('stays silent on dry runs and tests, which change nothing', async () => {
    const app = composition();
    await callApi(app.composition, 'POST /api/jobs/CUSTOMER/run?dryRun=true');
    await callApi(app.composition, 'POST /api/connection/test');
    expect(await auditOf(app)).toEqual([]);
  });

  it('is written before anything is done: what cannot be written down is not done', async () => {
    const { ports } = composition();
    const refuse = () => Promise.reject(new Error('The storage does not answer.'));
    const app = memoryComposition({ ports: { actions: { ...ports.actions, saveAudit: refuse } } });
    const answer = await callApi(app.composition, 'POST /api/jobs/CUSTOMER/run');
    expect(answer.status).toBe(500);
    expect(app.sent).toEqual([]);
  });

  it('tells of what a host that went away had begun, without an outcome', async () => {
    const { ports } = composition();
    let writes = 0;
    const saveAudit: typeof ports.actions.saveAudit = async (row) => {
      writes += 1;
      if (writes > 1) throw new Error('The host is gone.');
      await ports.actions.saveAudit(row);
    };
    const app = memoryComposition({ ports: { actions: { ...ports.actions, saveAudit } } });
    expect((await callApi(app.composition, 'POST /api/jobs/CUSTOMER/run')).status).toBe(202);
    expect(await auditOf(app)).toMatchObject([{ action: 'jobs-run', status: null, runIds: [] }]);
  });

  it('is read newest first, page by page, filtered, and only by those who may change things', async () => {
    const app = composition();
    for (const name of ['jobs-hold', 'jobs-ready', 'full-sync-reset'] as const) {
      const headers = signedIn(name === 'jobs-hold' ? 'ann' : 'bob');
      await callApi(app.composition, sampleOf(name).request, { headers });
    }
    const actions = (rows: readonly Row[]) => rows.map(({ action }) => action);
    expect(actions(await auditOf(app))).toEqual(['full-sync-reset', 'jobs-ready', 'jobs-hold']);
    expect(actions(await auditOf(app, '?user=bob'))).toEqual(['full-sync-reset', 'jobs-ready']);
    expect(actions(await auditOf(app, '?target=CUSTOMER&action=jobs-hold'))).toEqual(['jobs-hold']);
    expect(actions(await auditOf(app, `?since=${shift(testNow, 1)}`))).toEqual([]);
    const first = await callApi(app.composition, 'GET /api/audit?top=2');
    const link = new URL(String(first.body['nextLink']));
    expect(actions(await auditOf(app, link.search))).toEqual(['jobs-hold']);
    const reader = { headers: signedIn('eve', 'Sync.Read') };
    expect((await callApi(app.composition, 'GET /api/audit', reader)).status).toBe(403);
  });

  it('keeps long lists whole, cuts what is longer than any list, and goes after a year', async () => {
    const { composition: own, ports } = composition();
    const ids = Array.from(
      { length: 1_000 },
      (_, index) => `11111111-1111-4111-8111-${String(index).padStart(12, '0')}`,
    );
    const body = { mapping: 'CUSTOMER', businessCentralIds: ids, direction: 'merge' };
    await callApi(own, 'POST /api/records/synchronize', { body });
    const { rows } = await ports.actions.listAudit({}, { top: 10, continuation: null });
    expect(rows).toMatchObject([{ input: { businessCentralIds: ids } }]);
    expect(keptInput('x'.repeat(300_000))).toMatchObject({ characters: 300_002 });
    const dayMs = 24 * 60 * 60_000;
    const later = (days: number) => ({ ...ports, clock: { now: () => shift(testNow, days * dayMs) } });
    await keepHouse(later(364), [], 30);
    expect((await ports.actions.listAudit({}, { top: 10, continuation: null })).rows).toHaveLength(1);
    await keepHouse(later(366), [], 30);
    expect((await ports.actions.listAudit({}, { top: 10, continuation: null })).rows).toEqual([]);
  });
});
