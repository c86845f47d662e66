/** Items and resources with unit groups of their own (E-94, E-103). */
import { afterEach, describe, expect, it } from 'vitest';
import {
  addItem,
  addResource,
  defaultList,
  fullRuns,
  linesOf,
  product,
  startProductWorld,
  versions,
} from './productWorld.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

describe('unit groups of their own', () => {
  const features = { unitGroups: true, priceExperience: 'classic' } as const;
  const jobs = ['UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT'] as const;

  it('give each item a group, its units, and a default price per unit (E-94, E-103)', async () => {
    world = await startProductWorld({ features });
    addItem(world, '1000', { unitPrice: 10 });
    addResource(world, 'LINA');
    const box = { itemNumber: '1000', code: 'BOX', quantityPerUnitOfMeasure: 12 };
    world.businessCentral.create('itemUnitsOfMeasure', box as never);
    await fullRuns(world, jobs);
    expect(await world.openErrors()).toEqual([]);
    const group = world.dataverse.rows('uomschedule').find((row) => row['name'] === 'ITEM 1000 UOM GR');
    expect(group).toMatchObject({ baseuomname: 'ITEM 1000 UOM GR' });
    const unit = world.dataverse.rows('uom').find((row) => row['name'] === 'BOX');
    expect(unit).toMatchObject({ quantity: 12, _uomscheduleid_value: group?.['uomscheduleid'] });
    expect(product(world, '1000')).toMatchObject({ _defaultuomscheduleid_value: group?.['uomscheduleid'] });
    const amounts = linesOf(world, '1000', defaultList).map((row) => [row['_uomid_value'], row['amount']]);
    expect(amounts).toContainEqual([unit?.['uomid'], 120]);
    const before = versions(world);
    await fullRuns(world, jobs);
    expect(versions(world)).toEqual(before);
  });

  it('let a product with a group of its own become an item, and refuse one whose group is shared (E-94)', async () => {
    world = await startProductWorld({ features });
    const { dataverse } = world;
    const add = (productnumber: string, group: string, unit: string) =>
      dataverse.create(
        'product',
        {
          name: productnumber,
          productnumber,
          producttypecode: 1,
          'defaultuomscheduleid@odata.bind': `/uomschedules(${group})`,
          'defaultuomid@odata.bind': `/uoms(${unit})`,
        },
        'alice',
      );
    for (const [name, numbers] of [
      ['Own', ['P1']],
      ['Shared', ['P2', 'P3']],
    ] as const) {
      const { uomscheduleid } = dataverse.create('uomschedule', { name, baseuomname: 'PCS' }, 'alice');
      const unit = dataverse.rows('uom').find((row) => row['_uomscheduleid_value'] === uomscheduleid);
      for (const number of numbers) add(number, String(uomscheduleid), String(unit?.['uomid']));
    }
    const [, fromSales] = await world.run('ITEM-PRODUCT', 'fullSync');
    expect(fromSales?.counts).toMatchObject({ inserted: 1, failed: 2 });
    const [made] = world.businessCentral.records('items');
    expect(made).toMatchObject({ displayName: 'P1', baseUnitOfMeasureCode: 'PCS' });
    const codes = (await world.openErrors('ITEM-PRODUCT')).map(({ code }) => code);
    expect(codes).toEqual(['unit-group-shared', 'unit-group-shared']);
  });

  it('let a new quantity change the default price of the unit (E-103)', async () => {
    world = await startProductWorld({ features });
    addItem(world, '1000', { unitPrice: 10 });
    const box = { itemNumber: '1000', code: 'BOX', quantityPerUnitOfMeasure: 12 };
    const { id } = world.businessCentral.create('itemUnitsOfMeasure', box as never);
    await fullRuns(world, jobs);
    world.businessCentral.edit('itemUnitsOfMeasure', String(id), { quantityPerUnitOfMeasure: 6 });
    await world.advanceMinutes(30);
    await world.run('ITEM UOM');
    expect(linesOf(world, '1000', defaultList).map((row) => row['amount'])).toContain(60);
  });
});
