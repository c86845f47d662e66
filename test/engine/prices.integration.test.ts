/** Price groups and their prices on their way to Sales (E-27, E-105, E-106, E-151). */
import { afterEach, describe, expect, it } from 'vitest';
import { mappingName } from '../../shared/domain/common/ids.ts';
import {
  addGroup,
  addItem,
  addPrice,
  classicJobs,
  defaultList,
  fullRuns,
  linesOf,
  priceList,
  product,
  startProductWorld,
  versions,
} from './productWorld.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

const upToItems = ['UNIT OF MEASURE', 'RESOURCE-PRODUCT', 'ITEM-PRODUCT'] as const;
const groupJob = 'CUSTPRCGRP-PRICE';
const priceJob = 'SALESPRC-PRODPRICE';

async function classic(options: Parameters<typeof startProductWorld>[0] = {}): Promise<void> {
  world = await startProductWorld(options);
  addItem(world, '1000');
  addItem(world, '1001');
  addGroup(world, 'RETAIL');
}

/** Rows of the log of a mapping, oldest first. */
async function logOf(name: string) {
  const page = { top: 100, continuation: null };
  return (await world.ports.logs.listSyncJobs({ mapping: mappingName(name) }, page)).rows.toReversed();
}

describe('a customer price group', () => {
  it('becomes a list in the currency of its prices, which follow as a log of their own (E-105, E-151)', async () => {
    await classic();
    addPrice(world, 'RETAIL', '1000', { unitPrice: 9 });
    addPrice(world, 'RETAIL', '1001', { unitPrice: 8, unitOfMeasureCode: 'PCS' });
    await fullRuns(world, upToItems);
    const [toSales] = await world.run(groupJob, 'fullSync');
    expect(toSales?.counts).toMatchObject({ inserted: 1, failed: 0 });
    const pound = world.dataverse.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'GBP');
    expect(priceList(world, 'RETAIL')).toMatchObject({
      description: 'Group RETAIL',
      _transactioncurrencyid_value: pound?.['transactioncurrencyid'],
    });
    const [nested, ...others] = await logOf(priceJob);
    expect(others).toEqual([]);
    expect(nested).toMatchObject({
      runId: toSales?.runId,
      mapping: priceJob,
      counts: { inserted: 2, failed: 0 },
    });
    expect(linesOf(world, '1000', 'RETAIL')).toMatchObject([{ amount: 9, pricingmethodcode: 1 }]);
    expect(linesOf(world, '1001', 'RETAIL')).toMatchObject([{ amount: 8 }]);
  });

  it('has its prices synchronised also when it is unchanged itself (E-105)', async () => {
    await classic();
    await fullRuns(world, classicJobs);
    addPrice(world, 'RETAIL', '1000');
    const [toSales] = await world.run(groupJob, 'fullSync');
    expect(toSales?.counts).toMatchObject({ unchanged: 1 });
    expect(linesOf(world, '1000', 'RETAIL')).toHaveLength(1);
  });

  it('with prices in two currencies fails, and nothing of it reaches Sales (E-105)', async () => {
    await classic();
    const euro = { code: 'EUR', displayName: 'Euro', symbol: '€' };
    world.businessCentral.create('currencies', euro);
    addPrice(world, 'RETAIL', '1000');
    addPrice(world, 'RETAIL', '1001', { currencyCode: 'EUR' });
    await fullRuns(world, [...upToItems, groupJob]);
    const [error] = await world.openErrors(groupJob);
    expect(error).toMatchObject({ code: 'price-currency-mismatch', name: 'RETAIL Group RETAIL' });
    expect(priceList(world, 'RETAIL')).toBeUndefined();
    expect(world.dataverse.rows('pricelevel').map((row) => row['name'])).toEqual([defaultList]);
  });

  it('with a price of an item that is not coupled waits, unless items may be created (E-66, E-105)', async () => {
    await classic();
    addPrice(world, 'RETAIL', '1000');
    await fullRuns(world, ['UNIT OF MEASURE', groupJob]);
    const [error] = await world.openErrors(groupJob);
    expect(error).toMatchObject({ code: 'product-not-synchronisable', kind: 'dependency' });
    await world.close();
    await classic({ change: (mapping) => ({ ...mapping, syncOnlyCoupled: false }) });
    addPrice(world, 'RETAIL', '1000');
    await fullRuns(world, ['UNIT OF MEASURE', groupJob]);
    expect(await world.openErrors(groupJob)).toEqual([]);
    expect(product(world, '1000')).toBeDefined();
    expect(product(world, '1001')).toBeUndefined();
    expect(linesOf(world, '1000', 'RETAIL')).toHaveLength(1);
  });
});

describe('a sales price', () => {
  it('takes over the line of the same list, product and unit (E-27, E-106)', async () => {
    await classic();
    await fullRuns(world, classicJobs);
    const row = product(world, '1000');
    const values = {
      'pricelevelid@odata.bind': `/pricelevels(${priceList(world, 'RETAIL')?.['pricelevelid']})`,
      'productid@odata.bind': `/products(${row?.['productid']})`,
      'uomid@odata.bind': `/uoms(${row?.['_defaultuomid_value']})`,
      amount: 5,
    };
    world.dataverse.create('productpricelevel', values, 'alice');
    addPrice(world, 'RETAIL', '1000', { unitPrice: 7 });
    await world.advanceMinutes(30);
    const [toSales] = await world.run(priceJob);
    expect(toSales?.counts).toMatchObject({ inserted: 0, modified: 1, failed: 0 });
    expect(linesOf(world, '1000', 'RETAIL')).toMatchObject([{ amount: 7 }]);
  });

  it('in another currency than its list fails, and no wrong amount reaches Sales (E-105, P1)', async () => {
    await classic();
    addPrice(world, 'RETAIL', '1000');
    await fullRuns(world, classicJobs);
    const rate = { startingDate: '2026-01-01', exchangeRateAmount: 1, relationalExchangeRateAmount: 0.85 };
    for (const code of ['EUR', 'USD']) {
      world.businessCentral.create('currencies', { code, displayName: code, symbol: code });
      world.businessCentral.create('currencyExchangeRates', { ...rate, currencyCode: code } as never);
    }
    await world.run('CURRENCY', 'fullSync');
    addPrice(world, 'RETAIL', '1001', { currencyCode: 'EUR' });
    await world.advanceMinutes(30);
    const [toSales] = await world.run(priceJob);
    expect(toSales?.counts).toMatchObject({ inserted: 0, failed: 1 });
    const [error] = await world.openErrors(priceJob);
    expect(error).toMatchObject({ code: 'price-currency-mismatch' });
    expect(linesOf(world, '1001', 'RETAIL')).toEqual([]);
  });

  it('of a product that is not coupled fails alone (E-106, P11)', async () => {
    await classic();
    addPrice(world, 'RETAIL', '1000');
    await fullRuns(world, classicJobs);
    addItem(world, '1002');
    addPrice(world, 'RETAIL', '1002');
    addPrice(world, 'RETAIL', '1001');
    await world.advanceMinutes(30);
    const [toSales] = await world.run(priceJob);
    expect(toSales?.counts).toMatchObject({ inserted: 1, failed: 1 });
    const [error] = await world.openErrors(priceJob);
    expect(error).toMatchObject({ code: 'record-not-coupled', field: 'productid' });
  });

  it('for everybody, for one customer or of a campaign stays in Business Central (E-106)', async () => {
    await classic();
    addPrice(world, '', '1000', { salesType: 'All_x0020_Customers' });
    addPrice(world, 'RETAIL', '1001', { salesType: 'Campaign' });
    await fullRuns(world, classicJobs);
    const lists = world.dataverse.rows('productpricelevel').map((row) => row['_pricelevelid_value']);
    expect(new Set(lists)).toEqual(new Set([priceList(world, defaultList)?.['pricelevelid']]));
  });

  it('changes its line, and when nothing changed nothing is written (P4)', async () => {
    await classic();
    const id = addPrice(world, 'RETAIL', '1000');
    await fullRuns(world, classicJobs);
    world.businessCentral.edit('salesPrices', id, { unitPrice: 6.5 });
    await world.advanceMinutes(30);
    await world.run(priceJob);
    expect(linesOf(world, '1000', 'RETAIL')).toMatchObject([{ amount: 6.5 }]);
    const before = versions(world);
    await fullRuns(world, classicJobs);
    expect(versions(world)).toEqual(before);
  });

  it('costs requests by page, not by price (cost model)', async () => {
    await classic();
    for (let number = 2000; number < 2150; number += 1) {
      addItem(world, String(number));
      addPrice(world, 'RETAIL', String(number));
    }
    await fullRuns(world, [...upToItems, groupJob]);
    const [nested] = await logOf(priceJob);
    expect(nested?.counts).toMatchObject({ inserted: 150, failed: 0 });
    // Lines of the products, groups and units, creates in batches; and metadata.
    expect(nested?.requests.dataverse).toBeLessThanOrEqual(10);
    expect(nested?.requests.businessCentral).toBeLessThanOrEqual(8);
  });
});
