/** Which queue runs travel over, by the settings, for those who send and for the trigger alike. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenCredential } from '@azure/identity';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningBroker, startBroker } from '../../test/serviceBus/broker.ts';
import { openRunQueue } from './runQueue.ts';
import { runQueueName, runTransportOf } from './runTransport.ts';
import { type Environment, parseSettings } from './settings.ts';
import { validEnvironment } from './testing/validSettings.ts';

let broker: RunningBroker;
let storage: Server;
let asksOfStorage: (string | undefined)[] = [];

beforeEach(async () => {
  broker = await startBroker({ queueName: runQueueName });
  asksOfStorage = [];
  storage = createServer((request, response) => {
    asksOfStorage.push(request.url);
    response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await broker.stop();
  storage.closeAllConnections();
  await new Promise((resolve) => storage.close(resolve));
});

function open(environment: Environment, asked: (string | null)[] = []) {
  const result = parseSettings({ ...validEnvironment, ...environment });
  if (!result.ok) throw new Error(result.problems.join());
  const credential = (clientId: string | null): TokenCredential => {
    asked.push(clientId);
    return { getToken: async () => ({ token: 'entra', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  };
  const endpoint = `QueueEndpoint=http://127.0.0.1:${(storage.address() as AddressInfo).port}/account`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;${endpoint};`;
  return openRunQueue(result.settings, { kind: 'connectionString', connectionString }, credential);
}

test.each<[Environment, string]>([
  [{}, 'storageQueue'],
  [{ SERVICE_BUS: ' ' }, 'storageQueue'],
  [{ SERVICE_BUS__clientId: 'x' }, 'storageQueue'],
  [{ SERVICE_BUS: 'Endpoint=sb://x' }, 'serviceBus'],
  [{ SERVICE_BUS__fullyQualifiedNamespace: 'x' }, 'serviceBus'],
])('runs travel, with %j, over %s', (environment, expected) => {
  expect(runTransportOf(environment)).toBe(expected);
});

test('a namespace by connection string is sent to, and no identity is asked', async () => {
  const asked: (string | null)[] = [];
  const queue = open({ SERVICE_BUS: broker.connectionString }, asked);
  await queue.ask('CUSTOMER', 60);
  await queue.close();
  expect(broker.queue.peek(0, 10)).toMatchObject([{ sessionId: 'CUSTOMER', isScheduled: true }]);
  expect(asked).toEqual([]);
  expect(asksOfStorage).toEqual([]);
});

test('a namespace by name is opened with the identity that is named', () => {
  const asked: (string | null)[] = [];
  const byName = { SERVICE_BUS__fullyQualifiedNamespace: 'contoso.servicebus.windows.net' };
  open(byName, asked);
  open({ ...byName, SERVICE_BUS__clientId: 'client' }, asked);
  expect(asked).toEqual([null, 'client']);
});

test('without a namespace, runs go to the storage account', async () => {
  await expect(open({}).ask('CUSTOMER', 0)).rejects.toMatchObject({ code: 'storage-access-denied' });
  expect(asksOfStorage).toEqual([expect.stringMatching(/^\/account\/sync-runs/)]);
  expect(broker.queue.peek(0, 10)).toEqual([]);
});
