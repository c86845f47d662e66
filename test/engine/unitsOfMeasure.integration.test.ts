/** Units of measure on their way to Sales (E-94). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProductWorld, versions } from './productWorld.ts';
import type { World } from './world.ts';

let world: World;

async function start(options: Parameters<typeof startProductWorld>[0] = {}): Promise<void> {
  world = await startProductWorld(options);
}

afterEach(() => world.close());

describe('units of measure', () => {
  beforeEach(() => start());

  it('become a unit group of one base unit each, and a repeat writes nothing (E-94)', async () => {
    const [toSales] = await world.run('UNIT OF MEASURE', 'fullSync');
    expect(toSales?.counts).toMatchObject({ inserted: 3, failed: 0 });
    const group = world.dataverse.rows('uomschedule').find((row) => row['name'] === 'NAV PCS');
    const units = world.dataverse
      .rows('uom')
      .filter((row) => row['_uomscheduleid_value'] === group?.['uomscheduleid']);
    expect(units).toHaveLength(1);
    expect(units[0]).toMatchObject({ name: 'PCS', quantity: 1, isschedulebaseuom: true });
    const before = versions(world);
    const [again] = await world.run('UNIT OF MEASURE', 'fullSync');
    expect(again?.counts).toMatchObject({ inserted: 0, modified: 0, unchanged: 3 });
    expect(versions(world)).toEqual(before);
  });

  it('take over a group of their name, and rename its single unit (E-27, E-94)', async () => {
    const there = world.dataverse.create('uomschedule', { name: 'NAV PCS', baseuomname: 'Piece' }, 'alice');
    const [toSales] = await world.run('UNIT OF MEASURE', 'fullSync');
    expect(toSales?.counts).toMatchObject({ inserted: 2, modified: 1, failed: 0 });
    const units = world.dataverse
      .rows('uom')
      .filter((row) => row['_uomscheduleid_value'] === there['uomscheduleid']);
    expect(units.map((row) => row['name'])).toEqual(['PCS']);
  });

  it('fail where the group of their name is inactive or has several units (E-94)', async () => {
    const idle = world.dataverse.create('uomschedule', { name: 'NAV PCS', baseuomname: 'PCS' }, 'alice');
    world.dataverse.edit(
      'uomschedule',
      String(idle['uomscheduleid']),
      { statecode: 1, statuscode: 2 },
      'alice',
    );
    const many = world.dataverse.create('uomschedule', { name: 'NAV BOX', baseuomname: 'BOX' }, 'alice');
    const base = world.dataverse
      .rows('uom')
      .find((row) => row['_uomscheduleid_value'] === many['uomscheduleid']);
    const crate = { name: 'Crate', quantity: 6, 'baseuom@odata.bind': `/uoms(${base?.['uomid']})` };
    const bind = { 'uomscheduleid@odata.bind': `/uomschedules(${many['uomscheduleid']})` };
    world.dataverse.create('uom', { ...crate, ...bind }, 'alice');
    await world.run('UNIT OF MEASURE', 'fullSync');
    const errors = await world.openErrors('UNIT OF MEASURE');
    expect(errors.map(({ code }) => code).sort()).toEqual(['unit-group-inactive', 'unit-group-many-units']);
    expect(world.dataverse.rows('uomschedule').filter((row) => row['name'] === 'NAV BOX')).toHaveLength(1);
  });
});
