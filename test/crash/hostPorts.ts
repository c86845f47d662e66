/** The ports of one process: real adapters whose calls, requests and table operations all go through the host. */
import type { RunningBusinessCentralSimulator } from '../../local/simulators/businessCentral/simulator.ts';
import type { SimulatorClock } from '../../local/simulators/common/clock.ts';
import type { RunningDataverseSimulator } from '../../local/simulators/dataverse/simulator.ts';
import { createBusinessCentral } from '../../shared/adapters/businessCentral/businessCentral.ts';
import { businessCentralRules, readErrorBody } from '../../shared/adapters/businessCentral/errors.ts';
import { createDataverse } from '../../shared/adapters/dataverse/dataverse.ts';
import { createDataverseTransport } from '../../shared/adapters/dataverse/dataverseTransport.ts';
import { staticToken } from '../../shared/adapters/http/tokens.ts';
import { createTransport } from '../../shared/adapters/http/transport.ts';
import { createDigest } from '../../shared/adapters/system/digest.ts';
import { createIds } from '../../shared/adapters/system/ids.ts';
import { storesOver, tableNames } from '../../shared/adapters/tableStorage/storeSet.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { fromEpochMs } from '../../shared/domain/common/instants.ts';
import type { RunQueue } from '../../shared/ports/queue.ts';
import { somePolicy } from '../builders/policy.ts';
import type { Tables } from './crashWorld.ts';
import { withKnownDefinitions } from './knownDefinitions.ts';
import { guarded, type MortalHost } from './mortalHost.ts';

const retry = { attempts: 2, initialDelayMs: 1000, factor: 2, capMs: 60_000, jitter: 0 };

/** What outlives a process. */
export interface Surroundings {
  readonly businessCentral: RunningBusinessCentralSimulator;
  readonly dataverse: RunningDataverseSimulator;
  readonly tables: Tables;
  readonly queue: RunQueue;
  readonly clock: SimulatorClock;
  /** How long a run goes on before it hands over to the next, in milliseconds; 0 ends it after every page. */
  readonly sliceMs: number;
  /** Records on a page of changes of either service. */
  readonly pageSize: number;
}

/** Builds the ports of a new process. */
export function hostPorts(host: MortalHost, around: Surroundings): SyncPorts {
  const { clock } = around;
  const log = () => undefined;
  const service = { now: () => clock.now(), log, pageSize: around.pageSize };
  const businessCentral = createBusinessCentral({
    ...service,
    baseUrl: steadyUrl(around, 'businessCentral'),
    company: 'My Company',
    transport: createTransport({
      ...transportOptions(host, around, 'businessCentral'),
      name: 'Business Central',
      rules: businessCentralRules,
      readErrorBody,
      allowedOrigin: steadyUrl(around, 'businessCentral'),
      defaultHeaders: {},
    }),
  });
  const dataverse = createDataverse({
    ...service,
    baseUrl: steadyUrl(around, 'dataverse'),
    transport: createDataverseTransport({
      ...transportOptions(host, around, 'dataverse'),
      baseUrl: steadyUrl(around, 'dataverse'),
    }),
  });
  return guardedPorts(host, around, { businessCentral, dataverse });
}

function guardedPorts(
  host: MortalHost,
  { tables, queue, clock, sliceMs }: Surroundings,
  services: Pick<SyncPorts, 'businessCentral' | 'dataverse'>,
): SyncPorts {
  const guardedTables = Object.fromEntries(
    tableNames.map((name) => [name, guarded(host, `wire.${name}`, tables[name])]),
  ) as unknown as Tables;
  const stores = storesOver(guardedTables, (size) => '5a'.repeat(size));
  return {
    businessCentral: guarded(host, 'port.businessCentral', services.businessCentral),
    dataverse: guarded(host, 'port.dataverse', services.dataverse),
    couplings: guarded(host, 'port.couplings', stores.couplings),
    logs: guarded(host, 'port.logs', stores.logs),
    retries: guarded(host, 'port.retries', stores.retries),
    jobs: guarded(host, 'port.jobs', stores.jobs),
    mappings: guarded(host, 'port.mappings', stores.mappings),
    actions: guarded(host, 'port.actions', stores.actions),
    fullSync: guarded(host, 'port.fullSync', stores.fullSync),
    statistics: guarded(host, 'port.statistics', stores.statistics),
    queue: guarded(host, 'port.queue', queue),
    clock: { now: () => fromEpochMs(clock.now()) },
    ids: createIds(),
    digestWith: createDigest,
    log: () => undefined,
    policy: { ...somePolicy, sliceMs },
  };
}

type Service = 'businessCentral' | 'dataverse';

/** Stored positions hold addresses, so a service keeps its address when its simulator is started anew on another port. */
function steadyUrl(around: Surroundings, service: Service): string {
  const { url } = around[service];
  return url.replace(new URL(url).origin, `http://${service.toLowerCase()}.example`);
}

function transportOptions(host: MortalHost, around: Surroundings, service: Service) {
  const { clock } = around;
  const send = withKnownDefinitions(around[service].fetch);
  const request: typeof fetch = (input, init) =>
    host.call(`wire.${service} ${init?.method ?? 'GET'}`, () => send(input, init));
  return {
    fetch: request,
    tokens: staticToken('integration'),
    concurrency: 4,
    retry,
    now: () => clock.now(),
    sleep: (ms: number) => clock.advance(ms),
    random: () => 0,
    log: () => undefined,
  };
}
