/** Orders that a user asked for go on by themselves where no job makes orders (D-70, D-71, D-156, P2, P5). */
import { afterEach, describe, expect, it } from 'vitest';
import { callApi } from '../../functions/api/testing/callApi.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { type DataverseId, mappingName } from '../../shared/domain/common/ids.ts';
import { couplingsOf } from './acting.ts';
import { intercept } from './intercept.ts';
import {
  couple,
  documentSettings,
  goodsLine,
  type OrdersWorld,
  ordersNamed,
  startOrdersWorld,
  submitOrder,
} from './ordersWorld.ts';

let world: OrdersWorld;
afterEach(() => world.close());

const modes = ['oneWay', 'bidirectional'] as const;
const mapping = 'SALESORDER-ORDER';

async function open(orderIntegration: (typeof modes)[number]): Promise<void> {
  const documents = { ...documentSettings, orderIntegration, autoCreateOrders: false };
  world = await startOrdersWorld({ documents, settings: documents, features: { orderIntegration } });
}

/** Asks over the API; the run is carried out with these ports. */
async function ask(dataverseId: DataverseId, ports: SyncPorts = world.ports): Promise<void> {
  const environment = { ORDER_INTEGRATION: world.ports.policy.documents.orderIntegration };
  const { composition } = memoryComposition({ ports: world.ports, environment });
  await callApi(composition, 'POST /api/couplings', { body: { mapping, dataverseId, createNew: true } });
  const message = world.queue.sent.at(-1)?.message;
  world.forgetQueue();
  if (message) await executeRun(ports, world.mappings, message);
}

async function later(): Promise<void> {
  await world.advanceMinutes(31);
  await world.run(mapping);
  await world.drainQueue();
}

async function customerCoupling() {
  const [found] = await couplingsOf(world, 'CUSTOMER');
  if (!found) throw new Error('The customer is not coupled.');
  return found;
}

async function uncoupleCustomer(): Promise<() => Promise<void>> {
  const { businessCentralId, dataverseId } = await customerCoupling();
  const removal = { kind: 'remove', businessCentralId, dataverseId } as const;
  await world.ports.couplings.save(mappingName('CUSTOMER'), [removal]);
  return () => couple(world, 'CUSTOMER', businessCentralId, dataverseId);
}

describe.each(modes)('an order asked for, orders %s', (mode) => {
  it('whose creation had no answer is found, completed and coupled by a later run (D-69, D-70, P2)', async () => {
    await open(mode);
    const id = submitOrder(world, 'Chairs', [goodsLine(world)]);
    const businessCentral = intercept(world.ports.businessCentral, {
      create: (original) => async (selection, inserts) => {
        await original(selection, inserts);
        return inserts.map(() => ({ status: 'unknown', message: 'The answer was lost.' }));
      },
    });
    await ask(id, { ...world.ports, businessCentral });
    expect(await world.openErrors(mapping)).toMatchObject([{ code: 'outcome-unknown' }]);
    await later();
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await couplingsOf(world, mapping)).toHaveLength(1);
    expect(world.dataverse.row('salesorder', id)).toMatchObject({ lastbackofficesubmit: '2026-03-10' });
    expect(await world.openErrors(mapping)).toEqual([]);
  });

  it('that waits for its customer follows once the customer is coupled, and its error closes (D-44, D-71)', async () => {
    await open(mode);
    const coupleAgain = await uncoupleCustomer();
    const id = submitOrder(world, 'Chairs', [goodsLine(world)]);
    await ask(id);
    for (let turn = 0; turn < 3; turn += 1) await later();
    expect(await world.openErrors(mapping)).toMatchObject([{ code: 'ORDER_CUSTOMER_NOT_COUPLED' }]);
    await coupleAgain();
    await later();
    expect(ordersNamed(world)).toHaveLength(1);
    expect(await world.openErrors(mapping)).toEqual([]);
  });

  it('that is taken back in Sales is not made, and its error closes (D-71)', async () => {
    await open(mode);
    const coupleAgain = await uncoupleCustomer();
    const id = submitOrder(world, 'Chairs', [goodsLine(world)]);
    await ask(id);
    world.dataverse.edit('salesorder', id, { statecode: 0, statuscode: 2 }, 'alice');
    await coupleAgain();
    for (let turn = 0; turn < 2; turn += 1) await later();
    expect(ordersNamed(world)).toEqual([]);
    expect(await world.openErrors(mapping)).toEqual([]);
  });

  it('leaves nothing to do once it is there: later runs ask for nothing (P4)', async () => {
    await open(mode);
    await ask(submitOrder(world, 'Chairs', [goodsLine(world)]));
    for (let turn = 0; turn < 3; turn += 1) await later();
    const { length } = world.queue.sent.filter(({ message }) => message.trigger === 'action');
    expect(length).toBe(1);
  });
});
