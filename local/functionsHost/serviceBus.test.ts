/** Service Bus functions against a broker of AMQP 1.0. */
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrokerOptions, type RunningBroker, startBroker } from '../../test/serviceBus/broker.ts';
import type { FunctionsHostOptions, RunningFunctionsHost } from './host.ts';
import { TestHosts, takeRecords } from './testApp.ts';

const queueName = 'work';
const hosts = new TestHosts();
let broker: RunningBroker | undefined;
let client: ServiceBusClient | undefined;

afterEach(async () => {
  await hosts.stopAll();
  await client?.close();
  await broker?.stop();
  broker = undefined;
  client = undefined;
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const waiting = () => broker?.queue.peek(0, 100) ?? [];

function busFunction(body: string): string {
  return `app.serviceBusQueue('work', { queueName: '${queueName}', connection: 'BUS', isSessionsEnabled: true,
    handler: async (message, context) => { ${body} } });\n`;
}

async function startHost(
  body: string,
  brokerOptions: Partial<BrokerOptions> = {},
  options: Partial<FunctionsHostOptions> = {},
): Promise<RunningFunctionsHost> {
  broker = await startBroker({ queueName, ...brokerOptions });
  client = new ServiceBusClient(broker.connectionString);
  const serviceBus = { maxConcurrentSessions: 3, sessionIdleTimeout: '00:00:00.1' };
  const host = { version: '2.0', extensions: { serviceBus } };
  const environment = { BUS: broker.connectionString };
  return hosts.start({ code: busFunction(body), host }, { environment, ...options });
}

async function send(sessionId: string, body: unknown, delayMs = 0): Promise<void> {
  const when = delayMs === 0 ? {} : { scheduledEnqueueTimeUtc: new Date(Date.now() + delayMs) };
  await client?.createSender(queueName).sendMessages({ sessionId, body, ...when });
}

describe('a message', () => {
  it('reaches its function with parsed content and metadata, and is completed (A-6, A-34)', async () => {
    const host = await startHost('record([message, context.triggerMetadata]);');
    await send('CUSTOMER', { job: 'CUSTOMER' });
    expect(await host.idle(10_000)).toBe(true);
    const [content, metadata] = takeRecords()[0] as [unknown, object];
    expect(content).toEqual({ job: 'CUSTOMER' });
    expect(metadata).toMatchObject({ sessionId: 'CUSTOMER', deliveryCount: 1 });
    expect(waiting()).toEqual([]);
  });

  it('that is due later does not keep the host from being idle, and reaches its function when due', async () => {
    const host = await startHost('record(message);');
    await send('CUSTOMER', 'later', 600);
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual([]);
    while (waiting().length > 0) await pause(20);
    expect(takeRecords()).toEqual(['later']);
  });
});

describe('messages', () => {
  it('of one session run one at a time and in order, those of others meanwhile', async () => {
    const host = await startHost(`const session = context.triggerMetadata.sessionId;
      record([session, message, 'begin']);
      await new Promise((resolve) => setTimeout(resolve, 150));
      record([session, message, 'end']);`);
    for (const number of [1, 2, 3]) await send('CUSTOMER', number);
    await send('CONTACT', 1);
    expect(await host.idle(10_000)).toBe(true);
    const records = takeRecords() as [string, number, string][];
    const customers = records.filter(([session]) => session === 'CUSTOMER');
    const turns = [1, 2, 3].flatMap((number) => [
      ['CUSTOMER', number, 'begin'],
      ['CUSTOMER', number, 'end'],
    ]);
    expect(customers).toEqual(turns);
    const contactBegan = records.findIndex(([session]) => session === 'CONTACT');
    expect(contactBegan).toBeLessThan(records.length - 2);
  });
});

describe('a function that throws', () => {
  it('gets its message again until the queue sets it aside after maxDeliveryCount; the next one follows', async () => {
    const host = await startHost(
      `record([message, context.triggerMetadata.deliveryCount]); if (message === 'bad') throw new Error('broken');`,
      { maxDeliveryCount: 3 },
    );
    await send('CUSTOMER', 'bad');
    await send('CUSTOMER', 'good');
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual([
      ['bad', 1],
      ['bad', 2],
      ['bad', 3],
      ['good', 1],
    ]);
    expect(broker?.queue.deadLetters).toMatchObject([{ reason: 'MaxDeliveryCountExceeded' }]);
    expect(waiting()).toEqual([]);
  });
});

describe('the lock on a session', () => {
  it('is renewed while a function runs, so that nobody else gets its messages', async () => {
    const body = `record('begin'); await new Promise((resolve) => setTimeout(resolve, 2500)); record('end');`;
    const host = await startHost(body, { lockMs: 1_000 });
    await send('CUSTOMER', 1);
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual(['begin', 'end']);
    expect(waiting()).toEqual([]);
  });
});

describe('the host', () => {
  it('is not idle while a function of a message runs', async () => {
    const host = await startHost('await new Promise((resolve) => setTimeout(resolve, 400)); record(1);');
    await send('CUSTOMER', 1);
    expect(await host.idle(100)).toBe(false);
    expect(await host.idle(10_000)).toBe(true);
    expect(takeRecords()).toEqual([1]);
  });

  it('lets the function of a message end and completes the message before stop resolves', async () => {
    const host = await startHost(`await new Promise((resolve) => setTimeout(resolve, 300)); record('end');`);
    await send('CUSTOMER', 'x');
    while (host.running() === 0) await pause(5);
    await host.stop();
    expect(takeRecords()).toEqual(['end']);
    expect(waiting()).toEqual([]);
  });

  it('names the function, not the key, when its queue cannot be used', async () => {
    broker = await startBroker({ queueName: 'other' });
    const start = hosts.start(
      { code: busFunction('record(1);') },
      { environment: { BUS: broker.connectionString } },
    );
    const error = await start.then(
      () => new Error('started'),
      (failure: Error) => failure,
    );
    expect(error.message).toMatch(/"work": the queue "work" cannot be used/);
    expect(error.message).not.toContain(/SharedAccessKey=([^;]+)/.exec(broker.connectionString)?.[1]);
  });
});
