/** Runs longer than their time slice (P10). */
import { afterEach, describe, expect, it } from 'vitest';
import { wakeJobs } from '../../shared/app/jobs/wakeJobs.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { instant } from '../../shared/domain/common/instants.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const page = { top: 1000, continuation: null };
const customer = mappingName('CUSTOMER');

async function couplings() {
  return (await world.ports.couplings.list({ mapping: customer }, page)).rows;
}

describe('a run that stops after every page', () => {
  it('goes on in the next invocation with the same rows of the log, and ends like a run in one piece', async () => {
    world = await startWorld({ pageSize: 20, sliceMs: 0 });
    for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) {
      await world.run(job, 'fullSync');
      await world.drainQueue();
    }
    const rows = (await world.ports.logs.listSyncJobs({ mapping: customer }, page)).rows.toReversed();
    expect(rows.map(({ direction }) => direction)).toEqual(['toDataverse', 'toBusinessCentral']);
    expect(rows.map(({ counts }) => counts)).toMatchObject([
      { inserted: 63, failed: 0, unchanged: 0 },
      { inserted: 10, failed: 1, unchanged: 0 },
    ]);
    expect(rows.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
    expect(await couplings()).toHaveLength(73);
    expect((await world.ports.jobs.get('CUSTOMER'))?.entry).toMatchObject({
      status: 'ready',
      lastRun: { outcome: 'success' },
    });
    expect((await world.ports.mappings.get(customer)).state).toMatchObject({
      cursor: null,
      coupledCount: 73,
    });
  });

  it('is one page of 20 customers per invocation', async () => {
    world = await startWorld({ pageSize: 20, sliceMs: 0 });
    await world.run('CUSTOMER', 'fullSync');
    const { cursor } = (await world.ports.mappings.get(customer)).state;
    expect(cursor).toMatchObject({ pass: 'toDataverse', position: { side: 'businessCentral' } });
    expect(await couplings()).toHaveLength(cursor?.coupled ?? 0);
    const [row] = (await world.ports.logs.listSyncJobs({ mapping: customer }, page)).rows;
    expect(row).toMatchObject({ finishedAt: null });
    const { counts } = row ?? { counts: { inserted: 0, failed: 0 } };
    expect(counts.inserted + counts.failed).toBe(20);
  });

  it('lets a second run wait until it is over (P2)', async () => {
    world = await startWorld({ pageSize: 30, sliceMs: 0 });
    await world.run('CUSTOMER', 'fullSync');
    expect(await world.run('CUSTOMER')).toEqual([]);
    await world.drainQueue();
    const runs = (await world.ports.logs.listSyncJobs({ mapping: customer }, page)).rows.toReversed();
    expect(runs.map(({ trigger }) => trigger)).toEqual(['fullSync', 'fullSync', 'manual', 'manual']);
  });

  it('and is abandoned there is started anew after a while, without a second record (P2)', async () => {
    world = await startWorld({ pageSize: 20, sliceMs: 0 });
    for (const job of ['SALESPEOPLE', 'CURRENCY']) {
      await world.run(job, 'fullSync');
      await world.drainQueue();
    }
    await world.run('CUSTOMER', 'fullSync');
    world.forgetQueue();
    await world.advanceMinutes(3);
    await world.run('CUSTOMER', 'fullSync');
    await world.drainQueue();
    expect(await couplings()).toHaveLength(73);
    expect(world.dataverse.rows('account')).toHaveLength(63 + 15);
  });

  it('leaves an inactivity hold as it was, over all slices (J-92)', async () => {
    world = await startWorld({ pageSize: 20, sliceMs: 0 });
    const stored = await world.ports.jobs.get('CUSTOMER');
    const held = { status: 'onHoldInactivity', earliestStart: instant('2026-03-10T20:00:00Z') } as const;
    if (stored) await world.ports.jobs.replace({ ...stored.entry, ...held }, stored.version);
    await world.run('CUSTOMER', 'fullSync');
    expect(await world.drainQueue()).toBeGreaterThan(2);
    expect((await world.ports.jobs.get('CUSTOMER'))?.entry).toMatchObject(held);
  });

  it('keeps a wake that comes between two slices (J-73)', async () => {
    world = await startWorld({ pageSize: 20, sliceMs: 0 });
    await world.run('CUSTOMER', 'fullSync');
    expect(await wakeJobs(world.ports, ['CUSTOMER'], 'businessCentralChange')).toEqual(['CUSTOMER']);
    await world.drainQueue();
    expect((await world.ports.jobs.get('CUSTOMER'))?.entry).toMatchObject({
      status: 'ready',
      woken: true,
      earliestStart: '2026-03-10T08:00:30.000Z',
    });
  });

  it('returns to On Hold when it was on hold before a user ran it (A-14)', async () => {
    world = await startWorld({ pageSize: 20, sliceMs: 0 });
    const stored = await world.ports.jobs.get('CUSTOMER');
    if (stored) await world.ports.jobs.replace({ ...stored.entry, status: 'onHold' }, stored.version);
    await world.run('CUSTOMER', 'fullSync');
    expect(await world.drainQueue()).toBeGreaterThan(2);
    expect((await world.ports.jobs.get('CUSTOMER'))?.entry.status).toBe('onHold');
  });
});
