/** Ports for tests of use cases that need no system: stores in memory, services that do not answer. */
import { createMemoryRunQueue } from '../../shared/adapters/memory/memoryRunQueue.ts';
import { createMemoryStores } from '../../shared/adapters/memory/memoryStores.ts';
import { createDigest } from '../../shared/adapters/system/digest.ts';
import { createIds } from '../../shared/adapters/system/ids.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { fromEpochMs } from '../../shared/domain/common/instants.ts';
import type { BusinessCentral } from '../../shared/ports/businessCentral.ts';
import type { Dataverse } from '../../shared/ports/dataverse.ts';
import { somePolicy } from './policy.ts';

/** A service of which every call fails as an unreachable one would. */
function unreachableService<Port extends object>(): Port {
  const refuse = async () => {
    const message = 'no connection in this test';
    throw new SyncFailure({ kind: 'transient', code: 'connection-failed', message });
  };
  return new Proxy({} as Port, {
    get: (_target, name) => (name === 'metered' ? () => unreachableService<Port>() : refuse),
  });
}

/** Fresh ports; `time.nowMs` is what the clock tells. */
export function memoryPorts() {
  const time = { nowMs: Date.parse('2026-01-31T10:00:00Z') };
  const stores = createMemoryStores();
  const queue = createMemoryRunQueue();
  const ports: SyncPorts = {
    businessCentral: unreachableService<BusinessCentral>(),
    dataverse: unreachableService<Dataverse>(),
    couplings: stores.couplings,
    logs: stores.logs,
    retries: stores.retries,
    jobs: stores.jobs,
    mappings: stores.mappings,
    actions: stores.actions,
    fullSync: stores.fullSync,
    statistics: stores.statistics,
    queue,
    clock: { now: () => fromEpochMs(time.nowMs) },
    ids: createIds(),
    digestWith: createDigest,
    log: () => undefined,
    policy: somePolicy,
  };
  return { ports, stores, queue, time };
}
