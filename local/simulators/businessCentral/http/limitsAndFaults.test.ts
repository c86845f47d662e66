/** Limits per user (section 6), planned faults, admin endpoints and snapshots. */
import { afterEach, describe, expect, it } from 'vitest';
import { send, startService, type TestService } from '../testSupport.ts';

let service: TestService | null = null;
afterEach(() => service?.simulator.close());
const start = async (options: Parameters<typeof startService>[0]) => {
  service = await startService(options);
  return service;
};

describe('limits', () => {
  it('answers 429 beyond the rate of a user until the window has slid on, without Retry-After by default', async () => {
    const { call, simulator } = await start({ limits: { requestsPerWindow: 2 } });
    await call('GET', 'v2.0/companies');
    await call('GET', 'v2.0/companies');
    const refused = await call('GET', 'v2.0/companies');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    expect((await call('GET', 'v2.0/companies', undefined, { Authorization: 'Bearer alice' })).status).toBe(
      200,
    );
    await simulator.clock.advance(300_000);
    expect((await call('GET', 'v2.0/companies')).status).toBe(200);
  });

  it('names Retry-After when told to', async () => {
    const { call } = await start({ limits: { requestsPerWindow: 1, retryAfter: true } });
    await call('GET', 'v2.0/companies');
    expect((await call('GET', 'v2.0/companies')).headers.get('retry-after')).toBe('300');
  });

  it('queues what is beyond the places of a user and refuses what is beyond the queue', async () => {
    const { call } = await start({ limits: { concurrent: 1, queued: 2 }, latencyMs: 50 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('GET', 'v2.0/companies')));
    expect(answers.map((each) => each.status).sort()).toEqual([200, 200, 200, 429, 429]);
  });
});

describe('faults', () => {
  it('answers with planned errors, once, and leaves the data alone', async () => {
    const { standard, simulator } = await start({});
    simulator.faults.add({
      method: 'POST',
      path: 'customers',
      effect: { kind: 'respond', status: 503, headers: { 'Retry-After': '7' } },
    });
    const refused = await standard('POST', 'customers', { displayName: 'X' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '7']);
    expect((await standard('POST', 'customers', { displayName: 'X' })).status).toBe(201);
  });

  it('carries a request out and breaks the connection, so that the outcome is unknown to the caller', async () => {
    const { standard, simulator } = await start({});
    simulator.faults.add({ path: 'customers', effect: { kind: 'dropAfter' } });
    await expect(standard('POST', 'customers', { displayName: 'Lost answer' })).rejects.toThrow();
    expect(simulator.records('customers').some((each) => each['displayName'] === 'Lost answer')).toBe(true);
  });
});

describe('admin endpoints', () => {
  it('show counters and move the clock, without token and uncounted', async () => {
    const { simulator, call } = await start({});
    const root = simulator.url.replace('/v2.0/local/production', '');
    await call('GET', `v2.0/companies(${simulator.companyId})/customers?$top=1`);
    const counters = await (await fetch(`${root}/simulator/requests`)).json();
    expect(counters).toEqual({ total: 1, operations: 1, byOperation: { 'GET customers': 1 } });
    const moved = await send(`${root}/simulator/clock`, 'POST', { advanceMinutes: 5 });
    expect(Date.parse(moved.body.now)).toBe(simulator.clock.now());
  });
});

describe('snapshot', () => {
  it('starts again with the same records, stamps, versions, numbers and subscriptions', async () => {
    const first = await start({});
    first.simulator.create('customers', { displayName: 'Kept' });
    const snapshot = JSON.parse(JSON.stringify(first.simulator.snapshot()));
    const customers = first.simulator.records('customers');
    await first.simulator.close();
    const { simulator } = await start({ snapshot, data: null });
    expect(simulator.records('customers')).toEqual(customers);
    expect(simulator.create('customers', { displayName: 'Next' })['number']).toBe('C00020');
    expect(simulator.snapshot()).not.toEqual(snapshot);
  });

  it('refuses an object that is no snapshot', async () => {
    await expect(startService({ snapshot: { rowVersion: 1 } })).rejects.toThrow(/snapshot is not valid/);
  });

  it('gives the same ids for the same seed', async () => {
    const ids = [];
    for (const seed of [5, 5, 6]) {
      const { simulator } = await start({ seed });
      ids.push(simulator.create('customers', { displayName: 'Seeded' })['id']);
      await simulator.close();
    }
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});
