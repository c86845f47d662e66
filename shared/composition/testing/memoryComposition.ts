/** A composition over stores in memory and two small fake services, for tests of the HTTP API. */
import { somePolicy } from '../../../test/builders/policy.ts';
import {
  type AskedQuestion,
  createMemoryRunQueue,
  type SentMessage,
} from '../../adapters/memory/memoryRunQueue.ts';
import { createMemoryStores } from '../../adapters/memory/memoryStores.ts';
import { createDigest } from '../../adapters/system/digest.ts';
import { createIds } from '../../adapters/system/ids.ts';
import type { SyncPorts } from '../../app/syncPorts.ts';
import { instant } from '../../domain/common/instants.ts';
import type { Probes } from '../../ports/probes.ts';
import { type Composition, createComposition } from '../composition.ts';
import { type Environment, parseSettings } from '../settings.ts';
import { fakeBusinessCentral, fakeDataverse, fakeProbes, fakeSubscriptions } from './fakeServices.ts';
import { validEnvironment } from './validSettings.ts';

export { createMemoryRunQueue } from '../../adapters/memory/memoryRunQueue.ts';

/** A composition, and what stands behind it. */
export interface MemoryComposition {
  readonly composition: Composition;
  readonly ports: SyncPorts;
  /** Messages handed to the queue, in order. */
  readonly sent: readonly SentMessage[];
  /** Questions handed to the queue, in order. */
  readonly asked: readonly AskedQuestion[];
}

/** What a test may change. */
export interface MemoryCompositionOptions {
  readonly environment?: Environment;
  /** Replaces ports, for failures. */
  readonly ports?: Partial<SyncPorts>;
  /** Texts of the files in MAPPINGS_DIR, by name. */
  readonly mappingFiles?: Readonly<Record<string, string>>;
  /** Replaces questions of a test of the connection; by default all is well. */
  readonly probes?: Partial<Probes>;
  /** Called at each pause of a waiting answer, in place of waiting. */
  readonly onPause?: (ports: SyncPorts) => Promise<void>;
}

/** The time of every memory composition. */
export const testNow = instant('2026-01-31T10:00:00Z');

/** Fresh stores, a clock that stands still, and a pause that costs no time but counts as its length. */
export function memoryComposition(options: MemoryCompositionOptions = {}): MemoryComposition {
  const { couplings, logs, retries, jobs, mappings, actions, fullSync, statistics } = createMemoryStores();
  const queue = createMemoryRunQueue();
  const ports: SyncPorts = {
    businessCentral: fakeBusinessCentral(),
    dataverse: fakeDataverse(),
    ...{ couplings, logs, retries, jobs, mappings, actions, fullSync, statistics, queue },
    clock: { now: () => testNow },
    ids: createIds(),
    digestWith: createDigest,
    log: () => {},
    policy: somePolicy,
    ...options.ports,
  };
  let waitedMs = 0;
  const pause = async (ms: number): Promise<void> => {
    waitedMs += ms;
    await options.onPause?.(ports);
  };
  const files = Object.entries(options.mappingFiles ?? {}).map(([file, text]) => ({ file, text }));
  const mappingFiles = { read: async () => ({ files, unreadable: [] }) };
  const composition = createComposition(
    parseSettings({ ...validEnvironment, ...options.environment }),
    () => ({
      ports,
      mappingFiles,
      prepare: async () => {},
      close: async () => {},
      subscriptions: fakeSubscriptions(),
      probes: { ...fakeProbes, ...options.probes },
    }),
    { pause, elapsedMs: () => waitedMs },
  );
  return { composition, ports, sent: queue.sent, asked: queue.asked };
}
