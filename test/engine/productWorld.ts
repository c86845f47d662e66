/** A small company with units, items, resources and a price group, on an otherwise empty pair of systems. */
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** The mappings of units, products and prices, in run order. */
export const classicJobs = [
  'UNIT OF MEASURE',
  'RESOURCE-PRODUCT',
  'ITEM-PRODUCT',
  'CUSTPRCGRP-PRICE',
  'SALESPRC-PRODPRICE',
] as const;

/** The mappings of products alone, in run order. */
export const productJobs = ['UNIT OF MEASURE', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT'] as const;

/** Starts the world; the local currency is there in Sales. Nothing is synchronised yet. */
export async function startProductWorld(options: Omit<WorldOptions, 'demo'> = {}): Promise<World> {
  const world = await startWorld({ ...options, demo: false });
  const { businessCentral, dataverse } = world;
  for (const code of ['PCS', 'BOX', 'HOUR']) {
    businessCentral.create('unitsOfMeasure', { code, displayName: `Unit ${code}` });
  }
  const pound = { isocurrencycode: 'GBP', currencyname: 'Pound', currencysymbol: '£', currencyprecision: 2 };
  dataverse.create('transactioncurrency', { ...pound, exchangerate: 0.8 }, 'integration');
  return world;
}

/** Adds an item; its number is also its description unless stated. */
export function addItem(
  { businessCentral }: World,
  number: string,
  values: Record<string, unknown> = {},
): string {
  const usual = { number, displayName: `Item ${number}`, baseUnitOfMeasureCode: 'PCS', unitPrice: 10 };
  return String(businessCentral.create('items', { ...usual, ...values } as never)['id']);
}

/** Adds a resource. */
export function addResource(world: World, number: string, values: Record<string, unknown> = {}): string {
  const usual = {
    number,
    type: 'Person',
    name: `Resource ${number}`,
    baseUnitOfMeasureCode: 'HOUR',
    unitPrice: 50,
  };
  return String(world.businessCentral.create('resources', { ...usual, ...values } as never)['id']);
}

/** Adds a customer price group. */
export function addGroup({ businessCentral }: World, code: string): string {
  return String(businessCentral.create('customerPriceGroups', { code, description: `Group ${code}` })['id']);
}

/** Adds a sales price of a group. */
export function addPrice(
  { businessCentral }: World,
  salesCode: string,
  itemNumber: string,
  values: Record<string, unknown> = {},
): string {
  const usual = { salesType: 'Customer_x0020_Price_x0020_Group', salesCode, itemNumber, unitPrice: 9 };
  return String(businessCentral.create('salesPrices', { ...usual, ...values } as never)['id']);
}

/** Runs jobs in full, one after the other, and gives the last one's rows of the log. */
export async function fullRuns(world: World, jobs: readonly string[]) {
  let last: Awaited<ReturnType<World['run']>> = [];
  for (const job of jobs) last = await world.run(job, 'fullSync');
  return last;
}

/** A full run of one job with these ports. */
export async function fullRunWith(world: World, ports: SyncPorts, job: string): Promise<void> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job, runId, trigger: 'fullSync', followedBy: [] });
}

/** The item of that number. */
export function item(world: World, number: string) {
  return world.businessCentral.records('items').find((record) => record['number'] === number);
}

/** The product of that number. */
export function product(world: World, number: string) {
  return world.dataverse.rows('product').find((row) => row['productnumber'] === number);
}

/** The price list of that name. */
export function priceList(world: World, name: string) {
  return world.dataverse.rows('pricelevel').find((row) => row['name'] === name);
}

/** The lines of a product on a list. */
export function linesOf(world: World, number: string, list: string) {
  return world.dataverse
    .rows('productpricelevel')
    .filter(
      (row) =>
        row['_productid_value'] === product(world, number)?.['productid'] &&
        row['_pricelevelid_value'] === priceList(world, list)?.['pricelevelid'],
    );
}

/** Versions of everything that products and prices write in Sales, to see that nothing is written. */
export function versions({ dataverse }: World): readonly unknown[] {
  return ['uomschedule', 'uom', 'product', 'pricelevel', 'productpricelevel'].flatMap((table) =>
    dataverse.rows(table).map((row) => row['versionnumber']),
  );
}

/** Name of the list that is kept for unit prices. */
export const defaultList = 'Business Central Default Price List';
