/** What may be deleted, what goes with it, and who belongs to a team. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient, stopAll } from '../../testing/client.ts';
import { createOrder, writeIn } from '../../testing/salesClient.ts';

let client: Client;

beforeEach(async () => {
  client = await startClient();
});
afterEach(stopAll);

describe('delete rules (dataverse-web-api section 11)', () => {
  it('restrict accounts with orders and currencies in use', async () => {
    const { account, id } = await createOrder(client, { order_details: [writeIn(1, 1)] });
    const refused = await client.send('DELETE', `accounts(${account})`);
    expect([refused.status, refused.errorCode]).toEqual([405, '0x80040227']);
    const [currency] = (await client.get('transactioncurrencies')).value;
    const inUse = await client.send(
      'DELETE',
      `transactioncurrencies(${currency?.['transactioncurrencyid']})`,
    );
    expect(inUse.errorCode).toBe('0x80040227');
    expect((await client.send('DELETE', `salesorders(${id})`)).status).toBe(204);
    expect((await client.get('salesorderdetails/$count')).text).toBe('0');
    expect((await client.send('DELETE', `accounts(${account})`)).status).toBe(204);
  });

  it('take contacts along with their account and clear other lookups', async () => {
    const contact = await client.create('contacts', { lastname: 'Prime' });
    const account = await client.create('accounts', {
      name: 'A',
      'primarycontactid@odata.bind': `/contacts(${contact})`,
      contact_customer_accounts: [{ lastname: 'Child' }],
    });
    await client.send('DELETE', `contacts(${contact})`);
    expect(client.simulator.row('account', account)?.['_primarycontactid_value']).toBeNull();
    await client.send('DELETE', `accounts(${account})`);
    expect((await client.get('contacts/$count')).text).toBe('0');
  });

  it('keep users and the default team', async () => {
    const { UserId: user } = (await client.get('WhoAmI')).json;
    expect((await client.send('DELETE', `systemusers(${user})`)).status).toBe(405);
    const [team] = (await client.get('teams')).value;
    expect((await client.send('DELETE', `teams(${team?.['teamid']})`)).status).toBe(405);
  });
});

describe('team members', () => {
  it('are added, listed, filtered on and removed', async () => {
    const { UserId: user } = (await client.get('WhoAmI')).json;
    const team = await client.create('teams', {
      name: 'T',
      'businessunitid@odata.bind': `/businessunits(${(await client.get('WhoAmI')).json['BusinessUnitId']})`,
      'administratorid@odata.bind': `/systemusers(${user})`,
    });
    const reference = { '@odata.id': `${client.base}/systemusers(${user})` };
    await client.send('POST', `teams(${team})/teammembership_association/$ref`, reference);
    expect((await client.get(`teams(${team})/teammembership_association`)).value).toHaveLength(1);
    const filter = `teammembership_association/any(t:t/teamid eq ${team})`;
    expect((await client.get(`systemusers?$filter=${filter}`)).value).toHaveLength(1);
    await client.send('DELETE', `teams(${team})/teammembership_association(${user})/$ref`);
    expect((await client.get(`teams(${team})/teammembership_association/$count`)).text).toBe('0');
  });
});
