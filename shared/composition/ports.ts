/** Wires every port to its adapter: the only place where adapters meet use cases. */
import { randomBytes } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { echoProbe } from '../adapters/http/echoProbe.ts';
import { createSystemClock } from '../adapters/system/clock.ts';
import { createDigest } from '../adapters/system/digest.ts';
import { createIds } from '../adapters/system/ids.ts';
import { createConsoleLog } from '../adapters/system/log.ts';
import { createMappingFiles } from '../adapters/system/mappingFolder.ts';
import { storageAccountFrom } from '../adapters/tableStorage/storageAccount.ts';
import { createTableStores } from '../adapters/tableStorage/tableStores.ts';
import type { RunPolicy, SyncPorts } from '../app/syncPorts.ts';
import type { ChangeSubscriptions } from '../ports/changeSubscriptions.ts';
import type { MappingFiles } from '../ports/mappingFiles.ts';
import type { Probes } from '../ports/probes.ts';
import type { Log } from '../ports/system.ts';
import { writeLogLine } from './invocationLog.ts';
import { openRunQueue } from './runQueue.ts';
import { openBusinessCentral, openDataverse } from './services.ts';
import { documentSettings, type Settings } from './settings.ts';

/** 80 % of the function time-out in host.json (10 minutes): time enough to finish the page at hand. */
export const sliceMs = 8 * 60_000;

/** The log of the process: one line of JSON per event, to the invocation it belongs to. */
export const processLog: Log = createConsoleLog(writeLogLine);

/** The ports, and how to make sure that what they stand on is there. */
export interface ConnectedPorts {
  readonly ports: SyncPorts;
  /** The folder of MAPPINGS_DIR. */
  readonly mappingFiles: MappingFiles;
  readonly subscriptions: ChangeSubscriptions;
  /** Questions that a test of the connection asks. */
  readonly probes: Probes;
  /** Creates missing tables. Safe to call twice. Raises SyncFailure. */
  prepare(): Promise<void>;
  /** Ends connections that would keep the process alive. Safe to call twice, never raises. */
  close(): Promise<void>;
}

/** Builds the ports of a process. Sends nothing yet, and does not raise for checked settings. */
export function connectPorts(settings: Settings): ConnectedPorts {
  const clock = createSystemClock();
  const log = processLog;
  const storage = storageAccountFrom(settings.storage, lazyCredential);
  const stores = createTableStores({ storage, random: (size) => randomBytes(size).toString('hex') });
  const { couplings, logs, retries, jobs, mappings, actions, fullSync, statistics } = stores;
  const queue = openRunQueue(settings, storage, lazyCredential);
  const { businessCentral, subscriptions } = openBusinessCentral(settings, { clock, log });
  return {
    ports: {
      businessCentral,
      dataverse: openDataverse(settings, { clock, log }),
      couplings,
      logs,
      retries,
      jobs,
      mappings,
      actions,
      fullSync,
      statistics,
      queue,
      clock,
      ids: createIds(),
      digestWith: createDigest,
      log,
      policy: policyOf(settings),
    },
    mappingFiles: createMappingFiles(settings.mappingsFolder),
    subscriptions,
    probes: { echo: echoProbe, runQueue: () => queue.check() },
    prepare: () => stores.ensureTables(),
    close: () => queue.close(),
  };
}

function policyOf(settings: Settings): RunPolicy {
  const { maxDeletePercent, timeZone, wakeDelaySeconds, disabledJobs } = settings;
  const wakeDelayMs = wakeDelaySeconds * 1000;
  return {
    maxDeletePercent,
    sliceMs,
    timeZone,
    wakeDelayMs,
    disabledJobs,
    documents: documentSettings(settings),
  };
}

/**
 * The identity library is large; it is loaded when a token is needed, not when the app starts. A named identity is that one
 * and no other: AZURE_CLIENT_ID with a secret is for the two services, and may lack every role here.
 */
function lazyCredential(clientId: string | null): TokenCredential {
  let loading: Promise<TokenCredential> | null = null;
  const load = async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
    return clientId === null ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId });
  };
  return {
    getToken: async (scopes, options) => {
      loading ??= load();
      return (await loading).getToken(scopes, options);
    },
  };
}
