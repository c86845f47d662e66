import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { startWorld, type World } from '../engine/world.ts';

describe.each([true, false])('x %s', (companionApp) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ companionApp });
    await ensureCodeJobs(world.ports);
    await world.run('SALESPEOPLE', 'fullSync');
    await world.run('CURRENCY', 'fullSync');
    await world.run('CUSTOMER', 'fullSync');
  });
  afterAll(() => world.close());
  it('y', async () => {
    const rows = await world.run('CUSTOMER STATISTICS');
    console.log(JSON.stringify(rows), (await world.openErrors('CUSTOMER STATISTICS')).slice(0, 3));
    console.log(await world.run('CUSTOMER STATISTICS'));
    console.log(world.dataverse.rows('nav_accountstatistics').filter((r) => ['10000', '20000'].includes(String(r['nav_customerno']))));
    console.log(JSON.stringify(world.events.filter((e) => /failed|statist|missing/.test(e.event))));
    const c = await world.run('CUSTOMER');
    console.log(c.map((r) => r.counts));
  });
});
