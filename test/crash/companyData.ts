/** A small company and organisation, later edits on both sides, and what a user does about the errors. */
import type { CrashWorld } from './crashWorld.ts';

const customerAccount = { customertypecode: 3 };

/** Ids of records by the name a user knows. */
function customerId({ businessCentral }: CrashWorld, name: string): string {
  return String(businessCentral.records('customers').find((row) => row['displayName'] === name)?.['id']);
}

function accountId({ dataverse }: CrashWorld, name: string): string {
  return String(dataverse.rows('account').find((row) => row['name'] === name)?.['accountid']);
}

function contactId({ dataverse }: CrashWorld, name: string): string {
  return String(dataverse.rows('contact').find((row) => row['fullname'] === name)?.['contactid']);
}

function editCustomer(world: CrashWorld, name: string, changes: Record<string, string | number>): void {
  world.businessCentral.edit('customers', customerId(world, name), changes, 'bob');
}

function editAccount(world: CrashWorld, name: string, changes: Record<string, string | number | null>): void {
  world.dataverse.edit('account', accountId(world, name), changes, 'alice');
}

/** Six customers, four accounts (one that Business Central refuses), three contacts each way, salespeople. */
export function fillCompany(world: CrashWorld): void {
  fillSetup(world);
  fillBusinessCentral(world);
  fillDataverse(world);
}

function fillSetup({ businessCentral, dataverse }: CrashWorld): void {
  for (const [code, displayName, rate] of [
    ['USD', 'US Dollar', 0.8],
    ['EUR', 'Euro', 0.9],
  ] as const) {
    businessCentral.create('currencies', { code, displayName, symbol: code }, 'bob');
    const values = { exchangeRateAmount: 1, relationalExchangeRateAmount: rate };
    const dates = { currencyCode: code, startingDate: '2026-01-01' };
    businessCentral.create('currencyExchangeRates', { ...dates, ...values }, 'bob');
  }
  for (const code of ['NET 30', '7 DAYS', '14 DAYS']) {
    businessCentral.create('paymentTerms', { code, displayName: code }, 'bob');
  }
  businessCentral.create(
    'salespeoplePurchasers',
    { code: 'JO', displayName: 'Jo Old', email: 'jo@example.com' },
    'bob',
  );
  const unit = dataverse.rows('businessunit')[0]?.['businessunitid'];
  for (const [firstname, lastname] of [
    ['Jo', 'Vale'],
    ['Ann', 'Lee'],
    ['Max', 'Roe'],
  ]) {
    const flags = { islicensed: true, isintegrationuser: false };
    const internalemailaddress = `${firstname?.toLowerCase()}@example.com`;
    const reference = { 'businessunitid@odata.bind': `/businessunits(${unit})` };
    const values = { firstname, lastname, internalemailaddress, ...flags, ...reference };
    const user = dataverse.create('systemuser', values, 'admin');
    dataverse.edit('systemuser', String(user['systemuserid']), { isdisabled: false }, 'admin');
  }
}

function fillBusinessCentral({ businessCentral }: CrashWorld): void {
  const terms = businessCentral.records('paymentTerms').find((row) => row['code'] === '7 DAYS');
  const customers = [
    { displayName: 'Alpha', city: 'London', phoneNumber: '1', salespersonCode: 'JO' },
    { displayName: 'Beta', city: 'Leeds', currencyCode: 'EUR' },
    { displayName: 'Gamma', city: 'York', email: 'gamma@example.com' },
    { displayName: 'Delta', city: 'Bath', country: 'GB' },
    { displayName: 'Epsilon', city: 'Derby' },
    { displayName: 'Zeta', city: 'Hull', paymentTermsId: String(terms?.['id']) },
  ];
  for (const customer of customers) businessCentral.create('customers', customer, 'bob');
  for (const [displayName, company] of [
    ['Pat Alpha', 'Alpha'],
    ['Quin Beta', 'Beta'],
    ['Ray Gamma', 'Gamma'],
  ]) {
    const parent = businessCentral.records('contacts').find((row) => row['displayName'] === company);
    const companyNumber = String(parent?.['number']);
    businessCentral.create('contacts', { displayName, type: 'Person', companyNumber, city: 'London' }, 'bob');
  }
}

function fillDataverse(world: CrashWorld): void {
  const { dataverse } = world;
  const accounts = [
    { name: 'Kappa', address1_city: 'Oslo', telephone1: '21', fax: '22', ...customerAccount },
    { name: 'Lambda', address1_city: 'Bergen', ...customerAccount },
    { name: 'Mu', address1_city: 'Molde', telephone1: '23', ...customerAccount },
    { name: 'Omega', address1_city: 'Austin', address1_country: 'U.S.', ...customerAccount },
  ];
  for (const account of accounts) dataverse.create('account', account, 'alice');
  for (const [firstname, lastname, parent] of [
    ['Sam', 'Kappa', 'Kappa'],
    ['Tom', 'Lambda', 'Lambda'],
    ['Uma', 'Omega', 'Omega'],
  ] as const) {
    createContact(world, { firstname, lastname, pager: '77' }, parent);
  }
}

function createContact(world: CrashWorld, values: Record<string, string>, account: string): void {
  const reference = { 'parentcustomerid_account@odata.bind': `/accounts(${accountId(world, account)})` };
  world.dataverse.create('contact', { ...values, ...reference }, 'alice');
}

/** Edits of existing records that are older than the overlap of the next read when the others happen. */
export function editEarly(world: CrashWorld): void {
  editCustomer(world, 'Alpha', { city: 'Luton' });
  editAccount(world, 'Kappa', { telephone1: '211' });
  world.dataverse.edit('contact', contactId(world, 'Sam Kappa'), { mobilephone: '07' }, 'alice');
}

/** New records on both sides, a conflict, edits of both sides of a pair, a refused change, a new rate. */
export function editLater(world: CrashWorld): void {
  const { businessCentral, dataverse } = world;
  editCustomer(world, 'Beta', { city: 'Ripon' });
  editAccount(world, 'Beta', { address1_city: 'Wells' });
  editCustomer(world, 'Gamma', { city: 'Selby' });
  editAccount(world, 'Gamma', { fax: '33', telephone1: '34' });
  editAccount(world, 'Delta', { address1_country: 'Atlantis' });
  businessCentral.create('customers', { displayName: 'Eta', city: 'Truro' }, 'bob');
  dataverse.create(
    'account',
    { name: 'Nu', address1_city: 'Narvik', fax: '44', ...customerAccount },
    'alice',
  );
  createContact(world, { firstname: 'Vic', lastname: 'Kappa', pager: '78' }, 'Kappa');
  const ann = dataverse.rows('systemuser').find((row) => row['fullname'] === 'Ann Lee');
  dataverse.edit('systemuser', String(ann?.['systemuserid']), { mobilephone: '555' }, 'admin');
  const terms = businessCentral.records('paymentTerms').find((row) => row['code'] === '14 DAYS');
  businessCentral.edit('paymentTerms', String(terms?.['id']), { code: '2 WEEKS' }, 'bob');
  businessCentral.create('paymentTerms', { code: 'COD', displayName: 'Cash on delivery' }, 'bob');
  const rate = businessCentral.records('currencyExchangeRates').find((row) => row['currencyCode'] === 'EUR');
  businessCentral.edit(
    'currencyExchangeRates',
    String(rate?.['id']),
    { relationalExchangeRateAmount: 0.95 },
    'bob',
  );
}

/** What users type at the moment the host dies: one record of each side that this phase itself creates or knows. */
export function editAtTheLastMoment(world: CrashWorld): void {
  editCustomer(world, 'Zeta', { city: 'Hedon' });
  editAccount(world, 'Mu', { telephone1: '231' });
}

/** What a user does about the account that Business Central refuses. */
export function repair(world: CrashWorld): void {
  editAccount(world, 'Omega', { address1_country: 'US' });
}
