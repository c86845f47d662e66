/** The schedule at work: windows, categories, wakes, instances that meet, clocks that jump. */
import { describe, expect, it } from 'vitest';
import { somePolicy } from '../../../test/builders/policy.ts';
import { memoryPorts } from '../../../test/builders/ports.ts';
import { thingMapping } from '../../../test/builders/records.ts';
import { fakeBusinessCentral, fakeDataverse } from '../../composition/testing/fakeServices.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { fromEpochMs } from '../../domain/common/instants.ts';
import type { JobQueueEntry } from '../../domain/jobs/jobQueueEntry.ts';
import type { RunTrigger } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';
import type { RunPolicy, SyncPorts } from '../syncPorts.ts';
import { ensureJobs } from './ensureJobs.ts';
import { executeRun } from './executeRun.ts';
import { tickJob } from './tickJob.ts';
import { wakeJobs } from './wakeJobs.ts';

const minuteMs = 60_000;
const thing = thingMapping();
const category = 'BCI CUST';
const inCategory = (name: string): TableMapping =>
  thingMapping({
    name: mappingName(name),
    job: { frequencyMinutes: 30, inactivityTimeoutMinutes: 720, category },
  });

interface WorldOptions {
  readonly mappings?: readonly TableMapping[];
  readonly policy?: Partial<RunPolicy>;
  readonly change?: Partial<JobQueueEntry>;
  /** Called when a run reads Business Central. */
  readonly onRead?: (ports: SyncPorts) => Promise<void>;
}

/** Jobs over two services that hold nothing, so that every run is idle. */
async function schedule(options: WorldOptions = {}) {
  const { mappings = [thing], onRead = async () => {} } = options;
  const memory = memoryPorts();
  const readChanges: BusinessCentral['readChanges'] = async () => {
    await onRead(ports);
    return { records: [], next: null };
  };
  const businessCentral = { ...fakeBusinessCentral(), readChanges };
  const ports: SyncPorts = {
    ...memory.ports,
    businessCentral: { ...businessCentral, metered: () => businessCentral },
    dataverse: fakeDataverse(),
    policy: { ...somePolicy, ...options.policy },
  };
  await ensureJobs(ports, mappings);
  const entry = async (name = 'THING') => {
    const stored = await ports.jobs.get(name);
    if (stored === null) throw new Error(`There is no job ${name}.`);
    return stored;
  };
  for (const { name } of mappings) {
    const stored = await entry(name);
    await ports.jobs.replace({ ...stored.entry, ...options.change }, stored.version);
  }
  let taken = 0;
  return {
    ...memory,
    ports,
    entry: async (name?: string) => (await entry(name)).entry,
    run: (trigger: RunTrigger, job = 'THING') => {
      const runId = ports.ids.runId(ports.clock.now());
      return executeRun(ports, mappings, { job, runId, trigger, followedBy: [] });
    },
    /** Carries out every run that waits in the queue. */
    drain: async () => {
      for (; taken < memory.queue.sent.length; taken += 1) {
        const next = memory.queue.sent[taken];
        if (next) await executeRun(ports, mappings, next.message);
      }
    },
    advance: (minutes: number) => {
      memory.time.nowMs += minutes * minuteMs;
    },
  };
}

describe('an idle job', () => {
  it('goes on hold for its timeout, is asked when that has passed, and starts another (J-54, J-57)', async () => {
    const { ports, entry, drain, advance, queue } = await schedule();
    await tickJob(ports, 'THING');
    await drain();
    expect(await entry()).toMatchObject({
      status: 'onHoldInactivity',
      earliestStart: '2026-01-31T22:00:00.000Z',
    });
    expect(queue.asked).toEqual([{ job: 'THING', delaySeconds: 43_200 }]);
    advance(719);
    expect(await tickJob(ports, 'THING')).toBe('notDue');
    advance(1);
    expect(await tickJob(ports, 'THING')).toBe('queued');
    await drain();
    expect(await entry()).toMatchObject({ earliestStart: '2026-02-01T10:00:00.000Z' });
  });

  it('reads one row and writes nothing at ticks at which it is not due (J-119)', async () => {
    const { ports, stores, drain } = await schedule();
    await tickJob(ports, 'THING');
    await drain();
    const before = stores.requests.sent;
    await tickJob(ports, 'THING');
    expect(stores.requests.sent - before).toBe(1);
  });
});

describe('a wake', () => {
  it('brings a held job back after the delay, which runs as woken (J-56, J-65, J-67)', async () => {
    const { ports, entry, run, drain, advance, queue } = await schedule();
    await run('timer');
    expect(await wakeJobs(ports, ['THING', 'NOBODY'], 'retry')).toEqual(['THING']);
    expect(queue.asked.at(-1)).toEqual({ job: 'THING', delaySeconds: 30 });
    expect(await tickJob(ports, 'THING')).toBe('notDue');
    advance(0.5);
    await tickJob(ports, 'THING');
    await drain();
    expect(await entry()).toMatchObject({ status: 'onHoldInactivity', lastRun: { trigger: 'wake' } });
  });

  it('during a run leads to another one after it instead of a hold (J-73)', async () => {
    const { entry, run } = await schedule({
      onRead: async (ports) => void (await wakeJobs(ports, ['THING'], 'businessCentralChange')),
    });
    await run('timer');
    expect(await entry()).toMatchObject({
      status: 'ready',
      earliestStart: '2026-01-31T10:00:30.000Z',
      woken: true,
    });
  });

  it('does nothing to a job that is never scheduled, nor does a tick', async () => {
    const { ports, run, queue } = await schedule({ policy: { disabledJobs: ['THING'] } });
    expect(await tickJob(ports, 'THING')).toBe('disabled');
    await run('manual');
    expect(await wakeJobs(ports, ['THING'], 'retry')).toEqual([]);
    expect(queue.asked).toEqual([]);
  });
});

describe('a window', () => {
  it('that is closed when the job comes up moves it to when it opens (J-18 i)', async () => {
    const window = { start: '12:00', end: '14:00' };
    const { entry, run, queue } = await schedule({ change: { window }, policy: { timeZone: 'Europe/Oslo' } });
    await run('timer');
    expect(await entry()).toMatchObject({ earliestStart: '2026-01-31T11:00:00.000Z', lastRun: null });
    expect(queue.asked).toEqual([{ job: 'THING', delaySeconds: 3_600 }]);
  });

  it('does not hold up a user (A-14)', async () => {
    const { entry, run } = await schedule({ change: { window: { start: '12:00', end: '14:00' } } });
    await run('manual');
    expect((await entry()).lastRun).toMatchObject({ trigger: 'manual', outcome: 'success' });
  });
});

describe('a category', () => {
  const mappings = [inCategory('CUSTOMER'), inCategory('VENDOR'), inCategory('CONTACT')];

  it('runs one job at a time; the others wait and follow one by one (J-44, J-46)', async () => {
    let inside = 0;
    const { ports, entry, run, drain, queue } = await schedule({
      mappings,
      onRead: async (current) => {
        inside += 1;
        expect(inside).toBe(1);
        if ((await current.jobs.get('CUSTOMER'))?.entry.status === 'inProcess') {
          await run('timer', 'VENDOR');
          await run('timer', 'CONTACT');
        }
        inside -= 1;
      },
    });
    await run('timer', 'CUSTOMER');
    expect(await entry('CONTACT')).toMatchObject({ status: 'ready' });
    expect(await entry('VENDOR')).toMatchObject({ status: 'waiting' });
    for (const { job } of [...queue.asked]) await tickJob(ports, job);
    await drain();
    for (const { job } of [...queue.asked]) await tickJob(ports, job);
    await drain();
    for (const { name } of mappings)
      expect((await entry(name)).lastRun).toMatchObject({ outcome: 'success' });
  });

  it('does not hold up what a user runs (A-14)', async () => {
    const { entry, run } = await schedule({
      mappings,
      onRead: async (current) => {
        const customer = (await current.jobs.get('CUSTOMER'))?.entry;
        const vendor = (await current.jobs.get('VENDOR'))?.entry;
        if (customer?.status === 'inProcess' && vendor?.lastRun === null) await run('manual', 'VENDOR');
      },
    });
    await run('timer', 'CUSTOMER');
    expect((await entry('VENDOR')).lastRun).toMatchObject({ outcome: 'success' });
  });

  it('is free again when the run that held it went away (J-47, J-120)', async () => {
    const { ports, entry, run, advance } = await schedule({ mappings });
    const expiresAt = fromEpochMs(Date.parse('2026-01-31T10:15:00Z'));
    await ports.jobs.replaceCategory({ category, owner: 'dead run', expiresAt }, null);
    await run('timer', 'CUSTOMER');
    expect(await entry('CUSTOMER')).toMatchObject({ status: 'waiting', lastRun: null });
    advance(16);
    expect(await tickJob(ports, 'CUSTOMER')).toBe('queued');
    await run('timer', 'CUSTOMER');
    expect((await entry('CUSTOMER')).lastRun).toMatchObject({ outcome: 'success' });
  });
});

describe('instances and clocks', () => {
  it('of several messages for one due job, on several instances, one begins (J-119)', async () => {
    let reads = 0;
    const { run, entry } = await schedule({
      onRead: async () => {
        reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
    await Promise.all([run('timer'), run('timer'), run('wake'), run('timer')]);
    expect(reads).toBe(1);
    expect(await entry()).toMatchObject({ status: 'onHoldInactivity' });
  });

  it('a tick that is past due, or comes twice, runs the job once', async () => {
    const { ports, entry, drain, advance } = await schedule();
    advance(10_000);
    await tickJob(ports, 'THING');
    await tickJob(ports, 'THING');
    await drain();
    const first = (await entry()).lastRun;
    await tickJob(ports, 'THING');
    await drain();
    expect((await entry()).lastRun).toEqual(first);
  });

  it('a clock that is put back does not keep jobs from running', async () => {
    const { ports, entry, run, drain, advance } = await schedule();
    advance(60 * 24 * 365);
    await run('timer');
    advance(-60 * 24 * 365);
    await tickJob(ports, 'THING');
    await drain();
    expect(await entry()).toMatchObject({ earliestStart: '2026-01-31T22:00:00.000Z' });
  });

  it('a run started by hand whose host went away leaves the job on hold (A-14, J-123)', async () => {
    const { ports, entry } = await schedule({ change: { status: 'onHold' } });
    const stored = await ports.jobs.get('THING');
    const runId = ports.ids.runId(ports.clock.now());
    const lastRun = {
      runId,
      trigger: 'manual',
      startedAt: ports.clock.now(),
      finishedAt: null,
      outcome: null,
    } as const;
    if (stored)
      await ports.jobs.replace(
        { ...stored.entry, status: 'inProcess', statusBefore: 'onHold', lastRun },
        stored.version,
      );
    await executeRun(ports, [thing], { job: 'THING', runId, trigger: 'manual', followedBy: [] });
    expect(await entry()).toMatchObject({ status: 'onHold', lastRun: { outcome: 'success' } });
  });
});
