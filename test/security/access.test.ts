/** Nobody gets more than the endpoint's role gives, whatever else a request says (contract section 3). */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { allEndpoints } from '../../functions/api/endpoints.ts';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { appRoles } from '../../functions/http/access.ts';
import type { Endpoint } from '../../functions/http/endpoint.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';

const principal = (claims: readonly { typ: string; val: string }[], more: object = {}) => ({
  'x-ms-client-principal': Buffer.from(JSON.stringify({ claims, ...more })).toString('base64'),
});
const roles = (names: readonly string[]) => principal(names.map((val) => ({ typ: 'roles', val })));
const addressOf = ({ method, route }: Endpoint) =>
  `${method} /${route.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000001')}`;
const everyEndpoint = allEndpoints.map((endpoint) => [addressOf(endpoint), endpoint] as const);

describe('roles', () => {
  it.each(everyEndpoint)(
    '%s is closed to every role but its own and Sync.Manage',
    async (address, { role }) => {
      const { composition } = memoryComposition();
      const others = appRoles.filter((name) => name !== role && name !== 'Sync.Manage');
      for (const names of [others, [], ['sync.manage'], [`${role} `], ['Sync.Manage.Not']]) {
        const { status, body } = await callApi(composition, address, { headers: roles(names) });
        expect([status, (body as { error?: { code?: string } }).error?.code]).toEqual([403, 'role-missing']);
      }
    },
  );

  const change = 'POST /api/jobs/CUSTOMER/hold';
  it.each([
    ['a dry run', `${change}?dryRun=true`, {}],
    ['waiting', `${change}?wait=true`, {}],
    ['another method in a header', change, { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }],
    ['another address in a header', change, { 'x-original-url': '/api/jobs', 'x-rewrite-url': '/api/jobs' }],
    ['the address of this machine', change, { 'x-forwarded-for': '127.0.0.1', host: 'localhost' }],
    ['a name', change, { 'x-ms-client-principal-name': 'administrator', 'x-ms-client-principal-id': '1' }],
  ])('are not got around by %s', async (_what, request, headers) => {
    const { composition } = memoryComposition();
    const answer = await callApi(composition, request, { headers: { ...roles(['Sync.Read']), ...headers } });
    expect(answer.status).toBe(403);
  });

  it('are read from role claims only, not from names, groups or scopes', async () => {
    const { composition } = memoryComposition();
    const claims = ['name', 'groups', 'scp', 'wids', 'preferred_username'].map((typ) => ({
      typ,
      val: 'Sync.Manage',
    }));
    expect((await callApi(composition, change, { headers: principal(claims) })).status).toBe(403);
  });

  it.each([
    '',
    'e30',
    'bnVsbA==',
    Buffer.from('{"claims":"Sync.Manage"}').toString('base64'),
    Buffer.from('{"claims":[{"typ":1,"val":"Sync.Manage"}]}').toString('base64'),
    `${'A'.repeat(100_000)}`,
  ])('of a sign-in in a strange form (%#) are none', async (header) => {
    const { composition } = memoryComposition();
    const answer = await callApi(composition, change, { headers: { 'x-ms-client-principal': header } });
    expect([401, 403]).toContain(answer.status);
  });
});
