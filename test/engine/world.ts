/** A whole system for tests: both simulators on one virtual clock, the real adapters, stores in memory. */
import {
  type RunningBusinessCentralSimulator,
  startBusinessCentralSimulator,
} from '../../local/simulators/businessCentral/simulator.ts';
import { createSimulatorClock } from '../../local/simulators/common/clock.ts';
import {
  type RunningDataverseSimulator,
  startDataverseSimulator,
} from '../../local/simulators/dataverse/simulator.ts';
import {
  createBusinessCentral,
  createChangeSubscriptions,
} from '../../shared/adapters/businessCentral/businessCentral.ts';
import { businessCentralRules, readErrorBody } from '../../shared/adapters/businessCentral/errors.ts';
import { createDataverse } from '../../shared/adapters/dataverse/dataverse.ts';
import { createDataverseTransport } from '../../shared/adapters/dataverse/dataverseTransport.ts';
import { staticToken } from '../../shared/adapters/http/tokens.ts';
import { createTransport } from '../../shared/adapters/http/transport.ts';
import { createMemoryRunQueue } from '../../shared/adapters/memory/memoryRunQueue.ts';
import { createMemoryStores } from '../../shared/adapters/memory/memoryStores.ts';
import { createDigest } from '../../shared/adapters/system/digest.ts';
import { createIds } from '../../shared/adapters/system/ids.ts';
import { ensureCodeJobs, ensureJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { fromEpochMs } from '../../shared/domain/common/instants.ts';
import { type DocumentSettings, noDocuments } from '../../shared/domain/documents/documentSettings.ts';
import type { RunTrigger, SyncError, SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { withoutLines } from '../../shared/domain/mappings/linesAlone.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import type { MappingVariants } from '../../shared/domain/mappings/variants.ts';
import type { ChangeSubscriptions } from '../../shared/ports/changeSubscriptions.ts';
import { demoData } from '../builders/demoCompany.ts';
import { somePolicy } from '../builders/policy.ts';

const startMs = Date.parse('2026-03-10T08:00:00Z');
const retry = { attempts: 4, initialDelayMs: 1000, factor: 2, capMs: 60_000, jitter: 0 };

export interface World {
  readonly businessCentral: RunningBusinessCentralSimulator;
  readonly dataverse: RunningDataverseSimulator;
  readonly ports: SyncPorts;
  readonly subscriptions: ChangeSubscriptions;
  readonly mappings: readonly TableMapping[];
  readonly stores: ReturnType<typeof createMemoryStores>;
  /** Messages sent so far; a test may carry them out itself instead of by `drainQueue`. */
  readonly queue: ReturnType<typeof createMemoryRunQueue>;
  /** Log events written so far. */
  readonly events: { readonly event: string; readonly details: Readonly<Record<string, unknown>> }[];
  /** Runs one job to its end and gives the rows it wrote to the log, in order of the passes. */
  run(job: string, trigger?: RunTrigger): Promise<readonly SyncJob[]>;
  /** Carries out what is in the queue, message by message, until nothing is left; returns how many there were. */
  drainQueue(): Promise<number>;
  /** Loses every message that waits. */
  forgetQueue(): void;
  /** A full synchronisation of every mapping, in order. */
  fullSync(): Promise<void>;
  openErrors(mapping?: string): Promise<readonly SyncError[]>;
  advanceMinutes(minutes: number): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly demo?: boolean;
  /** False for an environment without the companion app. */
  readonly companionApp?: boolean;
  /** Sets of Business Central that are not offered. */
  readonly withoutSets?: readonly string[];
  /** Business Central as its reference says and nothing more: no set or property beside those of the schema file. */
  readonly onlyReference?: boolean;
  /** Tables of Dataverse whose solution is not installed. */
  readonly withoutTables?: readonly string[];
  /** Settings of documents and statistics beside the usual. */
  readonly documents?: Partial<DocumentSettings>;
  /** Replaces mappings, to try settings an administrator could make. */
  readonly change?: (mapping: TableMapping) => TableMapping;
  /** What the company has set up beside the usual. */
  readonly features?: Partial<MappingVariants>;
  /** Records on a page of either service; small ones make small companies have many pages. */
  readonly pageSize?: number;
  /** Time slice of a run; 0 stops it after every page. */
  readonly sliceMs?: number;
}

/** Starts a world; the clock stands until a test moves it (waits of the transport move it, too). */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = createSimulatorClock({ manual: true, startMs });
  const demo = options.demo ?? true;
  const [businessCentral, dataverse] = await Promise.all([
    startBusinessCentralSimulator({
      clock,
      limits: null,
      companionApp: options.companionApp ?? true,
      withoutSets: options.withoutSets ?? [],
      onlyReference: options.onlyReference ?? false,
      data: demo ? demoData().businessCentral : null,
    }),
    startDataverseSimulator({
      clock,
      limits: null,
      withoutTables: options.withoutTables ?? [],
      data: demo ? demoData().dataverse : null,
    }),
  ]);
  const events: World['events'] = [];
  const ports = await buildPorts({
    businessCentral,
    dataverse,
    clock,
    events,
    pageSize: options.pageSize ?? 5000,
    sliceMs: options.sliceMs ?? 480_000,
    company: demo ? 'CRONUS International Ltd.' : 'My Company',
    documents: {
      ...noDocuments,
      orderIntegration: options.features?.orderIntegration ?? 'off',
      ...options.documents,
    },
  });
  const mappings = defaultMappings(options.features?.ownershipModel ?? 'person', options.features).map(
    options.change ?? ((mapping) => mapping),
  );
  await ensureJobs(ports.sync, mappings);
  if (ports.sync.policy.documents.orderIntegration !== 'off') await ensureCodeJobs(ports.sync);
  return {
    businessCentral,
    dataverse,
    ports: ports.sync,
    subscriptions: ports.subscriptions,
    mappings,
    stores: ports.stores,
    queue: ports.queue,
    events,
    run: (job, trigger = 'manual') => runJob(ports.sync, mappings, job, trigger),
    drainQueue: () => drain(ports, mappings),
    forgetQueue: () => {
      ports.taken = ports.queue.sent.length;
    },
    fullSync: async () => {
      for (const { name } of withoutLines(mappings)) await runJob(ports.sync, mappings, name, 'fullSync');
    },
    openErrors: async (mapping) => {
      const query = { open: true, ...(mapping === undefined ? {} : { mapping: mappingName(mapping) }) };
      return (await ports.stores.logs.listErrors(query, { top: 1000, continuation: null })).rows;
    },
    advanceMinutes: (minutes) => clock.advance(minutes * 60_000),
    close: async () => {
      await Promise.all([businessCentral.close(), dataverse.close()]);
      clock.stop();
    },
  };
}

async function runJob(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  job: string,
  trigger: RunTrigger,
): Promise<readonly SyncJob[]> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, mappings, { job, runId, trigger, followedBy: [] });
  const { rows } = await ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  return rows.toReversed();
}

async function drain(ports: Built, mappings: readonly TableMapping[]): Promise<number> {
  let done = 0;
  for (; ports.taken < ports.queue.sent.length; done += 1) {
    const next = ports.queue.sent[ports.taken];
    ports.taken += 1;
    if (next) await executeRun(ports.sync, mappings, next.message);
  }
  return done;
}

interface Built {
  readonly sync: SyncPorts;
  readonly subscriptions: ChangeSubscriptions;
  readonly stores: World['stores'];
  readonly queue: ReturnType<typeof createMemoryRunQueue>;
  /** Messages carried out so far. */
  taken: number;
}

interface Parts {
  readonly pageSize: number;
  readonly sliceMs: number;
  readonly documents: DocumentSettings;
  readonly businessCentral: RunningBusinessCentralSimulator;
  readonly dataverse: RunningDataverseSimulator;
  readonly clock: ReturnType<typeof createSimulatorClock>;
  readonly events: World['events'];
  readonly company: string;
}

async function buildPorts(parts: Parts): Promise<Built> {
  const { clock, events } = parts;
  const log: SyncPorts['log'] = (_level, event, details) => {
    events.push({ event, details });
  };
  const shared = {
    tokens: staticToken('integration'),
    concurrency: 4,
    retry,
    now: () => clock.now(),
    sleep: (ms: number) => clock.advance(ms),
    random: () => 0,
    log,
  };
  const { pageSize, sliceMs } = parts;
  const queue = createMemoryRunQueue();
  const stores = createMemoryStores();
  await stores.ensureTables();
  const businessCentralOptions = {
    baseUrl: parts.businessCentral.url,
    company: parts.company,
    pageSize,
    now: () => clock.now(),
    log,
    transport: createTransport({
      ...shared,
      fetch: parts.businessCentral.fetch,
      name: 'Business Central',
      rules: businessCentralRules,
      readErrorBody,
      allowedOrigin: parts.businessCentral.url,
      defaultHeaders: {},
    }),
  };
  const sync: SyncPorts = {
    businessCentral: createBusinessCentral(businessCentralOptions),
    dataverse: createDataverse({
      baseUrl: parts.dataverse.url,
      pageSize,
      transport: createDataverseTransport({
        ...shared,
        fetch: parts.dataverse.fetch,
        baseUrl: parts.dataverse.url,
      }),
      now: () => clock.now(),
      log,
    }),
    couplings: stores.couplings,
    logs: stores.logs,
    retries: stores.retries,
    jobs: stores.jobs,
    mappings: stores.mappings,
    actions: stores.actions,
    fullSync: stores.fullSync,
    statistics: stores.statistics,
    queue,
    clock: { now: () => fromEpochMs(clock.now()) },
    ids: createIds(),
    digestWith: createDigest,
    log,
    policy: { ...somePolicy, sliceMs, documents: parts.documents },
  };
  const subscriptions = createChangeSubscriptions(businessCentralOptions);
  return { sync, subscriptions, stores, queue, taken: 0 };
}
