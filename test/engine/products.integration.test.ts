/** Items and resources on their way to Sales, and the default price list (E-101 to E-104). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { intercept, once } from './intercept.ts';
import {
  addItem,
  addResource,
  defaultList,
  fullRuns,
  fullRunWith,
  item,
  linesOf,
  priceList,
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

describe('a new product', () => {
  it('has type, local currency, unit, decimals and default price list, and is for sale (E-101 to E-104)', async () => {
    await start();
    addItem(world, '1000', { unitPrice: 12.5, unitCost: 7 });
    addResource(world, 'LINA');
    await fullRuns(world, productJobs);
    const pound = world.dataverse.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'GBP');
    const unit = world.dataverse.rows('uom').find((row) => row['name'] === 'PCS');
    expect(product(world, '1000')).toMatchObject({
      name: 'Item 1000',
      producttypecode: 1,
      price: 12.5,
      standardcost: 7,
      currentcost: 7,
      quantitydecimal: 2,
      statecode: 0,
      _transactioncurrencyid_value: pound?.['transactioncurrencyid'],
      _defaultuomid_value: unit?.['uomid'],
      _defaultuomscheduleid_value: unit?.['_uomscheduleid_value'],
      _pricelevelid_value: priceList(world, defaultList)?.['pricelevelid'],
    });
    expect(product(world, 'LINA')).toMatchObject({ producttypecode: 3, price: 50, statecode: 0 });
    expect(priceList(world, defaultList)).toMatchObject({
      _transactioncurrencyid_value: pound?.['transactioncurrencyid'],
    });
  });

  it('is published where the organisation makes drafts, and its line is there before (E-104)', async () => {
    await start();
    const [organization] = world.dataverse.rows('organization');
    const id = String(organization?.['organizationid']);
    world.dataverse.edit(
      'organization',
      id,
      { createproductswithoutparentinactivestate: false },
      'integration',
    );
    addItem(world, '1000');
    const last = await fullRuns(world, productJobs);
    expect(last[0]?.counts).toMatchObject({ inserted: 1, failed: 0 });
    expect(product(world, '1000')).toMatchObject({ statecode: 0, statuscode: 1 });
    expect(linesOf(world, '1000', defaultList)).toHaveLength(1);
  });

  it('carries the name of its vendor, and nothing below zero (E-102)', async () => {
    await start();
    world.businessCentral.create('vendors', { number: 'V1', displayName: 'Litware' });
    const id = addItem(world, '1000', { unitPrice: -3 });
    world.businessCentral.edit('itemExtras', id, { vendorNumber: 'V1' });
    await fullRuns(world, productJobs);
    expect(product(world, '1000')).toMatchObject({ vendorid: 'V1', vendorname: 'Litware', price: 0 });
  });

  it('without a base unit fails as base-unit-missing, and the others go through (E-102, P11)', async () => {
    await start();
    addItem(world, '1000', { baseUnitOfMeasureCode: '' });
    addItem(world, '1001');
    await fullRuns(world, productJobs);
    const errors = await world.openErrors('ITEM-PRODUCT');
    expect(errors.map(({ code, name }) => [code, name])).toEqual([['base-unit-missing', '1000 Item 1000']]);
    expect(product(world, '1001')).toBeDefined();
  });

  it('whose unit was not synchronised waits as a dependency, and follows by itself (E-94)', async () => {
    await start();
    addItem(world, '1000');
    await world.run('ITEM-PRODUCT', 'fullSync');
    const [error] = await world.openErrors('ITEM-PRODUCT');
    expect(error).toMatchObject({ code: 'unit-group-not-found', kind: 'dependency' });
    await fullRuns(world, productJobs);
    expect(await world.openErrors('ITEM-PRODUCT')).toEqual([]);
    expect(product(world, '1000')).toBeDefined();
  });
});

describe('the default price list', () => {
  beforeEach(async () => {
    await start();
    addItem(world, '1000');
    addItem(world, '1001');
  });

  it('is made once, with one line per product at its price (E-103)', async () => {
    await fullRuns(world, productJobs);
    expect(world.dataverse.rows('pricelevel').filter((row) => row['name'] === defaultList)).toHaveLength(1);
    for (const number of ['1000', '1001']) {
      const [line, ...others] = linesOf(world, number, defaultList);
      expect(others).toEqual([]);
      expect(line).toMatchObject({ amount: 10, pricingmethodcode: 1, productnumber: number });
    }
  });

  it('follows a new unit price; other lists do not (E-103)', async () => {
    await fullRuns(world, productJobs);
    const { pricelevelid } = world.dataverse.create('pricelevel', { name: 'By hand' }, 'alice');
    const row = product(world, '1000');
    const line = {
      'pricelevelid@odata.bind': `/pricelevels(${pricelevelid})`,
      'productid@odata.bind': `/products(${row?.['productid']})`,
      'uomid@odata.bind': `/uoms(${row?.['_defaultuomid_value']})`,
      amount: 77,
    };
    world.dataverse.create('productpricelevel', line, 'alice');
    world.businessCentral.edit('items', String(item(world, '1000')?.['id']), { unitPrice: 11 });
    await world.advanceMinutes(30);
    const [toSales] = await world.run('ITEM-PRODUCT');
    expect(toSales?.counts).toMatchObject({ modified: 1, failed: 0 });
    expect(linesOf(world, '1000', defaultList)).toMatchObject([{ amount: 11 }]);
    expect(linesOf(world, '1000', 'By hand')).toMatchObject([{ amount: 77 }]);
  });

  it('gets the local code in its name where the name is taken in another currency (E-103)', async () => {
    world.dataverse.create('pricelevel', { name: defaultList }, 'alice');
    await fullRuns(world, productJobs);
    expect(linesOf(world, '1000', `${defaultList} GBP`)).toHaveLength(1);
    const before = versions(world);
    await fullRuns(world, productJobs);
    expect(versions(world)).toEqual(before);
  });

  it('stays the one it is when a user renames it (E-103)', async () => {
    await fullRuns(world, productJobs);
    const id = String(priceList(world, defaultList)?.['pricelevelid']);
    world.dataverse.edit('pricelevel', id, { name: 'Our prices' }, 'alice');
    addItem(world, '1002');
    await world.run('ITEM-PRODUCT', 'fullSync');
    expect(linesOf(world, '1002', 'Our prices')).toHaveLength(1);
    expect(priceList(world, defaultList)).toBeUndefined();
  });
});

describe('many products at once', () => {
  it('cost requests by page, not by product (cost model)', async () => {
    await start();
    for (let number = 0; number < 150; number += 1) addItem(world, String(1000 + number));
    await world.run('UNIT OF MEASURE', 'fullSync');
    const [toSales] = await world.run('ITEM-PRODUCT', 'fullSync');
    expect(toSales?.counts).toMatchObject({ inserted: 150, failed: 0 });
    // Match, currency, units, creates, lists by id and name, lines, the list, new lines, the list of the product; metadata;
    // and the row of our company with its team, once for ever.
    expect(toSales?.requests.dataverse).toBeLessThanOrEqual(20 + 7);
    expect(toSales?.requests.businessCentral).toBeLessThanOrEqual(8);
    await world.advanceMinutes(30);
    await world.run('ITEM-PRODUCT');
    await world.advanceMinutes(30);
    const [idle] = await world.run('ITEM-PRODUCT');
    expect(idle?.requests).toEqual({ businessCentral: 1, dataverse: 0 });
  });

  it('are healed after a crash between the product and its price line (P2)', async () => {
    await start();
    addItem(world, '1000');
    await world.run('UNIT OF MEASURE', 'fullSync');
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      create: (original) => async (selection, inserts) => {
        if (selection.table !== 'productpricelevel') return original(selection, inserts);
        return once(
          original,
          async () => {
            throw new Error('the host went away');
          },
          state,
        )(selection, inserts);
      },
    });
    await fullRunWith(world, { ...world.ports, dataverse }, 'ITEM-PRODUCT');
    expect(linesOf(world, '1000', defaultList)).toEqual([]);
    await world.run('ITEM-PRODUCT', 'fullSync');
    expect(linesOf(world, '1000', defaultList)).toHaveLength(1);
    expect(world.dataverse.rows('product')).toHaveLength(1);
    expect(world.dataverse.rows('pricelevel').filter((row) => row['name'] === defaultList)).toHaveLength(1);
  });
});
