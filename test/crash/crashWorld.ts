/** Both simulators, the tables and the queue, which survive a crash, and hosts over them, which do not. */
import {
  type RunningBusinessCentralSimulator,
  startBusinessCentralSimulator,
} from '../../local/simulators/businessCentral/simulator.ts';
import { createSimulatorClock } from '../../local/simulators/common/clock.ts';
import {
  type RunningDataverseSimulator,
  startDataverseSimulator,
} from '../../local/simulators/dataverse/simulator.ts';
import { memoryEntityTable } from '../../shared/adapters/memory/memoryEntityTable.ts';
import type { EntityTable } from '../../shared/adapters/tableStorage/entityTable.ts';
import { type TableName, tableNames } from '../../shared/adapters/tableStorage/storeSet.ts';
import { ensureJobs } from '../../shared/app/jobs/ensureJobs.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { hostPorts, type Surroundings } from './hostPorts.ts';
import { MortalHost } from './mortalHost.ts';
import { RedeliveringQueue } from './redeliveringQueue.ts';

const startMs = Date.parse('2026-03-10T08:00:00Z');

export type Tables = Readonly<Record<TableName, EntityTable>>;
type Rows = Awaited<ReturnType<EntityTable['query']>>['rows'];

/** Everything a later world can start from. */
export interface WorldState {
  readonly nowMs: number;
  readonly businessCentral: object;
  readonly dataverse: object;
  readonly tables: Readonly<Record<TableName, Rows>>;
}

export interface CrashWorld {
  readonly businessCentral: RunningBusinessCentralSimulator;
  readonly dataverse: RunningDataverseSimulator;
  readonly tables: Tables;
  readonly queue: RedeliveringQueue;
  readonly mappings: readonly TableMapping[];
  nowMs(): number;
  advanceMinutes(minutes: number): Promise<void>;
  /** The ports of a new process; its caches are empty. */
  portsOf(host: MortalHost): SyncPorts;
  /** Only between runs: the queue is not part of the state. */
  save(): Promise<WorldState>;
  close(): Promise<void>;
}

/**
 * Timers create, too, so that every kind of work is met in runs of either trigger. Idle jobs are not held, so that every
 * round of ticks runs every job.
 */
const mappings = defaultMappings('person').map((mapping) => ({
  ...mapping,
  syncOnlyCoupled: false,
  job: mapping.job === null ? null : { ...mapping.job, inactivityTimeoutMinutes: 0 },
}));

/** How runs are cut into slices and pages. */
export type Slicing = Pick<Surroundings, 'sliceMs' | 'pageSize'>;

/** Every run here ends within one slice and one page. */
const inOne: Slicing = { sliceMs: 480_000, pageSize: 5_000 };

/** Starts a world, empty or from a saved state. */
export async function startCrashWorld(
  from: WorldState | null,
  slicing: Slicing = inOne,
): Promise<CrashWorld> {
  const clock = createSimulatorClock({ manual: true, startMs: from?.nowMs ?? startMs });
  const common = { clock, limits: null };
  const [businessCentral, dataverse] = await Promise.all([
    startBusinessCentralSimulator({
      ...common,
      ...(from ? { snapshot: from.businessCentral, seed: 2 } : {}),
    }),
    startDataverseSimulator({ ...common, ...(from ? { snapshot: from.dataverse } : {}) }),
  ]);
  const tables = await tablesOf(from);
  const queue = new RedeliveringQueue(() => clock.now());
  const world: CrashWorld = {
    businessCentral,
    dataverse,
    tables,
    queue,
    mappings,
    nowMs: () => clock.now(),
    advanceMinutes: (minutes) => clock.advance(minutes * 60_000),
    portsOf: (host) => hostPorts(host, { businessCentral, dataverse, tables, queue, clock, ...slicing }),
    save: async () => ({
      nowMs: clock.now(),
      businessCentral: businessCentral.snapshot(),
      dataverse: dataverse.snapshot(),
      tables: await rowsOf(tables),
    }),
    close: async () => {
      await Promise.all([businessCentral.close(), dataverse.close()]);
      clock.stop();
    },
  };
  if (from === null) await ensureJobs(world.portsOf(new MortalHost(null)), mappings);
  return world;
}

async function tablesOf(from: WorldState | null): Promise<Tables> {
  const requests = { sent: 0 };
  const entries = tableNames.map((name) => [name, memoryEntityTable(name, requests)] as const);
  for (const [name, table] of entries) {
    for (const { partition, row, properties } of from?.tables[name] ?? []) {
      await table.write(partition, [{ kind: 'insert', row, properties }]);
    }
  }
  return Object.fromEntries(entries) as unknown as Tables;
}

async function rowsOf(tables: Tables): Promise<WorldState['tables']> {
  const entries = await Promise.all(
    tableNames.map(async (name) => [name, (await tables[name].query({})).rows] as const),
  );
  return Object.fromEntries(entries) as unknown as WorldState['tables'];
}
