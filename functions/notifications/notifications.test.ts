/** Receiving notifications: what is answered, and what it sets going (contract section 3, J-61 to J-74). */
import { Buffer } from 'node:buffer';
import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { memoryComposition, testNow } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { shift } from '../../shared/domain/common/instants.ts';
import type { JobQueueEntry } from '../../shared/domain/jobs/jobQueueEntry.ts';
import { businessCentralReceiver } from './businessCentral.ts';
import { dataverseReceiver } from './dataverse.ts';
import { isSecret } from './secret.ts';

const secret = 'a secret of more than twenty characters';
const company = '00000000-0000-4000-8000-000000000900';
const recordId = '00000000-0000-4000-8000-00000000b001';
const held = { status: 'onHoldInactivity', earliestStart: shift(testNow, 3_600_000) } as const;

function entryOf(resource = `customers(${recordId})`, more: object = {}) {
  return {
    subscriptionId: 'aa',
    clientState: secret,
    expirationDateTime: '2026-02-03T10:00:00Z',
    resource: `api/v2.0/companies(${company})/${resource}`,
    changeType: 'updated',
    lastModifiedDateTime: testNow,
    ...more,
  };
}

async function app(environment: Record<string, string> = {}, ports: Partial<SyncPorts> = {}) {
  const events: string[] = [];
  const log: SyncPorts['log'] = (_level, event) => void events.push(event);
  const given = { NOTIFICATION_URL: 'https://sync.example', NOTIFICATION_SECRET: secret, ...environment };
  const memory = memoryComposition({ environment: given, ports: { log, ...ports } });
  const { ports: opened } = await memory.composition.open();
  for (const { entry, version } of await opened.jobs.list()) {
    await opened.jobs.replace({ ...entry, ...held }, version);
  }
  const woken = async () => {
    const entries = (await opened.jobs.list()).map((stored) => stored.entry);
    return entries.filter((entry) => entry.woken).map(({ name }) => name);
  };
  const entry = async (name: string) => (await opened.jobs.get(name))?.entry as JobQueueEntry;
  return { ...memory, events, woken, entry };
}

type Receiver = typeof businessCentralReceiver | typeof dataverseReceiver;

async function post(
  receiver: Receiver,
  to: Awaited<ReturnType<typeof app>>,
  body: unknown,
  query = '',
): Promise<HttpResponseInit> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = new HttpRequest({
    method: 'POST',
    url: `https://sync.example/api/notifications${query}`,
    query: Object.fromEntries(new URLSearchParams(query)),
    body: { bytes: Buffer.from(text) },
  });
  const context = new InvocationContext({ functionName: 'notifications', logHandler: () => {} });
  return (await receiver(to.composition)(request, context)) as HttpResponseInit;
}

const tell = (to: Awaited<ReturnType<typeof app>>, ...entries: readonly unknown[]) =>
  post(businessCentralReceiver, to, { value: entries });

describe('the handshake', () => {
  it('echoes the token as plain text, even while the settings are wrong', async () => {
    const wrong = memoryComposition({ environment: { TIME_ZONE: 'x' } });
    const to = { ...(await app()), composition: wrong.composition };
    const answer = await post(businessCentralReceiver, to, '', '?validationToken=a%2Bb%20%3Cc%3E');
    expect(answer).toMatchObject({
      status: 200,
      body: 'a+b <c>',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
  });
});

describe('notifications of Business Central', () => {
  it.each([
    [`customers(${recordId})`, ['CUSTOMER']],
    [`customerExtras(${recordId})`, ['CUSTOMER']],
    [`currencyExchangeRates(${recordId})`, ['CURRENCY']],
    [`contacts?$filter=lastModifiedDateTime%20gt%202026-01-31T09:00:00Z`, ['CONTACT']],
    [`employees(${recordId})`, []],
  ])('of %s wake %j (J-69, E-164)', async (resource, jobs) => {
    const to = await app();
    const changeType = resource.includes('?') ? 'collection' : 'updated';
    expect(await tell(to, entryOf(resource, { changeType }))).toMatchObject({ status: 202 });
    expect(await to.woken()).toEqual(jobs);
    expect(to.asked).toEqual(jobs.map((job) => ({ job, delaySeconds: 30 })));
  });

  it('may come many at once, twice and in any order; a job is woken once (J-66, J-121)', async () => {
    const to = await app();
    const many = Array.from({ length: 1_200 }, () => entryOf());
    await tell(to, ...many, entryOf(`contacts(${recordId})`), ...many);
    await tell(to, ...many);
    expect((await to.woken()).sort()).toEqual(['CONTACT', 'CUSTOMER']);
    expect(to.asked).toHaveLength(2);
  });

  it('with a wrong secret are dropped with a warning, others of the same body are not', async () => {
    const to = await app();
    const wrong = [
      entryOf('contacts', { clientState: `${secret}x` }),
      entryOf('contacts', { clientState: null }),
    ];
    expect(await tell(to, ...wrong, entryOf())).toMatchObject({ status: 202 });
    expect(await to.woken()).toEqual(['CUSTOMER']);
    expect(to.events).toContain('notification-secret-wrong');
  });

  it.each([
    ['{"value": [', 'no JSON'],
    ['', 'empty'],
    ['[]', 'another form'],
    ['{"value": "x"}', 'another type'],
    [
      JSON.stringify({ value: [null, 7, {}, { ...entryOf(), changeType: 'moved' }, entryOf('', {})] }),
      'bad entries',
    ],
  ])('that cannot be read (%s: %s) are received with a warning', async (body) => {
    const to = await app();
    expect(await post(businessCentralReceiver, to, body)).toMatchObject({ status: 202 });
    expect(await to.woken()).toEqual([]);
    expect(to.events).toContain('notification-unreadable');
  });

  it('of a megabyte and more are read', async () => {
    const to = await app();
    const padding = 'x'.repeat(1_500_000);
    expect(await tell(to, entryOf(undefined, { padding }))).toMatchObject({ status: 202 });
    expect(await to.woken()).toEqual(['CUSTOMER']);
  });

  it('of other companies, and without a secret of our own, wake nothing; a secret alone is enough', async () => {
    const to = await app();
    await tell(to, entryOf(undefined, { resource: `companies(${recordId})/customers(${recordId})` }));
    expect(await to.woken()).toEqual([]);
    const alone = await app({ NOTIFICATION_URL: '' });
    await tell(alone, entryOf());
    expect(await alone.woken()).toEqual(['CUSTOMER']);
    const without = await app({ NOTIFICATION_URL: '', NOTIFICATION_SECRET: '' });
    expect(await tell(without, entryOf(undefined, { clientState: '' }))).toMatchObject({ status: 202 });
    expect(await without.woken()).toEqual([]);
  });

  it('of deletions wake nothing, and are noted for the next run (J-61)', async () => {
    const to = await app();
    await tell(
      to,
      entryOf(undefined, { changeType: 'deleted' }),
      entryOf('contacts', { changeType: 'collection' }),
    );
    expect((await to.entry('CUSTOMER')).reportedDeletions).toEqual({ ids: [recordId], more: false });
    expect((await to.entry('CONTACT')).reportedDeletions).toEqual({ ids: [], more: true });
    expect(await to.woken()).toEqual(['CONTACT']);
  });

  it('are asked for again while the storage does not answer, since that is no refusal', async () => {
    const failing = await app();
    const fail = async () => {
      throw new SyncFailure({ kind: 'transient', code: 'storage-unavailable', message: 'Away.' });
    };
    const broken = await app(
      {},
      { jobs: { ...failing.ports.jobs, list: failing.ports.jobs.list, get: fail } },
    );
    expect(await tell(broken, entryOf())).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
  });

  it('wake at once when WAKE_DELAY_SECONDS is 0', async () => {
    const to = await app({}, {});
    const ports = { ...to.ports, policy: { ...to.ports.policy, wakeDelayMs: 0 } };
    const atOnce = memoryComposition({
      environment: { NOTIFICATION_URL: 'https://sync.example', NOTIFICATION_SECRET: secret },
      ports,
    });
    await tell({ ...to, composition: atOnce.composition }, entryOf());
    expect(await to.entry('CUSTOMER')).toMatchObject({ status: 'ready', earliestStart: testNow });
  });
});

describe('notifications of Dataverse', () => {
  const user = '00000000-0000-4000-8000-000000000777';
  const own = '00000000-0000-4000-8000-000000000901';
  const context = (more: object = {}) => ({
    MessageName: 'Update',
    PrimaryEntityName: 'account',
    PrimaryEntityId: recordId,
    InitiatingUserId: user,
    UserId: user,
    OperationCreatedOn: '/Date(1506384247000)/',
    ...more,
  });
  const on = { WAKE_ON_DATAVERSE_CHANGE: 'true' };

  it('wake nothing unless that is switched on (J-60, J-71)', async () => {
    const to = await app();
    expect(await post(dataverseReceiver, to, context())).toMatchObject({ status: 202 });
    expect(await to.woken()).toEqual([]);
  });

  it('wake the jobs that read the table, once (J-70)', async () => {
    const to = await app(on);
    await post(dataverseReceiver, to, context());
    await post(dataverseReceiver, to, context());
    expect(await to.woken()).toEqual(['CUSTOMER', 'VENDOR']);
    await post(dataverseReceiver, to, context({ PrimaryEntityName: 'transactioncurrency' }));
    expect(await to.woken()).toEqual(['CUSTOMER', 'VENDOR']);
  });

  it.each([
    { InitiatingUserId: own },
    { UserId: own.toUpperCase() },
    { MessageName: 'Delete' },
    { PrimaryEntityName: 'task' },
    { PrimaryEntityName: 7 },
  ])(
    'of own writes, deletions, other tables or no known form wake nothing: %j (J-61, J-74)',
    async (more) => {
      const to = await app(on);
      expect(await post(dataverseReceiver, to, context(more))).toMatchObject({ status: 202 });
      expect(await to.woken()).toEqual([]);
    },
  );
});

describe('the secret', () => {
  it('is compared as a whole, whatever the lengths', () => {
    expect(isSecret(secret, secret)).toBe(true);
    expect(isSecret('', secret)).toBe(false);
    expect(isSecret(secret.slice(1), secret)).toBe(false);
  });
});
