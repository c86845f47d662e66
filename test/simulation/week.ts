/** Simulated stretches of time: the first synchronisation, then users and both systems at work. */
import { seededRandom } from '../../local/simulators/common/random.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World } from '../engine/world.ts';
import { type CoupledIds, carryOut, drawEdits, type Edit } from './edits.ts';
import type { ObservedRun } from './expectation.ts';
import { startVirtualHost, type VirtualHost } from './virtualHost.ts';

const hourMs = 3_600_000;
/** Longer than the usual half hour, only to have fewer runs. */
export const neverHeldFrequencyMinutes = 360;
/** After the first synchronisation: its notifications arrive, and what they wake has run, before the week begins. */
const settlingMs = 29 * 60_000;
const page = { top: 1000, continuation: null };

export interface SimulationOptions {
  readonly seed: number;
  /** Of notifications of Business Central, from 0 to 1. */
  readonly lossShare: number;
  /** Jobs with an inactivity timeout of 0, which are never held (J-55). */
  readonly neverHeld: readonly string[];
}

/** Both systems and the app, synchronised once and left alone until nothing runs. */
export interface Simulation {
  readonly world: World;
  readonly host: VirtualHost;
  readonly random: () => number;
  close(): Promise<void>;
}

/** What is to happen. */
export interface StretchOptions {
  readonly hours: number;
  /** Edits are made from the start until so many hours before the end. */
  readonly quietHours: number;
  readonly edits: number;
  readonly wakeOnDataverseChange: boolean;
}

/** What happened. */
export interface Stretch {
  readonly world: World;
  readonly host: VirtualHost;
  readonly options: StretchOptions;
  readonly fromMs: number;
  readonly toMs: number;
  /** The planned next run of each job at the beginning, as its row says. */
  readonly firstPlannedMs: ReadonlyMap<string, number>;
  readonly edits: readonly Edit[];
  /** Instants at which a user changed Business Central. */
  readonly userEditsMs: ReadonlySet<number>;
  /** Rows of the log, those of other mappings that a run brought along included. */
  readonly rows: readonly SyncJob[];
  /** Runs in order of their start. */
  readonly runs: readonly ObservedRun[];
  /** Jobs brought forward, as the app says. */
  readonly wakes: number;
  readonly requests: { readonly businessCentral: number; readonly dataverse: number };
  /** Processor time, milliseconds. */
  readonly tookMs: number;
}

/** Starts both simulators with the demo data and synchronises them for the first time. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const random = seededRandom(options.seed);
  const world = await startWorld();
  const host = await startVirtualHost(world, { ...options, random, tickMinutes: 15 });
  await host.keepSubscriptions();
  await firstSynchronisation(world, options.neverHeld);
  await world.businessCentral.clock.advance(settlingMs);
  host.startTimers();
  const close = async () => {
    await host.close();
    await world.close();
  };
  return { world, host, random, close };
}

/** Plays a stretch of time through; the clock jumps from event to event. */
export async function play({ world, host, random }: Simulation, options: StretchOptions): Promise<Stretch> {
  const begun = process.cpuUsage();
  const { clock } = world.businessCentral;
  await untilNothingRuns(world);
  const fromMs = clock.now();
  const toMs = fromMs + options.hours * hourMs;
  const firstPlannedMs = await plannedStarts(world);
  const [before, wakesBefore] = [requestsOf(world), wakesOf(host)];
  const editsUntilMs = toMs - options.quietHours * hourMs;
  const edits = drawEdits(random, await coupledIds(world), {
    fromMs,
    toMs: editsUntilMs,
    count: options.edits,
  });
  for (const edit of edits) schedule(world, host, edit, options.wakeOnDataverseChange);
  await clock.advance(toMs - fromMs);
  await untilNothingRuns(world);
  const [after, rows] = [requestsOf(world), await rowsSince(world, fromMs)];
  return {
    ...{ world, host, options, fromMs, toMs: clock.now(), firstPlannedMs, edits, rows },
    userEditsMs: new Set(edits.filter(({ side }) => side === 'businessCentral').map(({ atMs }) => atMs)),
    runs: runsOf(rows, host),
    wakes: wakesOf(host) - wakesBefore,
    requests: {
      businessCentral: after.businessCentral - before.businessCentral,
      dataverse: after.dataverse - before.dataverse,
    },
    tookMs: (process.cpuUsage(begun).user + process.cpuUsage(begun).system) / 1000,
  };
}

const wakesOf = ({ events }: VirtualHost): number => events.get('job-woken') ?? 0;

async function untilNothingRuns({ ports, advanceMinutes }: World): Promise<void> {
  const runs = async () => (await ports.jobs.list()).some(({ entry }) => entry.status === 'inProcess');
  while (await runs()) await advanceMinutes(1 / 6);
}

/** Couples and fills both sides; a user corrects the one account of the demo data that Business Central refuses. */
async function firstSynchronisation(world: World, neverHeld: readonly string[]): Promise<void> {
  const { jobs } = world.ports;
  for (const name of neverHeld) {
    const stored = await jobs.get(name);
    const timetable = { frequencyMinutes: neverHeldFrequencyMinutes, inactivityTimeoutMinutes: 0 };
    if (stored) await jobs.replace({ ...stored.entry, ...timetable }, stored.version);
  }
  const refused = world.dataverse.rows('account').find((row) => row['address1_country'] === 'U.S.');
  world.dataverse.edit('account', String(refused?.['accountid']), { address1_country: 'US' }, 'alice');
  await world.fullSync();
}

async function plannedStarts({ ports, mappings }: World): Promise<ReadonlyMap<string, number>> {
  const names = mappings.map(({ name }) => String(name));
  const stored = (await ports.jobs.list()).filter(({ entry }) => names.includes(entry.name));
  return new Map(stored.map(({ entry }) => [entry.name, Date.parse(entry.earliestStart)]));
}

async function coupledIds({ ports, mappings, businessCentral }: World): Promise<CoupledIds> {
  // Contacts without a company are outside the filter of their mapping: what users type there stays there.
  const withoutCompany = new Set(
    businessCentral
      .records('contacts')
      .flatMap(({ id, companyNumber }) => (companyNumber === '' ? [id] : [])),
  );
  const entries = mappings.map(async ({ name }) => {
    const { rows } = await ports.couplings.list({ mapping: name }, page);
    const pairs = rows
      .filter(({ businessCentralId }) => !withoutCompany.has(businessCentralId))
      .map(({ businessCentralId, dataverseId }) => ({
        businessCentral: businessCentralId,
        dataverse: dataverseId,
      }));
    return [name, pairs] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function schedule(world: World, host: VirtualHost, edit: Edit, wakes: boolean): void {
  world.businessCentral.clock.schedule(edit.atMs, async () => {
    carryOut(world, edit);
    if (edit.side === 'dataverse') await host.tellOfRow(edit.of, someUser(world), wakes);
  });
}

/** Any user but the app's own. */
function someUser({ dataverse }: World): string {
  return String(dataverse.rows('systemuser')[0]?.['systemuserid']);
}

async function rowsSince({ ports }: World, fromMs: number): Promise<readonly SyncJob[]> {
  const rows: SyncJob[] = [];
  let continuation: string | null = null;
  do {
    const read = await ports.logs.listSyncJobs({}, { ...page, continuation });
    rows.push(...read.rows.filter(({ startedAt }) => Date.parse(startedAt) >= fromMs));
    continuation = read.continuation;
  } while (continuation !== null);
  return rows;
}

/** The rows of one run are one run; those of other mappings that it brought along are not of its job. */
function runsOf(rows: readonly SyncJob[], { started }: VirtualHost): readonly ObservedRun[] {
  const byRun = new Map<string, SyncJob[]>();
  for (const row of rows) {
    if (started.get(row.runId) === row.job) byRun.set(row.runId, [...(byRun.get(row.runId) ?? []), row]);
  }
  return [...byRun.values()].map(runOf).toSorted((left, right) => left.startMs - right.startMs);
}

function runOf(rows: readonly SyncJob[]): ObservedRun {
  const sum = (number: (row: SyncJob) => number) => rows.reduce((total, row) => total + number(row), 0);
  return {
    job: rows[0]?.job ?? '',
    startMs: Math.min(...rows.map(({ startedAt }) => Date.parse(startedAt))),
    endMs: Math.max(
      ...rows.map(({ finishedAt }) => (finishedAt === null ? Number.NaN : Date.parse(finishedAt))),
    ),
    work: sum(({ counts }) => counts.inserted + counts.modified + counts.deleted + counts.failed),
    requests: sum(({ requests }) => requests.businessCentral + requests.dataverse),
  };
}

function requestsOf({ businessCentral, dataverse }: World) {
  return { businessCentral: businessCentral.requests.total, dataverse: dataverse.requests.total };
}
