/** Price list and sum of line discounts of orders that come to Sales (D-85, D-86, D-88). */
import { afterEach, describe, expect, it } from 'vitest';
import { type OrderWorld, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const start = async () => {
  world = await startOrderWorld('bidirectional');
  return world;
};

/** A released order that Sales does not know. */
function releasedOrder(currencyCode: string): string {
  const header = { customerNumber: world.customer['number'], currencyCode };
  const made = world.businessCentral.create('salesOrders', header, 'bob');
  const line = { documentId: made['id'], lineType: 'Item', lineObjectNumber: '100', quantity: 3 };
  world.businessCentral.create('salesOrderLines', line, 'bob');
  world.businessCentral.act('salesOrderExtras', String(made['id']), 'release', 'bob');
  return String(made['id']);
}

const lists = (name: string) => world.dataverse.rows('pricelevel').filter((row) => row['name'] === name);

describe('the price list of an order', () => {
  it('is the one of its currency, which is made once where it is missing (D-88)', async () => {
    await start();
    releasedOrder('USD');
    releasedOrder('USD');
    await world.run('SALESORDER-ORDER', 'fullSync');
    const [list] = lists('Price List in USD');
    expect(lists('Price List in USD')).toHaveLength(1);
    const wanted = { _pricelevelid_value: list?.['pricelevelid'], statecode: 1 };
    expect(world.dataverse.rows('salesorder')).toMatchObject([wanted, wanted]);
    expect(await world.openErrors()).toEqual([]);
  });

  it('is the default list for the local currency (D-88, E-103)', async () => {
    await start();
    releasedOrder('');
    await world.run('SALESORDER-ORDER', 'fullSync');
    const [row] = world.dataverse.rows('salesorder');
    const list = world.dataverse.row('pricelevel', String(row?.['_pricelevelid_value']));
    expect(list?.['name']).toBe('Business Central Default Price List');
  });

  it('comes to a coupled order that has none, and one that a user chose stays (D-85)', async () => {
    await start();
    const currencyCode = String(world.dataverse.rows('transactioncurrency')[0]?.['isocurrencycode']);
    const [first, second] = [await world.order({ currencyCode }), await world.order({ currencyCode })];
    const currency = world.row(second.dataverseId)['_transactioncurrencyid_value'];
    const bind = { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currency})` };
    const chosen = world.dataverse.create('pricelevel', { name: 'Chosen', ...bind } as never, 'alice');
    const list = { 'pricelevelid@odata.bind': `/pricelevels(${chosen['pricelevelid']})` };
    world.changeOrder(second.dataverseId, list);
    await world.later();
    expect(world.row(first.dataverseId)['_pricelevelid_value']).not.toBeNull();
    expect(world.row(second.dataverseId)['_pricelevelid_value']).toBe(chosen['pricelevelid']);
  });
});

describe('the sum of line discounts', () => {
  it('is sent with the order when it changes, and not again (D-86, P4)', async () => {
    await start();
    const order = await world.order();
    await world.later();
    // Where Sales works totals out by itself, it is its own sum that stands there in the end.
    const [organization] = world.dataverse.rows('organization');
    const priced = { oobpricecalculationenabled: false };
    world.dataverse.edit('organization', String(organization?.['organizationid']), priced, 'alice');
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    world.businessCentral.edit('salesOrderLines', order.lines[0] ?? '', { discountAmount: 15 }, 'bob');
    world.businessCentral.edit('salesOrderLines', order.lines[1] ?? '', { discountAmount: 2.5 }, 'bob');
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(world.row(order.dataverseId)).toMatchObject({ totallineitemdiscountamount: 17.5, statecode: 1 });
    const before = world.row(order.dataverseId);
    await world.later();
    expect(world.row(order.dataverseId)).toEqual(before);
  });
});
