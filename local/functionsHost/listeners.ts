/** Arms the timer, queue and Service Bus functions of an app. */
import { QueueServiceClient } from '@azure/storage-queue';
import type { LogLevel } from './coreTypes.ts';
import { errorMessage, HostStartError } from './errors.ts';
import {
  functionsOfKind,
  type HostFunction,
  type QueueTrigger,
  type ServiceBusTrigger,
} from './functionDefinition.ts';
import type { HostClock } from './hostClock.ts';
import type { QueueSettings, ServiceBusSettings } from './hostConfiguration.ts';
import type { Invoke } from './invocation.ts';
import type { MessageListener } from './messageListener.ts';
import { QueueListener } from './queueListener.ts';
import { ServiceBusListener } from './serviceBusListener.ts';
import { TimerListener } from './timerListener.ts';

interface ListenerParts {
  readonly functions: readonly HostFunction[];
  readonly clock: HostClock;
  readonly queues: QueueSettings;
  readonly serviceBus: ServiceBusSettings;
  readonly invoke: Invoke;
  readonly log: (level: LogLevel, message: string) => void;
}

/** The armed triggers of an app. */
export interface Listeners {
  readonly timers: ReadonlyMap<string, TimerListener>;
  /** Of storage queues and of Service Bus. */
  readonly queues: readonly MessageListener[];
  /** Fires and receives no more; functions under way go on. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long the real host hides a message it works on. */
const messageInvisibilityMs = 10 * 60_000;

function queueListener(one: HostFunction<QueueTrigger>, parts: ListenerParts): QueueListener {
  const { queueName, connectionString } = one.trigger;
  const service = QueueServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 3, maxRetryDelayInMs: 1000 },
  });
  return new QueueListener({
    one,
    queue: service.getQueueClient(queueName),
    poisonQueue: service.getQueueClient(`${queueName}-poison`),
    settings: parts.queues,
    invoke: parts.invoke,
    log: parts.log,
    invisibilityMs: messageInvisibilityMs,
  });
}

/** The client is large; it is loaded only for an app that has such a function. */
async function serviceBusListener(
  one: HostFunction<ServiceBusTrigger>,
  { serviceBus: settings, invoke, log }: ListenerParts,
): Promise<ServiceBusListener> {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const retryOptions = { maxRetries: 1, retryDelayInMs: 1000 };
  const client = new ServiceBusClient(one.trigger.connectionString, { retryOptions });
  return new ServiceBusListener({ one, client, settings, invoke, log });
}

/** Names the function whose queue cannot be used; never the connection string, which holds a key. */
async function startQueue(
  one: HostFunction<QueueTrigger | ServiceBusTrigger>,
  open: () => Promise<QueueListener | ServiceBusListener>,
): Promise<MessageListener> {
  try {
    const listener = await open();
    await listener.start();
    return listener;
  } catch (error) {
    const { queueName } = one.trigger;
    const message = `Function "${one.name}": the queue "${queueName}" cannot be used: ${errorMessage(error)}`;
    throw new HostStartError(message, { cause: error });
  }
}

/** Arms every timer and every queue. Raises HostStartError when a queue cannot be reached; then nothing stays armed. */
export async function startListeners(parts: ListenerParts): Promise<Listeners> {
  const outcomes = await Promise.allSettled([
    ...functionsOfKind(parts.functions, 'queue').map((one) =>
      startQueue(one, async () => queueListener(one, parts)),
    ),
    ...functionsOfKind(parts.functions, 'serviceBus').map((one) =>
      startQueue(one, () => serviceBusListener(one, parts)),
    ),
  ]);
  const queues = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await Promise.all(queues.map((queue) => queue.stop()));
    throw failed.reason;
  }
  const timers = new Map(
    functionsOfKind(parts.functions, 'timer').map((one) => [one.name, new TimerListener({ ...parts, one })]),
  );
  for (const timer of timers.values()) timer.start();
  const stop = async (): Promise<void> => {
    for (const timer of timers.values()) timer.stop();
    await Promise.all(queues.map((queue) => queue.stop()));
  };
  return { timers, queues, stop };
}
