import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatorClock } from '../common/clock.ts';
import { startClient, stopAll } from './testing/client.ts';

afterEach(stopAll);

const manualClock = () => createSimulatorClock({ startMs: Date.UTC(2026, 2, 2), manual: true });

describe('users (dataverse-web-api sections 2 and 3)', () => {
  it('refuses requests without a bearer token', async () => {
    const client = await startClient();
    const response = await fetch(`${client.base}/WhoAmI`);
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer authorization_uri=/);
  });

  it('makes an unlicensed user of an unknown token once, and finds users by name or mail without regard to case', async () => {
    const client = await startClient();
    const who = async (token: string) =>
      (await client.get('WhoAmI', { Authorization: `Bearer ${token}` })).json['UserId'];
    const alice = await who('alice');
    expect(await who('ALICE')).toBe(alice);
    expect(client.simulator.row('systemuser', String(alice))).toMatchObject({
      islicensed: false,
      isdisabled: false,
    });
    expect(await who('business central integration')).toBe(await who('integration'));
    expect(await who('integration')).not.toBe(alice);
  });

  it('refuses a disabled user', async () => {
    const client = await startClient();
    const asAlice = { Authorization: 'Bearer alice' };
    const alice = (await client.get('WhoAmI', asAlice)).json['UserId'];
    await client.send('PATCH', `systemusers(${alice})`, { isdisabled: true });
    expect((await client.get('WhoAmI', asAlice)).status).toBe(403);
  });

  it('acts on behalf of another user and keeps the caller', async () => {
    const client = await startClient();
    const caller = (await client.get('WhoAmI')).json['UserId'];
    const alice = String((await client.get('WhoAmI', { Authorization: 'Bearer alice' })).json['UserId']);
    await client.send('POST', 'accounts', { name: 'A' }, { MSCRMCallerID: alice });
    const [row] = client.simulator.rows('accounts');
    expect(row).toMatchObject({
      _createdby_value: alice,
      _createdonbehalfby_value: caller,
      _ownerid_value: alice,
    });
    expect((await client.get('WhoAmI', { CallerObjectId: 'nobody' })).status).toBe(400);
  });

  it('lets tests act as users without HTTP', async () => {
    const client = await startClient();
    const { simulator } = client;
    const created = simulator.create('accounts', { name: 'A' }, 'alice');
    const id = String(created['accountid']);
    const edited = simulator.edit('account', id, { name: 'B' }, 'bob');
    expect(edited['_modifiedby_value']).not.toBe(created['_createdby_value']);
    expect(() => simulator.edit('account', id, { nope: 1 }, 'bob')).toThrow('nope');
    simulator.remove('account', id, 'alice');
    expect(simulator.row('account', id)).toBeNull();
    expect(simulator.rows('account')).toEqual([]);
  });
});

describe('service protection limits (dataverse-web-api section 15)', () => {
  it('are announced in every answer', async () => {
    const client = await startClient({ limits: { requestsPerWindow: 10 } });
    const { headers } = await client.get('WhoAmI');
    expect(headers.get('x-ms-dop-hint')).toBe('4');
    expect(headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('9');
    expect(headers.get('x-ms-ratelimit-time-remaining-xrm-requests')).toBe('1200.00');
    expect(headers.get('REQ_ID')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuse requests over the limit of a user until the window has passed', async () => {
    const clock = manualClock();
    const client = await startClient({ clock, limits: { requestsPerWindow: 2, windowMs: 10_000 } });
    await client.get('WhoAmI');
    await clock.advance(4_000);
    await client.get('WhoAmI');
    const refused = await client.get('WhoAmI');
    expect([refused.status, refused.errorCode, refused.headers.get('Retry-After')]).toEqual([
      429,
      '0x80072322',
      '6',
    ]);
    expect((await client.get('WhoAmI', { Authorization: 'Bearer other' })).status).toBe(200);
    await clock.advance(10_000);
    expect((await client.get('WhoAmI')).status).toBe(200);
  });

  it('count execution time by simulated latency per operation', async () => {
    const clock = manualClock();
    const limits = { executionSecondsPerWindow: 0.01, windowMs: 10_000 };
    const client = await startClient({ clock, latencyMs: 2, limits });
    const targets = Array.from({ length: 6 }, () => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.account',
      name: 'A',
    }));
    await client.send('POST', 'accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: targets });
    const refused = await client.get('WhoAmI');
    expect([refused.status, refused.errorCode, refused.headers.get('Retry-After')]).toEqual([
      429,
      '0x80072321',
      '10',
    ]);
  });

  it('refuse too many requests at once', async () => {
    const client = await startClient({ latencyMs: 50, limits: { concurrent: 2 } });
    const answers = await Promise.all([1, 2, 3].map(() => client.get('WhoAmI')));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 429]);
    expect(answers.find((answer) => answer.status === 429)?.errorCode).toBe('0x80072326');
  });
});

describe('faults and admin endpoints', () => {
  it('leave the outcome of a dropped answer unknown but done', async () => {
    const client = await startClient();
    client.simulator.faults.add({ method: 'POST', path: '/accounts', effect: { kind: 'dropAfter' } });
    await expect(client.send('POST', 'accounts', { name: 'A' })).rejects.toThrow();
    expect((await client.get('accounts/$count')).text).toBe('1');
    client.simulator.faults.add({ method: 'POST', effect: { kind: 'dropBefore' } });
    await expect(client.send('POST', 'accounts', { name: 'A' })).rejects.toThrow();
    expect((await client.get('accounts/$count')).text).toBe('1');
  });

  it('need no token and are not counted', async () => {
    const client = await startClient({ clock: manualClock() });
    await client.get("accounts?$filter=name eq 'x'");
    await client.get('accounts/$count');
    const counts = await (await fetch(`${client.simulator.url}/simulator/requests`)).json();
    expect(counts).toEqual({
      total: 2,
      operations: 2,
      byOperation: { 'GET accounts': 1, 'GET accounts/$count': 1 },
    });
    await fetch(`${client.simulator.url}/simulator/clock`, { method: 'POST', body: '{"advanceMinutes":1}' });
    expect(client.simulator.clock.now()).toBe(Date.UTC(2026, 2, 2, 0, 1));
  });
});

describe('state', () => {
  it('is the same for the same seed and another for another', async () => {
    const ids = async (seed: number) => {
      const client = await startClient({ seed, clock: manualClock() });
      return [await client.create('accounts', { name: 'A' }), (await client.get('WhoAmI')).json['UserId']];
    };
    expect(await ids(5)).toEqual(await ids(5));
    expect(await ids(5)).not.toEqual(await ids(6));
  });

  it('survives in a snapshot: rows, versions, deletions, options, delta tokens', async () => {
    const clock = manualClock();
    const before = await startClient({ clock });
    const id = await before.create('accounts', { name: 'A' });
    const gone = await before.create('accounts', { name: 'gone' });
    const start = await before.get('accounts?$select=name', { Prefer: 'odata.track-changes' });
    await before.send('DELETE', `accounts(${gone})`);
    await before.send('POST', 'InsertOptionValue', {
      EntityLogicalName: 'account',
      AttributeLogicalName: 'paymenttermscode',
      Label: { LocalizedLabels: [{ Label: 'Net 9', LanguageCode: 1033 }] },
      Value: 9,
    });
    const snapshot = JSON.parse(JSON.stringify(before.simulator.snapshot())) as object;
    const after = await startClient({ clock, snapshot });
    expect(after.simulator.row('account', id)).toEqual(before.simulator.row('account', id));
    const link = String(start.json['@odata.deltaLink']).replace(before.simulator.url, after.simulator.url);
    expect((await after.get(link)).value).toMatchObject([{ id: gone, reason: 'deleted' }]);
    const fresh = await after.create('accounts', { name: 'B', paymenttermscode: 9 });
    expect([id, gone]).not.toContain(fresh);
    expect(Number(after.simulator.row('account', fresh)?.['versionnumber'])).toBeGreaterThan(
      Number(before.simulator.row('account', id)?.['versionnumber']),
    );
  });

  it('refuses a malformed snapshot', async () => {
    await expect(startClient({ snapshot: { rows: [] } })).rejects.toThrow();
  });
});
