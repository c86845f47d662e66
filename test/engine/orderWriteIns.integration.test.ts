/** Lines without a product, where orders travel both ways (D-50, D-51, D-82, D-87, D-92). */
import { afterEach, describe, expect, it } from 'vitest';
import { type OrderWorld, startOrderWorld } from './orderWorld.ts';

let world: OrderWorld;
afterEach(() => world.close());

const writeInProduct = { type: 'Item', number: 'WORK' } as const;

/** An environment whose companion app has no set-up page: the setting alone names the product. */
async function start(documents: object): Promise<void> {
  world = await startOrderWorld('bidirectional', { withoutSets: ['integrationSetup'], documents });
  const item = { number: 'WORK', displayName: 'Work', type: 'Service', baseUnitOfMeasureCode: 'PCS' };
  world.businessCentral.create('items', item, 'bob');
}
const detailsOf = (id: string) =>
  world.dataverse.rows('salesorderdetail').filter((row) => row['_salesorderid_value'] === id);
const linesOf = (id: string) =>
  world.businessCentral.records('salesOrderLines').filter((line) => line['documentId'] === id);

/** A user of Sales adds a line in own words to a submitted order. */
function addWriteIn(id: string): void {
  const { dataverse } = world;
  const own = { isproductoverridden: true, productdescription: 'Assembly', quantity: 1, priceperunit: 120 };
  const bind = { 'salesorderid@odata.bind': `/salesorders(${id})` };
  dataverse.edit('salesorder', id, { statecode: 0, statuscode: 2 }, 'alice');
  dataverse.create('salesorderdetail', { ...own, ...bind } as never, 'alice');
  dataverse.edit('salesorder', id, { statecode: 1, statuscode: 3 }, 'alice');
}

describe('a line of Sales without a product', () => {
  it('becomes a line of the product the setting WRITE_IN_PRODUCT names, once (D-50, D-92)', async () => {
    await start({ writeInProduct });
    const order = await world.order();
    await world.later();
    addWriteIn(order.dataverseId);
    await world.later();
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    const written = linesOf(order.id).filter((line) => line['lineObjectNumber'] === 'WORK');
    expect(written).toMatchObject([
      { lineType: 'Item', description: 'Assembly', quantity: 1, unitPrice: 120 },
    ]);
    expect(detailsOf(order.dataverseId)).toHaveLength(3);
  });

  it('fails alone where nothing names the product (D-50, D-92)', async () => {
    await start({});
    const order = await world.order();
    await world.later();
    addWriteIn(order.dataverseId);
    await world.later();
    expect((await world.openErrors()).map(({ code }) => code)).toEqual(['ORDER_WRITEIN_NOT_CONFIGURED']);
    expect(linesOf(order.id)).toHaveLength(2);
  });
});

describe('a line of Business Central for the write-in product', () => {
  it('becomes a detail in its own words, without a product (D-87)', async () => {
    await start({ writeInProduct });
    const order = await world.order();
    await world.later();
    world.businessCentral.act('salesOrderExtras', order.id, 'reopen');
    const line = { documentId: order.id, lineType: 'Item', lineObjectNumber: 'WORK', quantity: 4 };
    world.businessCentral.create(
      'salesOrderLines',
      { ...line, description: 'Painting', unitPrice: 30 },
      'bob',
    );
    world.businessCentral.act('salesOrderExtras', order.id, 'release');
    await world.later();
    expect(await world.openErrors()).toEqual([]);
    expect(detailsOf(order.dataverseId)).toContainEqual(
      expect.objectContaining({
        ...{ isproductoverridden: true, productdescription: 'Painting' },
        quantity: 4,
      }),
    );
  });
});
