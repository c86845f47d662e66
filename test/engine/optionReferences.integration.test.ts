/** Customers and accounts that refer to payment terms, shipment methods and shipping agents (E-81). */
import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const optionJobs = ['PAYMENT TERMS', 'SHIPMENT METHOD', 'SHIPPING AGENT'];

/** The demo company after a first synchronisation of customers, with or without their options before them. */
async function synchronised({ options }: { readonly options: boolean }) {
  world = await startWorld();
  const litware = world.dataverse.rows('account').find((row) => row['name'] === 'Litware, Inc. (sample)');
  world.dataverse.edit('account', String(litware?.['accountid']), { address1_country: 'US' }, 'alice');
  for (const job of ['SALESPEOPLE', 'CURRENCY', ...(options ? optionJobs : []), 'CUSTOMER']) {
    await world.run(job, 'fullSync');
  }
  await world.advanceMinutes(30);
}

const account = (name: string) => {
  const found = world.dataverse.rows('account').find((row) => row['name'] === name);
  return world.dataverse.row('account', String(found?.['accountid'])) ?? {};
};
const customer = (name: string) =>
  world.businessCentral.records('customers').find((row) => row['displayName'] === name) ?? {};
const extras = (name: string) =>
  world.businessCentral.record('customerExtras', String(customer(name)['id'])) ?? {};
const editAccount = (name: string, changes: object) =>
  world.dataverse.edit('account', String(account(name)['accountid']), { ...changes }, 'alice');
const editCustomer = (name: string, changes: object, set = 'customers') =>
  world.businessCentral.edit(set, String(customer(name)['id']), { ...changes }, 'bob');
const codeId = (set: string, code: string) =>
  String(world.businessCentral.records(set).find((record) => record['code'] === code)?.['id']);

async function numberOf(attribute: string, label: string): Promise<number | undefined> {
  const [column] = await world.ports.dataverse.readOptions([{ table: 'account', attribute }]);
  return column?.options.find((option) => option.label === label)?.value;
}

const adatum = 'Adatum Corporation';
const failures = (runs: Awaited<ReturnType<World['run']>>) => runs.map(({ counts }) => counts.failed);

describe('paired options', () => {
  it('reach the account as numbers (E-81)', async () => {
    await synchronised({ options: true });
    expect(account(adatum)).toMatchObject({
      paymenttermscode: await numberOf('paymenttermscode', '1M(8D)'),
      address1_freighttermscode: await numberOf('address1_freighttermscode', 'EXW'),
      address1_shippingmethodcode: 2,
    });
  });

  it('come back as ids and codes when a user chooses others in Sales (E-81)', async () => {
    await synchronised({ options: true });
    editAccount(adatum, {
      paymenttermscode: (await numberOf('paymenttermscode', '30 DAYS')) ?? 0,
      address1_freighttermscode: 1,
      address1_shippingmethodcode: 4,
    });
    expect(failures(await world.run('CUSTOMER'))).toEqual([0, 0]);
    expect(customer(adatum)).toMatchObject({
      paymentTermsId: codeId('paymentTerms', '30 DAYS'),
      shipmentMethodId: codeId('shipmentMethods', 'FOB'),
    });
    expect(extras(adatum)).toMatchObject({ shippingAgentCode: 'UPS' });
    const again = await world.run('CUSTOMER');
    expect(again.map(({ counts }) => counts.modified)).toEqual([0, 0]);
  });

  it('are emptied with the code, and the code with the option (E-81)', async () => {
    await synchronised({ options: true });
    editCustomer(adatum, { shippingAgentCode: '' }, 'customerExtras');
    editAccount(adatum, { paymenttermscode: null });
    expect(failures(await world.run('CUSTOMER'))).toEqual([0, 0]);
    expect(account(adatum)).toMatchObject({ address1_shippingmethodcode: null, paymenttermscode: null });
    expect(customer(adatum)).toMatchObject({ paymentTermsId: '00000000-0000-0000-0000-000000000000' });
  });

  it('keep their number when the code is renamed (E-8)', async () => {
    await synchronised({ options: true });
    const { paymenttermscode: before } = account(adatum);
    world.businessCentral.edit('paymentTerms', codeId('paymentTerms', '1M(8D)'), { code: '1M8D' });
    await world.run('PAYMENT TERMS');
    expect(failures(await world.run('CUSTOMER'))).toEqual([0, 0]);
    expect(account(adatum)['paymenttermscode']).toBe(before);
  });
});

describe('options without a pair', () => {
  it('leave the column empty, and the record succeeds (seed rule)', async () => {
    await synchronised({ options: false });
    expect(account(adatum)).toMatchObject({
      paymenttermscode: null,
      address1_freighttermscode: null,
      address1_shippingmethodcode: null,
    });
    expect(await world.openErrors('CUSTOMER')).toEqual([]);
  });

  it('of an account stand for the code of their caption, else for the code of their number (E-81)', async () => {
    await synchronised({ options: false });
    world.businessCentral.create('paymentTerms', { code: '3', displayName: 'Three' });
    editAccount(adatum, {
      address1_freighttermscode: 1,
      paymenttermscode: 3,
      address1_shippingmethodcode: 1,
    });
    expect(failures(await world.run('CUSTOMER'))).toEqual([0, 0]);
    expect(customer(adatum)).toMatchObject({
      shipmentMethodId: codeId('shipmentMethods', 'FOB'),
      paymentTermsId: codeId('paymentTerms', '3'),
    });
    expect(extras(adatum)).toMatchObject({ shippingAgentCode: 'DHL' });
  });

  it("do not hold back a user's choice of a paired one on the other side (P1)", async () => {
    await synchronised({ options: false });
    editCustomer(adatum, { city: 'Oxford' });
    editAccount(adatum, { address1_freighttermscode: 1 });
    expect(failures(await world.run('CUSTOMER'))).toEqual([0, 0]);
    expect(account(adatum)).toMatchObject({ address1_city: 'Oxford', address1_freighttermscode: 1 });
    expect(customer(adatum)).toMatchObject({ shipmentMethodId: codeId('shipmentMethods', 'FOB') });
  });

  it('fill the column in a full synchronisation once they are paired', async () => {
    await synchronised({ options: false });
    for (const job of optionJobs) await world.run(job, 'fullSync');
    const runs = await world.run('CUSTOMER', 'fullSync');
    expect(failures(runs)).toEqual([0, 0]);
    expect(account(adatum)).toMatchObject({
      paymenttermscode: await numberOf('paymenttermscode', '1M(8D)'),
      address1_shippingmethodcode: 2,
    });
    expect((await world.run('CUSTOMER', 'fullSync')).map(({ counts }) => counts.modified)).toEqual([0, 0]);
  });
});
