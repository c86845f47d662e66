/** Edits on both sides of coupled records, through both services' own protocols. */
import { afterEach, describe, expect, it } from 'vitest';
import type { TableMapping } from '../../shared/domain/mappings/model.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A synchronised demo company, with Adatum's two records at hand. */
async function synchronised(change: Partial<TableMapping> = {}) {
  world = await startWorld({ change: (mapping) => ({ ...mapping, ...change }) });
  // The demo's one record with an error would be in every counter.
  const litware = world.dataverse.rows('account').find((row) => row['name'] === 'Litware, Inc. (sample)');
  world.dataverse.edit('account', String(litware?.['accountid']), { address1_country: 'US' }, 'alice');
  for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await world.run(job, 'fullSync');
  await world.advanceMinutes(30);
  const account = world.dataverse.rows('account').find((row) => row['name'] === 'Adatum Corporation');
  const customer = world.businessCentral
    .records('customers')
    .find((row) => row['displayName'] === 'Adatum Corporation');
  const accountId = String(account?.['accountid']);
  const customerId = String(customer?.['id']);
  return {
    editAccount: (changes: object) => world.dataverse.edit('account', accountId, { ...changes }, 'alice'),
    editCustomer: (changes: object, set = 'customers') =>
      world.businessCentral.edit(set, customerId, { ...changes }, 'bob'),
    account: () => world.dataverse.row('account', accountId),
    customer: () => world.businessCentral.record('customers', customerId),
    extras: () => world.businessCentral.record('customerExtras', customerId),
  };
}

describe('edits of different fields on both sides', () => {
  it('both survive, in one run (P1)', async () => {
    const adatum = await synchronised();
    adatum.editAccount({ telephone1: '555-0111', fax: '555-0112' });
    adatum.editCustomer({ city: 'Oxford' });
    const [toSales, fromSales] = await world.run('CUSTOMER');
    expect([toSales?.counts.modified, fromSales?.counts.modified]).toEqual([1, 1]);
    expect(adatum.account()).toMatchObject({ address1_city: 'Oxford', telephone1: '555-0111' });
    expect(adatum.customer()).toMatchObject({ city: 'Oxford', phoneNumber: '555-0111' });
    expect(adatum.extras()).toMatchObject({ faxNumber: '555-0112' });
    const again = await world.run('CUSTOMER');
    expect(again.map(({ counts }) => counts.modified)).toEqual([0, 0]);
  });
});

describe('different edits of the same field', () => {
  it('are a conflict: Failed once in each direction, Skipped the next time, nothing written (E-38, contract fine print)', async () => {
    const adatum = await synchronised();
    adatum.editAccount({ address1_city: 'Tromsø' });
    adatum.editCustomer({ city: 'Oxford' });
    const first = await world.run('CUSTOMER');
    expect(first.map(({ counts }) => [counts.failed, counts.skipped])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const second = await world.run('CUSTOMER');
    expect(second.map(({ counts }) => [counts.failed, counts.skipped])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(adatum.account()).toMatchObject({ address1_city: 'Tromsø' });
    expect(adatum.customer()).toMatchObject({ city: 'Oxford' });
  });

  it.each([
    ['sendToDataverse', 'Oxford'],
    ['getFromDataverse', 'Tromsø'],
  ] as const)(
    'are decided by %s, and the edits of other fields survive (contract fine print)',
    async (updateConflict, city) => {
      const adatum = await synchronised({ updateConflict });
      adatum.editAccount({ address1_city: 'Tromsø', telephone1: '555-0111' });
      adatum.editCustomer({ city: 'Oxford', addressLine2: 'Floor 2' });
      await world.run('CUSTOMER');
      expect(adatum.account()).toMatchObject({
        address1_city: city,
        telephone1: '555-0111',
        address1_line2: 'Floor 2',
      });
      expect(adatum.customer()).toMatchObject({ city, phoneNumber: '555-0111', addressLine2: 'Floor 2' });
      const again = await world.run('CUSTOMER');
      expect(again.map(({ counts }) => counts.modified)).toEqual([0, 0]);
    },
  );

  it('that are equal are no conflict', async () => {
    const adatum = await synchronised();
    adatum.editAccount({ address1_city: 'Oxford' });
    adatum.editCustomer({ city: 'Oxford' });
    const runs = await world.run('CUSTOMER');
    expect(runs.map(({ counts }) => [counts.failed, counts.modified])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe('a field that only travels to Dataverse', () => {
  it('never changes Business Central (credit limit, E-95)', async () => {
    const adatum = await synchronised();
    adatum.editAccount({ creditlimit: 777 });
    await world.run('CUSTOMER');
    expect(adatum.customer()).toMatchObject({ creditLimit: 0 });
  });
});

describe('clearing a value', () => {
  it('clears it on the other side, in both directions', async () => {
    const adatum = await synchronised();
    adatum.editAccount({ address1_postalcode: null });
    adatum.editCustomer({ email: '' });
    await world.run('CUSTOMER');
    expect(adatum.customer()).toMatchObject({ postalCode: '', email: '' });
    expect(adatum.account()).toMatchObject({ address1_postalcode: null, emailaddress1: null });
  });
});

describe('currency', () => {
  it('travels as a reference: blank stands for the local currency on the other side (E-73, E-74)', async () => {
    const adatum = await synchronised();
    const currencies = world.dataverse.rows('transactioncurrency');
    const codeOf = (id: unknown) =>
      currencies.find((row) => row['transactioncurrencyid'] === id)?.['isocurrencycode'];
    expect(codeOf(adatum.account()?.['_transactioncurrencyid_value'])).toBe('GBP');
    const euro = currencies.find((row) => row['isocurrencycode'] === 'EUR');
    adatum.editAccount({
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${euro?.['transactioncurrencyid']})`,
    });
    await world.run('CUSTOMER');
    expect(adatum.customer()).toMatchObject({ currencyCode: 'EUR' });
  });
});

describe('a new exchange rate', () => {
  it('reaches Sales although the currency itself was not touched (E-93, E-164)', async () => {
    await synchronised();
    const [rate] = world.businessCentral
      .records('currencyExchangeRates')
      .filter((row) => row['currencyCode'] === 'EUR')
      .slice(-1);
    world.businessCentral.edit(
      'currencyExchangeRates',
      String(rate?.['id']),
      { relationalExchangeRateAmount: 80 },
      'bob',
    );
    const [toSales] = await world.run('CURRENCY');
    expect(toSales?.counts).toMatchObject({ modified: 1, unchanged: 38 });
  });
});
