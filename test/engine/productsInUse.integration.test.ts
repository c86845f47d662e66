/** Products that are there already, in Sales or in Business Central (E-101, E-102, E-104). */
import { afterEach, describe, expect, it } from 'vitest';
import { intercept } from './intercept.ts';
import {
  addItem,
  fullRuns,
  fullRunWith,
  item,
  product,
  productJobs,
  startProductWorld,
  versions,
} from './productWorld.ts';
import type { World } from './world.ts';

let world: World;

async function start(options: Parameters<typeof startProductWorld>[0] = {}): Promise<void> {
  world = await startProductWorld(options);
}

afterEach(() => world.close());

describe('a product in use', () => {
  async function inUse(): Promise<string> {
    await start();
    addItem(world, '1000');
    await world.run('UNIT OF MEASURE', 'fullSync');
    const group = world.dataverse.create(
      'uomschedule',
      { name: 'Default Unit', baseuomname: 'Primary' },
      'alice',
    );
    const base = world.dataverse
      .rows('uom')
      .find((row) => row['_uomscheduleid_value'] === group['uomscheduleid']);
    const values = {
      name: 'Desk',
      productnumber: '1000',
      producttypecode: 1,
      'defaultuomscheduleid@odata.bind': `/uomschedules(${group['uomscheduleid']})`,
      'defaultuomid@odata.bind': `/uoms(${base?.['uomid']})`,
    };
    return String(world.dataverse.create('product', values, 'alice')['productid']);
  }

  it('is coupled by its number, revised for its unit, and for sale again (E-27, E-102)', async () => {
    const id = await inUse();
    const [toSales] = await world.run('ITEM-PRODUCT', 'fullSync');
    expect(toSales?.counts).toMatchObject({ inserted: 0, modified: 1, failed: 0 });
    const unit = world.dataverse.rows('uom').find((row) => row['name'] === 'PCS');
    expect(world.dataverse.row('product', id)).toMatchObject({
      name: 'Item 1000',
      statecode: 0,
      _defaultuomid_value: unit?.['uomid'],
      _defaultuomscheduleid_value: unit?.['_uomscheduleid_value'],
    });
    const before = versions(world);
    await world.run('ITEM-PRODUCT', 'fullSync');
    expect(versions(world)).toEqual(before);
  });

  it('is for sale again also when its new unit is refused, and fails by name (E-102, P11)', async () => {
    const id = await inUse();
    const refused = { kind: 'data', serviceCode: '0x8004f995', message: 'in use', status: 400 } as const;
    const dataverse = intercept(world.ports.dataverse, {
      update: (original) => async (selection, updates) => {
        const isUnit = updates.some(({ values }) => 'defaultuomid' in values);
        return isUnit
          ? updates.map(() => ({ status: 'refused', problem: refused }) as const)
          : original(selection, updates);
      },
    });
    await fullRunWith(world, { ...world.ports, dataverse }, 'ITEM-PRODUCT');
    expect(world.dataverse.row('product', id)).toMatchObject({ statecode: 0, statuscode: 1 });
    const [error] = await world.openErrors('ITEM-PRODUCT');
    expect(error).toMatchObject({ code: 'follow-up-failed', name: '1000 Item 1000' });
    await world.run('ITEM-PRODUCT', 'fullSync');
    expect(await world.openErrors('ITEM-PRODUCT')).toEqual([]);
  });

  it('keeps what a user of Sales edits: the name flows back, the price does not (E-101)', async () => {
    const id = await inUse();
    await fullRuns(world, productJobs);
    await world.advanceMinutes(30);
    world.dataverse.edit('product', id, { name: 'Renamed in Sales', price: 99 }, 'alice');
    const [, fromSales] = await world.run('ITEM-PRODUCT');
    expect(fromSales?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(item(world, '1000')).toMatchObject({ displayName: 'Renamed in Sales', unitPrice: 10 });
  });
});

describe('blocked and state', () => {
  /** The filters of default mappings leave out what is blocked or retired. */
  const withoutFilters = {
    change: (mapping: World['mappings'][number]) => ({
      ...mapping,
      businessCentral: { ...mapping.businessCentral, filter: null },
      dataverse: {
        ...mapping.dataverse,
        filter: mapping.name === 'ITEM-PRODUCT' ? 'producttypecode eq 1' : null,
      },
    }),
  };

  it('of an item retire its product once the filter lets it through (E-102)', async () => {
    await start(withoutFilters);
    const id = addItem(world, '1000');
    await fullRuns(world, productJobs);
    world.businessCentral.edit('items', id, { blocked: true });
    await world.advanceMinutes(30);
    await world.run('ITEM-PRODUCT');
    expect(product(world, '1000')).toMatchObject({ statecode: 1, statuscode: 2 });
  });

  it('of a retired product block its item (E-104)', async () => {
    await start(withoutFilters);
    addItem(world, '1000');
    await fullRuns(world, productJobs);
    await world.advanceMinutes(30);
    const id = String(product(world, '1000')?.['productid']);
    world.dataverse.edit('product', id, { statecode: 1, statuscode: 2 }, 'alice');
    await world.run('ITEM-PRODUCT');
    expect(item(world, '1000')).toMatchObject({ blocked: true });
    expect(product(world, '1000')).toMatchObject({ statecode: 1 });
  });

  it('stay as a user of Business Central set them when only the name changes in Sales (P1)', async () => {
    await start();
    const id = addItem(world, '1000');
    await fullRuns(world, productJobs);
    world.businessCentral.edit('items', id, { blocked: true });
    await world.advanceMinutes(30);
    world.dataverse.edit('product', String(product(world, '1000')?.['productid']), { name: 'New' }, 'alice');
    await world.run('ITEM-PRODUCT');
    expect(item(world, '1000')).toMatchObject({ displayName: 'New', blocked: true });
  });
});

describe('a product that a user of Sales makes', () => {
  it('becomes an item with its base unit and a number of the series, and nothing is sent twice (E-87, E-104, P4)', async () => {
    await start();
    await world.run('UNIT OF MEASURE', 'fullSync');
    const unit = world.dataverse.rows('uom').find((row) => row['name'] === 'PCS');
    const values = {
      name: 'Made in Sales',
      productnumber: 'S-1',
      producttypecode: 1,
      'defaultuomscheduleid@odata.bind': `/uomschedules(${unit?.['_uomscheduleid_value']})`,
      'defaultuomid@odata.bind': `/uoms(${unit?.['uomid']})`,
    };
    world.dataverse.create('product', values, 'alice');
    const [, fromSales] = await world.run('ITEM-PRODUCT', 'fullSync');
    expect(fromSales?.counts).toMatchObject({ inserted: 1, failed: 0 });
    const [made] = world.businessCentral.records('items');
    expect(made).toMatchObject({ displayName: 'Made in Sales', baseUnitOfMeasureCode: 'PCS' });
    expect(made?.['number']).not.toBe('S-1');
    await world.advanceMinutes(30);
    const before = versions(world);
    await world.run('ITEM-PRODUCT', 'fullSync');
    expect(versions(world)).toEqual(before);
    expect(world.businessCentral.records('items')).toHaveLength(1);
  });
});
