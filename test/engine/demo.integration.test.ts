/** The first synchronisation of the demo company, and what must hold after it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World } from './world.ts';

let world: World;
const first = new Map<string, readonly SyncJob[]>();

async function jobsOf(mapping: string): Promise<readonly SyncJob[]> {
  const page = { top: 10, continuation: null };
  return (await world.ports.logs.listSyncJobs({ mapping: mappingName(mapping) }, page)).rows.toReversed();
}

beforeAll(async () => {
  world = await startWorld();
  await world.fullSync();
  for (const { name } of world.mappings) first.set(name, await jobsOf(name));
});
afterAll(() => world.close());

describe('the first synchronisation of the demo company', () => {
  it('couples 8 salespeople with users by e-mail and makes 4 new ones from licensed users (E-89)', () => {
    const [fromSales] = first.get('SALESPEOPLE') ?? [];
    expect(fromSales?.counts).toMatchObject({ inserted: 4, modified: 8, failed: 0 });
    const codes = world.businessCentral.records('salespeoplePurchasers').map((person) => person['code']);
    expect(codes).toContain('SP NO. 00001');
    expect(codes).toContain('SP NO. 00004');
  });

  it('brings every currency with its rate to Sales, coupling those that exist by ISO code (E-90, E-91)', () => {
    const [toSales] = first.get('CURRENCY') ?? [];
    expect(toSales?.counts).toMatchObject({ inserted: 36, modified: 3, failed: 0 });
    const euro = world.dataverse.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR');
    expect(euro?.['exchangerate']).toBeCloseTo(0.648824 / 0.6458, 9);
  });

  it('inserts every customer within the filter as an account of relationship type Customer (E-95)', () => {
    const [toSales, fromSales] = first.get('CUSTOMER') ?? [];
    expect(toSales?.counts).toMatchObject({ inserted: 63, failed: 0 });
    expect(fromSales?.counts).toMatchObject({ inserted: 10, failed: 1, unchanged: 0 });
    const accounts = world.dataverse.rows('account').filter((row) => row['customertypecode'] === 3);
    expect(accounts).toHaveLength(63 + 12);
  });

  it('explains the one account that Business Central refuses, with its name and what to do', async () => {
    const [error, ...others] = await world.openErrors('CUSTOMER');
    expect(others).toEqual([]);
    expect(error).toMatchObject({ name: 'Litware, Inc. (sample)', code: 'insert-failed', kind: 'data' });
    expect(error?.message).toContain('U.S.');
    expect(error?.suggestion).not.toBe('');
  });

  it('inserts the persons of customers after them, under their accounts (E-97, E-99)', () => {
    const [toSales, fromSales] = first.get('CONTACT') ?? [];
    expect(toSales?.counts).toMatchObject({ inserted: 99, failed: 0 });
    expect(fromSales?.counts).toMatchObject({ inserted: 16, failed: 1, unchanged: 0 });
    const adatum = world.dataverse.rows('account').find((row) => row['name'] === 'Adatum Corporation');
    const contacts = world.dataverse.rows('contact');
    expect(contacts.some((row) => row['_parentcustomerid_value'] === adatum?.['accountid'])).toBe(true);
  });

  it('brings every unit, resource and item to Sales, coupling those that exist by number (E-94, E-101)', () => {
    const [units] = first.get('UNIT OF MEASURE') ?? [];
    expect(units?.counts).toMatchObject({ inserted: 22, failed: 0 });
    const [resources, services] = first.get('RESOURCE-PRODUCT') ?? [];
    expect(resources?.counts).toMatchObject({ inserted: 10, failed: 0 });
    expect(services?.counts).toMatchObject({ inserted: 1, failed: 0 });
    const [items] = first.get('ITEM-PRODUCT') ?? [];
    expect(items?.counts).toMatchObject({ inserted: 139, modified: 5, failed: 0 });
    const desk = world.dataverse.rows('product').filter((row) => row['productnumber'] === '1896-S');
    expect(desk).toMatchObject([{ name: 'ATHENS Desk', price: 649.4, statecode: 0 }]);
  });

  it('makes a list of each price group, with its prices (E-105, E-106)', () => {
    const [groups] = first.get('CUSTPRCGRP-PRICE') ?? [];
    expect(groups?.counts).toMatchObject({ inserted: 3, failed: 0 });
    const [prices] = first.get('SALESPRC-PRODPRICE') ?? [];
    expect(prices?.counts).toMatchObject({ inserted: 45, failed: 0 });
    const lists = world.dataverse.rows('pricelevel').map((row) => row['name']);
    expect(lists).toEqual(expect.arrayContaining(['RETAIL', 'WHOLESALE', 'LARGE ACC']));
  });

  it('lets only the contact of the refused account wait, as a dependency', async () => {
    const errors = await world.openErrors('CONTACT');
    expect(errors.every((error) => error.kind === 'dependency')).toBe(true);
    expect(errors.map((error) => error.code)).toEqual(errors.map(() => 'contact-company-missing'));
  });

  it('sets the owner of an account to the user of the salesperson (E-71)', () => {
    const adatum = world.dataverse.rows('account').find((row) => row['name'] === 'Adatum Corporation');
    const jim = world.dataverse.rows('systemuser').find((row) => row['fullname'] === 'Jim Olive');
    expect(adatum?.['_ownerid_value']).toBe(jim?.['systemuserid']);
  });

  it('writes nothing when it is repeated (P4)', async () => {
    await world.fullSync();
    for (const { name } of world.mappings) {
      const repeated = (await jobsOf(name)).slice(first.get(name)?.length);
      for (const { counts } of repeated) expect(counts, name).toMatchObject({ inserted: 0, modified: 0 });
    }
  });

  it('makes no second record of anything (P2)', () => {
    const names = world.dataverse.rows('account').map((row) => row['name']);
    expect(names.filter((name) => name === 'Adatum Corporation')).toHaveLength(1);
    expect(world.businessCentral.records('customers')).toHaveLength(63 + 10);
  });

  it('moves exactly the field a user edits in Sales to Business Central', async () => {
    const account = world.dataverse.rows('account').find((row) => row['name'] === 'Adatum Corporation');
    const customer = world.businessCentral
      .records('customers')
      .find((row) => row['displayName'] === 'Adatum Corporation');
    const before = { ...customer };
    world.dataverse.edit('account', String(account?.['accountid']), { telephone1: '555-0199' }, 'alice');
    await world.advanceMinutes(30);
    const [toSales, fromSales] = await world.run('CUSTOMER');
    expect(toSales?.counts).toMatchObject({ inserted: 0, modified: 0 });
    expect(fromSales?.counts).toMatchObject({ inserted: 0, modified: 1 });
    const after = world.businessCentral.record('customers', String(customer?.['id'])) ?? {};
    const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
    expect(changed.filter((key) => !['lastModifiedDateTime', '@odata.etag'].includes(key))).toEqual([
      'phoneNumber',
    ]);
    const [again] = await world.run('CUSTOMER');
    expect(again?.counts).toMatchObject({ modified: 0 });
  });

  it('costs one request per direction when nothing changed (cost model)', async () => {
    await world.advanceMinutes(30);
    await world.run('CUSTOMER');
    await world.advanceMinutes(30);
    const [toSales, fromSales] = await world.run('CUSTOMER');
    expect(toSales?.requests).toEqual({ businessCentral: 1, dataverse: 0 });
    expect(fromSales?.requests).toEqual({ businessCentral: 0, dataverse: 1 });
  });

  it('closes an error by itself once the record goes through, and its contact follows', async () => {
    const litware = world.dataverse.rows('account').find((row) => row['name'] === 'Litware, Inc. (sample)');
    world.dataverse.edit('account', String(litware?.['accountid']), { address1_country: 'US' }, 'alice');
    await world.advanceMinutes(30);
    await world.run('CUSTOMER');
    await world.run('CONTACT');
    expect(await world.openErrors()).toEqual([]);
  });
});
