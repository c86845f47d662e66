/** Deleting old log rows, and what else is looked after every hour (J-48, J-108 to J-112, E-152). */
import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../../test/builders/ports.ts';
import { coupled, guidOf, record, row, thingMapping } from '../../../test/builders/records.ts';
import type { ActionRun } from '../../domain/actions/actionRun.ts';
import { businessCentralId, mappingName, syncErrorId, syncJobId } from '../../domain/common/ids.ts';
import { fromEpochMs, type Instant } from '../../domain/common/instants.ts';
import { type SyncError, type SyncJob, zeroCounters } from '../../domain/logs/syncJob.ts';
import { ensureJobs } from '../jobs/ensureJobs.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { keepHouse } from './keepHouse.ts';
import { purgeLogs } from './purgeLogs.ts';

const mapping = thingMapping();
const everything = { top: 1000, continuation: null };

const actionDefaults: Omit<ActionRun, 'runId' | 'requestedAt' | 'status' | 'finishedAt'> = {
  mapping: mapping.name,
  task: { kind: 'findDeleted' },
  requestedBy: 'alice',
  message: '',
  progress: null,
};

interface Row {
  readonly daysAgo: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly finished?: boolean;
  readonly of?: string;
}

/** A log with these rows, each failure with an error of its own. */
async function logWith(rows: readonly Row[]) {
  const memory = memoryPorts();
  const { ports, time } = memory;
  const ids: SyncJob['id'][] = [];
  const errorIds: SyncError['id'][] = [];
  for (const { daysAgo, failed = 0, skipped = 0, finished = true, of = mapping.name } of rows) {
    const startedAt = fromEpochMs(time.nowMs - daysAgo * 86_400_000 - 1000);
    const job = syncJob(ports, startedAt, of);
    const counts = { ...zeroCounters, failed, skipped };
    await ports.logs.saveSyncJob({ ...job, counts, finishedAt: finished ? startedAt : null });
    ids.push(job.id);
    for (let index = 0; index < failed + skipped; index += 1) {
      const error = syncError(ports, job);
      errorIds.push(error.id);
      await ports.logs.saveErrors([error]);
    }
  }
  const left = async () => {
    const jobs = (await ports.logs.listSyncJobs({}, everything)).rows.map(({ id }) => ids.indexOf(id));
    const errors = (await ports.logs.listErrors({}, everything)).rows.map(({ id }) => errorIds.indexOf(id));
    return { jobs: jobs.sort(), errors: errors.sort() };
  };
  return { ...memory, ids, errorIds, left };
}

function syncJob(ports: SyncPorts, startedAt: Instant, of: string): SyncJob {
  return {
    id: ports.ids.syncJobId(startedAt),
    runId: ports.ids.runId(startedAt),
    job: of,
    mapping: mappingName(of),
    type: 'synchronization',
    direction: 'toDataverse',
    trigger: 'timer',
    startedAt,
    finishedAt: null,
    message: '',
    counts: zeroCounters,
    requests: { businessCentral: 1, dataverse: 1 },
  };
}

function syncError(ports: SyncPorts, job: SyncJob): SyncError {
  return {
    id: ports.ids.syncErrorId(job.startedAt),
    syncJobId: job.id,
    mapping: job.mapping,
    direction: 'toDataverse',
    businessCentralId: businessCentralId(guidOf('b', 1)),
    dataverseId: null,
    name: '10000 Adatum',
    code: 'text-invalid',
    kind: 'data',
    message: 'Something is wrong with it.',
    field: null,
    occurredAt: job.startedAt,
    resolvedAt: null,
    suggestion: '',
  };
}

describe('purging the log', () => {
  it('deletes what finished before, with its errors, in every mapping (J-108, J-109)', async () => {
    const { ports, left } = await logWith([
      { daysAgo: 40, failed: 2 },
      { daysAgo: 31 },
      { daysAgo: 31, of: 'A MAPPING THAT IS GONE' },
      { daysAgo: 29, failed: 1 },
    ]);
    expect(await purgeLogs(ports, 30)).toEqual({ deleted: 3, kept: 0 });
    expect(await left()).toEqual({ jobs: [3], errors: [2] });
    expect(await purgeLogs(ports, 30)).toEqual({ deleted: 0, kept: 0 });
  });

  it('keeps rows and errors that skipped records refer to, by run or by error (E-152, J-112)', async () => {
    const { ports, ids, errorIds, left } = await logWith([
      { daysAgo: 40, skipped: 1 },
      { daysAgo: 39, failed: 1 },
      { daysAgo: 38, failed: 1 },
    ]);
    const coupling = coupled(mapping, record({}), row({}));
    const toDataverse = { result: 'failure', syncJobId: ids[0] ?? syncJobId(''), fingerprint: 'x' } as const;
    await ports.couplings.save(mapping.name, [
      { kind: 'create', coupling: { ...coupling, state: 'skipped', toDataverse } },
    ]);
    await ports.retries.save([
      {
        mapping: mapping.name,
        side: 'dataverse',
        id: coupling.dataverseId,
        name: 'x',
        kind: 'data',
        code: 'x',
        message: '',
        fingerprint: 'x',
        skipped: true,
        modifiedAt: ports.clock.now(),
        attempts: 2,
        firstFailedAt: ports.clock.now(),
        lastFailedAt: ports.clock.now(),
        errorId: errorIds[1] ?? syncErrorId(''),
      },
    ]);
    expect(await purgeLogs(ports, 30)).toEqual({ deleted: 1, kept: 2 });
    expect(await left()).toEqual({ jobs: [0, 1], errors: [0, 1] });
  });

  it('takes rows of runs that broke off, but none that may still run', async () => {
    const { ports, left } = await logWith([
      { daysAgo: 2, finished: false },
      { daysAgo: 0, finished: false },
    ]);
    expect(await purgeLogs(ports, 0)).toEqual({ deleted: 1, kept: 0 });
    expect(await left()).toEqual({ jobs: [1], errors: [] });
  });

  it('goes through more rows than a page has', async () => {
    const { ports, left } = await logWith(Array.from({ length: 1_100 }, () => ({ daysAgo: 40 })));
    expect(await purgeLogs(ports, 30)).toMatchObject({ deleted: 1_100 });
    expect(await left()).toEqual({ jobs: [], errors: [] });
  });
});

describe('every hour', () => {
  it('runs that died are ended, also those of jobs that are never scheduled (J-48, J-123)', async () => {
    const { ports, time } = memoryPorts();
    const unscheduled = { ...ports, policy: { ...ports.policy, disabledJobs: [mapping.name] } };
    await ensureJobs(unscheduled, [mapping]);
    const stored = await ports.jobs.get(mapping.name);
    if (stored) await ports.jobs.replace({ ...stored.entry, status: 'inProcess' }, stored.version);
    time.nowMs += 3_600_000;
    await keepHouse(unscheduled, [mapping], 30);
    expect((await ports.jobs.get(mapping.name))?.entry).toMatchObject({ status: 'ready', attempts: 1 });
  });

  it('jobs that are in error or late are told of, others are not', async () => {
    const told: object[] = [];
    const { ports, time } = memoryPorts();
    const names = ['FINE', 'LATE', 'BROKEN', 'SILENT'] as const;
    const all = names.map((name) => thingMapping({ name: mappingName(name) }));
    const watched: SyncPorts = {
      ...ports,
      log: (level, event, details) => void (event === 'job-unhealthy' && told.push({ level, ...details })),
      policy: { ...ports.policy, disabledJobs: ['SILENT'] },
    };
    await ensureJobs(watched, all);
    const change = async (name: string, more: object) => {
      const stored = await ports.jobs.get(name);
      if (stored) await ports.jobs.replace({ ...stored.entry, ...more }, stored.version);
    };
    await change('BROKEN', { status: 'error' });
    time.nowMs += 3_600_000;
    await change('FINE', { earliestStart: ports.clock.now() });
    await keepHouse(watched, all, 30);
    expect(told).toEqual([
      expect.objectContaining({ level: 'warning', job: 'BROKEN', problems: ['job-in-error'] }),
      expect.objectContaining({ level: 'warning', job: 'LATE', problems: ['job-overdue'] }),
    ]);
  });

  it('actions that ended go as old log rows do; those still to be done stay', async () => {
    const { ports, time } = memoryPorts();
    const asked = async (daysAgo: number, status: ActionRun['status']) => {
      const requestedAt = fromEpochMs(time.nowMs - daysAgo * 86_400_000 - 1000);
      const runId = ports.ids.runId(requestedAt);
      const finishedAt = status === 'queued' ? null : requestedAt;
      await ports.actions.save({ ...actionDefaults, runId, requestedAt, status, finishedAt });
      return runId;
    };
    const [old, open, recent] = [
      await asked(30, 'finished'),
      await asked(40, 'queued'),
      await asked(29, 'failed'),
    ];
    await keepHouse(ports, [mapping], 30);
    expect(await ports.actions.get(old)).toBeNull();
    expect(await ports.actions.get(open)).not.toBeNull();
    expect(await ports.actions.get(recent)).not.toBeNull();
  });

  it('and in the night to Sunday a comparison by keys is asked for where something is coupled', async () => {
    const { ports, time } = memoryPorts();
    const empty = thingMapping({ name: mappingName('EMPTY') });
    await ensureJobs(ports, [mapping, empty]);
    const { state } = await ports.mappings.get(mapping.name);
    await ports.mappings.replace({ ...state, coupledCount: 3 }, null);
    const asked = async () => {
      const stored = await ports.jobs.list();
      return stored.filter(({ entry }) => entry.reportedDeletions.more).map(({ entry }) => entry.name);
    };
    await keepHouse(ports, [mapping, empty], 30);
    expect(await asked()).toEqual([]);
    time.nowMs = Date.parse('2026-02-01T02:17:00Z');
    await keepHouse(ports, [mapping, empty], 30);
    expect(await asked()).toEqual(['THING']);
  });
});
