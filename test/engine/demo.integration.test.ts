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
    expect(toSales?.counts).toMatchObject({ inserted: 104, failed: 0 });
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

  it('takes vendors and accounts of relationship type Vendor for each other, told apart from customers (VENDOR)', () => {
    const [toSales, fromSales] = first.get('VENDOR') ?? [];
    expect(toSales?.counts).toMatchObject({ inserted: 5, failed: 0 });
    expect(fromSales?.counts).toMatchObject({ inserted: 1, failed: 0 });
    const vendors = world.businessCentral.records('vendors').map((row) => row['displayName']);
    expect(vendors).toContain('Northwind Traders');
    const account = world.dataverse.rows('account').find((row) => row['name'] === 'Fabrikam, Inc.');
    expect(account?.['customertypecode']).toBe(11);
    const person = world.dataverse.rows('contact').find((row) => row['fullname'] === 'Krystal York');
    expect(person?.['_parentcustomerid_value']).toBe(account?.['accountid']);
  });

  it('takes opportunities whose contact is coupled to Sales, and all of Sales to Business Central (E-107)', async () => {
    const [toSales, fromSales] = first.get('OPPORTUNITY') ?? [];
    expect(toSales?.counts).toMatchObject({ inserted: 12, failed: 22 });
    expect(fromSales?.counts).toMatchObject({ inserted: 5, failed: 0 });
    const errors = await world.openErrors('OPPORTUNITY');
    expect(new Set(errors.map(({ code, field }) => `${code} ${field}`))).toEqual(
      new Set(['record-not-coupled parentcontactid']),
    );
    const saying = (text: string) => errors.filter(({ message }) => message.includes(text));
    expect(saying('is a company, and only persons')).toHaveLength(8);
    expect(saying('is neither customer nor vendor')).toHaveLength(14);
    const row = world.dataverse.rows('opportunity').find((each) => each['estimatedvalue'] === 200000);
    const contact = world.dataverse
      .rows('contact')
      .find((each) => each['contactid'] === row?.['_parentcontactid_value']);
    expect(contact?.['_parentcustomerid_value']).toBe(row?.['_parentaccountid_value']);
  });

  it('stamps every synchronised row with our company, and gives rows without salesperson to the owning team (E-70, E-88)', () => {
    const [company, ...others] = world.dataverse.rows('bcbi_company');
    expect(others).toEqual([]);
    expect(company).toMatchObject({ bcbi_name: 'CRONUS International Ltd.' });
    const team = world.dataverse.rows('team').find((row) => row['name'] === 'BCI - contoso');
    expect(company?.['_bcbi_defaultowningteam_value']).toBe(team?.['teamid']);
    const ours = (table: string) =>
      world.dataverse
        .rows(table)
        .filter((row) => row['_bcbi_companyid_value'] === company?.['bcbi_companyid']);
    expect(ours('account')).toHaveLength(63 + 10 + 5 + 1);
    expect(ours('contact')).toHaveLength(104 + 16);
    expect(ours('opportunity')).toHaveLength(12 + 5);
    const nobodys = world.dataverse.rows('account').find((row) => row['name'] === 'Nod Publishers');
    expect(nobodys?.['_ownerid_value']).toBe(team?.['teamid']);
  });

  it('makes the users of new salespeople members of the owning team (E-89)', () => {
    const team = world.dataverse.rows('team').find((row) => row['name'] === 'BCI - contoso');
    const codes = world.businessCentral
      .records('salespeoplePurchasers')
      .filter((row) => String(row['code']).startsWith('SP NO.'));
    const users = world.dataverse
      .rows('systemuser')
      .filter((row) => codes.some((code) => code['email'] === row['internalemailaddress']));
    expect(users).toHaveLength(4);
    for (const user of users)
      expect(world.dataverse.isMember(String(team?.['teamid']), String(user['systemuserid']))).toBe(true);
  });

  it('names the new person as primary contact on both sides, without looking like a user (E-46, E-100)', async () => {
    const fabrikam = world.dataverse.rows('account').find((row) => row['name'] === 'Fabrikam, Inc.');
    const krystal = world.dataverse.rows('contact').find((row) => row['fullname'] === 'Krystal York');
    expect(fabrikam?.['_primarycontactid_value']).toBe(krystal?.['contactid']);
    const fourth = world.businessCentral
      .records('customers')
      .find((row) => row['displayName'] === 'Fourth Coffee (sample)');
    const extras = world.businessCentral.record('customerExtras', String(fourth?.['id']));
    const contact = world.businessCentral
      .records('contacts')
      .find((row) => row['number'] === extras?.['primaryContactNumber']);
    expect(contact?.['companyName']).toBe('Fourth Coffee (sample)');
    expect(extras?.['contact']).toBe(contact?.['displayName']);
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
    for (const mapping of ['CUSTOMER', 'CONTACT']) expect(await world.openErrors(mapping)).toEqual([]);
  });
});
