/** The stores in memory keep the same contract as those in Table Storage. */
import { describe, expect, test } from 'vitest';
import { runOf, runQueueContract } from '../queueContract/runQueue.contract.ts';
import { repeated } from '../storageQueue/runMessageSchema.ts';
import { couplingReadContract } from '../tableStorage/contract/couplingReads.contract.ts';
import { couplingContract } from '../tableStorage/contract/couplings.contract.ts';
import { recordContract } from '../tableStorage/contract/records.contract.ts';
import { coupling, customer, retry, syncJob } from '../tableStorage/contract/samples.ts';
import { createMemoryRunQueue } from './memoryRunQueue.ts';
import { createMemoryStores } from './memoryStores.ts';

describe('memory', () => {
  const open = async () => createMemoryStores();
  couplingContract(open);
  couplingReadContract(open);
  recordContract(open);

  test('two sets of stores share nothing, and rows handed out are copies', async () => {
    const [first, second] = [createMemoryStores(), createMemoryStores()];
    await first.couplings.save(customer, [{ kind: 'create', coupling: coupling(1) }]);
    expect(await second.couplings.unsettled(customer)).toEqual([]);
    await first.retries.save([retry(1)]);
    const [read] = await first.retries.list(customer);
    Object.assign(read ?? {}, { attempts: 99 });
    expect(await first.retries.list(customer)).toEqual([retry(1)]);
  });

  test('the queue keeps what was sent, in order, with its delay', async () => {
    const queue = createMemoryRunQueue();
    const message = { job: 'CUSTOMER', runId: syncJob(1).runId, trigger: 'wake', followedBy: [] } as const;
    await queue.send(message);
    await queue.send(message, 30);
    expect(queue.sent.map((sent) => sent.delaySeconds)).toEqual([0, 30]);
    expect(queue.sent[0]?.message).toEqual(message);
    await queue.ask('CUSTOMER', 5);
    expect(queue.asked).toEqual([{ job: 'CUSTOMER', delaySeconds: 5 }]);
  });
});

describe('the queue in memory', () => {
  runQueueContract(async () => {
    const queue = createMemoryRunQueue();
    const all = () => [
      ...queue.sent.map(({ message, delaySeconds }) => ({ item: message, delaySeconds })),
      ...queue.asked.map(({ job, delaySeconds }) => ({ item: { ask: job }, delaySeconds })),
      ...queue.repeated.map(({ message, failures, delaySeconds }) => ({
        item: repeated(message, failures),
        delaySeconds,
      })),
    ];
    const taken: unknown[] = [];
    return {
      queue,
      takeDue: async () => {
        const due = all().filter(({ delaySeconds }) => delaySeconds <= 0);
        const fresh = due.slice(taken.length).map(({ item }) => item);
        taken.push(...fresh);
        return fresh;
      },
      held: async () => all().length - taken.length,
      setOneAside: async () => void queue.poison.push(runOf('CUSTOMER', 1)),
    };
  });
});
