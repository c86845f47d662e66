/** Couplings with something wrong, for tests of what a user does about it. */
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import { act, couplingsOf, recordId } from './acting.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** A synchronised demo company without Litware's error, which would be among the others. */
export async function synchronisedWorld(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options);
  const litware = world.dataverse.rows('account').find((row) => row['name'] === 'Litware, Inc. (sample)');
  world.dataverse.remove('account', String(litware?.['accountid']), 'alice');
  for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await world.run(job, 'fullSync');
  await world.advanceMinutes(30);
  return world;
}

/** The coupling of the customer with this name, as stored now. Raises when there is none. */
export async function couplingNamed(world: World, name: string, mapping = 'CUSTOMER'): Promise<Coupling> {
  const found = (await couplingsOf(world, mapping)).find((each) => each.businessCentralName.endsWith(name));
  if (!found) throw new Error(`${name} is not coupled`);
  return found;
}

/** Both sides change the same field, and two runs find it: the record is skipped (E-38). */
export async function makeConflict(world: World, name: string): Promise<Coupling> {
  const { businessCentralId, dataverseId } = await couplingNamed(world, name);
  world.businessCentral.edit('customers', businessCentralId, { city: 'Oxford' }, 'bob');
  world.dataverse.edit('account', dataverseId, { address1_city: 'Tromsø' }, 'alice');
  await world.run('CUSTOMER');
  await world.run('CUSTOMER');
  return couplingNamed(world, name);
}

/** The account is deleted, and nobody has noticed yet. */
export async function loseAccount(world: World, name: string): Promise<Coupling> {
  const coupling = await couplingNamed(world, name);
  world.dataverse.remove('account', coupling.dataverseId, 'alice');
  return coupling;
}

/** The customer is deleted, and nobody has noticed yet. */
export async function loseCustomer(world: World, name: string): Promise<Coupling> {
  const coupling = await couplingNamed(world, name);
  world.businessCentral.remove('customers', coupling.businessCentralId, 'bob');
  return coupling;
}

/** How a record is named in an action. */
export function keyOf({ businessCentralId, dataverseId }: Coupling) {
  return { businessCentralId, dataverseId };
}

/** The customers, or accounts, of this name. */
export function customersNamed({ businessCentral }: World, name: string) {
  return businessCentral.records('customers').filter((row) => row['displayName'] === name);
}
export function accountsNamed({ dataverse }: World, name: string) {
  return dataverse.rows('account').filter((row) => row['name'] === name);
}

/** When the job is to run next, and its status. */
export async function planOfJob({ ports }: World, job = 'CUSTOMER') {
  const stored = await ports.jobs.get(mappingName(job));
  return { status: stored?.entry.status, earliestStart: stored?.entry.earliestStart };
}

/** A new customer with its account, which nothing else refers to, so that either can be deleted. */
export async function newPair(world: World, displayName: string): Promise<Coupling> {
  world.businessCentral.create('customers', { displayName, city: 'London' }, 'bob');
  const businessCentralIds = [recordId(world, 'customers', 'displayName', displayName)];
  const task = { kind: 'synchronize', manner: 'createNew', businessCentralIds, dataverseIds: [] } as const;
  await act(world, 'CUSTOMER', task);
  return couplingNamed(world, displayName);
}
