/** The test broker by the unmodified client, in what the run queue and the local host do not ask of it (platform C-2). */
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningBroker, startBroker } from './broker.ts';

const queueName = 'work';
const clients: ServiceBusClient[] = [];
let broker: RunningBroker;

beforeEach(async () => {
  broker = await startBroker({ queueName });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await broker.stop();
});

function open(retryOptions: ServiceBusClientOptions['retryOptions'] = { maxRetries: 0, timeoutInMs: 5_000 }) {
  const client = new ServiceBusClient(broker.connectionString, { retryOptions });
  clients.push(client);
  return client;
}

const send = (client: ServiceBusClient, body: unknown, sessionId?: string) =>
  client.createSender(queueName).sendMessages(sessionId === undefined ? { body } : { body, sessionId });

describe('a message', () => {
  it('without a session is refused', async () => {
    await expect(send(open(), 1)).rejects.toMatchObject({ name: 'ServiceBusError' });
    expect(broker.queue.peek(0, 1)).toEqual([]);
  });

  it('that a receiver sets aside is among the dead letters, with its reason', async () => {
    const client = open();
    await send(client, 'bad', 'one');
    const receiver = await client.acceptNextSession(queueName);
    const [message] = await receiver.receiveMessages(1);
    const reason = { deadLetterReason: 'unreadable', deadLetterErrorDescription: 'no JSON' };
    if (message) await receiver.deadLetterMessage(message, { ...reason });
    const deadLetters = client.createReceiver(queueName, { subQueueType: 'deadLetter' });
    expect(await deadLetters.peekMessages(10)).toMatchObject([
      { body: 'bad', deadLetterReason: 'unreadable' },
    ]);
    expect(broker.queue.peek(0, 1)).toEqual([]);
  });

  it('received and not settled goes to the next receiver with the same count when the session is closed', async () => {
    const client = open();
    await send(client, 1, 'one');
    const first = await client.acceptNextSession(queueName);
    expect(await first.receiveMessages(1)).toHaveLength(1);
    await first.close();
    const second = await client.acceptNextSession(queueName);
    expect(await second.receiveMessages(1)).toMatchObject([{ body: 1, deliveryCount: 0 }]);
  });
});

describe('a session', () => {
  it('that another receiver holds is refused', async () => {
    const held = await open().acceptSession(queueName, 'one');
    const refused = await open()
      .acceptSession(queueName, 'one')
      .catch((error: unknown) => error);
    expect(JSON.stringify(refused)).toMatch(/session-?cannot-?be-?locked/i);
    await held.close();
    expect((await open().acceptSession(queueName, 'one')).sessionId).toBe('one');
  });

  it('is not to be had in time when no message waits', async () => {
    const accept = open({ maxRetries: 0, timeoutInMs: 300 }).acceptNextSession(queueName);
    await expect(accept).rejects.toMatchObject({ code: 'ServiceTimeout' });
  });

  it('comes free when its receiver is cut off', async () => {
    const client = open();
    await send(client, 1, 'one');
    await client.acceptNextSession(queueName);
    const next = open().acceptNextSession(queueName);
    await client.close();
    expect((await next).sessionId).toBe('one');
  });
});
