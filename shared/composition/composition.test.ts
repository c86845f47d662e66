/** The composition: opened once, tried again after a failure, closed to wrong settings. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryStores } from '../adapters/memory/memoryStores.ts';
import { leaseDurationMs } from '../app/run/lease.ts';
import { createComposition } from './composition.ts';
import { sliceMs } from './ports.ts';
import { jobTimers } from './schedules.ts';
import { parseSettings } from './settings.ts';
import { fakeProbes, fakeSubscriptions } from './testing/fakeServices.ts';
import { memoryComposition } from './testing/memoryComposition.ts';
import { validEnvironment } from './testing/validSettings.ts';

const settings = parseSettings(validEnvironment);
const noFiles = { read: async () => ({ files: [], unreadable: [] }) };
const noWaiting = { pause: async () => {}, elapsedMs: () => 0 };

describe('open', () => {
  it('connects once for callers at the same time, and leaves a job for every scheduled mapping, and statistics', async () => {
    const { ports } = memoryComposition();
    let connected = 0;
    const connect = () => {
      connected += 1;
      return {
        ports,
        mappingFiles: noFiles,
        prepare: async () => {},
        close: async () => {},
        subscriptions: fakeSubscriptions(),
        probes: fakeProbes,
      };
    };
    const composition = createComposition(settings, connect, noWaiting);
    const [first, second] = await Promise.all([composition.open(), composition.open()]);
    expect(first.ports).toBe(second.ports);
    expect(first.mappings).toBe(second.mappings);
    expect(connected).toBe(1);
    const jobs = (await ports.jobs.list()).map(({ entry }) => entry.name);
    const scheduled = first.mappings.filter(({ job }) => job !== null);
    const expected = [...scheduled.map(({ name }) => String(name)), 'CUSTOMER STATISTICS'];
    expect(jobs.sort()).toEqual(expected.sort());
    expect(jobs).not.toContain('OPPORTUNITY');
  });

  it('makes the key of digests, so that the first dry run finds it and writes nothing', async () => {
    const { mappings } = createMemoryStores();
    const asked: string[] = [];
    const digestKey = async () => {
      asked.push('digestKey');
      return mappings.digestKey();
    };
    const { composition } = memoryComposition({ ports: { mappings: { ...mappings, digestKey } } });
    await composition.open();
    expect(asked).toEqual(['digestKey']);
  });

  it('tries again after a failure', async () => {
    const { ports } = memoryComposition();
    let tries = 0;
    const prepare = async () => {
      tries += 1;
      if (tries === 1) throw new Error('storage is away');
    };
    const composition = createComposition(
      settings,
      () => ({
        ports,
        mappingFiles: noFiles,
        prepare,
        close: async () => {},
        subscriptions: fakeSubscriptions(),
        probes: fakeProbes,
      }),
      noWaiting,
    );
    await expect(composition.open()).rejects.toThrowError('storage is away');
    await expect(composition.open()).resolves.toMatchObject({ ports });
  });

  it('is undone by close, which has nothing to do for an app that was never opened', async () => {
    const { ports } = memoryComposition();
    let closed = 0;
    const composition = createComposition(
      settings,
      () => ({
        ports,
        mappingFiles: noFiles,
        prepare: async () => {},
        close: async () => {
          closed += 1;
        },
        subscriptions: fakeSubscriptions(),
        probes: fakeProbes,
      }),
      noWaiting,
    );
    await composition.close();
    expect(closed).toBe(0);
    await composition.open();
    await composition.close();
    expect(closed).toBe(1);
  });

  it('fails with every problem while settings are wrong, without connecting', async () => {
    const wrong = parseSettings({ ...validEnvironment, TICK_MINUTES: 'x', TIME_ZONE: 'x' });
    const connect = () => {
      throw new Error('must not be called');
    };
    await expect(createComposition(wrong, connect, noWaiting).open()).rejects.toMatchObject({
      code: 'invalid-settings',
      problems: [expect.stringMatching(/^TICK_MINUTES: /), expect.stringMatching(/^TIME_ZONE: /)],
    });
  });
});

describe('jobTimers', () => {
  const timersOf = (changes: Readonly<Record<string, string>>) =>
    jobTimers(parseSettings({ ...validEnvironment, ...changes }));

  it('are one per scheduled job, at each tick', () => {
    expect(timersOf({ TICK_MINUTES: '5' })).toContainEqual({
      job: 'CUSTOMER',
      functionName: 'sync-customer',
      schedule: '0 */5 * * * *',
    });
  });

  it('follow the schedule of a job, and leave disabled ones out', () => {
    const timers = timersOf({ SCHEDULE_CUSTOMER: '0 0 6 * * *', DISABLED_JOBS: 'CONTACT' });
    expect(timers).toContainEqual(expect.objectContaining({ job: 'CUSTOMER', schedule: '0 0 6 * * *' }));
    expect(timers.map(({ job }) => job)).not.toContain('CONTACT');
  });

  it('are those of the defaults while settings are wrong, so that ticks can say so (platform A-12)', () => {
    expect(timersOf({ TIME_ZONE: 'x' })).toEqual(timersOf({}));
  });
});

describe('the time slice of a run', () => {
  it('is 80 % of the time a function may take, and shorter than a lease (P10)', async () => {
    const file = join(import.meta.dirname, '..', '..', 'host.json');
    const { functionTimeout } = JSON.parse(await readFile(file, 'utf8')) as { functionTimeout: string };
    const [hours = 0, minutes = 0, seconds = 0] = functionTimeout.split(':').map(Number);
    const timeoutMs = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    expect(sliceMs).toBe(timeoutMs * 0.8);
    expect(timeoutMs).toBeLessThan(leaseDurationMs);
  });
});
