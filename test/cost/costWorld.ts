/** A company of N customers, and what one run of CUSTOMER asks of the two services and of the tables. */
import { runRequestFor } from '../../shared/app/jobs/runRequest.ts';
import { runMapping } from '../../shared/app/runMapping.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { RequestCounts, RunTrigger } from '../../shared/domain/logs/syncJob.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { startWorld, type World } from '../engine/world.ts';

const customer = mappingName('CUSTOMER');

/** Requests of one run; a batch counts once. */
export interface Cost {
  readonly businessCentral: number;
  readonly dataverse: number;
  readonly tables: number;
}

export interface CostWorld {
  readonly world: World;
  /** The cost of one run of CUSTOMER and nothing else, with the counters of its passes. */
  measure(trigger?: RunTrigger): Promise<Cost>;
  /** Lets the overlap of the Business Central watermark pass, until a run finds nothing to read again. */
  settle(): Promise<void>;
  editCustomers(range: Range, changes: Record<string, string>): void;
  editAccounts(range: Range, changes: Record<string, string>): void;
}

/** Customers by their running number, from 1. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

function names({ from, count }: Range): ReadonlySet<string> {
  return new Set(Array.from({ length: count }, (_, index) => `Customer ${from + index}`));
}

/** Starts a world with N customers; what CUSTOMER refers to has been synchronised already. */
export async function startCostWorld(customers: number): Promise<CostWorld> {
  const world = await startWorld({ demo: false });
  fill(world, customers);
  await world.run('SALESPEOPLE', 'fullSync');
  await world.run('CURRENCY', 'fullSync');
  const measure = (trigger: RunTrigger = 'timer') => costOf(world, () => runCustomer(world, trigger));
  return {
    world,
    measure,
    settle: async () => {
      for (let round = 0; round < 2; round += 1) {
        await world.advanceMinutes(31);
        await runCustomer(world, 'timer');
      }
      await world.advanceMinutes(31);
    },
    editCustomers: (range, changes) => {
      const wanted = names(range);
      for (const row of world.businessCentral.records('customers')) {
        if (!wanted.has(String(row['displayName']))) continue;
        world.businessCentral.edit('customers', String(row['id']), changes, 'bob');
      }
    },
    editAccounts: (range, changes) => {
      const wanted = names(range);
      for (const row of world.dataverse.rows('account')) {
        if (!wanted.has(String(row['name']))) continue;
        world.dataverse.edit('account', String(row['accountid']), changes, 'alice');
      }
    },
  };
}

function fill({ businessCentral }: World, customers: number): void {
  businessCentral.create('currencies', { code: 'USD', displayName: 'US Dollar', symbol: '$' }, 'bob');
  const rate = { exchangeRateAmount: 1, relationalExchangeRateAmount: 0.8 };
  const dates = { currencyCode: 'USD', startingDate: '2026-01-01' };
  businessCentral.create('currencyExchangeRates', { ...dates, ...rate }, 'bob');
  for (let number = 1; number <= customers; number += 1) {
    businessCentral.create('customers', { displayName: `Customer ${number}`, city: 'London' }, 'bob');
  }
}

/** Gives the requests the run itself counted. */
async function runCustomer({ ports, mappings }: World, trigger: RunTrigger): Promise<RequestCounts> {
  const mapping = findMapping(mappings, customer);
  const runId = ports.ids.runId(ports.clock.now());
  const result = await runMapping(ports, mappings, runRequestFor(mapping, { runId, trigger }));
  if (result.status !== 'done') throw new Error(`the run ended as ${result.status}`);
  const failed = result.syncJobs.reduce((sum, { counts }) => sum + counts.failed, 0);
  if (failed > 0) throw new Error(`${failed} records failed`);
  return result.requests;
}

/** Counts at the simulators and at the tables; what the run's own meters say must be the same. */
async function costOf(world: World, run: () => Promise<RequestCounts>): Promise<Cost> {
  const before = sentSoFar(world);
  const metered = await run();
  const after = sentSoFar(world);
  const cost = {
    businessCentral: after.businessCentral - before.businessCentral,
    dataverse: after.dataverse - before.dataverse,
    tables: after.tables - before.tables,
  };
  if (metered.businessCentral !== cost.businessCentral || metered.dataverse !== cost.dataverse) {
    throw new Error(`the run counted ${JSON.stringify(metered)}, the services ${JSON.stringify(cost)}`);
  }
  return cost;
}

function sentSoFar({ businessCentral, dataverse, stores }: World): Cost {
  const { requests } = stores;
  return {
    businessCentral: businessCentral.requests.total,
    dataverse: dataverse.requests.total,
    tables: requests.sent,
  };
}
