/** A full synchronisation of many customers in many slices, during which the process goes away several times. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../local/simulators/common/random.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import type { RunMessage } from '../../shared/ports/queue.ts';
import { type CrashWorld, startCrashWorld } from '../crash/crashWorld.ts';
import { type CrashPoint, MortalHost } from '../crash/mortalHost.ts';

const customer = mappingName('CUSTOMER');
const megabyte = 1_048_576;
/** A run that went away holds its mapping for so long; its message comes again meanwhile and waits. */
const leaseMinutes = 16;

export interface RestartOptions {
  readonly records: number;
  readonly pageSize: number;
  /** How often the process goes away and its message comes again. */
  readonly restarts: number;
  readonly seed: number;
  /** Looking at the heap collects garbage again and again, which takes its time. */
  readonly watchesHeap: boolean;
}

/** Megabytes before the synchronisation, at most during it, and after it. */
export interface HeapFigures {
  readonly before: number;
  readonly most: number;
  readonly after: number;
}

/** Everything there is to check and to tell. */
export interface RestartedRun {
  readonly world: CrashWorld;
  /** Rows of the log of the full synchronisation, oldest first. */
  readonly rows: readonly SyncJob[];
  readonly deaths: readonly CrashPoint[];
  readonly invocations: number;
  readonly seconds: number;
  readonly requests: { readonly businessCentral: number; readonly dataverse: number };
  /** What the heap held, simulators and tables in memory included; zeros when nobody looked. */
  readonly heapMegabytes: HeapFigures;
}

/** Calls at which a process dies here: while it writes a page, remembers what it wrote, or takes or gives up the lease. */
const fatalCalls = ['wire.dataverse POST', 'port.couplings.save', 'port.mappings.replace'] as const;

/** Plays it through. The last death loses its message, too: another run has to wait for the lease and take over. */
export async function runWithRestarts(options: RestartOptions): Promise<RestartedRun> {
  const random = seededRandom(options.seed);
  const world = await startCrashWorld(null, { sliceMs: 0, pageSize: options.pageSize });
  await prepare(world);
  fill(world, options.records);
  const deaths: CrashPoint[] = [];
  const heap = options.watchesHeap ? watchHeap() : unwatched;
  const before = requestsOf(world);
  const begun = performance.now();
  let invocations = 0;
  const deliver = async (point: CrashPoint | null): Promise<boolean> => {
    const host = new MortalHost(point);
    const ports = world.portsOf(host);
    invocations += 1;
    heap.look();
    const handle = (message: RunMessage) => executeRun(ports, world.mappings, message);
    const isDelivered = await world.queue.deliver(handle).catch(() => true);
    await host.settled();
    if (host.isDead && point !== null) deaths.push(point);
    return isDelivered;
  };
  /** Delivers what comes next, waiting as long as a run that went away holds the mapping; false: nothing comes any more. */
  const next = async (point: CrashPoint | null): Promise<boolean> => {
    for (let minutes = 0; minutes <= leaseMinutes; minutes += leaseMinutes / 4) {
      if (await deliver(point)) return true;
      await world.advanceMinutes(leaseMinutes / 4);
    }
    return false;
  };
  await request(world);
  while (deaths.length < options.restarts && (await next(deathAfter(random)))) await next(null);
  await loseEverything(world);
  while (await next(null)) await new Promise(setImmediate);
  const seconds = (performance.now() - begun) / 1000;
  const after = requestsOf(world);
  return {
    ...{ world, deaths, invocations, seconds, rows: await rowsOf(world) },
    requests: {
      businessCentral: after.businessCentral - before.businessCentral,
      dataverse: after.dataverse - before.dataverse,
    },
    heapMegabytes: heap.figures(),
  };
}

function deathAfter(random: () => number): CrashPoint {
  const call = fatalCalls[Math.floor(random() * fatalCalls.length)] ?? fatalCalls[0];
  const nth = 1 + Math.floor(random() * (call === 'wire.dataverse POST' ? 4 : 1));
  return { call, nth, moment: random() < 0.5 ? 'before' : 'after' };
}

/** The currency that customers refer to is coupled before. */
async function prepare(world: CrashWorld): Promise<void> {
  const { businessCentral, queue } = world;
  businessCentral.create('currencies', { code: 'USD', displayName: 'US Dollar', symbol: '$' }, 'bob');
  const rate = { exchangeRateAmount: 1, relationalExchangeRateAmount: 0.8 };
  businessCentral.create(
    'currencyExchangeRates',
    { currencyCode: 'USD', startingDate: '2026-01-01', ...rate },
    'bob',
  );
  await request(world, 'CURRENCY');
  const ports = world.portsOf(new MortalHost(null));
  while (await queue.deliver((message) => executeRun(ports, world.mappings, message)));
}

function fill({ businessCentral }: CrashWorld, records: number): void {
  for (let number = 1; number <= records; number += 1) {
    businessCentral.create('customers', { displayName: `Customer ${number}`, city: 'London' }, 'bob');
  }
}

async function request(world: CrashWorld, job: string = customer): Promise<void> {
  const { ids, clock } = world.portsOf(new MortalHost(null));
  const runId = ids.runId(clock.now());
  await world.queue.send({ job, runId, trigger: 'fullSync', followedBy: [] });
}

/** Process and message are gone: the tick notices the dead run after its lease, and a user starts another. */
async function loseEverything(world: CrashWorld): Promise<void> {
  const host = new MortalHost({ call: 'port.couplings.save', nth: 1, moment: 'after' });
  const ports = world.portsOf(host);
  await world.queue.deliver((message) => executeRun(ports, world.mappings, message).catch(() => undefined));
  await host.settled();
  await world.queue.deliver(async () => {});
  await world.advanceMinutes(leaseMinutes);
  await tickJob(world.portsOf(new MortalHost(null)), customer);
  await request(world);
}

async function rowsOf(world: CrashWorld): Promise<readonly SyncJob[]> {
  const { logs } = world.portsOf(new MortalHost(null));
  const { rows } = await logs.listSyncJobs({ mapping: customer }, { top: 1000, continuation: null });
  return rows.toReversed();
}

function requestsOf({ businessCentral, dataverse }: CrashWorld) {
  return { businessCentral: businessCentral.requests.total, dataverse: dataverse.requests.total };
}

/** Looks at the heap now and then; garbage is collected before each look, so that only what is held counts. */
function watchHeap() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed / megabyte;
  };
  const before = used();
  let most = before;
  const look = () => {
    most = Math.max(most, used());
  };
  const timer = setInterval(look, 3_000);
  return {
    look,
    figures: (): HeapFigures => {
      clearInterval(timer);
      return { before, most, after: used() };
    },
  };
}

const unwatched = { look: () => {}, figures: (): HeapFigures => ({ before: 0, most: 0, after: 0 }) };
