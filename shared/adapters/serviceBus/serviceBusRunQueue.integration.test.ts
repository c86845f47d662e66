/** The run queue over Service Bus, by its own client, on a broker of AMQP 1.0 (platform C.1). */
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrokerOptions, type RunningBroker, startBroker } from '../../../test/serviceBus/broker.ts';
import { runOf, runQueueContract } from '../queueContract/runQueue.contract.ts';
import { questionSchema, runMessageSchema } from '../storageQueue/runMessageSchema.ts';
import { createServiceBusRunQueue, type ServiceBusRunQueue } from './serviceBusRunQueue.ts';

const queueName = 'sync-runs';
const noRetries = { maxRetries: 0, timeoutInMs: 5_000 };
const opened: { close(): Promise<void> }[] = [];
let broker: RunningBroker;

beforeEach(() => start({ queueName }));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await broker.stop();
});

async function start(options: BrokerOptions): Promise<void> {
  await broker?.stop();
  broker = await startBroker(options);
}

interface QueueChoice {
  readonly connectionString?: string;
  readonly name?: string;
  readonly nowMs?: () => number;
}

function openQueue(choice: QueueChoice = {}): ServiceBusRunQueue {
  const { connectionString = broker.connectionString, name = queueName, nowMs = Date.now } = choice;
  const namespace = { kind: 'connectionString', connectionString } as const;
  const queue = createServiceBusRunQueue({ namespace, queueName: name, nowMs, retryOptions: noRetries });
  opened.push(queue);
  return queue;
}

function openClient(): ServiceBusClient {
  const client = new ServiceBusClient(broker.connectionString, { retryOptions: noRetries });
  opened.push(client);
  return client;
}

const bodies = (messages: readonly ServiceBusReceivedMessage[]) => messages.map(({ body }) => body);

describe('a run sent', () => {
  test('arrives in the session of its mapping, in a form that the schema takes', async () => {
    const message = { ...runOf('CUSTOMER', 1), followedBy: [runOf('CONTACT', 2)] };
    await openQueue().send(message);
    const receiver = await openClient().acceptSession(queueName, 'CUSTOMER');
    const [received] = await receiver.receiveMessages(1);
    expect(runMessageSchema.parse(received?.body)).toMatchObject({ job: 'CUSTOMER', runId: message.runId });
    expect(received).toMatchObject({ sessionId: 'CUSTOMER', contentType: 'application/json' });
    if (received) await receiver.completeMessage(received);
    expect(broker.queue.peek(0, 10)).toEqual([]);
  });

  test('keeps its order within the session, while another mapping has a consumer of its own', async () => {
    const queue = openQueue();
    for (const number of [1, 2, 3]) await queue.send(runOf('CUSTOMER', number));
    await queue.send(runOf('CONTACT', 4));
    const client = openClient();
    const first = await client.acceptNextSession(queueName);
    const second = await client.acceptNextSession(queueName);
    expect([first.sessionId, second.sessionId]).toEqual(['CUSTOMER', 'CONTACT']);
    const numbers: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      const [message] = await first.receiveMessages(1);
      if (message === undefined) break;
      numbers.push(message.body.runId);
      await first.completeMessage(message);
    }
    expect(numbers).toEqual([1, 2, 3].map((number) => runOf('CUSTOMER', number).runId));
    expect(bodies(await second.receiveMessages(1))).toEqual([runOf('CONTACT', 4)]);
  });

  test('has one consumer at a time: the session is not given to a second until the first lets go', async () => {
    await openQueue().send(runOf('CUSTOMER', 1));
    const client = openClient();
    const first = await client.acceptNextSession(queueName);
    let isGiven = false;
    const second = client.acceptNextSession(queueName).then((receiver) => {
      isGiven = true;
      return receiver;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isGiven).toBe(false);
    await first.close();
    expect((await second).sessionId).toBe('CUSTOMER');
  });

  test('twice for the same instant arrives once, but again later arrives again (C-20)', async () => {
    let now = Date.now();
    const queue = openQueue({ nowMs: () => now });
    await queue.send(runOf('CUSTOMER', 1));
    await queue.send(runOf('CUSTOMER', 1));
    expect(broker.queue.peek(0, 10)).toHaveLength(1);
    expect(broker.queue.duplicates).toBe(1);
    now += 1;
    await queue.send(runOf('CUSTOMER', 1));
    expect(broker.queue.peek(0, 10)).toHaveLength(2);
  });

  test('with a delay arrives when it is due, not before', async () => {
    const due = Date.now() + 400;
    await openQueue().send(runOf('CUSTOMER', 1), 0.4);
    expect(broker.queue.peek(0, 1)).toMatchObject([{ isScheduled: true }]);
    const receiver = await openClient().acceptNextSession(queueName);
    expect(await receiver.receiveMessages(1)).toHaveLength(1);
    expect(Date.now()).toBeGreaterThanOrEqual(due);
  });
});

describe('a question', () => {
  test('travels in the session of its job; those for the same second are one', async () => {
    let now = Date.now() - 3_600_000;
    const queue = openQueue({ nowMs: () => now });
    for (let count = 0; count < 3; count += 1) await queue.ask('CUSTOMER', 7_200);
    expect(broker.queue.peek(0, 10)).toMatchObject([{ isScheduled: true }]);
    expect(broker.queue.duplicates).toBe(2);
    now += 1_000;
    await queue.ask('CUSTOMER', 7_200);
    expect(broker.queue.peek(0, 10)).toHaveLength(2);
    await queue.ask('CUSTOMER', 0);
    const receiver = await openClient().acceptNextSession(queueName);
    const [received] = await receiver.receiveMessages(1);
    expect(questionSchema.parse(received?.body)).toEqual({ ask: 'CUSTOMER' });
  });
});

describe('a message given back', () => {
  test('is delivered again, and set aside by the service after the last time', async () => {
    await start({ queueName, maxDeliveryCount: 3 });
    await openQueue().send(runOf('CUSTOMER', 1));
    const client = openClient();
    const receiver = await client.acceptNextSession(queueName);
    const counts: unknown[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      const [message] = await receiver.receiveMessages(1);
      if (message === undefined) break;
      counts.push(message.deliveryCount);
      await receiver.abandonMessage(message);
    }
    expect(counts).toEqual([0, 1, 2]);
    const deadLetters = client.createReceiver(queueName, { subQueueType: 'deadLetter' });
    const [dead] = await deadLetters.peekMessages(1);
    expect(dead?.body).toEqual(runOf('CUSTOMER', 1));
    expect(dead?.deadLetterReason).toBe('MaxDeliveryCountExceeded');
  });

  test('by a consumer whose lock ran out, goes to the next one, who may settle it alone', async () => {
    await start({ queueName, lockMs: 400 });
    await openQueue().send(runOf('CUSTOMER', 1));
    const options = { maxAutoLockRenewalDurationInMs: 0 };
    const slow = await openClient().acceptNextSession(queueName, options);
    const [late] = await slow.receiveMessages(1);
    const next = await openClient().acceptNextSession(queueName, options);
    const [message] = await next.receiveMessages(1);
    expect(message?.deliveryCount).toBe(1);
    if (late && message) {
      const refused = await slow.completeMessage(late).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'SessionLockLost' });
      await next.completeMessage(message);
    }
    expect(broker.queue.peek(0, 1)).toEqual([]);
  });
});

describe('refusals come as failures of the product', () => {
  test.each<[string, () => ServiceBusRunQueue, object]>([
    [
      'an unknown queue',
      () => openQueue({ name: 'other' }),
      { kind: 'config', code: 'service-bus-queue-unusable' },
    ],
    [
      'an unknown key',
      () => openQueue({ connectionString: broker.strangeConnectionString }),
      { kind: 'permission', code: 'service-bus-access-denied' },
    ],
    [
      'a namespace that does not answer',
      () => openQueue({ connectionString: broker.connectionString.replace(/localhost:\d+/, 'localhost:1') }),
      { kind: 'transient', code: 'service-bus-unavailable', outcomeUnknown: true },
    ],
  ])('%s', async (_title, open, failure) => {
    await expect(open().send(runOf('CUSTOMER', 1))).rejects.toMatchObject({
      name: 'SyncFailure',
      ...failure,
    });
  });

  test('a delay that is no number never leaves', async () => {
    await expect(openQueue().send(runOf('CUSTOMER', 1), Number.NaN)).rejects.toMatchObject({
      code: 'invariant',
    });
  });
});

test('a queue that was closed connects again at the next send', async () => {
  const queue = openQueue();
  await queue.close();
  await queue.send(runOf('CUSTOMER', 1));
  await queue.close();
  await queue.close();
  await queue.send(runOf('CUSTOMER', 2));
  expect(broker.queue.peek(0, 10)).toHaveLength(2);
});

test('a message scheduled by the client is listed and can be taken back', async () => {
  const sender = openClient().createSender(queueName);
  const message = { body: 1, sessionId: 'CUSTOMER', messageId: 'one' };
  const numbers = await sender.scheduleMessages(message, new Date(Date.now() + 3_600_000));
  expect(broker.queue.peek(0, 10)).toMatchObject([{ messageId: 'one', isScheduled: true }]);
  await sender.cancelScheduledMessages(numbers);
  expect(broker.queue.peek(0, 10)).toEqual([]);
});

describe('a Service Bus queue', () => {
  runQueueContract(async () => {
    const client = openClient();
    const takeSession = async (sessionId: string, count: number) => {
      const receiver = await client.acceptSession(queueName, sessionId);
      const messages = await receiver.receiveMessages(count);
      for (const message of messages) await receiver.completeMessage(message);
      await receiver.close();
      return bodies(messages);
    };
    return {
      queue: openQueue(),
      takeDue: async () => {
        const due = broker.queue.peek(0, 100).filter(({ isScheduled }) => !isScheduled);
        const sessions = [...new Set(due.map(({ sessionId }) => sessionId))];
        const countOf = (id: string) => due.filter(({ sessionId }) => sessionId === id).length;
        return (await Promise.all(sessions.map((id) => takeSession(id, countOf(id))))).flat();
      },
      held: async () => broker.queue.peek(0, 100).length,
      setOneAside: async () => {
        await openQueue().send(runOf('CUSTOMER', 1));
        const receiver = await client.acceptSession(queueName, 'CUSTOMER');
        const [message] = await receiver.receiveMessages(1);
        const why = { deadLetterReason: 'unreadable', deadLetterErrorDescription: '' };
        if (message) await receiver.deadLetterMessage(message, { ...why });
        await receiver.close();
      },
    };
  });
});

describe('a check', () => {
  test('opens the way to the queue and sends nothing', async () => {
    await openQueue().check();
    expect(broker.queue.peek(0, 10)).toEqual([]);
  });

  test('of a queue that does not exist fails', async () => {
    await expect(openQueue({ name: 'missing' }).check()).rejects.toThrow();
  });
});
