/** The sales process with services that have what their references list and nothing beside it (D-32, D-35). */
import { afterEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { Composition } from '../../shared/composition/composition.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import {
  documentSettings,
  goodsLine,
  type OrdersWorld,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
  writeInLine,
} from './ordersWorld.ts';

let world: OrdersWorld;
let composition: Composition;

afterEach(() => world.close());

const modes = ['oneWay', 'bidirectional'] as const;
type Mode = (typeof modes)[number];

/** Neither Business Central nor Sales has anything that only our simulators know. */
async function open(orderIntegration: Mode, companionApp: boolean): Promise<void> {
  const documents = {
    ...documentSettings,
    ...{ orderIntegration, autoProcessQuotes: true, itemAvailability: true },
  };
  world = await startOrdersWorld({
    ...{ onlyReference: true, companionApp, withoutTables: ['post', 'role', 'systemuserroles'] },
    ...{ documents, features: { orderIntegration }, settings: documents },
  });
  const onPause = async () => {
    await world.drainQueue();
  };
  const environment = {
    ...{ ORDER_INTEGRATION: orderIntegration, AUTO_CREATE_ORDERS: 'true' },
    ...{ AUTO_PROCESS_QUOTES: 'true', ITEM_AVAILABILITY: 'true' },
  };
  composition = memoryComposition({ ports: world.ports, onPause, environment }).composition;
  giveUnits();
}

/** Lines have a unit in both systems (D-87). */
function giveUnits(): void {
  const { businessCentral, dataverse } = world;
  businessCentral.create('unitsOfMeasure', { code: 'PCS', displayName: 'Piece' });
  for (const { id } of businessCentral.records('items'))
    businessCentral.edit('items', String(id), { baseUnitOfMeasureCode: 'PCS' });
  const [group] = dataverse.rows('uomschedule');
  dataverse.edit('uomschedule', String(group?.['uomscheduleid']), { name: 'NAV PCS' }, 'alice');
}

/** Every job once, half an hour later; names those that failed. */
async function runEveryJob(): Promise<readonly string[]> {
  await world.advanceMinutes(31);
  const { body } = await callApi(composition, 'GET /api/jobs?top=100');
  const failed: string[] = [];
  for (const { name } of body['value'] as readonly { readonly name: string }[]) {
    const path = `/api/jobs/${encodeURIComponent(name)}`;
    await callApi(composition, `POST ${path}/run?wait=true`);
    const { lastRun, errorMessage } = (await callApi(composition, `GET ${path}`)).body;
    const { outcome } = (lastRun ?? {}) as { readonly outcome?: string };
    if (outcome !== 'success') failed.push(`${name}: ${String(errorMessage)}`);
  }
  return failed;
}

const documentMappings = ['SALESORDER-ORDER', 'SOLINE-ORDERDETAIL', 'POSTEDSALESINV-INV', 'SALESQUOTE-ORDER'];

async function documentErrors(): Promise<readonly string[]> {
  const all = await world.openErrors();
  return all
    .filter(({ mapping }) => documentMappings.includes(mapping))
    .map(({ code, message }) => `${code}: ${message}`);
}

const more = { description: 'Work', billto_line1: 'Dock 3', freightamount: 10, discountamount: 5 };

async function orderInBusinessCentral(salesOrder: string): Promise<string> {
  const body = { mapping: 'SALESORDER-ORDER', dataverseId: salesOrder, createNew: true };
  expect(await callApi(composition, 'POST /api/couplings?wait=true', { body })).toMatchObject({
    ...{ status: 200, body: { accepted: 1, failed: 0 } },
  });
  const [order, ...others] = ordersNamed(world, 'Chairs');
  expect(others).toEqual([]);
  return String(order?.['id']);
}

describe.each(modes)('services as their references have them, orders %s', (mode) => {
  it('carry an order through to the payment of its invoice (D-32, D-33, D-35, D-80)', async () => {
    await open(mode, true);
    const id = submitOrder(world, 'Chairs', [goodsLine(world), writeInLine()], more);
    const order = await orderInBusinessCentral(id);
    const { businessCentral: central, dataverse } = world;
    expect(await runEveryJob()).toEqual([]);
    central.act('salesOrderExtras', order, 'release');
    expect(await runEveryJob()).toEqual([]);
    expect(dataverse.row('salesorder', id)).toMatchObject({ statecode: 1, statuscode: 3 });
    central.act('salesOrders', order, 'shipAndInvoice');
    expect(await runEveryJob()).toEqual([]);
    expect(await runEveryJob()).toEqual([]);
    expect(dataverse.row('salesorder', id)).toMatchObject({ statecode: 4, statuscode: 100003 });

    const [invoice] = central.records('postedSalesInvoices');
    const body = { mapping: 'POSTEDSALESINV-INV', businessCentralId: invoice?.['id'], createNew: true };
    await callApi(composition, 'POST /api/couplings?wait=true', { body });
    const net = 2 * 80 + 120 + 10 - 5;
    expect(dataverse.rows('invoice')).toMatchObject([{ totalamount: net * 1.25, statecode: 0 }]);
    central.payInvoice(String(invoice?.['number']), 100);
    expect(await runEveryJob()).toEqual([]);
    expect(dataverse.rows('invoice')).toMatchObject([{ statecode: 2, statuscode: 100002 }]);
    central.payInvoice(String(invoice?.['number']), net * 1.25 - 100);
    expect(await runEveryJob()).toEqual([]);
    expect(dataverse.rows('invoice')).toMatchObject([{ statecode: 2, statuscode: 100001 }]);
    expect(await documentErrors()).toEqual([]);
  });

  it('carry an order through without the companion app (D-32, D-35, D-75, D-80)', async () => {
    await open(mode, false);
    const id = submitOrder(world, 'Chairs', [goodsLine(world), writeInLine()], more);
    const order = await orderInBusinessCentral(id);
    const { businessCentral: central, dataverse } = world;
    expect(await runEveryJob()).toEqual([]);
    central.act('salesOrders', order, 'shipAndInvoice');
    for (let turn = 0; turn < 2; turn += 1) expect(await runEveryJob()).toEqual([]);
    expect(dataverse.row('salesorder', id)).toMatchObject({ statecode: 4, statuscode: 100003 });
    expect(await documentErrors()).toEqual([]);
  });

  it('leave out vendors, and say so', async () => {
    await open(mode, true);
    await runEveryJob();
    const { body } = await callApi(composition, 'GET /api/jobs/VENDOR');
    const { lastRun, status, errorMessage } = body;
    expect(lastRun).toMatchObject({ outcome: 'success' });
    expect(status).not.toBe('error');
    expect(errorMessage).toContain('VENDOR does not run: this Business Central does not offer vendors.');
    const { rows } = await world.ports.logs.listSyncJobs({}, { top: 1000, continuation: null });
    expect(rows.filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
  });

  it('make one order of a Sales order that is asked for twice at once (P2, D-65)', async () => {
    await open(mode, true);
    const id = submitOrder(world, 'Chairs', [goodsLine(world)]);
    const body = { mapping: 'SALESORDER-ORDER', dataverseId: id, createNew: true };
    for (let turn = 0; turn < 2; turn += 1) await callApi(composition, 'POST /api/couplings', { body });
    const messages = world.queue.sent.map(({ message }) => message);
    world.forgetQueue();
    await Promise.all(messages.map((message) => executeRun(world.ports, world.mappings, message)));
    await world.drainQueue();
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await callApi(composition, 'POST /api/couplings?wait=true', { body })).toMatchObject({
      ...{ status: 200, body: { skipped: 1, results: [{ code: 'alreadyCoupled' }] } },
    });
    expect(await documentErrors()).toEqual([]);
  });
});
