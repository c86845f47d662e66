/** Accounts, contacts and opportunities beyond their fields: company, owner, primary contact, vendors. */
import { afterEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** An empty company in which every mapping may create, with the local currency in Sales. */
async function emptyWorld(change: (mapping: TableMapping) => TableMapping = (mapping) => mapping) {
  world = await startWorld({
    demo: false,
    change: (mapping) => change({ ...mapping, syncOnlyCoupled: false }),
  });
  world.businessCentral.create('currencies', { code: 'USD', displayName: 'US Dollar', symbol: '$' }, 'bob');
  const rate = { currencyCode: 'USD', startingDate: '2026-01-01', exchangeRateAmount: 1 };
  world.businessCentral.create(
    'currencyExchangeRates',
    { ...rate, relationalExchangeRateAmount: 0.8 },
    'bob',
  );
  await world.run('CURRENCY');
}

function account(name: string, values: Readonly<Record<string, unknown>> = {}) {
  const row = world.dataverse.create('account', { name, customertypecode: 3, ...values }, 'alice');
  return String(row['accountid']);
}

function contact(lastname: string, parent: string) {
  const bind = { 'parentcustomerid_account@odata.bind': `/accounts(${parent})` };
  return String(world.dataverse.create('contact', { lastname, ...bind }, 'alice')['contactid']);
}

async function inOrder(...jobs: readonly string[]) {
  await world.advanceMinutes(30);
  for (const job of jobs) await world.run(job);
}

const companies = () => world.dataverse.rows('bcbi_company');
const named = (set: string, name: string) =>
  world.businessCentral.records(set).find((row) => row['displayName'] === name);

describe('the company stamp (E-88)', () => {
  it('is given to accounts and contacts from which Business Central records were made (E-96)', async () => {
    await emptyWorld();
    const parent = account('Fourth Coffee');
    const person = contact('Salas', parent);
    await inOrder('CUSTOMER', 'CONTACT');
    const [company] = companies();
    expect(company?.['bcbi_externalid']).toBe((await world.ports.businessCentral.company()).id);
    for (const row of [world.dataverse.row('account', parent), world.dataverse.row('contact', person)])
      expect(row?.['_bcbi_companyid_value']).toBe(company?.['bcbi_companyid']);
    await world.advanceMinutes(30);
    const again = [...(await world.run('CUSTOMER')), ...(await world.run('CONTACT'))];
    for (const { counts } of again) expect(counts).toMatchObject({ inserted: 0, modified: 0, failed: 0 });
  });

  it('keeps rows of another company out, and takes those of none', async () => {
    await emptyWorld();
    const other = world.dataverse.create(
      'bcbi_company',
      { bcbi_name: 'Other', bcbi_externalid: 'x' },
      'alice',
    );
    account('Theirs', { 'bcbi_CompanyId@odata.bind': `/bcbi_companies(${other['bcbi_companyid']})` });
    account('Nobodys');
    const [, fromSales] = await world.run('CUSTOMER');
    expect(fromSales?.counts).toMatchObject({ inserted: 1, failed: 0 });
    expect(named('customers', 'Theirs')).toBeUndefined();
  });

  it('comes with every change that is sent to Sales', async () => {
    await emptyWorld();
    const customer = world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob');
    await inOrder('CUSTOMER');
    const row = world.dataverse.rows('account').find((each) => each['name'] === 'Adatum');
    const id = String(row?.['accountid']);
    world.dataverse.edit('account', id, { 'bcbi_CompanyId@odata.bind': null }, 'alice');
    world.businessCentral.edit('customers', String(customer['id']), { city: 'Leeds' }, 'bob');
    await inOrder('CUSTOMER');
    expect(world.dataverse.row('account', id)).toMatchObject({
      address1_city: 'Leeds',
      _bcbi_companyid_value: companies()[0]?.['bcbi_companyid'],
    });
  });

  it('is left out where the organisation does not have the column, and nothing is filtered by it', async () => {
    await emptyWorld();
    world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob');
    await runWithout(['bcbi_companyid'], 'CUSTOMER');
    expect(companies()).toEqual([]);
    const [row] = world.dataverse.rows('account');
    expect(row?.['_bcbi_companyid_value'] ?? null).toBeNull();
    expect(row?.['name']).toBe('Adatum');
  });

  it('makes no second row for a company that has one', async () => {
    await emptyWorld();
    const { id } = await world.ports.businessCentral.company();
    const own = world.dataverse.create('bcbi_company', { bcbi_name: 'Ours', bcbi_externalid: id }, 'alice');
    world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob');
    await inOrder('CUSTOMER');
    expect(companies()).toHaveLength(1);
    expect(world.dataverse.rows('account')[0]?.['_bcbi_companyid_value']).toBe(own['bcbi_companyid']);
  });
});

/** Runs a job in an organisation that lacks these columns. */
async function runWithout(missing: readonly string[], job: string) {
  const { dataverse } = world.ports;
  const lacking: SyncPorts['dataverse'] = {
    ...dataverse,
    metered: () => lacking,
    table: async (name) => {
      const metadata = await dataverse.table(name);
      const kept = Object.entries(metadata.attributes).filter(([column]) => !missing.includes(column));
      return { ...metadata, attributes: Object.fromEntries(kept) };
    },
  };
  const ports = { ...world.ports, dataverse: lacking };
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job, runId, trigger: 'manual', followedBy: [] });
  return (await ports.jobs.get(job))?.entry;
}

describe('columns an organisation does not have', () => {
  it('cost their field mapping only, and the job names mapping and field', async () => {
    await emptyWorld();
    world.businessCentral.create('customers', { displayName: 'Adatum', website: 'https://a.example' }, 'bob');
    const entry = await runWithout(['websiteurl'], 'CUSTOMER');
    expect(entry?.lastRun?.outcome).toBe('success');
    expect(entry?.errorMessage).toContain('CUSTOMER runs without the fields websiteurl');
    const [row] = world.dataverse.rows('account');
    expect(row).toMatchObject({ name: 'Adatum' });
    expect(row?.['websiteurl'] ?? null).toBeNull();
    expect(world.events.filter(({ event }) => event === 'column-missing')).toHaveLength(1);
  });

  it('stop a mapping whose filter reads them, with nothing written', async () => {
    await emptyWorld();
    world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob');
    const entry = await runWithout(['customertypecode'], 'CUSTOMER');
    expect(entry?.errorMessage).toContain('CUSTOMER does not run');
    expect(entry?.errorMessage).toContain('customertypecode');
    expect(world.dataverse.rows('account')).toEqual([]);
  });
});

describe('the primary contact of a customer', () => {
  async function customerWithPrimary(coupled: boolean) {
    await emptyWorld((mapping) =>
      mapping.name === 'CONTACT' && !coupled ? { ...mapping, syncOnlyCoupled: true } : mapping,
    );
    const customer = String(
      world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob')['id'],
    );
    const company = named('contacts', 'Adatum');
    const person = world.businessCentral.create(
      'contacts',
      { displayName: 'Robert Townes', type: 'Person', companyNumber: String(company?.['number']) },
      'bob',
    );
    const primary = { primaryContactNumber: String(person['number']) };
    world.businessCentral.edit('customerExtras', customer, primary, 'bob');
    await inOrder('CUSTOMER', 'CONTACT', 'CUSTOMER');
    const [row] = world.dataverse.rows('account');
    return { customer, account: String(row?.['accountid']), primary: primary.primaryContactNumber };
  }

  it('is blanked from Sales when the contact is coupled, because a user did it (E-79)', async () => {
    const ids = await customerWithPrimary(true);
    expect(world.dataverse.row('account', ids.account)?.['_primarycontactid_value']).not.toBeNull();
    world.dataverse.edit('account', ids.account, { 'primarycontactid@odata.bind': null }, 'alice');
    await inOrder('CUSTOMER');
    expect(world.businessCentral.record('customerExtras', ids.customer)?.['primaryContactNumber']).toBe('');
  });

  it('stays when the contact is not coupled, because Sales never showed it (E-79)', async () => {
    const ids = await customerWithPrimary(false);
    world.dataverse.edit('account', ids.account, { address1_city: 'Leeds' }, 'alice');
    const stranger = contact('Stranger', ids.account);
    world.dataverse.edit(
      'account',
      ids.account,
      { 'primarycontactid@odata.bind': `/contacts(${stranger})` },
      'alice',
    );
    await inOrder('CUSTOMER');
    world.dataverse.edit('account', ids.account, { 'primarycontactid@odata.bind': null }, 'alice');
    await inOrder('CUSTOMER');
    expect(world.businessCentral.record('customerExtras', ids.customer)).toMatchObject({
      primaryContactNumber: ids.primary,
    });
  });
});

describe('contacts and their companies', () => {
  it('follow in the next run once the customer of their company has its account (E-53)', async () => {
    await emptyWorld();
    world.businessCentral.create('customers', { displayName: 'Adatum' }, 'bob');
    const company = named('contacts', 'Adatum');
    const person = { displayName: 'Ann Late', type: 'Person', companyNumber: String(company?.['number']) };
    world.businessCentral.create('contacts', person, 'bob');
    const [before] = await world.run('CONTACT');
    expect(before?.counts).toMatchObject({ inserted: 0, failed: 1 });
    await world.advanceMinutes(60);
    await inOrder('CUSTOMER');
    const [after] = await world.run('CONTACT');
    expect(after?.counts).toMatchObject({ inserted: 1, failed: 0 });
  });

  it('get their company when their account becomes a customer later (E-96, E-98)', async () => {
    await emptyWorld();
    const parent = account('Prospect Ltd.', { customertypecode: 8 });
    contact('Salas', parent);
    await inOrder('CONTACT');
    expect(named('contacts', 'Salas')).toMatchObject({ companyNumber: '' });
    world.dataverse.edit('account', parent, { customertypecode: 3 }, 'alice');
    await inOrder('CUSTOMER', 'CONTACT');
    const company = named('contacts', 'Prospect Ltd.');
    expect(named('contacts', 'Salas')).toMatchObject({ companyNumber: company?.['number'] });
  });

  it('may belong to a vendor, both ways (E-97 to E-100)', async () => {
    await emptyWorld();
    world.businessCentral.create('vendors', { displayName: 'Fabrikam' }, 'bob');
    const company = named('contacts', 'Fabrikam');
    const ours = { displayName: 'Krystal York', type: 'Person', companyNumber: String(company?.['number']) };
    world.businessCentral.create('contacts', ours, 'bob');
    const parent = account('Northwind', { customertypecode: 11 });
    const theirs = contact('Salas', parent);
    await inOrder('CUSTOMER', 'VENDOR', 'CONTACT');
    const row = world.dataverse.rows('contact').find((each) => each['lastname'] === 'York');
    const fabrikam = world.dataverse.rows('account').find((each) => each['name'] === 'Fabrikam');
    expect(row?.['_parentcustomerid_value']).toBe(fabrikam?.['accountid']);
    expect(fabrikam?.['_primarycontactid_value']).toBe(row?.['contactid']);
    const northwind = named('vendors', 'Northwind');
    const person = named('contacts', 'Salas');
    expect(person?.['companyName']).toBe('Northwind');
    expect(world.businessCentral.record('vendorExtras', String(northwind?.['id']))).toMatchObject({
      primaryContactNumber: person?.['number'],
      contact: 'Salas',
    });
    expect(world.dataverse.row('account', parent)?.['_primarycontactid_value']).toBe(theirs);
    expect(world.businessCentral.record('contactExtras', String(person?.['id']))).toMatchObject({
      firstName: '',
      surname: 'Salas',
    });
    for (const job of ['VENDOR', 'CONTACT', 'VENDOR']) {
      await world.advanceMinutes(30);
      for (const { counts } of await world.run(job)) {
        expect(counts, job).toMatchObject({ inserted: 0, modified: 0, failed: 0 });
      }
    }
  });
});

describe('a salesperson deleted in Business Central', () => {
  it('loses its coupling, whatever the deletion rule says (E-89)', async () => {
    world = await startWorld();
    await world.run('SALESPEOPLE', 'fullSync');
    const mapping = mappingName('SALESPEOPLE');
    const page = { top: 100, continuation: null };
    const before = (await world.ports.couplings.list({ mapping }, page)).rows;
    const [gone] = before.filter(({ dataverseName }) => dataverseName.includes('Olive'));
    world.businessCentral.remove('salespeoplePurchasers', String(gone?.businessCentralId), 'bob');
    await world.advanceMinutes(30);
    await world.run('SALESPEOPLE', 'fullSync');
    const after = (await world.ports.couplings.list({ mapping }, page)).rows;
    expect(after).toHaveLength(before.length - 1);
    expect(await world.openErrors('SALESPEOPLE')).toEqual([]);
  });
});

describe('an account that is deactivated', () => {
  it('blocks its customer where the filter lets inactive accounts pass, and leaves it blocked (E-95)', async () => {
    await emptyWorld((mapping) =>
      mapping.name === 'CUSTOMER'
        ? { ...mapping, dataverse: { ...mapping.dataverse, filter: 'customertypecode eq 3' } }
        : mapping,
    );
    const id = account('Fourth Coffee');
    await inOrder('CUSTOMER');
    expect(named('customers', 'Fourth Coffee')?.['blocked']).toBe('_x0020_');
    world.dataverse.edit('account', id, { statecode: 1, statuscode: 2 }, 'alice');
    await inOrder('CUSTOMER');
    expect(named('customers', 'Fourth Coffee')?.['blocked']).toBe('All');
    world.dataverse.edit('account', id, { statecode: 0, statuscode: 1 }, 'alice');
    await inOrder('CUSTOMER');
    expect(named('customers', 'Fourth Coffee')?.['blocked']).toBe('All');
  });
});
