/** An outage of the tables while messages travel over each transport: nothing is set aside, nothing runs twice (C-21). */
import { Buffer } from 'node:buffer';
import { InvocationContext } from '@azure/functions';
import { ServiceBusClient } from '@azure/service-bus';
import { QueueClient } from '@azure/storage-queue';
import { afterEach, describe, expect, it } from 'vitest';
import { receiveMessage } from '../../functions/messages/receiveMessage.ts';
import { createServiceBusRunQueue } from '../../shared/adapters/serviceBus/serviceBusRunQueue.ts';
import { createStorageRunQueue } from '../../shared/adapters/storageQueue/storageRunQueue.ts';
import { startEmulator } from '../../shared/adapters/tableStorage/contract/azurite.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { runId } from '../../shared/domain/common/ids.ts';
import type { RunQueue } from '../../shared/ports/queue.ts';
import { startBroker } from '../serviceBus/broker.ts';

const queueName = 'sync-runs';
const run = {
  job: 'CUSTOMER',
  runId: runId('01940000-0000-7000-8000-000000000001'),
  trigger: 'manual',
  followedBy: [],
} as const;

/** Hands the next message to `handle` as the host does: done when it returns, given back when it raises. */
type Deliver = (handle: (body: unknown) => Promise<void>) => Promise<{ readonly deliveryCount: number }>;

interface Transport {
  readonly queue: RunQueue;
  readonly deliver: Deliver;
  /** Messages that are there. */
  waiting(): Promise<number>;
}

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serviceBus(): Promise<Transport> {
  const broker = await startBroker({ queueName, maxDeliveryCount: 10 });
  cleanUps.push(() => broker.stop());
  const { connectionString } = broker;
  const namespace = { kind: 'connectionString', connectionString } as const;
  const queue = createServiceBusRunQueue({ namespace, queueName, nowMs: () => Date.now() });
  const client = new ServiceBusClient(connectionString);
  cleanUps.push(
    () => client.close(),
    () => queue.close(),
  );
  const deliver: Deliver = async (handle) => {
    const receiver = await client.acceptNextSession(queueName);
    const [message] = await receiver.receiveMessages(1);
    if (!message) throw new Error('There is no message.');
    await handle(message.body).then(
      () => receiver.completeMessage(message),
      () => receiver.abandonMessage(message),
    );
    await receiver.close();
    return { deliveryCount: (message.deliveryCount ?? 0) + 1 };
  };
  return { queue, deliver, waiting: async () => broker.queue.peek(0, 10).length };
}

async function storageQueue(): Promise<Transport> {
  const { connectionString, stop } = await startEmulator();
  cleanUps.push(stop);
  const queue = createStorageRunQueue({ storage: { kind: 'connectionString', connectionString }, queueName });
  const client = new QueueClient(connectionString, queueName);
  const deliver: Deliver = async (handle) => {
    const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 1 });
    const [message] = receivedMessageItems;
    if (!message) throw new Error('There is no message.');
    const { messageId, popReceipt, messageText, dequeueCount } = message;
    await handle(JSON.parse(Buffer.from(messageText, 'base64').toString())).then(
      () => client.deleteMessage(messageId, popReceipt),
      () => client.updateMessage(messageId, popReceipt, messageText, 0),
    );
    return { deliveryCount: dequeueCount };
  };
  const waiting = async () => (await client.getProperties()).approximateMessagesCount ?? 0;
  return { queue, deliver, waiting };
}

/** An app whose tables fail while `isDown`, on a queue whose delays a test need not wait for. */
function appOn(queue: RunQueue) {
  const trouble = { isDown: true, isQueueDown: false };
  const delays: number[] = [];
  const away = () => new SyncFailure({ kind: 'transient', code: 'storage-unavailable', message: 'Away.' });
  const prompt: RunQueue = {
    ...queue,
    repeat: async (message, failures, delaySeconds) => {
      if (trouble.isQueueDown) throw away();
      delays.push(delaySeconds);
      await queue.repeat(message, failures, 0);
    },
  };
  const { composition, ports } = memoryComposition({ ports: { queue: prompt } });
  const failing = new Proxy(ports.jobs, {
    get: (target, name) =>
      trouble.isDown && name !== 'createIfMissing'
        ? () => Promise.reject(away())
        : Reflect.get(target, name).bind(target),
  });
  (ports as { jobs: SyncPorts['jobs'] }).jobs = failing;
  const context = new InvocationContext({ functionName: 'job-slices', logHandler: () => {} });
  const handle = (body: unknown) => receiveMessage(composition, body, context);
  const rows = async () =>
    (await ports.logs.listSyncJobs({ runId: run.runId }, { top: 10, continuation: null })).rows;
  return { trouble, delays, handle, rows };
}

describe.each([
  ['Service Bus', serviceBus],
  ['a storage queue', storageQueue],
] as const)('a manual run over %s', (_name, open) => {
  it('outlives an outage of the tables that lasts longer than the tries of the service, and runs once (C-21)', async () => {
    const { queue, deliver, waiting } = await open();
    const { trouble, delays, handle, rows } = appOn(queue);
    await queue.send(run);
    for (let tries = 0; tries < 12; tries += 1) {
      expect(await deliver(handle)).toEqual({ deliveryCount: 1 });
    }
    expect(delays.slice(0, 7)).toEqual([5, 10, 20, 40, 80, 160, 300]);
    trouble.isDown = false;
    await deliver(handle);
    expect(await rows()).toMatchObject([{ job: 'CUSTOMER' }, { job: 'CUSTOMER' }]);
    expect(await queue.setAside()).toBe(0);
    expect(await waiting()).toBe(1); // the question for its next planned run
  });

  it('is given back to the service while it cannot be handed over again either (C-21)', async () => {
    const { queue, deliver } = await open();
    const { trouble, handle, rows } = appOn(queue);
    trouble.isQueueDown = true;
    await queue.send(run);
    expect(await deliver(handle)).toEqual({ deliveryCount: 1 });
    expect(await deliver(handle)).toEqual({ deliveryCount: 2 });
    Object.assign(trouble, { isDown: false, isQueueDown: false });
    expect(await deliver(handle)).toEqual({ deliveryCount: 3 });
    expect(await rows()).toHaveLength(2);
  });
});
