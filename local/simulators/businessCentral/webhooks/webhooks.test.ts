/** Subscriptions and notifications (section 7). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, startHttpServer } from '../../common/server.ts';
import { companionPath, startService, type TestService } from '../testSupport.ts';
import type { NotificationEntry } from './notifier.ts';

let service: TestService;
let receiver: HttpServer;
let posts: { entries: NotificationEntry[]; headers: Readonly<Record<string, string>> }[] = [];
let answerStatus = 202;
let echo = true;
const minute = 60_000;
const any = { 'If-Match': '*' };

beforeEach(async () => {
  posts = [];
  answerStatus = 202;
  echo = true;
  receiver = await startHttpServer({
    port: 0,
    handle: (request) => {
      const token = request.url.searchParams.get('validationToken');
      if (token !== null)
        return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: echo ? token : 'no' };
      posts.push({ entries: JSON.parse(request.body).value, headers: request.headers });
      return { status: answerStatus };
    },
  });
  service = await startService({ collectionThreshold: 3 });
});
afterEach(async () => {
  await service.simulator.close();
  await receiver.close();
});

const resourceOf = (set: string, route = 'v2.0') =>
  `/api/${route}/companies(${service.simulator.companyId})/${set}`;
const subscribe = (set = 'customers', route = 'v2.0', path = '/hook?code=1') =>
  service.call('POST', `${route}/subscriptions`, {
    notificationUrl: `${receiver.url}${path}`,
    resource: resourceOf(set, route),
    clientState: 'secret',
  });
const advance = (byMs: number) => service.simulator.clock.advance(byMs);
const edit = (city: string, index = 0) => {
  const id = String(service.simulator.records('customers')[index]?.['id']);
  service.simulator.edit('customers', id, { city });
  return id;
};
const entries = () => posts.flatMap((post) => post.entries);

describe('subscriptions', () => {
  it('are created after a handshake, live three days, and are listed', async () => {
    const created = await subscribe();
    expect(created.status).toBe(201);
    expect(created.body.subscriptionId).toMatch(/^[0-9a-f]{32}$/);
    expect(Date.parse(created.body.expirationDateTime) - service.simulator.clock.now()).toBe(
      3 * 24 * 60 * minute,
    );
    const listed = await service.call('GET', 'v2.0/subscriptions');
    expect(listed.body.value).toHaveLength(1);
    expect(listed.body.value[0]['@odata.etag']).toBe(created.body['@odata.etag']);
    await advance(3 * 24 * 60 * minute);
    expect((await service.call('GET', 'v2.0/subscriptions')).body.value).toEqual([]);
  });

  it('fail when the receiver does not echo the token, or the set has no webhooks', async () => {
    expect((await subscribe('salesOrderLines')).status).toBe(400);
    expect((await subscribe('nothings')).status).toBe(404);
    echo = false;
    expect((await subscribe()).status).toBe(400);
    expect((await service.call('GET', 'v2.0/subscriptions')).body.value).toEqual([]);
  });

  it('are renewed with If-Match and a new handshake, and deleted with If-Match', async () => {
    const { subscriptionId } = (await subscribe()).body;
    const path = `v2.0/subscriptions('${subscriptionId}')`;
    await advance(2 * 24 * 60 * minute);
    expect((await service.call('PATCH', path, {})).status).toBe(400);
    const renewed = await service.call('PATCH', path, { clientState: 'new' }, any);
    expect(renewed.status).toBe(200);
    expect(Date.parse(renewed.body.expirationDateTime) - service.simulator.clock.now()).toBe(
      3 * 24 * 60 * minute,
    );
    await advance(2 * 24 * 60 * minute);
    expect((await service.call('GET', path)).body.clientState).toBe('new');
    echo = false;
    expect((await service.call('PATCH', path, {}, any)).status).toBe(400);
    expect((await service.call('DELETE', path)).status).toBe(400);
    expect((await service.call('DELETE', path, undefined, any)).status).toBe(204);
    expect((await service.call('GET', path)).status).toBe(404);
  });

  it('stop at 200 per environment', async () => {
    for (let index = 0; index < 200; index += 1) {
      expect((await subscribe('customers', 'v2.0', `/hook/${index}`)).status).toBe(201);
    }
    expect((await subscribe('customers', 'v2.0', '/hook/last')).status).toBe(400);
  });
});

describe('notifications', () => {
  it('come 30 seconds after the first change, merged, for all subscriptions of a URL in one request', async () => {
    const { subscriptionId } = (await subscribe()).body;
    await subscribe('customerExtras', companionPath);
    const id = edit('One');
    edit('Two');
    await advance(29_999);
    expect(posts).toEqual([]);
    await advance(1);
    expect(posts).toHaveLength(1);
    expect(entries()).toHaveLength(2);
    expect(entries()[0]).toMatchObject({
      subscriptionId,
      clientState: 'secret',
      changeType: 'updated',
      resource: `${resourceOf('customers').slice(1)}(${id})`,
    });
    expect(posts[0]?.headers['x-ms-correlation-id']).toBe(posts[0]?.headers['clientrequestid']);
  });

  it('name created, updated and deleted apart, and nothing for a change of nothing', async () => {
    await subscribe();
    const created = service.simulator.create('customers', { displayName: 'N' });
    const id = String(created['id']);
    service.simulator.edit('customers', id, { city: 'X' });
    service.simulator.edit('customers', id, { city: 'X' });
    service.simulator.remove('customers', id);
    await advance(30_000);
    expect(entries().map((entry) => entry.changeType)).toEqual(['created', 'updated', 'deleted']);
  });

  it('come for the header when a line changes, and not for other companies or rolled back writes', async () => {
    await subscribe('salesOrders');
    const [order] = await service.list("salesOrders?$filter=status eq 'Draft'");
    const [line] = await service.list(`salesOrders(${order.id})/salesOrderLines`);
    await service.standard('PATCH', `salesOrderLines(${line.id})`, { quantity: 9 }, any);
    await service.standard('POST', 'salesOrders', {
      customerNumber: '10000',
      salesOrderLines: [{ lineType: 'Item', lineObjectNumber: 'NOPE' }],
    });
    await advance(30_000);
    expect(entries().map((entry) => entry.resource)).toEqual([
      `${resourceOf('salesOrders').slice(1)}(${order.id})`,
    ]);
  });

  it('become one collection entry beyond the threshold, filtered unless something was deleted', async () => {
    await subscribe();
    const startedAtMs = service.simulator.clock.now();
    for (let index = 0; index < 4; index += 1) edit('Many', index);
    await advance(30_000);
    const filter = encodeURIComponent(
      `lastModifiedDateTime gt ${new Date(startedAtMs - 50).toISOString().replace('0Z', 'Z')}`,
    );
    expect(entries()).toHaveLength(1);
    expect(entries()[0]).toMatchObject({
      changeType: 'collection',
      resource: `${resourceOf('customers').slice(1)}?$filter=${filter}`,
    });
    posts = [];
    for (let index = 0; index < 4; index += 1) edit('More', index);
    const created = service.simulator.create('customers', { displayName: 'Gone' });
    service.simulator.remove('customers', String(created['id']));
    await advance(30_000);
    expect(entries().map((entry) => entry.resource)).toEqual([resourceOf('customers').slice(1)]);
  });
});

describe('delivery', () => {
  it('is tried again after 1, 1, 10, 100 and 1,000 minutes, then the subscription is deleted', async () => {
    await subscribe();
    answerStatus = 503;
    edit('Down');
    await advance(30_000);
    const attempts = [posts.length];
    for (const waitMinutes of [1, 1, 10, 100, 1_000]) {
      await advance(waitMinutes * minute);
      attempts.push(posts.length);
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await service.call('GET', 'v2.0/subscriptions')).body.value).toEqual([]);
  });

  it('succeeds on a retry and then stops', async () => {
    await subscribe();
    answerStatus = 429;
    edit('Busy');
    await advance(30_000);
    answerStatus = 200;
    await advance(minute);
    await advance(1_000 * minute);
    expect(posts).toHaveLength(2);
    expect((await service.call('GET', 'v2.0/subscriptions')).body.value).toHaveLength(1);
  });

  it.each([400, 401, 403, 404])('ends all subscriptions of the URL on status %i', async (status) => {
    await subscribe();
    await subscribe('items');
    await subscribe('items', 'v2.0', '/other');
    answerStatus = status;
    edit('Refused');
    await advance(30_000);
    const left = (await service.call('GET', 'v2.0/subscriptions')).body.value;
    expect(left.map((each: { notificationUrl: string }) => each.notificationUrl)).toEqual([
      `${receiver.url}/other`,
    ]);
  });
});
