/** Two phases of work, each of which a host may not survive, and what is done afterwards. */
import { storesOver } from '../../shared/adapters/tableStorage/storeSet.ts';
import { requestAction } from '../../shared/app/actions/requestAction.ts';
import { startFullSync } from '../../shared/app/fullSync/startFullSync.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { tickJob } from '../../shared/app/jobs/tickJob.ts';
import { type MappingDirection, passesOf } from '../../shared/domain/common/directions.ts';
import { dataverseId, type MappingName, mappingName } from '../../shared/domain/common/ids.ts';
import { editAtTheLastMoment, editEarly, editLater, fillCompany, repair } from './companyData.ts';
import { type CrashWorld, type Slicing, startCrashWorld, type WorldState } from './crashWorld.ts';
import { type EndState, readEndState } from './endState.ts';
import { type CrashPoint, MortalHost } from './mortalHost.ts';

export interface Phase {
  readonly name: string;
  /** Absent: every run ends within one slice and one page. */
  readonly slicing?: Slicing;
  /** Users edit records at the moment of the crash, unless what the work makes of an edit depends on its moment. */
  readonly withoutEdits?: true;
  /** Brings the world to where the work begins. */
  prepare(): Promise<WorldState>;
  /** Starts the work; the host carries it out. */
  work(world: CrashWorld, host: MortalHost): Promise<void>;
}

/** Longer than a lease, shorter than the frequency of the jobs. */
const afterCrashMinutes = 16;
/** Longer than the frequency of the jobs. */
const untilDueMinutes = 31;

async function handleMessages(world: CrashWorld, host: MortalHost): Promise<void> {
  const ports = world.portsOf(host);
  while (await world.queue.deliver((message) => executeRun(ports, world.mappings, message)));
}

/** One tick of every timer, in order, and the runs they ask for. */
async function tickAll(world: CrashWorld, host: MortalHost): Promise<void> {
  const ports = world.portsOf(host);
  for (const { name } of world.mappings) {
    await tickJob(ports, name);
    await handleMessages(world, host);
  }
}

/** The first synchronisation of two filled systems. */
export const firstSynchronisation: Phase = {
  name: 'a first full synchronisation',
  prepare: async () => {
    const world = await startCrashWorld(null);
    fillCompany(world);
    return saved(world);
  },
  work: async (world, host) => {
    await startFullSync(world.portsOf(new MortalHost(null)), world.mappings);
    await handleMessages(world, host);
  },
};

/** The same in as many slices as there are pages: each slice saves its position, and the queue brings the next. */
export const slicedSynchronisation: Phase = {
  ...firstSynchronisation,
  name: 'a first full synchronisation in slices',
  slicing: { sliceMs: 0, pageSize: 3 },
};

/** Timer runs over edits, new records, a conflict and a refusal. */
export const laterChanges: Phase = {
  name: 'runs over later changes',
  prepare: async () => {
    const world = await startCrashWorld(await firstSynchronisation.prepare());
    await firstSynchronisation.work(world, new MortalHost(null));
    await world.advanceMinutes(untilDueMinutes);
    editEarly(world);
    await world.advanceMinutes(afterCrashMinutes);
    editLater(world);
    return saved(world);
  },
  work: tickAll,
};

/** The couplings of all customers are removed with those of their contacts, and found again by name. */
export const matchedAgain: Phase = {
  name: 'a match of uncoupled customers',
  withoutEdits: true,
  prepare: async () => {
    const world = await startCrashWorld(await firstSynchronisation.prepare());
    await firstSynchronisation.work(world, new MortalHost(null));
    await requestAction(world.portsOf(new MortalHost(null)), customers, { kind: 'uncoupleAll' }, 'admin');
    await handleMessages(world, new MortalHost(null));
    await world.advanceMinutes(untilDueMinutes);
    editEarly(world);
    return saved(world);
  },
  work: async (world, host) => {
    const fields = [{ id: 'name', priority: 0, caseSensitive: false }];
    const task = { kind: 'match', fields, createNew: true, synchronizeAfter: true } as const;
    await requestAction(world.portsOf(new MortalHost(null)), customers, task, 'admin');
    await handleMessages(world, host);
  },
};

/** A customer is coupled to the account of another one, which has been uncoupled, and overwritten by it. */
export const repointedCoupling: Phase = {
  name: 'a coupling that gets another account',
  withoutEdits: true,
  prepare: async () => {
    const world = await startCrashWorld(await firstSynchronisation.prepare());
    await firstSynchronisation.work(world, new MortalHost(null));
    const { businessCentralId, dataverseId } = await couplingOf(world, 'Zeta');
    const records = [{ businessCentralId, dataverseId }];
    await requestAction(
      world.portsOf(new MortalHost(null)),
      customers,
      { kind: 'uncouple', records },
      'admin',
    );
    await handleMessages(world, new MortalHost(null));
    await world.advanceMinutes(untilDueMinutes);
    return saved(world);
  },
  work: async (world, host) => {
    const { businessCentralId } = await couplingOf(world, 'Lambda');
    const zeta = world.dataverse.rows('account').find((row) => row['name'] === 'Zeta');
    const ids = { businessCentralId, dataverseId: dataverseId(String(zeta?.['accountid'])) };
    const task = { kind: 'couple', ...ids, initialSync: 'toBusinessCentral' } as const;
    await requestAction(world.portsOf(new MortalHost(null)), customers, task, 'admin');
    await handleMessages(world, host);
  },
};

async function couplingOf(world: CrashWorld, name: string) {
  const ports = world.portsOf(new MortalHost(null));
  const page = await ports.couplings.list({ mapping: customers }, { top: 100, continuation: null });
  const found = page.rows.find(({ dataverseName }) => dataverseName === name);
  if (!found) throw new Error(`${name} is not coupled`);
  return found;
}

const customers = mappingName('CUSTOMER');

async function saved(world: CrashWorld): Promise<WorldState> {
  const state = await world.save();
  await world.close();
  return state;
}

/** What one repetition showed. */
export interface Repetition {
  /** Whether the host died where it should. */
  readonly died: boolean;
  readonly counts: ReadonlyMap<string, number>;
  /** Watermarks that stand although the run that moved them is not recorded as finished (P7). */
  readonly unearned: readonly string[];
  /** After two rounds of timer runs. */
  readonly end: EndState;
  /** Inserts and updates of a third round, by job (P3, P4). */
  readonly laterWrites: readonly string[];
  /** After users repaired what was refused, and two more rounds. */
  readonly repaired: EndState;
}

/** Plays a phase with a host that dies at `point` (null: never), then lets fresh hosts carry on. */
export async function play(phase: Phase, from: WorldState, point: CrashPoint | null): Promise<Repetition> {
  const world = await startCrashWorld(from, phase.slicing);
  try {
    const host = await workOnce(world, phase, point);
    const unearned = await unearnedWatermarks(world, from);
    await world.advanceMinutes(afterCrashMinutes);
    await carryOn(world, 2);
    const end = await readEndState(world);
    const since = world.nowMs();
    await carryOn(world, 1);
    const laterWrites = await writesSince(world, since);
    repair(world);
    await carryOn(world, 2);
    const repaired = await readEndState(world);
    return { died: host.isDead, counts: host.counts, unearned, end, laterWrites, repaired };
  } finally {
    await world.close();
  }
}

async function workOnce(world: CrashWorld, phase: Phase, point: CrashPoint | null): Promise<MortalHost> {
  const edit = phase.withoutEdits ? () => {} : () => editAtTheLastMoment(world);
  const host = new MortalHost(point, edit);
  try {
    await phase.work(world, host);
  } catch (error) {
    if (!host.isDead) throw error;
  }
  await host.settled();
  if (!host.isDead) edit();
  return host;
}

/** Rounds of a fresh host: what the queue still holds, then one tick of every timer. */
async function carryOn(world: CrashWorld, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const host = new MortalHost(null);
    await handleMessages(world, host);
    await tickAll(world, host);
    await world.advanceMinutes(untilDueMinutes);
  }
}

async function unearnedWatermarks(world: CrashWorld, from: WorldState): Promise<readonly string[]> {
  const stores = storesOver(world.tables, () => '');
  const unearned: string[] = [];
  for (const { name, direction } of world.mappings) {
    const { state } = await stores.mappings.get(name);
    const before = from.tables.Mappings.find((row) => row.partition === name)?.properties ?? {};
    const hasMoved =
      (state.businessCentralReadAt ?? undefined) !== before['businessCentralReadAt'] ||
      (state.dataversePositionAt ?? undefined) !== before['dataversePositionAt'];
    if (hasMoved && !(await hasFinishedRun(stores, name, direction, from.nowMs))) unearned.push(name);
  }
  return unearned;
}

/** Whether a run that began since then has a finished row for every pass of the mapping. */
async function hasFinishedRun(
  { logs }: ReturnType<typeof storesOver>,
  mapping: MappingName,
  direction: MappingDirection,
  sinceMs: number,
): Promise<boolean> {
  const { rows } = await logs.listSyncJobs({ mapping }, { top: 1000, continuation: null });
  const finished = rows.filter((row) => row.finishedAt !== null && Date.parse(row.startedAt) >= sinceMs);
  return finished.some(({ runId }) =>
    passesOf(direction).every((pass) =>
      finished.some((row) => row.runId === runId && row.direction === pass),
    ),
  );
}

async function writesSince(world: CrashWorld, sinceMs: number): Promise<readonly string[]> {
  const stores = storesOver(world.tables, () => '');
  const { rows } = await stores.logs.listSyncJobs({}, { top: 1000, continuation: null });
  return rows
    .filter(({ startedAt }) => Date.parse(startedAt) >= sinceMs)
    .filter(({ counts }) => counts.inserted + counts.modified > 0)
    .map(({ mapping, direction, counts }) => `${mapping} ${direction} ${counts.inserted}+${counts.modified}`);
}
