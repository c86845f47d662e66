/** A host that dies while it answers an administrator: what was asked is done as a whole once it is asked again, or not at all. */
import { describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { businessCentralWithSets, dataverseWithTables } from '../../functions/api/testing/mappingMetadata.ts';
import { type ChangingOperation, sampleOf, sampleRequests } from '../../functions/api/testing/requests.ts';
import { memoryEntityTable } from '../../shared/adapters/memory/memoryEntityTable.ts';
import { storesOver, type TableName, tableNames } from '../../shared/adapters/tableStorage/storeSet.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { memoryComposition, testNow } from '../../shared/composition/testing/memoryComposition.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { fromEpochMs, toEpochMs } from '../../shared/domain/common/instants.ts';
import { type CrashPoint, guarded, MortalHost } from './mortalHost.ts';
import { allPoints, sampleOf as drawnPoints, pointName } from './points.ts';
import { RedeliveringQueue } from './redeliveringQueue.ts';

/** What outlives a host. */
function startWorld() {
  const requests = { sent: 0 };
  const entries = tableNames.map((name) => [name, memoryEntityTable(name, requests)] as const);
  const tables = Object.fromEntries(entries) as Record<TableName, (typeof entries)[number][1]>;
  const time = { nowMs: toEpochMs(testNow) };
  const queue = new RedeliveringQueue(() => time.nowMs);
  return { stores: storesOver(tables, (size) => '5a'.repeat(size)), queue, time };
}
type World = ReturnType<typeof startWorld>;

/** The app in a process of its own over the same world. */
function appOf({ stores, queue, time }: World, host: MortalHost) {
  return memoryComposition({
    ports: {
      businessCentral: businessCentralWithSets(),
      dataverse: dataverseWithTables(),
      logs: guarded(host, 'logs', stores.logs),
      jobs: guarded(host, 'jobs', stores.jobs),
      mappings: guarded(host, 'mappings', stores.mappings),
      actions: guarded(host, 'actions', stores.actions),
      fullSync: guarded(host, 'fullSync', stores.fullSync),
      queue: guarded(host, 'queue', queue),
      couplings: stores.couplings,
      retries: stores.retries,
      clock: { now: () => fromEpochMs(time.nowMs) },
    },
  });
}

/** After this a full synchronisation that nothing was heard of may be started again. */
const untilSilentMs = 11 * 60_000;

const living = () => new MortalHost(null);

async function ask(world: World, host: MortalHost, name: ChangingOperation): Promise<void> {
  const { request, body } = sampleOf(name);
  await callApi(appOf(world, host).composition, request, body === undefined ? {} : { body });
}

async function workOff(world: World): Promise<void> {
  const app = appOf(world, living());
  const { mappings } = await app.composition.open();
  while (await world.queue.deliver((message) => executeRun(app.ports, mappings, message)));
}

/** What was decided, without ids and times. */
async function endOf({ stores }: World) {
  const page = { top: 100, continuation: null };
  const [jobs, definitions, { review }, { state }, log] = await Promise.all([
    stores.jobs.list(),
    stores.mappings.listDefinitions(),
    stores.fullSync.get(),
    stores.jobs.integration(),
    stores.logs.listSyncJobs({}, page),
  ]);
  return {
    // A job that was asked twice may have had two runs, the second of which was idle.
    jobs: jobs.map(({ entry: { name, status, frequencyMinutes } }) => ({
      name,
      status: status === 'onHoldInactivity' ? 'ready' : status,
      frequencyMinutes,
    })),
    definitions: definitions.map(({ kind, mapping, definition }) => ({ kind, mapping, definition })),
    review: review.map(({ mapping, chosen, run }) => ({ mapping, chosen, outcome: run?.outcome ?? null })),
    wishes: review.filter(({ run }) => run?.keepsCreatingNew).map(({ mapping }) => mapping),
    isEnabled: state.enabled,
    mappingsRun: [...new Set(log.rows.map(({ mapping }) => mapping))].sort(),
  };
}

async function prepared(name: ChangingOperation): Promise<World> {
  const world = startWorld();
  if (name === 'full-sync-restart' || name === 'full-sync-reset')
    await ask(world, living(), 'full-sync-start');
  for (const before of sampleOf(name).before ?? []) await ask(world, living(), before);
  await workOff(world);
  return world;
}

async function interrupted(name: ChangingOperation, point: CrashPoint | null) {
  const world = await prepared(name);
  const host = new MortalHost(point);
  await ask(world, host, name);
  await host.settled();
  return { world, host };
}

const operations = (Object.keys(sampleRequests) as ChangingOperation[]).filter(
  // Their samples find nothing to do; what they queue is the same as of the others.
  (name) => !['couplings-create', 'couplings-delete', 'records-synchronize'].includes(name),
);

/** The usual run tries some of the points of each operation, others each time; CRASH=all every one. */
const usualPoints = 6;
const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 100_000);
const isWhole = process.env['CRASH'] === 'all';
process.stdout.write(
  `requests of administrators: ${isWhole ? 'all points' : `${usualPoints} points of each, CRASH_SEED=${seed}`}\n`,
);

function chosen(points: readonly CrashPoint[]): readonly CrashPoint[] {
  return isWhole ? points : drawnPoints(points, usualPoints, seed);
}

async function pointsOf(name: ChangingOperation): Promise<readonly CrashPoint[]> {
  const { host } = await interrupted(name, null);
  return allPoints(host.counts);
}

describe('a host that dies while it answers', () => {
  it.each(operations)('%s: asked once more, everything is as if nothing had happened', async (name) => {
    const undisturbed = (await interrupted(name, null)).world;
    await workOff(undisturbed);
    const expected = await endOf(undisturbed);
    const points = await pointsOf(name);
    expect(points.length).toBeGreaterThan(0);
    for (const point of chosen(points)) {
      const { world, host } = await interrupted(name, point);
      expect([pointName(point), host.isDead]).toEqual([pointName(point), true]);
      await workOff(world);
      world.time.nowMs += untilSilentMs;
      await ask(world, living(), name);
      await workOff(world);
      expect({ point: pointName(point), ...(await endOf(world)) }).toEqual({
        point: pointName(point),
        ...expected,
      });
    }
  });

  it('keeps the wish to keep creating with the run: whichever way the run comes about, it is carried out (E-141)', async () => {
    const customer = mappingName('CUSTOMER');
    let queued = 0;
    for (const point of await pointsOf('full-sync-start')) {
      const { world } = await interrupted('full-sync-start', point);
      await workOff(world);
      const { mappingsRun, definitions, wishes } = await endOf(world);
      const isKept = definitions.some(({ mapping }) => mapping === customer);
      // Without a run nothing has changed but the review, which shows lines that never began.
      expect([pointName(point), isKept]).toEqual([pointName(point), mappingsRun.includes(customer)]);
      if (mappingsRun.includes(customer)) expect([pointName(point), wishes]).toEqual([pointName(point), []]);
      queued += mappingsRun.includes(customer) ? 1 : 0;
    }
    expect(queued).toBeGreaterThan(2);
  });
});
