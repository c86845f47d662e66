/** Price lists of the new price experience on their way to Sales (E-106). */
import { afterEach, describe, expect, it } from 'vitest';
import { mappingName } from '../../shared/domain/common/ids.ts';
import {
  addItem,
  addResource,
  fullRuns,
  linesOf,
  priceList,
  startProductWorld,
  versions,
} from './productWorld.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** Rows of the log of a mapping, oldest first. */
async function logOf(name: string) {
  const page = { top: 100, continuation: null };
  return (await world.ports.logs.listSyncJobs({ mapping: mappingName(name) }, page)).rows.toReversed();
}

describe('the new price experience', () => {
  const jobs = ['UNIT OF MEASURE', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT', 'PLHEADER-PRICE'] as const;
  const features = { unitGroups: false, priceExperience: 'new' } as const;
  const header = {
    code: 'S1',
    description: 'Spring',
    priceType: 'Sale',
    amountType: 'Price',
    status: 'Active',
    startingDate: '2026-03-01',
    endingDate: '2026-05-31',
  };
  const line = {
    priceListCode: 'S1',
    priceType: 'Sale',
    amountType: 'Price',
    assetType: 'Item',
    minimumQuantity: 0,
    status: 'Active',
  };

  async function lists(): Promise<void> {
    world = await startProductWorld({ features });
    addItem(world, '1000');
    addResource(world, 'LINA');
    const { businessCentral } = world;
    businessCentral.create('priceListHeaders', header as never);
    const prices = [
      { ...line, lineNumber: 1, assetNumber: '1000', unitPrice: 4, unitOfMeasureCode: 'PCS' },
      { ...line, lineNumber: 2, assetType: 'Resource', assetNumber: 'LINA', unitPrice: 40 },
      { ...line, lineNumber: 3, assetNumber: '1000', unitPrice: 3, minimumQuantity: 10 },
    ];
    for (const price of prices) businessCentral.create('priceListLines', price as never);
  }

  it('brings lists with their dates, and lines of items and resources without a minimum quantity (E-106)', async () => {
    await lists();
    await fullRuns(world, jobs);
    expect(priceList(world, 'S1')).toMatchObject({
      description: 'Spring',
      begindate: '2026-03-01',
      enddate: '2026-05-31',
      statecode: 0,
    });
    const [nested] = await logOf('PLLINE-PRODPRICE');
    expect(nested?.counts).toMatchObject({ inserted: 2, failed: 0 });
    expect(linesOf(world, '1000', 'S1')).toMatchObject([{ amount: 4 }]);
    expect(linesOf(world, 'LINA', 'S1')).toMatchObject([{ amount: 40 }]);
    const before = versions(world);
    await fullRuns(world, [...jobs, 'PLLINE-PRODPRICE']);
    expect(versions(world)).toEqual(before);
  });

  it('lets the state follow the status of the list (E-106)', async () => {
    await lists();
    await fullRuns(world, jobs);
    const [list] = world.businessCentral.records('priceListHeaders');
    world.businessCentral.edit('priceListHeaders', String(list?.['id']), { status: 'Inactive' });
    await world.advanceMinutes(30);
    await world.run('PLHEADER-PRICE');
    expect(priceList(world, 'S1')).toMatchObject({ statecode: 1, statuscode: 100002 });
  });

  it('leaves out lists that allow updating defaults, unless there is a default list (E-106)', async () => {
    await lists();
    const [list] = world.businessCentral.records('priceListHeaders');
    world.businessCentral.edit('priceListHeaders', String(list?.['id']), { allowUpdatingDefaults: true });
    await fullRuns(world, jobs);
    expect(priceList(world, 'S1')).toBeUndefined();
    const [setup] = world.businessCentral.records('integrationSetup');
    world.businessCentral.edit('integrationSetup', String(setup?.['id']), { defaultPriceListCode: 'S1' });
    await fullRuns(world, jobs);
    expect(priceList(world, 'S1')).toBeDefined();
  });
});
