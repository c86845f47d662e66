/** The parts shared by both simulators: clock, server, faults, limits, randomness, counters, admin endpoints. */
import { afterEach, describe, expect, it } from 'vitest';
import { handleAdminRequest } from './adminEndpoints.ts';
import { createSimulatorClock } from './clock.ts';
import { FaultPlan, handleUnderFaults } from './faults.ts';
import { bearerIdentity } from './identity.ts';
import { SlidingWindowLimit } from './limits.ts';
import { seededGuid, seededRandom } from './random.ts';
import { RequestCounter } from './requestCounter.ts';
import { type HttpServer, type SimulatorRequest, type SimulatorResponse, startHttpServer } from './server.ts';

const servers: HttpServer[] = [];

async function serve(
  handle: (request: SimulatorRequest) => SimulatorResponse | Promise<SimulatorResponse>,
): Promise<HttpServer> {
  const server = await startHttpServer({ port: 0, handle });
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('the simulator clock', () => {
  it('stands still when manual and runs due tasks in time order while it advances', async () => {
    const clock = createSimulatorClock({ startMs: 1_000, manual: true });
    const seen: string[] = [];
    clock.schedule(1_500, () => void seen.push(`b@${clock.now()}`));
    clock.schedule(1_200, () => {
      seen.push(`a@${clock.now()}`);
      clock.schedule(1_300, () => void seen.push(`nested@${clock.now()}`));
    });
    clock.schedule(3_000, () => void seen.push('too late'));
    await clock.advance(1_000);
    expect(seen).toEqual(['a@1200', 'nested@1300', 'b@1500']);
    expect(clock.now()).toBe(2_000);
  });

  it('waits for each task before the next', async () => {
    const clock = createSimulatorClock({ startMs: 0, manual: true });
    const seen: number[] = [];
    clock.schedule(1, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(1);
    });
    clock.schedule(2, () => void seen.push(2));
    await clock.advance(5);
    expect(seen).toEqual([1, 2]);
  });

  it('drops a cancelled task', async () => {
    const clock = createSimulatorClock({ startMs: 0, manual: true });
    let ran = false;
    clock.schedule(1, () => {
      ran = true;
    })();
    await clock.advance(5);
    expect(ran).toBe(false);
  });

  it('fires scheduled tasks by itself when it is not manual', async () => {
    const clock = createSimulatorClock();
    await new Promise<void>((resolve) => clock.schedule(clock.now() + 1, resolve));
    clock.stop();
  });

  it('survives a task that fails', async () => {
    const clock = createSimulatorClock({ startMs: 0, manual: true });
    clock.schedule(1, () => {
      throw new Error('broken task');
    });
    await expect(clock.advance(5)).rejects.toThrow('broken task');
    await clock.advance(5);
    expect(clock.now()).toBe(6);
  });
});

describe('the HTTP server', () => {
  it('hands over method, undecoded path, query, lower-case header names and body', async () => {
    const server = await serve((request) => ({ status: 200, body: { ...request, url: request.url.href } }));
    const response = await fetch(`${server.url}/a%20b/c?x=1%202`, {
      method: 'POST',
      body: 'text ä',
      headers: { 'X-One': '1' },
    });
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      method: 'POST',
      path: '/a%20b/c',
      url: `${server.url}/a%20b/c?x=1%202`,
      body: 'text ä',
    });
    expect(body['headers']).toMatchObject({ 'x-one': '1' });
  });

  it('answers text, JSON and nothing', async () => {
    const server = await serve((request) =>
      request.path === '/none' ? { status: 204 } : { status: 200, body: 'plain' },
    );
    expect(await (await fetch(`${server.url}/x`)).text()).toBe('plain');
    expect((await fetch(`${server.url}/none`)).status).toBe(204);
  });

  it('breaks the connection on status 0', async () => {
    const server = await serve(() => ({ status: 0 }));
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it('turns a failure of the handler into a 500', async () => {
    const server = await serve(() => {
      throw new Error('broken handler');
    });
    const response = await fetch(server.url);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('broken handler');
  });

  it('says in one line that a port is in use', async () => {
    const server = await serve(() => ({ status: 204 }));
    await expect(startHttpServer({ port: server.port, handle: () => ({ status: 204 }) })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${server.port}: the port is already in use.`,
    );
  });

  it('closes although a client keeps its connection open, and closes twice without harm', async () => {
    const server = await serve(() => ({ status: 204 }));
    await fetch(server.url);
    await server.close();
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

describe('planned faults', () => {
  const request = (method: string, path: string): SimulatorRequest => ({
    method,
    path,
    url: new URL(`http://localhost${path}`),
    headers: {},
    body: '',
  });

  it('hit only matching requests, after the skipped ones, as often as planned', () => {
    const plan = new FaultPlan();
    plan.add({ method: 'GET', path: '/accounts', skip: 1, times: 2, effect: { kind: 'dropBefore' } });
    expect(plan.take(request('POST', '/accounts'))).toBeNull();
    const effects = [1, 2, 3, 4].map(() => plan.take(request('GET', '/accounts?$top=1')));
    expect(effects.map((effect) => effect?.kind ?? null)).toEqual([null, 'dropBefore', 'dropBefore', null]);
  });

  it('match a regular expression of path and query', () => {
    const plan = new FaultPlan();
    plan.add({ path: '/accounts\\(.*\\)$', effect: { kind: 'dropBefore' } });
    expect(plan.take(request('GET', '/accounts'))).toBeNull();
    expect(plan.take(request('GET', '/accounts(1)'))).toEqual({ kind: 'dropBefore' });
  });

  it('answer, drop before or drop after carrying out', async () => {
    const plan = new FaultPlan();
    let carriedOut = 0;
    const handle = () => {
      carriedOut += 1;
      return { status: 200 };
    };
    plan.add({ effect: { kind: 'respond', status: 503, headers: { 'Retry-After': '5' } } });
    plan.add({ effect: { kind: 'dropBefore' } });
    plan.add({ effect: { kind: 'dropAfter' } });
    plan.add({ effect: { kind: 'delay', milliseconds: 1 } });
    const statuses: number[] = [];
    const carried: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      statuses.push((await handleUnderFaults(plan, request('GET', '/'), handle)).status);
      carried.push(carriedOut);
    }
    expect(statuses).toEqual([503, 0, 0, 200, 200]);
    expect(carried).toEqual([0, 0, 1, 2, 3]);
  });
});

describe('the sliding window limit', () => {
  it('refuses beyond the limit and says how long until one fits again, per identity', async () => {
    const clock = createSimulatorClock({ startMs: 0, manual: true });
    const limit = new SlidingWindowLimit({ clock, limit: 2, windowMs: 1_000 });
    expect(limit.take('a')).toBe(0);
    await clock.advance(300);
    expect(limit.take('a')).toBe(0);
    expect(limit.take('a')).toBe(700);
    expect(limit.take('b')).toBe(0);
    expect(limit.remaining('a')).toBe(0);
    await clock.advance(700);
    expect(limit.take('a')).toBe(0);
  });

  it('adds amounts larger than one', async () => {
    const clock = createSimulatorClock({ startMs: 0, manual: true });
    const limit = new SlidingWindowLimit({ clock, limit: 100, windowMs: 1_000 });
    limit.add('a', 90);
    expect(limit.waitMs('a', 20)).toBe(1_000);
    expect(limit.waitMs('a', 10)).toBe(0);
    await clock.advance(1_000);
    expect(limit.remaining('a')).toBe(100);
  });
});

describe('seeded randomness', () => {
  it('repeats for the same seed and differs for another', () => {
    const series = (seed: number) => {
      const random = seededRandom(seed);
      return [random(), random(), random()];
    };
    expect(series(1)).toEqual(series(1));
    expect(series(1)).not.toEqual(series(2));
    expect(series(3).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('makes distinct well-formed version 4 guids', () => {
    const random = seededRandom(7);
    const guids = Array.from({ length: 10_000 }, () => seededGuid(random));
    expect(new Set(guids).size).toBe(10_000);
    for (const guid of guids.slice(0, 50)) {
      expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

describe('counters and admin endpoints', () => {
  const setUp = async () => {
    const requests = new RequestCounter();
    const clock = createSimulatorClock({ startMs: Date.UTC(2026, 0, 1), manual: true });
    const faults = new FaultPlan();
    const server = await serve(
      async (request) => (await handleAdminRequest(request, { requests, clock, faults })) ?? { status: 404 },
    );
    return { requests, clock, faults, url: server.url };
  };

  it('count requests, and the operations of a batch apart', async () => {
    const { requests, url } = await setUp();
    requests.countRequest('GET', 'accounts');
    requests.countRequest('POST', '$batch');
    requests.countBatchOperation('PATCH', 'accounts');
    requests.countBatchOperation('PATCH', 'accounts');
    expect(await (await fetch(`${url}/simulator/requests`)).json()).toEqual({
      total: 2,
      operations: 3,
      byOperation: { '$batch PATCH accounts': 2, 'GET accounts': 1, 'POST $batch': 1 },
    });
    await fetch(`${url}/simulator/requests`, { method: 'DELETE' });
    expect(requests.counts()).toEqual({ total: 0, operations: 0, byOperation: {} });
  });

  it('move the clock', async () => {
    const { url } = await setUp();
    const response = await fetch(`${url}/simulator/clock`, { method: 'POST', body: '{"advanceMinutes":90}' });
    expect(await response.json()).toEqual({ now: '2026-01-01T01:30:00.000Z' });
    expect(await (await fetch(`${url}/simulator/clock`)).json()).toEqual({ now: '2026-01-01T01:30:00.000Z' });
  });

  it('plan faults and forget them, and refuse a malformed one with every problem', async () => {
    const { faults, url } = await setUp();
    const post = (body: string) => fetch(`${url}/simulator/faults`, { method: 'POST', body });
    expect((await post('[{"effect":{"kind":"dropBefore"}},{"effect":{"kind":"dropAfter"}}]')).status).toBe(
      204,
    );
    expect(faults.take({ method: 'GET', url: new URL(url) })).toEqual({ kind: 'dropBefore' });
    await fetch(`${url}/simulator/faults`, { method: 'DELETE' });
    expect(faults.take({ method: 'GET', url: new URL(url) })).toBeNull();
    expect((await post('{"effect":{"kind":"explode"}}')).status).toBe(400);
    expect((await post('no json')).status).toBe(400);
  });

  it('answer 404 to an unknown admin path', async () => {
    const { url } = await setUp();
    expect((await fetch(`${url}/simulator/nothing`)).status).toBe(404);
  });
});

describe('the identity', () => {
  it('is the bearer token text, and null without one', () => {
    expect(bearerIdentity({ headers: { authorization: 'Bearer  Alice Smith ' } })).toBe('Alice Smith');
    expect(bearerIdentity({ headers: { authorization: 'Basic x' } })).toBeNull();
    expect(bearerIdentity({ headers: {} })).toBeNull();
  });
});
