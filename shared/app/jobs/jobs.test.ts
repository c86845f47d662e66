import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../../test/builders/ports.ts';
import { thingMapping } from '../../../test/builders/records.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { fromEpochMs } from '../../domain/common/instants.ts';
import { startFullSync } from '../fullSync/startFullSync.ts';
import { leaseDurationMs, releaseLease, renewLease, takeLease } from '../run/lease.ts';
import { ensureJobs } from './ensureJobs.ts';
import { executeRun } from './executeRun.ts';
import { inDependencyOrder, requestRun } from './requestRuns.ts';
import { tickJob } from './tickJob.ts';

const mapping = thingMapping();

describe('a timer tick', () => {
  it('hands a due job to the queue, and writes nothing when it is not due (J-119)', async () => {
    const { ports, queue, time } = memoryPorts();
    await ensureJobs(ports, [mapping]);
    expect(await tickJob(ports, 'THING')).toBe('queued');
    expect(queue.sent.map(({ message }) => message)).toMatchObject([{ job: 'THING', trigger: 'timer' }]);
    const stored = await ports.jobs.get('THING');
    const later = fromEpochMs(time.nowMs + 60_000);
    if (stored) await ports.jobs.replace({ ...stored.entry, earliestStart: later }, stored.version);
    expect(await tickJob(ports, 'THING')).toBe('notDue');
    expect(queue.sent).toHaveLength(1);
  });

  it('counts a run that died with its host as a failed attempt, once its lease has expired (J-123)', async () => {
    const { ports, queue, time } = memoryPorts();
    await ensureJobs(ports, [mapping]);
    const stored = await ports.jobs.get('THING');
    if (stored) await ports.jobs.replace({ ...stored.entry, status: 'inProcess' }, stored.version);
    await takeLease(ports, mapping.name, 'dead run');
    expect(await tickJob(ports, 'THING')).toBe('notDue');
    time.nowMs += leaseDurationMs + 120_000;
    expect(await tickJob(ports, 'THING')).toBe('interrupted');
    expect((await ports.jobs.get('THING'))?.entry).toMatchObject({ status: 'ready', attempts: 1 });
    expect(queue.asked).toEqual([{ job: 'THING', delaySeconds: 30.01 }]);
    time.nowMs += 30_010;
    expect(await tickJob(ports, 'THING')).toBe('queued');
  });

  it('knows no job that has no entry', async () => {
    expect(await tickJob(memoryPorts().ports, 'NOBODY')).toBe('unknown');
  });
});

describe('the lease of a mapping', () => {
  const name = mappingName('THING');

  it('is held by one run at a time, until it expires (J-123)', async () => {
    const { ports, time } = memoryPorts();
    expect(await takeLease(ports, name, 'first')).not.toBeNull();
    expect(await takeLease(ports, name, 'second')).toBeNull();
    time.nowMs += leaseDurationMs + 1;
    expect((await takeLease(ports, name, 'second'))?.state.lease?.fencing).toBe(2);
  });

  it('cannot be released, and writes no watermark, by a run that lost it', async () => {
    const { ports, time } = memoryPorts();
    const first = await takeLease(ports, name, 'first');
    time.nowMs += leaseDurationMs + 1;
    await takeLease(ports, name, 'second');
    const late = fromEpochMs(time.nowMs);
    expect(
      first && (await releaseLease(ports, first, { ...first.state, businessCentralWatermark: late })),
    ).toBe(false);
    expect((await ports.mappings.get(name)).state).toMatchObject({
      businessCentralWatermark: null,
      lease: { owner: 'second' },
    });
  });

  it('is renewed by a long run, which stops when another one took it (fencing)', async () => {
    const { ports, time } = memoryPorts();
    const first = await takeLease(ports, name, 'first');
    time.nowMs += leaseDurationMs / 2;
    if (first) await renewLease(ports, first);
    time.nowMs += leaseDurationMs / 2 + 1;
    expect(await takeLease(ports, name, 'second')).toBeNull();
    time.nowMs += leaseDurationMs;
    await takeLease(ports, name, 'second');
    await expect(first && renewLease(ports, first)).rejects.toMatchObject({ code: 'lease-lost' });
  });

  it('is free again after its release', async () => {
    const { ports } = memoryPorts();
    const first = await takeLease(ports, name, 'first');
    if (first) await releaseLease(ports, first, first.state);
    expect(await takeLease(ports, name, 'second')).not.toBeNull();
  });
});

describe('a full synchronisation', () => {
  const named = (name: string, order: number, dependsOn: readonly string[]) =>
    thingMapping({ name: mappingName(name), order, dependsOn: dependsOn.map(mappingName) });
  const mappings = [
    named('CONTACT', 1, ['CUSTOMER']),
    named('CUSTOMER', 3, ['SALESPEOPLE']),
    named('SALESPEOPLE', 2, []),
  ];

  it('orders mappings after what they depend on, whatever their own order says (E-135)', () => {
    const names = inDependencyOrder(mappings).map((each) => each.name);
    expect(names).toEqual(['SALESPEOPLE', 'CUSTOMER', 'CONTACT']);
  });

  it('is queued as one chain, each job naming what follows it (E-136)', async () => {
    const { ports, queue } = memoryPorts();
    const { runs } = await startFullSync(ports, mappings);
    expect(runs.map((run) => run.job)).toEqual(['SALESPEOPLE', 'CUSTOMER', 'CONTACT']);
    expect(queue.sent).toHaveLength(1);
    expect(queue.sent[0]?.message.followedBy.map((run) => run.job)).toEqual(['CUSTOMER', 'CONTACT']);
  });
});

describe('a run', () => {
  it('that fails is recorded on its job queue entry with an attempt, and what follows is sent on (J-37, J-38, J-39)', async () => {
    const { ports, queue } = memoryPorts();
    await ensureJobs(ports, [mapping]);
    const runId = await requestRun(ports, 'THING');
    const followedBy = [{ job: 'NEXT', runId, trigger: 'fullSync' } as const];
    await executeRun(ports, [mapping], { job: 'THING', runId, trigger: 'fullSync', followedBy });
    const entry = (await ports.jobs.get('THING'))?.entry;
    expect(entry).toMatchObject({ status: 'ready', attempts: 1, errorMessage: 'no connection in this test' });
    expect(entry?.lastRun).toMatchObject({ runId, outcome: 'error' });
    expect(queue.sent.at(-1)?.message).toMatchObject({ job: 'NEXT', followedBy: [] });
  });

  it('that several ticks asked for is done once', async () => {
    const { ports } = memoryPorts();
    await ensureJobs(ports, [mapping]);
    for (let tick = 0; tick < 2; tick += 1) {
      const runId = ports.ids.runId(ports.clock.now());
      await executeRun(ports, [mapping], { job: 'THING', runId, trigger: 'timer', followedBy: [] });
    }
    expect((await ports.jobs.get('THING'))?.entry).toMatchObject({ attempts: 1 });
  });

  it('that meets a running one gives way and comes back, unless a timer started it', async () => {
    const { ports, queue } = memoryPorts();
    await ensureJobs(ports, [mapping]);
    await takeLease(ports, mapping.name, 'somebody');
    const runId = ports.ids.runId(ports.clock.now());
    await executeRun(ports, [mapping], { job: 'THING', runId, trigger: 'timer', followedBy: [] });
    expect(queue.sent).toHaveLength(0);
    await executeRun(ports, [mapping], { job: 'THING', runId, trigger: 'manual', followedBy: [] });
    expect(queue.sent).toMatchObject([{ message: { job: 'THING', trigger: 'manual' } }]);
    expect((await ports.jobs.get('THING'))?.entry).toMatchObject({ status: 'ready', lastRun: null });
  });

  it('of a job that does not exist is refused when it is asked for', async () => {
    await expect(requestRun(memoryPorts().ports, 'NOBODY')).rejects.toMatchObject({ code: 'job-not-found' });
  });
});
