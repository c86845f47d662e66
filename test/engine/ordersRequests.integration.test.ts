/** What a run costs in which orders travel both ways (D-81, D-90, P10). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OrderWorld, type PairOfOrders, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
beforeEach(async () => {
  world = await startOrderWorld('bidirectional', { documents: { freightAccount: '6110' } });
});
afterEach(() => world.close());

/** Orders that agree with their Sales orders. */
async function agreed(count: number): Promise<readonly PairOfOrders[]> {
  const orders: PairOfOrders[] = [];
  for (let index = 0; index < count; index += 1) orders.push(await world.order());
  await world.later();
  await world.later();
  // What was written last is read again for a while, since it may have been committed late.
  await world.advanceMinutes(60);
  await world.later();
  return orders;
}

/** Requests of the next run, those of the runs of lines included. */
async function cost(): Promise<{ readonly businessCentral: number; readonly dataverse: number }> {
  await world.advanceMinutes(1);
  const { businessCentral, dataverse } = world;
  const before = [businessCentral.requests.total, dataverse.requests.total] as const;
  const runs = await world.later();
  expect(runs.every(({ counts }) => counts.failed === 0)).toBe(true);
  return {
    businessCentral: businessCentral.requests.total - before[0],
    dataverse: dataverse.requests.total - before[1],
  };
}

/** Changes every order in the same way, at one moment. */
async function costOf(
  orders: readonly PairOfOrders[],
  change: (order: PairOfOrders) => void,
): ReturnType<typeof cost> {
  for (const order of orders) change(order);
  return cost();
}

const detailOf = ({ dataverseId }: PairOfOrders) =>
  world.dataverse.rows('salesorderdetail').find((row) => row['_salesorderid_value'] === dataverseId);

function changeHere({ id, lines }: PairOfOrders, city: string): void {
  const { businessCentral } = world;
  businessCentral.act('salesOrderExtras', id, 'reopen');
  businessCentral.edit('salesOrders', id, { shipToCity: city }, 'bob');
  businessCentral.edit('salesOrderLines', lines[0] ?? '', { quantity: city.length }, 'bob');
  businessCentral.act('salesOrderExtras', id, 'release');
}

function changeThere(order: PairOfOrders, amount: number): void {
  const { dataverse } = world;
  const detail = String(detailOf(order)?.['salesorderdetailid']);
  dataverse.edit('salesorder', order.dataverseId, { statecode: 0, statuscode: 2 }, 'alice');
  dataverse.edit('salesorderdetail', detail, { quantity: amount }, 'alice');
  const values = { requestdeliveryby: `2026-05-0${amount}`, discountamount: amount, freightamount: amount };
  dataverse.edit('salesorder', order.dataverseId, values, 'alice');
  dataverse.edit('salesorder', order.dataverseId, { statecode: 1, statuscode: 3 }, 'alice');
}

describe('requests of a run of orders both ways', () => {
  it('are those of the changes of each side and of the comparison by keys when nothing changed (P10, P12)', async () => {
    await agreed(3);
    // Rows of the newest time are read once more, with their lines.
    expect(await cost()).toEqual({ businessCentral: 5, dataverse: 4 });
  });

  it('do not grow with the number of changed orders, whichever side changed them (D-90, P10)', async () => {
    const orders = await agreed(8);
    const [first] = orders;
    const one = first ? [first] : [];
    await costOf(one, (order) => changeHere(order, 'Bath'));
    await costOf(one, (order) => changeThere(order, 1));
    await agreed(0);
    const here = await costOf(one, (order) => changeHere(order, 'Leeds'));
    await agreed(0);
    expect(await costOf(orders, (order) => changeHere(order, 'Oxford'))).toEqual(here);
    expect(here).toEqual({ businessCentral: 13, dataverse: 19 });
    await agreed(0);
    const there = await costOf(one, (order) => changeThere(order, 3));
    await agreed(0);
    for (const order of orders) changeThere(order, 4);
    await world.later();
    await agreed(0);
    expect(await costOf(orders, (order) => changeThere(order, 5))).toEqual(there);
    expect(there).toEqual({ businessCentral: 37, dataverse: 4 });
  });
});
