/** Couplings, log, errors and mappings over the API: shapes, filters, pages. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import {
  type MemoryComposition,
  memoryComposition,
} from '../../shared/composition/testing/memoryComposition.ts';
import { mappingName, syncJobId } from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { apiOrigin, callApi } from './testing/callApi.ts';
import { couplingRow, guidOf, syncErrorRow, syncJobRow } from './testing/rows.ts';

const optionMappings = ['PAYMENT TERMS', 'SHIPMENT METHOD', 'SHIPPING AGENT'];

let memory: MemoryComposition;
beforeEach(() => {
  memory = memoryComposition();
});

/** Follows nextLinks; returns the given property of every row. */
async function allPages(path: string, property: string): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { body } = await callApi(memory.composition, `GET ${next}`);
    const rows = body['value'] as Readonly<Record<string, unknown>>[];
    values.push(...rows.map((row) => row[property]));
    next = body['nextLink'] as string | undefined;
    if (next !== undefined) expect(next).toMatch(new RegExp(`^${apiOrigin}/api/`));
  }
  return values;
}

describe('couplings', () => {
  beforeEach(async () => {
    const failure = {
      errorId: syncErrorRow(1).id,
      code: 'modify-failed',
      message: 'Too long.',
      occurredAt: instant('2026-01-31T09:00:00Z'),
    };
    const rows = [
      couplingRow(1),
      couplingRow(2, { state: 'failed', lastError: failure }),
      couplingRow(3, { mapping: mappingName('CONTACT') }),
    ];
    for (const coupling of rows) {
      await memory.ports.couplings.save(coupling.mapping, [{ kind: 'create', coupling }]);
    }
  });

  it('have the shape of the contract, without digests', async () => {
    const { body } = await callApi(memory.composition, 'GET /api/couplings?state=failed');
    expect(body).toEqual({
      value: [
        {
          mapping: 'CUSTOMER',
          businessCentralId: guidOf(2),
          dataverseId: guidOf(5_002),
          businessCentralName: '10000 Adatum',
          dataverseName: 'Adatum',
          state: 'failed',
          lastSyncedAt: '2026-01-31T09:00:00.000Z',
          lastError: { code: 'modify-failed', message: 'Too long.', occurredAt: '2026-01-31T09:00:00.000Z' },
        },
      ],
    });
  });

  it.each([
    ['mapping=CONTACT', [guidOf(3)]],
    [`businessCentralId=${guidOf(1).toUpperCase()}`, [guidOf(1)]],
    [`dataverseId=${guidOf(5_002)}`, [guidOf(2)]],
    ['mapping=UNKNOWN', []],
  ])('are filtered by %s', async (filter, expected) => {
    expect(await allPages(`/api/couplings?${filter}`, 'businessCentralId')).toEqual(expected);
  });

  it('come in pages, each once', async () => {
    const ids = await allPages('/api/couplings?top=1', 'businessCentralId');
    expect([...ids].sort()).toEqual([guidOf(1), guidOf(2), guidOf(3)]);
  });
});

describe('sync jobs', () => {
  beforeEach(async () => {
    const failing = { ...syncJobRow(2).counts, failed: 1 };
    const contact = mappingName('CONTACT');
    const later = instant('2026-01-31T10:00:00Z');
    await memory.ports.logs.saveSyncJob(syncJobRow(1));
    await memory.ports.logs.saveSyncJob(syncJobRow(2, { counts: failing }));
    await memory.ports.logs.saveSyncJob(
      syncJobRow(3, { mapping: contact, job: 'CONTACT', startedAt: later }),
    );
  });

  it('come newest first', async () => {
    expect(await allPages('/api/sync-jobs?top=2', 'id')).toEqual([guidOf(3), guidOf(2), guidOf(1)]);
  });

  it.each([
    ['mapping=CUSTOMER', [guidOf(2), guidOf(1)]],
    ['job=CONTACT', [guidOf(3)]],
    ['failed=true', [guidOf(2)]],
    ['failed=false', [guidOf(3), guidOf(2), guidOf(1)]],
    ['type=coupling', []],
    ['since=2026-01-31T10:30:00%2B01:00', [guidOf(3)]],
    ['since=2026-02-01', []],
  ])('are filtered by %s', async (filter, expected) => {
    expect(await allPages(`/api/sync-jobs?${filter}`, 'id')).toEqual(expected);
  });

  it('are read one by one, with what they cost', async () => {
    const { status, body } = await callApi(memory.composition, `GET /api/sync-jobs/${guidOf(1)}`);
    expect(status).toBe(200);
    expect(body).toEqual({ ...syncJobRow(1) });
  });

  it('answer 404 when there is none, 400 when the id is no GUID', async () => {
    expect((await callApi(memory.composition, `GET /api/sync-jobs/${guidOf(9)}`)).status).toBe(404);
    const { status, body } = await callApi(memory.composition, 'GET /api/sync-jobs/one/errors');
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { target: 'id', message: 'id must be a GUID.' } });
  });
});

describe('sync errors', () => {
  beforeEach(async () => {
    await memory.ports.logs.saveSyncJob(syncJobRow(1));
    await memory.ports.logs.saveErrors([
      syncErrorRow(1),
      syncErrorRow(2, { code: 'update-conflict', resolvedAt: instant('2026-01-31T10:00:00Z') }),
      syncErrorRow(3, { syncJobId: syncJobId(guidOf(7)), field: 'name' }),
    ]);
  });

  it.each([
    ['code=update-conflict', [guidOf(2)]],
    ['open=true', [guidOf(3), guidOf(1)]],
    ['mapping=CONTACT', []],
  ])('are filtered by %s', async (filter, expected) => {
    expect(await allPages(`/api/sync-errors?${filter}`, 'id')).toEqual(expected);
  });

  it('of a sync job are its own only', async () => {
    expect(await allPages(`/api/sync-jobs/${guidOf(1)}/errors?top=1`, 'id')).toEqual([guidOf(2), guidOf(1)]);
  });

  it('have the shape of the contract; field only when there is one', async () => {
    const { body } = await callApi(memory.composition, 'GET /api/sync-errors?open=true');
    const { field, ...withoutField } = syncErrorRow(1);
    expect(field).toBeNull();
    const named = { ...syncErrorRow(3, { syncJobId: syncJobId(guidOf(7)) }), field: 'name' };
    expect(body['value']).toEqual([named, withoutField]);
  });
});

describe('table mappings', () => {
  it('show what they do without, and why, where the companion app is missing', async () => {
    memory = memoryComposition({ onPause: () => new Promise(() => {}) });
    const { body } = await callApi(memory.composition, 'GET /api/table-mappings/CONTACT');
    const fields = body['fields'] as { id: string; enabled: boolean }[];
    expect(body['enabled']).toBe(true);
    expect(fields.find(({ id }) => id === 'pager')?.enabled).toBe(false);
    expect(fields.find(({ id }) => id === 'emailaddress1')?.enabled).toBe(true);
    expect(body['shortcomings']).toMatchObject([
      { code: 'companion-app-missing', suggestion: expect.stringContaining('Install') },
    ]);
  });

  it('are told by their jobs before any run, in the entry and in the list', async () => {
    memory = memoryComposition({ onPause: () => new Promise(() => {}) });
    const { body: entry } = await callApi(memory.composition, 'GET /api/jobs/CONTACT');
    const told = { code: 'companion-app-missing', suggestion: expect.stringContaining('Install') };
    expect(entry).toMatchObject({
      lastRun: null,
      errorMessage: expect.stringContaining('CONTACT runs without the fields'),
      shortcomings: [told],
    });
    const { body: list } = await callApi(memory.composition, 'GET /api/jobs');
    expect(list['value']).toContainEqual(entry);
  });

  it('are shown as configured while a service does not answer', async () => {
    memory = memoryComposition({
      ports: { dataverse: { ...fakeDataverse(), table: () => new Promise(() => {}) } },
    });
    const { body } = await callApi(memory.composition, 'GET /api/table-mappings/CONTACT');
    const fields = body['fields'] as { id: string; enabled: boolean }[];
    expect(fields.find(({ id }) => id === 'pager')?.enabled).toBe(true);
  });

  it('show fields and watermarks', async () => {
    const mapping = mappingName('CUSTOMER');
    const { state } = await memory.ports.mappings.get(mapping);
    const businessCentralWatermark = instant('2026-01-30T10:00:00Z');
    const read = { ...state, businessCentralWatermark, dataversePosition: 'token' };
    await memory.ports.mappings.replace(read, null);
    const { body } = await callApi(memory.composition, 'GET /api/table-mappings/CUSTOMER');
    expect(body).toMatchObject({
      name: 'CUSTOMER',
      kind: 'table',
      dependsOn: ['SALESPEOPLE', 'CURRENCY', ...optionMappings],
      businessCentral: { table: 'Customer', entitySet: 'customers', filter: "blocked eq ' '" },
      dataverse: { table: 'account', entitySet: 'accounts' },
      watermarks: { businessCentral: '2026-01-30T10:00:00.000Z', dataverse: 'token-present' },
    });
    expect(JSON.stringify(body['watermarks'])).not.toContain('"token"');
    expect(body['fields']).toContainEqual(
      expect.objectContaining({
        id: 'fax',
        businessCentralField: 'customerExtras/faxNumber',
        attribute: 'fax',
      }),
    );
    expect(body['fields']).toContainEqual(
      expect.objectContaining({
        businessCentralField: null,
        constant: 'systemuser',
        direction: 'toDataverse',
      }),
    );
  });

  it('are listed in run order; one never read has no watermarks', async () => {
    const { body } = await callApi(memory.composition, 'GET /api/table-mappings');
    const rows = body['value'] as { name: string; watermarks: unknown }[];
    const names = rows.map(({ name }) => name);
    const known = ['SALESPEOPLE', 'CURRENCY', 'UNIT OF MEASURE', 'CUSTOMER', 'CONTACT', 'ITEM-PRODUCT'];
    expect(names.filter((name) => known.includes(name))).toEqual(known);
    expect(names).toHaveLength(defaultMappings('person').length);
    expect(rows[0]?.watermarks).toEqual({ businessCentral: null, dataverse: null });
  });

  it('answer 404 for an unknown name', async () => {
    const { status, body } = await callApi(memory.composition, 'GET /api/table-mappings/NOPE');
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: 'mapping-not-found' } });
  });
});

describe('under ownership model team', () => {
  it('there is no SALESPEOPLE (J-82)', async () => {
    memory = memoryComposition({ environment: { OWNERSHIP_MODEL: 'team' } });
    const names = await allPages('/api/table-mappings', 'name');
    expect(names).toHaveLength(defaultMappings('team').length);
    expect(names).not.toContain('SALESPEOPLE');
    expect(await allPages('/api/jobs', 'name')).not.toContain('SALESPEOPLE');
  });
});

describe('deleting old rows of the log', () => {
  const remove = (body: object, query = '') =>
    callApi(memory.composition, `POST /api/sync-jobs/delete${query}`, { body });

  it('answers how many went, and how many stay for skipped records (J-109, E-152)', async () => {
    memory = memoryComposition();
    const old = syncJobRow(1);
    await memory.ports.logs.saveSyncJob(old);
    expect(await remove({ olderThanDays: 7 })).toMatchObject({ status: 202, body: { accepted: 0 } });
    const { status, body } = await remove({ olderThanDays: 0 }, '?wait=true');
    expect(status).toBe(200);
    expect(body).toEqual({ runIds: [], accepted: 1, skipped: 0, failed: 0, results: [], syncJobs: [] });
    expect(await memory.ports.logs.syncJob(old.id)).toBeNull();
  });

  it.each([
    {},
    { olderThanDays: -1 },
    { olderThanDays: 1.5 },
    { olderThanDays: '7' },
    { olderThanDays: 1, all: true },
  ])('refuses %j', async (body) => {
    expect((await remove(body)).status).toBe(400);
  });
});
