/** Requests of webhook subscriptions, and answers an environment may give (business-central-api 7.1, 7.2). */
import { describe, expect, it } from 'vitest';
import { instant } from '../../domain/common/instants.ts';
import type { WebhookSubscription } from '../../domain/notifications/subscriptions.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import type { HttpRequest } from '../http/httpTypes.ts';
import { createChangeSubscriptions } from './businessCentral.ts';
import { doubleCompany, doubleUrl } from './companyDouble.ts';

const notFound = () =>
  new HttpFailure({ kind: 'data', code: 'not-found', message: 'Gone.', status: 404, serviceCode: '' });
const target = { notificationUrl: 'https://sync.example/hook', clientState: 'a secret of some length' };
const customers = { route: 'v2.0', entitySet: 'customers' } as const;
const resources = { route: 'companion', entitySet: 'resources' } as const;
const companion = 'openSync/salesIntegration/v1.0';

/** The port over a service that answers by address; an address without an answer is missing. */
function service(answers: Readonly<Record<string, unknown>>) {
  const requests: HttpRequest[] = [];
  const port = createChangeSubscriptions({
    baseUrl: doubleUrl,
    company: doubleCompany.id,
    log: () => undefined,
    now: () => 0,
    transport: {
      name: 'Business Central',
      holdBack: () => undefined,
      send: async (request) => {
        requests.push(request);
        const answer = answers[request.url.replace(`${doubleUrl}/api/`, '')];
        if (answer === undefined) throw notFound();
        return { status: 200, headers: {}, text: JSON.stringify(answer) };
      },
    },
  });
  return { port, requests };
}

function row(id: string, resource: string) {
  const expirationDateTime = '2026-02-03T10:00:00Z';
  return { subscriptionId: id, ...target, resource, expirationDateTime, '@odata.etag': 'W/"1"' };
}

const stored: WebhookSubscription = {
  id: 'ab',
  set: customers,
  ...target,
  expiresAt: instant('2026-02-03T10:00:00Z'),
  etag: 'W/"1"',
};

describe('the sets that can be subscribed to', () => {
  it('are those the environment tells, of both routes', async () => {
    const path = `microsoft/runtime/beta/companies(${doubleCompany.id})/webhookSupportedResources`;
    const names = ['v2.0/customers', `${companion}/resources`, 'other/app/v1.0/things', 'v1.0/customers'];
    const { port } = service({ [path]: { value: names.map((resource) => ({ resource })) } });
    expect(await port.supportedSets()).toEqual([customers, resources]);
  });

  it('are the published ones where it does not tell', async () => {
    expect(await service({}).port.supportedSets()).toContainEqual(customers);
  });
});

describe('the subscriptions there are', () => {
  it('are read at both routes, each once, with their sets', async () => {
    const of = `companies(${doubleCompany.id.toUpperCase()})`;
    const value = [
      row('1', `/api/v2.0/${of}/customers`),
      row('2', `${of}/customers`),
      row('3', `https://api.example/v2.0/t/e/api/${companion}/${of}/resources`),
      row('4', `/api/v2.0/companies(${'9'.repeat(8)}-0000-4000-8000-000000000000)/customers`),
      row('5', `/api/other/app/v1.0/${of}/things`),
    ];
    const answers = { 'v2.0/subscriptions': { value }, [`${companion}/subscriptions`]: { value } };
    const sets = (await service(answers).port.list()).map(({ id, set }) => [id, set]);
    expect(sets).toEqual([
      ['1', customers],
      ['2', customers],
      ['3', resources],
      ['4', null],
      ['5', null],
    ]);
  });

  it('are read without the companion app, too, but not without the standard API', async () => {
    const { port } = service({ 'v2.0/subscriptions': { value: [row('1', 'x')] } });
    expect(await port.list()).toHaveLength(1);
    await expect(service({}).port.list()).rejects.toMatchObject({ status: 404 });
  });
});

describe('a subscription', () => {
  it('of a custom page is made at its route, which its resource names', async () => {
    const { port, requests } = service({ [`${companion}/subscriptions`]: {} });
    await port.create({ set: resources, ...target });
    expect(requests[0]).toMatchObject({ method: 'POST', idempotent: false });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      ...target,
      resource: `/api/${companion}/companies(${doubleCompany.id})/resources`,
    });
  });

  it('is renewed with its whole body and any version, and tells until when it lives', async () => {
    const expirationDateTime = '2026-02-06T10:00:00Z';
    const { port, requests } = service({ "v2.0/subscriptions('ab')": { expirationDateTime } });
    expect(await port.renew(stored, { set: customers, ...target })).toBe('2026-02-06T10:00:00.000Z');
    expect(requests[0]).toMatchObject({ method: 'PATCH', headers: { 'If-Match': '*' } });
    expect(Object.keys(JSON.parse(requests[0]?.body ?? ''))).toEqual([
      'notificationUrl',
      'resource',
      'clientState',
    ]);
  });

  it('that is gone is told so on renewal, and passed over on removal', async () => {
    const { port, requests } = service({});
    expect(await port.renew(stored, { set: customers, ...target })).toBeNull();
    await port.remove(stored);
    expect(requests.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'If-Match': '*' } });
  });
});
