/** What holds for every endpoint: errors, input, access, cross-site requests (contract section 3). */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { type FailureDetails, SyncFailure } from '../../shared/domain/common/failures.ts';
import { runId } from '../../shared/domain/common/ids.ts';
import type { JobStore } from '../../shared/ports/jobStore.ts';
import { allEndpoints } from '../api/endpoints.ts';
import { apiOrigin, callApi } from '../api/testing/callApi.ts';
import { couplingRow } from '../api/testing/rows.ts';

/** A composition whose list of jobs fails so. */
function failing(error: Error) {
  const { ports } = memoryComposition();
  const jobs: JobStore = { ...ports.jobs, list: () => Promise.reject(error) };
  return memoryComposition({ ports: { jobs } }).composition;
}

function failure(details: Partial<FailureDetails>): SyncFailure {
  return new SyncFailure({ kind: 'transient', code: 'some-code', message: 'Some message.', ...details });
}

describe('errors', () => {
  it('wrong settings are told in full, without values', async () => {
    const environment = { TICK_MINUTES: 'hunter2', DATAVERSE_URL: '' };
    const { status, body } = await callApi(memoryComposition({ environment }).composition, 'GET /api/jobs');
    expect(status).toBe(500);
    expect(body).toEqual({
      error: {
        code: 'invalid-settings',
        message: 'The app cannot work with its settings; see details.',
        details: [
          { code: 'invalid-setting', message: 'must be set', target: 'DATAVERSE_URL' },
          { code: 'invalid-setting', message: 'must be a whole number from 1 to 59', target: 'TICK_MINUTES' },
        ],
      },
    });
  });

  it.each([
    ['throttled', 429],
    ['config', 409],
    ['conflict', 409],
    ['transient', 500],
    ['permission', 500],
  ] as const)('a failure of kind %s is answered with %i and its message', async (kind, expected) => {
    const { status, body } = await callApi(failing(failure({ kind })), 'GET /api/jobs');
    expect(status).toBe(expected);
    expect(body).toMatchObject({ error: { code: 'some-code', message: 'Some message.' } });
  });

  it('throttling says how long to wait, rounded up', async () => {
    const composition = failing(failure({ kind: 'throttled', retryAfterMs: 1_500 }));
    const { headers } = await callApi(composition, 'GET /api/jobs');
    expect(headers['retry-after']).toBe('2');
  });

  it.each([
    ['an unforeseen error', new Error('secret internals')],
    ['a bug', failure({ kind: 'bug', message: 'secret internals' })],
  ])('%s is answered with 500 and without internals', async (_what, error) => {
    const { status, body } = await callApi(failing(error), 'GET /api/jobs');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body).toMatchObject({ error: { code: 'internal-error' } });
  });

  it('storage that does not answer makes the health bad', async () => {
    const { status, body } = await callApi(
      failing(failure({ code: 'storage-unavailable' })),
      'GET /api/health',
    );
    expect(status).toBe(503);
    expect(body).toMatchObject({ healthy: false, problems: [{ code: 'storage-unavailable' }] });
  });
});

describe('input', () => {
  const { composition } = memoryComposition();

  it.each([
    ['top=0', 'top'],
    ['top=1001', 'top'],
    ['top=1.5', 'top'],
    ['topp=1', 'topp'],
    ['top=1&top=2', 'top'],
    ['continuation=nonsense', 'continuation'],
    ['__proto__=1', '__proto__'],
  ])('GET /api/jobs?%s is refused with 400', async (query, target) => {
    const { status, body } = await callApi(composition, `GET /api/jobs?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { details: [{ target }] } });
  });

  it.each(['not json', '[]', '{"mappings":"CUSTOMER"}', '{"unknown":1}', 'null'])(
    'the body %s is refused with 400',
    async (body) => {
      expect((await callApi(composition, 'POST /api/full-sync', { body })).status).toBe(400);
    },
  );

  it('a body for an action that takes none is refused with 400', async () => {
    const { status } = await callApi(composition, 'POST /api/jobs/CUSTOMER/hold', { body: { a: 1 } });
    expect(status).toBe(400);
  });

  it('a body above 1 MiB is refused with 413, whether its length is announced or not', async () => {
    const body = 'x'.repeat(1_048_577);
    expect((await callApi(composition, 'POST /api/full-sync', { body })).status).toBe(413);
    const headers = { 'content-length': '1048577' };
    expect((await callApi(composition, 'POST /api/full-sync', { body: {}, headers })).status).toBe(413);
  });

  it('a function key in the address is the host’s business, and is not repeated in links', async () => {
    const memory = memoryComposition();
    for (const number of [1, 2]) {
      await memory.ports.couplings.save(couplingRow(number).mapping, [
        { kind: 'create', coupling: couplingRow(number) },
      ]);
    }
    const { status, body } = await callApi(memory.composition, 'GET /api/couplings?top=1&code=secret-key');
    expect(status).toBe(200);
    expect(body['nextLink']).toContain('continuation=');
    expect(body['nextLink']).not.toContain('secret-key');
  });
});

describe('access', () => {
  const { composition } = memoryComposition();
  const principal = (roles: readonly string[], type = 'roles') => {
    const claims = roles.map((val) => ({ typ: type, val }));
    const text = JSON.stringify({ auth_typ: 'aad', role_typ: type, claims });
    return { 'x-ms-client-principal': Buffer.from(text).toString('base64') };
  };
  const read = 'GET /api/jobs';
  const manage = 'POST /api/jobs/CUSTOMER/hold';

  it.each([
    [read, ['Sync.Read'], 200],
    [read, ['Sync.Manage'], 200],
    [read, ['Another'], 403],
    [read, [], 403],
    [manage, ['Sync.Manage'], 200],
    [manage, ['Sync.Read'], 403],
  ])('%s by a user with roles %j is answered with %i', async (request, roles, expected) => {
    expect((await callApi(composition, request, { headers: principal(roles) })).status).toBe(expected);
  });

  it('roles are found under the claim type the sign-in names', async () => {
    const headers = principal(['Sync.Read'], 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role');
    expect((await callApi(composition, read, { headers })).status).toBe(200);
  });

  it.each([
    [{ 'x-ms-client-principal-name': 'ann@contoso.example' }, 'ann@contoso.example'],
    [{}, 'bob@contoso.example'],
  ])('remembers with an action who asked for it, as the sign-in tells (A-7)', async (headers, expected) => {
    const claims = [
      { typ: 'roles', val: 'Sync.Manage' },
      { typ: 'preferred_username', val: 'bob@contoso.example' },
    ];
    const signedIn = Buffer.from(JSON.stringify({ claims })).toString('base64');
    const { composition: own, ports } = memoryComposition();
    const { body } = await callApi(own, 'POST /api/table-mappings/CUSTOMER/synchronize', {
      body: { mode: 'modified' },
      headers: { ...headers, 'x-ms-client-principal': signedIn },
    });
    const [id = ''] = body['runIds'] as string[];
    expect((await ports.actions.get(runId(id)))?.requestedBy).toBe(expected);
  });

  it('no name is believed without a sign-in (A-7)', async () => {
    const { composition: own, ports } = memoryComposition();
    const headers = { 'x-ms-client-principal-name': 'mallory@evil.example' };
    const { body } = await callApi(own, 'POST /api/table-mappings/CUSTOMER/synchronize', {
      body: { mode: 'modified' },
      headers,
    });
    const [id = ''] = body['runIds'] as string[];
    expect((await ports.actions.get(runId(id)))?.requestedBy).toBe('');
  });

  it('no answer to reading holds a token or key of the app', async () => {
    const { composition: own } = memoryComposition();
    const readings = allEndpoints.filter(({ method, route }) => method === 'GET' && !route.includes('{'));
    expect(readings.length).toBeGreaterThan(5);
    for (const { route } of readings) {
      const { body } = await callApi(own, `GET /${route}`);
      expect(JSON.stringify(body)).not.toMatch(/-token"|AccountKey|5a5a5a5a/);
    }
  });

  it('a sign-in that cannot be read is refused with 401', async () => {
    const headers = { 'x-ms-client-principal': 'nonsense' };
    expect((await callApi(composition, read, { headers })).status).toBe(401);
  });
});

describe('cross-site requests', () => {
  const { composition } = memoryComposition();
  const manage = 'POST /api/jobs/CUSTOMER/hold';

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: apiOrigin }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: apiOrigin }, 200],
    [{}, 200],
  ])('an action with headers %j is answered with %i', async (headers, expected) => {
    expect((await callApi(composition, manage, { headers: { ...headers } })).status).toBe(expected);
  });

  it('reading is not concerned: browsers keep the answer from other sites', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await callApi(composition, 'GET /api/jobs', { headers })).status).toBe(200);
  });
});
