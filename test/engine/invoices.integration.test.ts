import { afterEach, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());
it('demo', async () => {
  world = await startWorld();
  await world.fullSync();
  const { rows } = await world.ports.logs.listSyncJobs({}, { top: 1000, continuation: null });
  console.log(
    rows
      .filter((r) => /SALES|ITEM-|CUSTOMER/.test(r.mapping))
      .map((r) => [r.mapping, r.job, JSON.stringify(r.counts), r.message, JSON.stringify(r.requests)]),
  );
  const errors = await world.openErrors('POSTEDSALESINV-INV');
  console.log(errors.slice(0, 8).map((e) => [e.code, e.message]));
  console.log(world.dataverse.rows('invoice').length, world.dataverse.rows('invoicedetail').length);
  console.log(world.dataverse.rows('invoice')[0], world.dataverse.rows('invoicedetail')[0]);
  expect(1).toBe(1);
}, 120_000);
