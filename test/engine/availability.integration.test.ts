/** Item availability against both simulators (statistics.md section 4). */
import { afterEach, describe, expect, it } from 'vitest';
import { readAvailability } from '../../shared/app/availability/readAvailability.ts';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { takeLease } from '../../shared/app/run/lease.ts';
import { dataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { couplingsOf } from './acting.ts';
import { intercept } from './intercept.ts';
import { addItem, addResource, fullRuns, product, startProductWorld, versions } from './productWorld.ts';
import type { World, WorldOptions } from './world.ts';

const job = 'ITEM AVAILABILITY';
const items = mappingName('ITEM-PRODUCT');
let world: World;
afterEach(() => world.close());

/** Chairs and tables, synchronised; stock moves without touching the item. */
async function open(options: Omit<WorldOptions, 'demo'> = {}) {
  world = await startProductWorld({ documents: { itemAvailability: true }, ...options });
  await ensureCodeJobs(world.ports);
  addItem(world, 'CHAIR');
  addItem(world, 'TABLE');
  addResource(world, 'LINDA');
  await fullRuns(world, ['UNIT OF MEASURE', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT']);
  await world.advanceMinutes(30);
}

async function runJob() {
  const [row] = await world.run(job);
  return row;
}

function quantityOf(number: string) {
  return product(world, number)?.['quantityonhand'];
}

describe.each([
  ['by item ledger entries', []],
  ['without them, by comparing inventories', ['itemLedgerEntries']],
] as const)('the job, %s', (_how, withoutSets) => {
  it('writes the quantity of items that moved, and nothing else (ST-34, ST-37, ST-38)', async () => {
    await open({ withoutSets });
    const { price, name } = product(world, 'CHAIR') ?? {};
    const other = product(world, 'TABLE')?.['versionnumber'];
    world.businessCentral.moveStock('CHAIR', 12);
    expect((await runJob())?.counts).toMatchObject({ modified: 1, unchanged: 0, failed: 0 });
    expect(product(world, 'CHAIR')).toMatchObject({ quantityonhand: 12, price, name });
    expect(product(world, 'TABLE')?.['versionnumber']).toBe(other);
  });

  it('writes nothing when it is repeated, and ITEM-PRODUCT takes its write for no change (ST-33, P4)', async () => {
    await open({ withoutSets });
    world.businessCentral.moveStock('CHAIR', 12);
    await runJob();
    const before = versions(world);
    expect((await runJob())?.counts).toMatchObject({ modified: 0, unchanged: 0 });
    const rows = await world.run('ITEM-PRODUCT');
    expect(rows.map(({ counts }) => counts.inserted + counts.modified)).toEqual([0, 0]);
    expect(versions(world)).toEqual(before);
    expect(world.businessCentral.records('items').find(({ number }) => number === 'CHAIR')).toMatchObject({
      inventory: 12,
    });
  });

  it('writes 0 for stock below zero (ST-35)', async () => {
    await open({ withoutSets });
    world.businessCentral.moveStock('CHAIR', 3);
    await runJob();
    world.businessCentral.moveStock('CHAIR', -5);
    await runJob();
    expect(quantityOf('CHAIR')).toBe(0);
    expect((await runJob())?.counts).toMatchObject({ modified: 0, unchanged: 0 });
  });

  it('goes on where its time slice ended', async () => {
    await open({ withoutSets, sliceMs: 0 });
    await world.drainQueue();
    world.businessCentral.moveStock('CHAIR', 1);
    world.businessCentral.moveStock('TABLE', 2);
    const runId = world.ports.ids.runId(world.ports.clock.now());
    await world.ports.queue.send({ job, runId, trigger: 'manual', followedBy: [] });
    await world.drainQueue();
    expect([quantityOf('CHAIR'), quantityOf('TABLE')]).toEqual([1, 2]);
  });
});

describe('the job', () => {
  it('leaves uncoupled items and skipped pairs alone (ST-34)', async () => {
    await open();
    addItem(world, 'LAMP');
    const [chair] = (await couplingsOf(world, items)).filter(({ businessCentralName }) =>
      businessCentralName.includes('CHAIR'),
    );
    if (!chair) throw new Error('The chair is not coupled.');
    await world.ports.couplings.save(items, [{ kind: 'replace', coupling: { ...chair, state: 'skipped' } }]);
    for (const number of ['LAMP', 'CHAIR', 'TABLE']) world.businessCentral.moveStock(number, 4);
    expect((await runJob())?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect([quantityOf('LAMP'), quantityOf('CHAIR'), quantityOf('TABLE')]).toEqual([undefined, 0, 4]);
  });

  it('exists only when the settings ask for it, has no idle test, and starts on hold (ST-32, J-53, J-77)', async () => {
    await open();
    const entry = (await world.ports.jobs.get(job as never))?.entry;
    expect(entry).toMatchObject({ frequencyMinutes: 30, status: 'onHoldInactivity' });
    await world.run(job);
    expect((await world.ports.jobs.get(job as never))?.entry.status).toBe('ready');
    const documents = { ...world.ports.policy.documents, itemAvailability: false };
    await ensureCodeJobs({ ...world.ports, policy: { ...world.ports.policy, documents } });
    expect(await world.ports.jobs.get(job as never)).toBeNull();
  });

  it('waits while a run of ITEM-PRODUCT is on, and changes nothing meanwhile', async () => {
    await open();
    await takeLease(world.ports, items, 'another run');
    world.businessCentral.moveStock('CHAIR', 12);
    expect(await runJob()).toBeUndefined();
    expect(quantityOf('CHAIR')).toBe(0);
  });

  it('says on its entry when the field of ITEM-PRODUCT is switched off (ST-32, ST-33)', async () => {
    const off = (id: string, enabled: boolean) => enabled && id !== 'quantityonhand';
    await open({
      change: (mapping) => ({
        ...mapping,
        fields: mapping.fields.map((field) => ({ ...field, enabled: off(field.id, field.enabled) })),
      }),
    });
    expect(await runJob()).toBeUndefined();
    expect((await world.ports.jobs.get(job as never))?.entry.errorMessage).toContain(
      'does not bring the inventory',
    );
  });

  it('meets a refused product again in the next run, with one error that closes itself (P5)', async () => {
    await open();
    world.businessCentral.moveStock('CHAIR', 12);
    const problem = {
      kind: 'data',
      serviceCode: '0x80040265',
      message: 'A plug-in said no.',
      status: 400,
    } as const;
    const refusing = intercept(world.ports.dataverse, {
      update: () => async (_selection, updates) => updates.map(() => ({ status: 'refused', problem })),
    });
    for (let times = 0; times < 2; times += 1) {
      const runId = world.ports.ids.runId(world.ports.clock.now());
      const ports = { ...world.ports, dataverse: refusing };
      await executeRun(ports, world.mappings, { job, runId, trigger: 'manual', followedBy: [] });
      expect(await world.openErrors(job)).toMatchObject([{ code: 'modify-failed', field: 'quantityonhand' }]);
    }
    expect((await runJob())?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(await world.openErrors(job)).toEqual([]);
    expect(quantityOf('CHAIR')).toBe(12);
  });

  it('reads few things: movements, items, and a batch in either direction (ST-38, P10)', async () => {
    await open();
    await runJob();
    await world.advanceMinutes(30);
    const idle = await runJob();
    expect(idle?.requests.dataverse).toBe(0);
    expect(idle?.requests.businessCentral).toBeLessThanOrEqual(2);
    world.businessCentral.moveStock('CHAIR', 12);
    world.businessCentral.moveStock('TABLE', 12);
    const moved = await runJob();
    expect(moved?.requests).toEqual({ businessCentral: 2, dataverse: 2 });
  });
});

describe('the answer', () => {
  it('is live, in the base unit, by product or by number (ST-35, ST-41, ST-42)', async () => {
    await open();
    world.businessCentral.moveStock('CHAIR', 12);
    const asOf = world.ports.clock.now();
    const answer = { itemNumber: 'CHAIR', baseUnit: 'PCS', inventory: 12, asOf };
    expect(await readAvailability(world.ports, { itemNumber: 'chair' })).toEqual(answer);
    const id = dataverseId(String(product(world, 'CHAIR')?.['productid']));
    expect(await readAvailability(world.ports, { dataverseProductId: id })).toEqual(answer);
    world.businessCentral.moveStock('CHAIR', -20);
    expect(await readAvailability(world.ports, { dataverseProductId: id })).toMatchObject({ inventory: 0 });
  });

  it('is none for uncoupled items, for what does not exist, and for resources (ST-36, ST-41)', async () => {
    await open();
    addItem(world, 'LAMP');
    const linda = dataverseId(String(product(world, 'LINDA')?.['productid']));
    expect(await readAvailability(world.ports, { dataverseProductId: linda })).toBeNull();
    expect(await readAvailability(world.ports, { itemNumber: 'LAMP' })).toBeNull();
    expect(await readAvailability(world.ports, { itemNumber: 'NONE' })).toBeNull();
  });
});
