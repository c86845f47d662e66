/** Queue functions against a real Azurite (A-6, A-33, C-11). */
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAzurite, startAzurite } from '../azurite/azurite.ts';
import type { HostFunction, QueueTrigger } from './functionDefinition.ts';
import type { FunctionsHostOptions, RunningFunctionsHost } from './host.ts';
import { QueueListener } from './queueListener.ts';
import { TestHosts, takeRecords } from './testApp.ts';

const hosts = new TestHosts();
let azurite: RunningAzurite;
let service: QueueServiceClient;
let queueNumber = 0;

beforeAll(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
});
afterEach(() => hosts.stopAll());
afterAll(() => azurite.stop());

const newQueueName = () => `work-${++queueNumber}`;
const encode = (text: string) => Buffer.from(text).toString('base64');
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function queueFunction(queueName: string, body: string): string {
  return `app.storageQueue('work', { queueName: '${queueName}', connection: 'STORE',
    handler: async (message, context) => { ${body} } });\n`;
}

function startHost(
  code: string,
  queues: object = {},
  options: Partial<FunctionsHostOptions> = {},
): Promise<RunningFunctionsHost> {
  const host = { version: '2.0', extensions: { queues } };
  return hosts.start({ code, host }, { environment: { STORE: azurite.connectionString }, ...options });
}

async function texts(queueName: string): Promise<string[]> {
  const queue = service.getQueueClient(queueName);
  if (!(await queue.exists())) return [];
  const peeked = await queue.peekMessages({ numberOfMessages: 32 });
  return peeked.peekedMessageItems.map((message) => message.messageText);
}

async function count(queueName: string): Promise<number> {
  const properties = await service.getQueueClient(queueName).getProperties();
  return properties.approximateMessagesCount ?? -1;
}

describe('a message', () => {
  it('reaches its function with parsed content and metadata, and is deleted; the queue is created (A-6, A-33)', async () => {
    const name = newQueueName();
    const host = await startHost(queueFunction(name, 'record([message, context.triggerMetadata]);'));
    const sent = await service.getQueueClient(name).sendMessage(encode('{"job":"CUSTOMER"}'));
    expect(await host.idle(10_000)).toBe(true);
    const [content, metadata] = takeRecords()[0] as [unknown, Record<string, unknown>];
    expect(content).toEqual({ job: 'CUSTOMER' });
    expect(metadata).toMatchObject({
      dequeueCount: 1,
      id: sent.messageId,
      queueTrigger: { job: 'CUSTOMER' },
    });
    expect(await count(name)).toBe(0);
  });

  it.each([
    ['123', 123],
    ['plain text', 'plain text'],
    ['6f9619ff-8b86-d011-b42d-00c04fc964ff', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
    ['Grüße', 'Grüße'],
  ])('with the text %j arrives as %j (A-6)', async (text, expected) => {
    const name = newQueueName();
    const host = await startHost(queueFunction(name, 'record(message);'));
    await service.getQueueClient(name).sendMessage(encode(text));
    await host.idle(10_000);
    expect(takeRecords()).toEqual([expected]);
  });

  it('is taken as it is with messageEncoding none', async () => {
    const name = newQueueName();
    const host = await startHost(queueFunction(name, 'record(message);'), { messageEncoding: 'none' });
    await service.getQueueClient(name).sendMessage('bare words');
    await host.idle(10_000);
    expect(takeRecords()).toEqual(['bare words']);
  });

  it('that is not Base64 goes to the poison queue unread', async () => {
    const name = newQueueName();
    const host = await startHost(queueFunction(name, 'record(message);'));
    await service.getQueueClient(name).sendMessage('bare words');
    await host.idle(10_000);
    expect(takeRecords()).toEqual([]);
    expect(await texts(`${name}-poison`)).toEqual(['bare words']);
    expect(await count(name)).toBe(0);
  });
});

describe('a function that throws', () => {
  it('is tried again up to maxDequeueCount, then the text goes to the poison queue (A-33)', async () => {
    const name = newQueueName();
    const code = queueFunction(
      name,
      `record(context.triggerMetadata.dequeueCount); throw new Error('broken');`,
    );
    const host = await startHost(code, { maxDequeueCount: 3 });
    await service.getQueueClient(name).sendMessage(encode('x'));
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual([1, 2, 3]);
    expect(await texts(`${name}-poison`)).toEqual([encode('x')]);
    expect(await count(name)).toBe(0);
  });

  it('gets its message again only after visibilityTimeout', async () => {
    const name = newQueueName();
    const body = `record(context.triggerMetadata.dequeueCount);
      if (context.triggerMetadata.dequeueCount === 1) throw new Error('once');`;
    const host = await startHost(queueFunction(name, body), { visibilityTimeout: '00:00:02' });
    await service.getQueueClient(name).sendMessage(encode('x'));
    expect(await host.idle(10_000)).toBe(true); // a message that becomes visible later does not count
    expect(takeRecords()).toEqual([1]);
    expect(await count(name)).toBe(1);
    while ((await count(name)) > 0) await pause(50);
    expect(takeRecords()).toEqual([2]);
  });
});

describe('many messages', () => {
  it('run at most batchSize + newBatchThreshold at a time, and all of them run', async () => {
    const name = newQueueName();
    await service.getQueueClient(name).createIfNotExists();
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    for (const number of numbers) await service.getQueueClient(name).sendMessage(encode(String(number)));
    const body = `globalThis.atOnce = (globalThis.atOnce ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      record([message, globalThis.atOnce]); globalThis.atOnce -= 1;`;
    const host = await startHost(queueFunction(name, body), { batchSize: 4, newBatchThreshold: 2 });
    expect(await host.idle(20_000)).toBe(true);
    const records = takeRecords() as [number, number][];
    expect(records.map(([number]) => number).sort((left, right) => left - right)).toEqual(numbers);
    const mostAtOnce = Math.max(...records.map(([, atOnce]) => atOnce));
    expect(mostAtOnce).toBeGreaterThan(1);
    expect(mostAtOnce).toBeLessThanOrEqual(6);
  });
});

describe('idle', () => {
  it('waits for a chain of messages that functions send to each other', async () => {
    const [first, second] = [newQueueName(), newQueueName()];
    const send = `await globalThis.hostTestSend('${second}');`;
    (globalThis as { hostTestSend?: (name: string) => Promise<unknown> }).hostTestSend = (name) =>
      service.getQueueClient(name).sendMessage(encode('next'));
    const code =
      queueFunction(first, `${send} record('first');`) +
      queueFunction(second, `record('second');`).replace("'work'", "'workNext'");
    const host = await startHost(code);
    await service.getQueueClient(first).sendMessage(encode('x'));
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual(['first', 'second']);
  });

  it('answers false while a function of a message runs', async () => {
    const name = newQueueName();
    const host = await startHost(
      queueFunction(name, 'await new Promise((resolve) => setTimeout(resolve, 400)); record(1);'),
    );
    await service.getQueueClient(name).sendMessage(encode('x'));
    expect(await host.idle(100)).toBe(false);
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual([1]);
  });
});

describe('the host', () => {
  it('hands the input of the admin route to a queue function as its message', async () => {
    const host = await startHost(queueFunction(newQueueName(), 'record(message);'));
    for (const body of [{ input: 'text' }, { input: { job: 'ITEM' } }, {}]) {
      const url = `${host.url}/admin/functions/work`;
      expect((await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status).toBe(202);
      await host.idle(10_000);
    }
    expect(takeRecords()).toEqual(['text', { job: 'ITEM' }, '']);
  });

  it('lets the function of a message end and deletes the message before stop resolves', async () => {
    const name = newQueueName();
    const host = await startHost(
      queueFunction(name, `await new Promise((resolve) => setTimeout(resolve, 200)); record('end');`),
    );
    await service.getQueueClient(name).sendMessage(encode('x'));
    while (host.running() === 0) await pause(5);
    await host.stop();
    expect(takeRecords()).toEqual(['end']);
    expect(await count(name)).toBe(0);
  });
});

describe('the hold on a message', () => {
  it('is renewed while its function runs, so that nobody else gets it, and ends with it (A-33)', async () => {
    const queue = service.getQueueClient(newQueueName());
    await queue.createIfNotExists();
    let runs = 0;
    const one: HostFunction<QueueTrigger> = {
      name: 'long',
      bindingName: 'trigger',
      metadata: { name: 'long', bindings: {} },
      callback: () => undefined,
      trigger: { kind: 'queue', queueName: queue.name, connectionString: azurite.connectionString },
    };
    const settings = {
      batchSize: 4,
      newBatchThreshold: 2,
      maxPollingIntervalMs: 100,
      visibilityTimeoutMs: 0,
      maxDequeueCount: 5,
      messageEncoding: 'base64' as const,
    };
    const invoke = async () => {
      runs += 1;
      await pause(2600);
      return {};
    };
    const lines: string[] = [];
    const log = (level: string, line: string) => lines.push(`${level} ${line}`);
    const listener = new QueueListener({
      one,
      queue,
      poisonQueue: queue,
      settings,
      invoke,
      log,
      invisibilityMs: 1000,
    });
    await listener.start();
    await queue.sendMessage(encode('x'));
    while (!listener.isBusy() || runs === 0) await pause(10);
    await listener.stop();
    while (listener.isBusy()) await pause(10);
    expect(runs).toBe(1);
    expect(lines).toEqual([]);
    expect(await count(queue.name)).toBe(0);
  });
});
