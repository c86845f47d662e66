/** Worlds with coupled customers and their statistics. */
import { ensureCodeJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { Coupling } from '../../shared/domain/couplings/coupling.ts';
import type { Counters } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** Name of the job. */
export const statisticsJob = 'CUSTOMER STATISTICS';

/** The demo company with its customers coupled, and the jobs that run code. */
export async function coupledCustomers(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options);
  await ensureCodeJobs(world.ports);
  for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await world.run(job, 'fullSync');
  return world;
}

/** Many customers without anything else, coupled. */
export async function manyCustomers(count: number, options: WorldOptions = {}): Promise<World> {
  const world = await startWorld({ ...options, demo: false });
  await ensureCodeJobs(world.ports);
  const pound = { isocurrencycode: 'GBP', currencyname: 'Pound', currencysymbol: '£', currencyprecision: 2 };
  world.dataverse.create('transactioncurrency', { ...pound, exchangerate: 0.8 }, 'integration');
  for (let index = 0; index < count; index += 1) {
    const number = `C${String(index).padStart(5, '0')}`;
    world.businessCentral.create('customers', { number, displayName: `Customer ${number}` });
  }
  await world.run('CUSTOMER', 'fullSync');
  return world;
}

/** Runs the job and gives what it counted. */
export async function runStatistics(world: World): Promise<Counters> {
  const [row] = await world.run(statisticsJob);
  if (!row) throw new Error('The job wrote no row of the log.');
  return row.counts;
}

/** All rows of statistics. */
export function statisticsRows({ dataverse }: World) {
  return dataverse.rows('nav_accountstatistics');
}

/** The row of a customer number. Raises when there is not exactly one. */
export function statisticsOf(world: World, number: string) {
  const found = statisticsRows(world).filter((row) => row['nav_customerno'] === number);
  const [row, ...others] = found;
  if (!row || others.length > 0) throw new Error(`${found.length} rows of ${number}`);
  return row;
}

/** The customer of that number. */
export function customerOf({ businessCentral }: World, number: string) {
  const customer = businessCentral.records('customers').find((each) => each['number'] === number);
  if (!customer) throw new Error(`There is no customer ${number}.`);
  return customer;
}

/** The account whose lookup points at the row of a customer number. */
export function accountOf(world: World, number: string) {
  const id = statisticsOf(world, number)['nav_accountstatisticsid'];
  const accounts = world.dataverse.rows('account');
  return accounts.find((row) => row['_nav_accountstatisticsid_value'] === id);
}

/** Versions of accounts and statistics, to see that nothing is written. */
export function statisticsVersions({ dataverse }: World): readonly unknown[] {
  return ['account', 'nav_accountstatistics'].flatMap((table) =>
    dataverse.rows(table).map((row) => row['versionnumber']),
  );
}

/** Three customers, coupled, with a credit limit each: 100, 101 and 102. */
export async function customersWithLimits(options: WorldOptions = {}): Promise<World> {
  const world = await manyCustomers(3, options);
  for (const { number, id } of world.businessCentral.records('customers')) {
    const creditLimit = 100 + Number(String(number).slice(1));
    world.businessCentral.edit('customers', String(id), { creditLimit });
  }
  return world;
}

/** Couplings of customers. */
export async function customerCouplings({ ports }: World): Promise<readonly Coupling[]> {
  const query = { mapping: mappingName('CUSTOMER') };
  return (await ports.couplings.list(query, { top: 1000, continuation: null })).rows;
}
