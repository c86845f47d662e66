/** An empty company and organisation with nothing but what a test puts in, and runs over ports it tampers with. */
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { RunTrigger, SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World, type WorldOptions } from '../engine/world.ts';

export const customerMapping = mappingName('CUSTOMER');

/** A world without demo data in which Sales knows the local currency. */
export async function startCompany(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld({ demo: false, ...options });
  const pound = { isocurrencycode: 'GBP', currencyname: 'Pound Sterling', currencysymbol: '£' };
  const precision = { exchangerate: 0.8, currencyprecision: 2 };
  world.dataverse.create('transactioncurrency', { ...pound, ...precision }, 'admin');
  return world;
}

/** Types in a customer and gives its id. */
export function addCustomer({ businessCentral }: World, values: Readonly<Record<string, string>>): string {
  return String(businessCentral.create('customers', { ...values }, 'bob')['id']);
}

/** Types in an account of relationship type Customer in the local currency and gives its id. */
export function addAccount({ dataverse }: World, values: Readonly<Record<string, string>>): string {
  const pound = dataverse.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'GBP');
  const reference = `/transactioncurrencies(${pound?.['transactioncurrencyid']})`;
  const fixed = { customertypecode: 3, 'transactioncurrencyid@odata.bind': reference };
  return String(dataverse.create('account', { ...values, ...fixed }, 'alice')['accountid']);
}

/** Runs CUSTOMER over other ports than the world's; gives the rows of the log in order of the passes. */
export async function runOver(
  ports: SyncPorts,
  { mappings }: World,
  trigger: RunTrigger = 'fullSync',
): Promise<readonly SyncJob[]> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, mappings, { job: customerMapping, runId, trigger, followedBy: [] });
  const { rows } = await ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  return rows.toReversed();
}

/** The state of CUSTOMER as stored. */
export async function stateOf({ ports }: World) {
  return (await ports.mappings.get(customerMapping)).state;
}
