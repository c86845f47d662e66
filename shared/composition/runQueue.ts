/** Opens the run queue that the settings ask for. */
import type { TokenCredential } from '@azure/identity';
import { serviceBusFrom } from '../adapters/serviceBus/serviceBusNamespace.ts';
import { createServiceBusRunQueue } from '../adapters/serviceBus/serviceBusRunQueue.ts';
import { createStorageRunQueue } from '../adapters/storageQueue/storageRunQueue.ts';
import type { StorageAccount } from '../adapters/tableStorage/storageAccount.ts';
import type { RunQueue } from '../ports/queue.ts';
import { runQueueName } from './runTransport.ts';
import type { Settings } from './settings.ts';

/** A run queue that may hold a connection. */
export interface OpenRunQueue extends RunQueue {
  /** Ends the connection, if there is one. Safe to call twice, never raises. */
  close(): Promise<void>;
  /** Whether messages could be sent; sends none. Raises SyncFailure. */
  check(): Promise<void>;
}

/** Service Bus where it is given, else a queue of the storage account. Sends nothing yet. Raises as serviceBusFrom does. */
export function openRunQueue(
  settings: Pick<Settings, 'serviceBus'>,
  storage: StorageAccount,
  credential: (clientId: string | null) => TokenCredential,
): OpenRunQueue {
  const namespace = serviceBusFrom(settings.serviceBus, runQueueName, credential);
  if (namespace === null) {
    return { ...createStorageRunQueue({ storage, queueName: runQueueName }), close: async () => {} };
  }
  // Real time, not the app's clock: the service delivers by its own, which a local run cannot move.
  const nowMs = () => Date.now();
  return createServiceBusRunQueue({ namespace, queueName: runQueueName, nowMs });
}
