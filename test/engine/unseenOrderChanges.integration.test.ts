/** Changes of orders that only the companion page sees (business-central-api 3.3, D-35, D-83). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { fromEpochMs } from '../../shared/domain/common/instants.ts';
import { intercept } from './intercept.ts';
import { type OrderWorld, ordersMapping, type PairOfOrders, startOrderWorld } from './orderWorld.ts';

const farAway = fromEpochMs(Date.parse('2099-01-01T00:00:00Z'));
let world: OrderWorld;
let ports: SyncPorts;
let order: PairOfOrders;

/** The standard page moves no time for what it does not hold, so that no change is read there. */
beforeEach(async () => {
  world = await startOrderWorld('bidirectional');
  order = await world.order();
  await world.later();
  await world.later();
  const businessCentral = intercept(world.ports.businessCentral, {
    readChanges: (original) => (request) => original({ ...request, modifiedFrom: farAway }),
  });
  ports = { ...world.ports, businessCentral };
});
afterEach(() => world.close());

async function runUnseeing() {
  await world.advanceMinutes(30);
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job: ordersMapping, runId, trigger: 'manual', followedBy: [] });
  const { rows } = await ports.logs.listSyncJobs({ runId }, { top: 10, continuation: null });
  return rows.filter(({ mapping, direction }) => mapping === ordersMapping && direction === 'toDataverse')[0];
}

const describeHere = (workDescription: string) =>
  world.businessCentral.edit('salesOrderExtras', order.id, { workDescription }, 'bob');
const requests = () => [world.businessCentral.requests.total, world.dataverse.requests.total];
async function cost() {
  const before = requests();
  await runUnseeing();
  return requests().map((after, index) => after - (before[index] ?? 0));
}

describe('a change that only the companion page sees', () => {
  it('is in Sales after two runs, and then agreed (P1, P3, P4)', async () => {
    describeHere('Paint it blue.');
    await runUnseeing();
    expect(await world.coupling(order.id)).toMatchObject({ state: 'pending' });
    expect((await runUnseeing())?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(world.row(order.dataverseId)).toMatchObject({ statecode: 1, description: 'Paint it blue.' });
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
    expect((await runUnseeing())?.counts).toMatchObject({ modified: 0, failed: 0, skipped: 0 });
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
  });

  it('is noticed without a request more than a run sends that finds nothing (P10)', async () => {
    await runUnseeing();
    const idle = await cost();
    describeHere('Paint it blue.');
    expect(await cost()).toEqual(idle);
  });

  it('waits while the order is open for a user in Business Central (D-72)', async () => {
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    describeHere('Paint it blue.');
    await runUnseeing();
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    await runUnseeing();
    await runUnseeing();
    expect(world.row(order.dataverseId)).toMatchObject({ description: 'Paint it blue.' });
  });

  it('is left alone where the Sales order takes no more changes (D-98, P4)', async () => {
    world.dataverse.edit('salesorder', order.dataverseId, { statecode: 2, statuscode: 4 }, 'alice');
    describeHere('Paint it blue.');
    await runUnseeing();
    expect((await runUnseeing())?.counts).toMatchObject({ modified: 0, failed: 0, skipped: 0 });
    expect(await world.coupling(order.id)).toMatchObject({ state: 'synchronized' });
  });
});
