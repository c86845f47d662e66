/** Job queue entries over the API (A-8 to A-15, J-10, J-11, J-18, J-20, J-34). */
import { describe, expect, it } from 'vitest';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import {
  createMemoryRunQueue,
  memoryComposition,
  testNow,
} from '../../shared/composition/testing/memoryComposition.ts';
import { fromEpochMs, instant, toEpochMs } from '../../shared/domain/common/instants.ts';
import type { JobQueueEntry } from '../../shared/domain/jobs/jobQueueEntry.ts';
import { failed, started, succeeded } from '../../shared/domain/jobs/transitions.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { callApi } from './testing/callApi.ts';
import { syncErrorRow, syncJobRow } from './testing/rows.ts';

const customer = '/api/jobs/CUSTOMER';
const testEnd = { now: testNow, zone: 'UTC', wakeDelayMs: 30_000 };

async function changeEntry(ports: SyncPorts, change: (entry: JobQueueEntry) => JobQueueEntry): Promise<void> {
  const stored = await ports.jobs.get('CUSTOMER');
  if (stored === null) throw new Error('There is no CUSTOMER job.');
  await ports.jobs.replace(change(stored.entry), stored.version);
}

/** Opens the app, so that jobs exist, and brings CUSTOMER into a state. */
async function appWith(
  change: Partial<JobQueueEntry>,
  options: Parameters<typeof memoryComposition>[0] = {},
) {
  const memory = memoryComposition(options);
  await memory.composition.open();
  await changeEntry(memory.ports, (entry) => ({ ...entry, ...change }));
  return memory;
}

describe('reading', () => {
  it('lists every job in the shape of the contract', async () => {
    const { composition } = memoryComposition();
    const { status, body, headers } = await callApi(composition, 'GET /api/jobs');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(body['nextLink']).toBeUndefined();
    expect(body['value']).toContainEqual({
      name: 'CUSTOMER',
      mapping: 'CUSTOMER',
      description: 'CUSTOMER - Dynamics 365 Sales synchronization job',
      status: 'ready',
      frequencyMinutes: 30,
      inactivityTimeoutMinutes: 720,
      earliestStart: testNow,
      lastRun: null,
      attempts: 0,
      maxAttempts: 10,
      rerunDelaySeconds: 30,
      category: 'BCI CUST',
      window: null,
      weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      errorMessage: '',
    });
  });

  it('pages by top and nextLink, each job once', async () => {
    const { composition } = memoryComposition();
    const names: unknown[] = [];
    let next: string | undefined = '/api/jobs?top=3';
    while (next !== undefined) {
      const { body } = await callApi(composition, `GET ${next}`);
      names.push(...(body['value'] as { name: string }[]).map(({ name }) => name));
      next = body['nextLink'] as string | undefined;
    }
    const scheduled = defaultMappings('person').filter(({ job }) => job !== null);
    const expected = [...scheduled.map(({ name }) => String(name)), 'CUSTOMER STATISTICS'];
    expect(names.sort()).toEqual(expected.sort());
  });

  it('answers 404 for an unknown job', async () => {
    const { status, body } = await callApi(memoryComposition().composition, 'GET /api/jobs/NO%20SUCH%20JOB');
    expect(status).toBe(404);
    expect(body).toEqual({
      error: { code: 'job-not-found', message: 'There is no job "NO SUCH JOB".' },
    });
  });
});

describe('status actions', () => {
  it('hold and ready change the stored status (A-9, A-10)', async () => {
    const { composition, ports } = await appWith({ attempts: 4, errorMessage: 'It failed.' });
    expect((await callApi(composition, `POST ${customer}/hold`)).body).toMatchObject({ status: 'onHold' });
    expect((await ports.jobs.get('CUSTOMER'))?.entry.status).toBe('onHold');
    const ready = await callApi(composition, `POST ${customer}/ready`);
    expect(ready.body).toMatchObject({ status: 'ready', attempts: 0, errorMessage: '' });
  });

  it('restart from the inactivity hold runs at once (J-34); ready keeps the planned time', async () => {
    const held = { status: 'onHoldInactivity', earliestStart: instant('2026-01-31T20:00:00Z') } as const;
    const ready = await appWith(held);
    const { body } = await callApi(ready.composition, `POST ${customer}/ready`);
    expect(body).toMatchObject({ status: 'ready', earliestStart: held.earliestStart });
    expect(ready.sent).toEqual([]);
    expect(ready.asked).toEqual([{ job: 'CUSTOMER', delaySeconds: 36_000 }]);
    const restarted = await appWith(held);
    await callApi(restarted.composition, `POST ${customer}/restart`);
    expect(restarted.sent).toMatchObject([
      { message: { job: 'CUSTOMER', trigger: 'timer' }, delaySeconds: 0 },
    ]);
  });
});

describe('changing', () => {
  it('is refused with 409 unless the job is on hold (J-11)', async () => {
    const { composition } = await appWith({ status: 'error' });
    const { status, body } = await callApi(composition, `PATCH ${customer}`, {
      body: { frequencyMinutes: 5 },
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'job-not-on-hold' } });
  });

  it('stores every detail', async () => {
    const { composition, ports } = await appWith({ status: 'onHold' });
    const details = {
      frequencyMinutes: 5,
      inactivityTimeoutMinutes: 0,
      maxAttempts: 0,
      rerunDelaySeconds: 3_600,
      window: { start: '08:00', end: null },
      weekdays: ['monday', 'sunday'],
    };
    const { status } = await callApi(composition, `PATCH ${customer}`, { body: details });
    expect(status).toBe(200);
    expect((await ports.jobs.get('CUSTOMER'))?.entry).toMatchObject({ ...details, status: 'onHold' });
  });

  it.each([
    ['frequencyMinutes', 0],
    ['frequencyMinutes', 1.5],
    ['inactivityTimeoutMinutes', 4],
    ['inactivityTimeoutMinutes', -1],
    ['maxAttempts', 11],
    ['rerunDelaySeconds', 3_601],
    ['weekdays', []],
    ['window', { start: '24:00', end: null }],
    ['status', 'ready'],
  ])('%s = %j is refused with 400 (J-3, J-4, J-10)', async (name, value) => {
    const { composition, ports } = await appWith({ status: 'onHold' });
    const before = await ports.jobs.get('CUSTOMER');
    const { status, body } = await callApi(composition, `PATCH ${customer}`, { body: { [name]: value } });
    expect(status).toBe(400);
    const { details } = body['error'] as { details: { target: string }[] };
    expect(details[0]?.target).toMatch(new RegExp(`^${name}`));
    expect(await ports.jobs.get('CUSTOMER')).toEqual(before);
  });
});

describe('running', () => {
  it('queues a run, also of a job on hold (A-14, A-15)', async () => {
    const { composition, sent } = await appWith({ status: 'onHold' });
    const { status, body } = await callApi(composition, `POST ${customer}/run`);
    const [runId] = body['runIds'] as string[];
    expect(status).toBe(202);
    expect(body).toEqual({
      runIds: [runId],
      accepted: 1,
      skipped: 0,
      failed: 0,
      results: [{ job: 'CUSTOMER', runId, status: 'accepted' }],
    });
    expect(sent).toMatchObject([{ message: { job: 'CUSTOMER', runId, trigger: 'manual', followedBy: [] } }]);
  });

  it('with wait answers 200 with the log rows once the run has ended', async () => {
    let pauses = 0;
    const onPause = async (ports: SyncPorts): Promise<void> => {
      pauses += 1;
      if (pauses === 1) await begin(ports);
      if (pauses === 2) await changeEntry(ports, (entry) => succeeded(entry, false, testEnd));
    };
    const { composition, sent } = memoryComposition({ onPause });
    const begin = async (ports: SyncPorts): Promise<void> => {
      const runId = sent[0]?.message.runId;
      if (runId === undefined) throw new Error('Nothing was queued.');
      await changeEntry(ports, (entry) => started(entry, { runId, trigger: 'manual', at: testNow }));
      await ports.logs.saveSyncJob(syncJobRow(1, { runId }));
      await ports.logs.saveSyncJob(syncJobRow(2, { runId, direction: 'toBusinessCentral' }));
    };
    const { status, body } = await callApi(composition, `POST ${customer}/run?wait=true`);
    expect(status).toBe(200);
    expect(body['syncJobs']).toMatchObject([
      { direction: 'toDataverse' },
      { direction: 'toBusinessCentral' },
    ]);
  });

  it('with wait ends as soon as the run has failed, too', async () => {
    const onPause = async (ports: SyncPorts): Promise<void> => {
      const runId = sent[0]?.message.runId;
      if (runId === undefined) throw new Error('Nothing was queued.');
      await changeEntry(ports, (entry) => {
        const begun = started(entry, { runId, trigger: 'manual', at: testNow });
        return failed(begun, 'It failed.', testEnd);
      });
    };
    const { composition, sent } = memoryComposition({ onPause });
    const { status, body } = await callApi(composition, `POST ${customer}/run?wait=true`);
    expect(status).toBe(200);
    expect(body['syncJobs']).toEqual([]);
  });

  it('with wait is answered 202 after 200 seconds at the latest', async () => {
    let pauses = 0;
    const { composition } = memoryComposition({
      onPause: async () => {
        pauses += 1;
      },
    });
    const { status, body } = await callApi(composition, `POST ${customer}/run?wait=true`);
    expect(status).toBe(202);
    expect(body['syncJobs']).toBeUndefined();
    expect(pauses).toBeGreaterThan(100);
    expect(pauses).toBeLessThan(250);
  });

  it('plans a job that does not exist as little as it runs it', async () => {
    const { composition } = memoryComposition();
    expect((await callApi(composition, 'POST /api/jobs/NOPE/run?dryRun=true')).status).toBe(404);
    expect((await callApi(composition, 'POST /api/jobs/NOPE/run')).status).toBe(404);
  });
});

describe('health', () => {
  it('is good after the first tick, and bad while a job has used up its attempts (J-39)', async () => {
    const { composition, ports } = memoryComposition();
    expect((await callApi(composition, 'GET /api/health')).status).toBe(200);
    await changeEntry(ports, (entry) => ({ ...entry, status: 'error', errorMessage: 'It failed.' }));
    const { status, body } = await callApi(composition, 'GET /api/health');
    expect(status).toBe(503);
    expect(body).toMatchObject({ healthy: false });
    expect(body['jobs']).toContainEqual(
      expect.objectContaining({ job: 'CUSTOMER', problems: ['job-in-error'], errorMessage: 'It failed.' }),
    );
  });

  it('tells the last success from the log while the last run failed', async () => {
    const { composition, ports } = memoryComposition();
    await composition.open();
    const hourAgo = fromEpochMs(toEpochMs(testNow) - 3_600_000);
    await ports.logs.saveSyncJob(syncJobRow(1, { finishedAt: hourAgo }));
    await changeEntry(ports, (entry) => {
      const begun = started(entry, { runId: ports.ids.runId(testNow), trigger: 'timer', at: testNow });
      return failed(begun, 'It failed.', testEnd);
    });
    const { body } = await callApi(composition, 'GET /api/health');
    expect(body['jobs']).toContainEqual(
      expect.objectContaining({ job: 'CUSTOMER', lastSuccessAt: hourAgo, lagSeconds: 3_600 }),
    );
  });

  it('counts what waits, and tells since when', async () => {
    const { composition, ports } = memoryComposition();
    await composition.open();
    const at = (minutes: number) => fromEpochMs(toEpochMs(testNow) - minutes * 60_000);
    await ports.logs.saveErrors([
      syncErrorRow(1, { occurredAt: at(90) }),
      syncErrorRow(2, { occurredAt: at(30), kind: 'data' }),
      syncErrorRow(3, { occurredAt: at(600), resolvedAt: testNow }),
    ]);
    await changeEntry(ports, (entry) => ({ ...entry, woken: true, earliestStart: at(-0.5) }));
    const { body } = await callApi(composition, 'GET /api/health');
    expect(body['jobs']).toContainEqual(
      expect.objectContaining({
        job: 'CUSTOMER',
        backlog: 2,
        oldestPendingChangeAt: at(90),
        openErrors: { dependency: 1, data: 1 },
      }),
    );
    expect(body['jobs']).toContainEqual(
      expect.objectContaining({ job: 'CONTACT', backlog: 0, oldestPendingChangeAt: null }),
    );
  });

  it('counts the messages that nobody could carry out, and is told also when the queue does not answer (C-21)', async () => {
    const queue = createMemoryRunQueue();
    queue.poison.push({ ask: 'CUSTOMER' });
    const counted = memoryComposition({ ports: { queue } });
    const { status, body } = await callApi(counted.composition, 'GET /api/health');
    expect([status, body['messagesSetAside']]).toEqual([200, 1]);
    const silent = { ...queue, setAside: () => Promise.reject(new Error('no queue')) };
    const { composition } = memoryComposition({ ports: { queue: silent } });
    expect((await callApi(composition, 'GET /api/health')).body).toMatchObject({ messagesSetAside: null });
  });
});
