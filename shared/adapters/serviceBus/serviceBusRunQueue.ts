/** The run queue over Azure Service Bus: sessions, duplicate detection, scheduled messages. */
import type { RetryOptions, ServiceBusClient, ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';
import { invariant } from '../../domain/common/failures.ts';
import type { RunQueue } from '../../ports/queue.ts';
import { questionBusMessage, repeatedBusMessage, runBusMessage } from './busMessage.ts';
import { serviceBusFailure } from './serviceBusErrors.ts';
import type { ServiceBusNamespace } from './serviceBusNamespace.ts';

export interface ServiceBusRunQueueOptions {
  readonly namespace: ServiceBusNamespace;
  /** A queue with sessions; its dead letters are kept by the service after the last delivery in vain. */
  readonly queueName: string;
  /** The time of the service, which is real time wherever the app's own clock stands; milliseconds. */
  readonly nowMs: () => number;
  /** How the client repeats a send that got no answer; a repetition keeps its id, so it arrives once. */
  readonly retryOptions?: RetryOptions;
}

/** A run queue that holds a connection. */
export interface ServiceBusRunQueue extends RunQueue {
  /** Closes the connection, if there is one; a later send opens it again. Safe to call twice, never raises. */
  close(): Promise<void>;
  /** Opens the way to the queue, which takes the right to send, and sends nothing. Raises SyncFailure. Safe to repeat. */
  check(): Promise<void>;
}

interface Connected {
  readonly client: ServiceBusClient;
  readonly sender: ServiceBusSender;
}

/**
 * Sends messages as JSON, which is what the trigger reads; a delay of any length is kept by the service. The queue must
 * exist: sessions and duplicate detection are chosen when it is made. The client is loaded and connected at the first
 * send. Raises SyncFailure.
 */
export function createServiceBusRunQueue(options: ServiceBusRunQueueOptions): ServiceBusRunQueue {
  const { queueName, nowMs } = options;
  let connecting: Promise<Connected> | null = null;
  const connected = (): Promise<Connected> => {
    connecting ??= connect(options).catch((error: unknown) => {
      connecting = null;
      throw error;
    });
    return connecting;
  };
  const send = async (message: ServiceBusMessage): Promise<void> => {
    try {
      const { sender } = await connected();
      await sender.sendMessages(message);
    } catch (error) {
      throw serviceBusFailure(error, `queue ${queueName}`);
    }
  };
  return {
    send: async (message, delaySeconds = 0) => send(runBusMessage(message, nowMs(), delayMs(delaySeconds))),
    ask: async (job, delaySeconds) => send(questionBusMessage({ ask: job }, nowMs(), delayMs(delaySeconds))),
    repeat: async (message, failures, delaySeconds) =>
      send(repeatedBusMessage(message, failures, nowMs(), delayMs(delaySeconds))),
    setAside: async () => {
      try {
        return await deadLettersOf(await connected(), queueName);
      } catch (error) {
        throw serviceBusFailure(error, `queue ${queueName}`);
      }
    },
    check: async () => {
      try {
        await (await connected()).sender.createMessageBatch();
      } catch (error) {
        throw serviceBusFailure(error, `queue ${queueName}`);
      }
    },
    close: async () => {
      const closing = connecting;
      connecting = null;
      await closing?.then(({ client }) => client.close()).catch(() => {});
    },
  };
}

/** More dead letters need no exact number. */
const mostCounted = 100;

/** Looks at dead letters without taking them; the right to listen is enough. */
async function deadLettersOf({ client }: Connected, queueName: string): Promise<number> {
  const receiver = client.createReceiver(queueName, { subQueueType: 'deadLetter' });
  try {
    return (await receiver.peekMessages(mostCounted)).length;
  } finally {
    await receiver.close();
  }
}

function delayMs(delaySeconds: number): number {
  invariant(Number.isFinite(delaySeconds), `Delay of ${delaySeconds} seconds`);
  return Math.max(0, Math.ceil(delaySeconds * 1000));
}

/** The client library is large; it is loaded only where runs travel over Service Bus. */
async function connect({
  namespace,
  queueName,
  retryOptions,
}: ServiceBusRunQueueOptions): Promise<Connected> {
  const { ServiceBusClient: Client } = await import('@azure/service-bus');
  const options = retryOptions === undefined ? {} : { retryOptions };
  const client =
    namespace.kind === 'connectionString'
      ? new Client(namespace.connectionString, options)
      : new Client(namespace.fullyQualifiedNamespace, namespace.credential, options);
  return { client, sender: client.createSender(queueName) };
}
