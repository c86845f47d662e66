/** Contacts where Business Central offers no vendors (E-97, E-99). */
import { afterEach, expect, it } from 'vitest';
import { couplingsOf } from './acting.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

it('contacts of customers are synchronised where the service offers no vendors (E-97, E-99)', async () => {
  world = await startWorld({ onlyReference: true });
  await world.fullSync();
  expect((await couplingsOf(world, 'CONTACT')).length).toBeGreaterThan(0);
});
