/** Names, ids, filters and bodies of strange forms are refused, and reach neither storage nor a service. */
import { describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { businessCentralWithSets, dataverseWithTables } from '../../functions/api/testing/mappingMetadata.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';

const ports = () => ({ businessCentral: businessCentralWithSets(), dataverse: dataverseWithTables() });
const app = () => memoryComposition({ ports: ports() });

const strangeNames = [
  '__proto__',
  'constructor',
  'toString',
  '%2e%2e%2fjobs',
  '..%2F..%2Fadmin%2Fhost%2Fkeys',
  "CUSTOMER'%20or%201%20eq%201",
  'CUSTOMER%00',
  'CUSTOMER%0d%0aset-cookie:%20a=b',
  '~definitions',
  'state',
  'x'.repeat(5_000),
] as const;

describe('names in addresses', () => {
  it.each(strangeNames.map((name) => [name.slice(0, 40), name] as const))(
    '%s names no job and no mapping',
    async (_short, name) => {
      const { composition } = app();
      for (const request of [
        `GET /api/jobs/${name}`,
        `POST /api/jobs/${name}/run`,
        `GET /api/table-mappings/${name}`,
        `DELETE /api/table-mappings/${name}`,
      ]) {
        const { status, headers } = await callApi(composition, request);
        expect([400, 404]).toContain(status);
        expect(Object.keys(headers)).not.toContain('set-cookie');
      }
    },
  );

  it.each(["1' or 1 eq 1", '..%2f', '%00', '{}', '0'])('%s is the id of no row of the log', async (id) => {
    const { composition } = app();
    for (const request of [`GET /api/sync-jobs/${id}`, `GET /api/sync-jobs/${id}/errors`]) {
      expect([400, 404]).toContain((await callApi(composition, request)).status);
    }
  });
});

describe('values in queries', () => {
  const injected = encodeURIComponent("CUSTOMER' or PartitionKey ne '");
  it.each([
    `GET /api/couplings?mapping=${injected}`,
    `GET /api/couplings?mapping=CUSTOMER&businessCentralId=${injected}`,
    `GET /api/sync-jobs?mapping=${injected}`,
    `GET /api/sync-jobs?since=${injected}`,
    `GET /api/sync-errors?code=${injected}&mapping=${injected}`,
    `GET /api/coupled-data-errors?mapping=${injected}`,
    `GET /api/records/preview?mapping=CUSTOMER&businessCentralId=${injected}`,
    `GET /api/sync-jobs?top=1000000`,
    `GET /api/sync-jobs?top=-1`,
    `GET /api/sync-jobs?continuation=${encodeURIComponent('{"nextPartitionKey":"x"}')}`,
    `GET /api/sync-jobs?mapping=CUSTOMER&mapping=VENDOR`,
    `GET /api/sync-jobs?__proto__=1`,
  ])('%s finds nothing or is refused', async (request) => {
    const { composition } = app();
    const { status, body } = await callApi(composition, request);
    if (status === 200) expect(body['value']).toEqual([]);
    else expect([400, 404]).toContain(status);
  });
});

describe('definitions of mappings', () => {
  const definition = (change: object) => ({
    name: 'LOCATION',
    businessCentral: { entitySet: 'locations' },
    dataverse: { table: 'new_location' },
    direction: 'toDataverse',
    fields: [{ businessCentralField: 'code', attribute: 'new_code', match: { priority: 0 } }],
    ...change,
  });
  const path = '../../companies';
  it.each([
    ['an address for a set', { businessCentral: { entitySet: `${path}(x)/customers` } }],
    ['another host for a set', { businessCentral: { entitySet: 'https://evil.example/customers' } }],
    ['a query for a set', { businessCentral: { entitySet: 'locations?$filter=1 eq 1' } }],
    ['an address for a table', { dataverse: { table: "account')/Attributes(LogicalName='x" } }],
    [
      'several columns for one',
      { fields: [{ businessCentralField: 'code', attribute: 'new_code,ownerid' }] },
    ],
    [
      'a query for a property',
      { fields: [{ businessCentralField: 'code&$expand=x', attribute: 'new_code' }] },
    ],
    ['a script for a name', { name: '<script>alert(1)</script>' }],
    ['a row of the store for a name', { name: '~definitions' }],
    ['a filter that is none', { businessCentral: { entitySet: 'locations', filter: "code eq 'a' ; drop" } }],
    [
      'a filter that calls a function',
      { dataverse: { table: 'new_location', filter: 'Microsoft.Dynamics.CRM.Today()' } },
    ],
  ])('with %s are refused, and nothing is kept', async (_what, change) => {
    const { composition } = app();
    expect(
      (await callApi(composition, 'POST /api/table-mappings', { body: definition(change) })).status,
    ).toBe(400);
    expect((await callApi(composition, 'GET /api/table-mappings/LOCATION')).status).toBe(404);
  });

  it('that are right are taken, so that the refusals above mean something', async () => {
    expect(
      (await callApi(app().composition, 'POST /api/table-mappings', { body: definition({}) })).status,
    ).toBe(201);
  });
});

describe('bodies', () => {
  it('do not reach the prototype of objects', async () => {
    const body = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    for (const request of [
      'POST /api/synchronize-modified',
      'POST /api/couplings',
      'PATCH /api/table-mappings/CUSTOMER',
    ]) {
      expect((await callApi(app().composition, request, { body })).status).toBe(400);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('of a hundred thousand nested lists are refused without harm', async () => {
    const body = '['.repeat(100_000) + ']'.repeat(100_000);
    expect((await callApi(app().composition, 'POST /api/couplings', { body })).status).toBe(400);
  });

  it('with a hundred thousand problems are answered in short', async () => {
    const body = { records: Array.from({ length: 20_000 }, () => ({ mapping: 1, businessCentralId: 'x' })) };
    const begun = performance.now();
    const answer = await callApi(app().composition, 'POST /api/couplings/delete', { body });
    expect([400, 413]).toContain(answer.status);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
