/** The run queue on the storage emulator (platform C.2). */
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runId } from '../../domain/common/ids.ts';
import type { RunMessage } from '../../ports/queue.ts';
import { runOf, runQueueContract } from '../queueContract/runQueue.contract.ts';
import { type Emulator, startEmulator } from '../tableStorage/contract/azurite.ts';
import { questionSchema, runMessageSchema } from './runMessageSchema.ts';
import { createStorageRunQueue, poisonQueueOf } from './storageRunQueue.ts';

let emulator: Emulator;
const message: RunMessage = {
  job: 'UNIT OF MEASURE',
  runId: runId('01940000-0000-7000-8000-000000000001'),
  trigger: 'wake',
  followedBy: [
    { job: 'ITEM-PRODUCT', runId: runId('01940000-0000-7000-8000-000000000002'), trigger: 'fullSync' },
  ],
};

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const open = (queueName: string) =>
  createStorageRunQueue({
    storage: { kind: 'connectionString', connectionString: emulator.connectionString },
    queueName,
  });
const client = (queueName: string) => new QueueClient(emulator.connectionString, queueName);

async function received(queueName: string): Promise<unknown[]> {
  const { receivedMessageItems } = await client(queueName).receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map((item) => JSON.parse(Buffer.from(item.messageText, 'base64').toString()));
}

test('a message arrives as Base64 of JSON that the schema takes, on a queue created at first use', async () => {
  await open('first').send(message);
  const [text] = await received('first');
  expect(runMessageSchema.parse(text)).toEqual(message);
});

test('concurrent first sends create the queue once and lose nothing', async () => {
  const queue = open('together');
  await Promise.all([1, 2, 3, 4].map(() => queue.send(message)));
  expect(await received('together')).toHaveLength(4);
});

test('a delayed message is not visible yet, and a delay beyond seven days is cut (C-10)', async () => {
  const queue = open('delayed');
  await queue.send(message, 0.2);
  await queue.send(message, 9e9);
  expect(await received('delayed')).toEqual([]);
  expect((await client('delayed').getProperties()).approximateMessagesCount).toBe(2);
});

test('a question travels beside runs, in a form of its own', async () => {
  const queue = open('asked');
  await queue.ask('UNIT OF MEASURE', 0);
  const [question] = await received('asked');
  expect(questionSchema.parse(question)).toEqual({ ask: 'UNIT OF MEASURE' });
  expect(questionSchema.safeParse(message).success).toBe(false);
});

test('a queue that was deleted meanwhile is created again', async () => {
  const queue = open('again');
  await queue.send(message);
  await client('again').delete();
  await queue.send(message, -5);
  expect(await received('again')).toEqual([message]);
});

test('refusals come as failures of the product, and a delay that is no number never leaves', async () => {
  await expect(open('Not A Name').send(message)).rejects.toMatchObject({ name: 'SyncFailure', kind: 'bug' });
  await expect(open('first').send(message, Number.NaN)).rejects.toMatchObject({ code: 'invariant' });
});

test('a message that names no successors has none', () => {
  const { followedBy, ...alone } = message;
  expect(followedBy).toHaveLength(1);
  expect(runMessageSchema.parse(alone)).toEqual({ ...alone, followedBy: [] });
});

test('a message of another form is refused with every problem', () => {
  const parsed = runMessageSchema.safeParse({ job: '', runId: 'x', trigger: 'moon', followedBy: [{}] });
  expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([
    'job',
    'runId',
    'trigger',
    'followedBy.0.job',
    'followedBy.0.runId',
    'followedBy.0.trigger',
  ]);
});

describe('a storage queue', () => {
  let number = 0;
  runQueueContract(async () => {
    number += 1;
    const name = `contract-${number}`;
    const queue = open(name);
    const visible = client(name);
    await visible.createIfNotExists();
    return {
      queue,
      takeDue: async () => {
        const { receivedMessageItems } = await visible.receiveMessages({ numberOfMessages: 32 });
        for (const { messageId, popReceipt } of receivedMessageItems) {
          await visible.deleteMessage(messageId, popReceipt);
        }
        return receivedMessageItems.map(({ messageText }) =>
          JSON.parse(Buffer.from(messageText, 'base64').toString()),
        );
      },
      held: async () => (await visible.getProperties()).approximateMessagesCount ?? 0,
      setOneAside: async () => {
        const poison = client(poisonQueueOf(name));
        await poison.createIfNotExists();
        await poison.sendMessage(Buffer.from(JSON.stringify(runOf('CUSTOMER', 1))).toString('base64'));
      },
    };
  });
});

test('a check makes the queue and leaves no message; without the account it fails', async () => {
  await open('checked').check();
  await open('checked').check();
  expect(await received('checked')).toEqual([]);
  const elsewhere = emulator.connectionString.replaceAll(/AccountKey=[^;]+/g, 'AccountKey=bm90IHRoZSBrZXk=');
  const storage = { kind: 'connectionString', connectionString: elsewhere } as const;
  await expect(createStorageRunQueue({ storage, queueName: 'checked' }).check()).rejects.toThrow();
});
