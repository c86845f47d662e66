/** Answers that get lost on the way: the write happened, the client repeats it, the outcome must still be right. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from './contract/azurite.ts';
import { coupling, creates, crmId, customer, erpId, job, minute, range } from './contract/samples.ts';
import type { StoreSet } from './storeSet.ts';
import { createTableStores } from './tableStores.ts';

let emulator: Emulator;
let proxy: Server;
let stores: StoreSet;
/** How many transactions from now on are carried out without an answer. */
let answersToLose = 0;

/** Passes requests on to the emulator, whose signatures do not cover the host, and loses answers as told. */
function startProxy(target: URL): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const options = { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method };
    const forwarded = send({ ...options, headers: incoming.headers }, (answer) => {
      if (answersToLose > 0 && incoming.url?.includes('$batch')) {
        answersToLose -= 1;
        answer.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  emulator = await startEmulator();
  const target = /TableEndpoint=([^;]+)/.exec(emulator.connectionString)?.[1] ?? '';
  proxy = await startProxy(new URL(target));
  const { port } = proxy.address() as AddressInfo;
  const connectionString = emulator.connectionString.replace(
    target,
    `http://127.0.0.1:${port}/devstoreaccount1`,
  );
  stores = createTableStores({
    storage: { kind: 'connectionString', connectionString },
    random: (size) => randomBytes(size).toString('hex'),
  });
  await stores.ensureTables();
});

afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await emulator.stop();
});

test('creates whose answer was lost are done, with the intent gone and both rows of each there (P2, P8)', async () => {
  const { couplings } = stores;
  await couplings.saveIntents([
    { mapping: customer, dataverseId: crmId(3), startedAt: minute(0), sent: {}, base: {} },
  ]);
  answersToLose = 2;
  expect(await couplings.save(customer, creates(60))).toEqual(range(60).map(() => 'done'));
  expect(answersToLose).toBe(0);
  expect(await couplings.intents(customer)).toEqual([]);
  expect(await couplings.byBusinessCentralIds(customer, range(60).map(erpId), 1e9)).toHaveLength(60);
  expect(await couplings.byDataverseIds(customer, range(60).map(crmId), 1e9)).toHaveLength(60);
});

test('a remove whose answer was lost leaves neither row, and says that it found nothing', async () => {
  await stores.couplings.save(customer, [{ kind: 'create', coupling: coupling(100) }]);
  answersToLose = 1;
  const remove = { kind: 'remove', businessCentralId: erpId(100), dataverseId: crmId(100) } as const;
  expect(await stores.couplings.save(customer, [remove])).toEqual(['missing']);
  expect(await stores.couplings.byDataverseIds(customer, [crmId(100)], 1e9)).toEqual([]);
});

test('a replace of a job whose answer was lost counts as not won, so nobody runs on a guess (J-119)', async () => {
  await stores.jobs.createIfMissing(job());
  const version = (await stores.jobs.get('CUSTOMER'))?.version ?? '';
  answersToLose = 1;
  expect(await stores.jobs.replace(job({ status: 'inProcess' }), version)).toBeNull();
  expect((await stores.jobs.get('CUSTOMER'))?.entry.status).toBe('inProcess');
});
