/** The run queue over Azure Storage Queues. */
import { Buffer } from 'node:buffer';
import { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { invariant } from '../../domain/common/failures.ts';
import type { RunQueue } from '../../ports/queue.ts';
import type { StorageAccount } from '../tableStorage/storageAccount.ts';
import { storageErrorFacts, storageFailure } from '../tableStorage/storageErrors.ts';
import { type QueueItem, repeated } from './runMessageSchema.ts';

export interface StorageRunQueueOptions {
  readonly storage: StorageAccount;
  /** 3 to 63 lower-case letters, digits and hyphens. */
  readonly queueName: string;
}

/** The longest delay the service takes: seven days (platform C-10). */
const maxDelaySeconds = 604_800;
/** Never expires, so that any delay is shorter than the time to live (platform C-10). */
const neverExpires = -1;

/** A run queue that can be asked whether it works. */
export interface StorageRunQueue extends RunQueue {
  /** Makes sure that the queue is there, and sends nothing. Raises SyncFailure. Safe to repeat. */
  check(): Promise<void>;
}

/**
 * Sends messages as Base64 of JSON text, which is what the queue trigger reads by default. A longer delay is cut
 * to seven days: a message that comes early only asks whether the job is due. The queue is created at first use,
 * once for all who send meanwhile, and again should it have been deleted. Raises SyncFailure.
 */
export function createStorageRunQueue({ storage, queueName }: StorageRunQueueOptions): StorageRunQueue {
  const client = openClient(storage, queueName);
  const poison = openClient(storage, poisonQueueOf(queueName));
  let created: Promise<unknown> | null = null;
  const ensureQueue = (): Promise<unknown> => {
    created ??= client.createIfNotExists().catch((error: unknown) => {
      created = null;
      throw error;
    });
    return created;
  };
  const sendOnce = async (item: QueueItem, visibilityTimeout: number): Promise<void> => {
    await ensureQueue();
    const text = Buffer.from(JSON.stringify(item)).toString('base64');
    await client.sendMessage(text, { visibilityTimeout, messageTimeToLive: neverExpires });
  };
  const send = async (item: QueueItem, delaySeconds: number): Promise<void> => {
    invariant(Number.isFinite(delaySeconds), `Delay of ${delaySeconds} seconds`);
    const visibilityTimeout = Math.min(maxDelaySeconds, Math.max(0, Math.ceil(delaySeconds)));
    try {
      await sendOnce(item, visibilityTimeout).catch((error: unknown) => {
        if (storageErrorFacts(error).code !== 'QueueNotFound') throw error;
        created = null;
        return sendOnce(item, visibilityTimeout);
      });
    } catch (error) {
      throw storageFailure(error, `queue ${queueName}`);
    }
  };
  return {
    send: (message, delaySeconds = 0) => send(message, delaySeconds),
    ask: (job, delaySeconds) => send({ ask: job }, delaySeconds),
    repeat: (message, failures, delaySeconds) => send(repeated(message, failures), delaySeconds),
    setAside: () => messagesIn(poison),
    check: async () => {
      try {
        await client.createIfNotExists();
      } catch (error) {
        throw storageFailure(error, `queue ${queueName}`);
      }
    },
  };
}

/** Where the host moves a message after its last try in vain (platform A-6). */
export function poisonQueueOf(queueName: string): string {
  return `${queueName}-poison`;
}

/** None in a queue that was never made. */
async function messagesIn(client: QueueClient): Promise<number> {
  try {
    return (await client.getProperties()).approximateMessagesCount ?? 0;
  } catch (error) {
    if (storageErrorFacts(error).code === 'QueueNotFound') return 0;
    throw storageFailure(error, `queue ${client.name}`);
  }
}

function openClient(storage: StorageAccount, queueName: string): QueueClient {
  return storage.kind === 'connectionString'
    ? new QueueClient(storage.connectionString, queueName)
    : new QueueServiceClient(storage.queueUrl, storage.credential).getQueueClient(queueName);
}
