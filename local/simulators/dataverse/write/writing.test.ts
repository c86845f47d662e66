import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatorClock } from '../../common/clock.ts';
import { type Client, startClient, stopAll } from '../testing/client.ts';

let client: Client;
const clock = () => createSimulatorClock({ startMs: Date.UTC(2026, 2, 2, 8, 0, 0, 750), manual: true });
const missing = '00000000-0000-4000-8000-000000000000';
const representation = { Prefer: 'return=representation' };

beforeEach(async () => {
  client = await startClient({ clock: clock() });
});
afterEach(stopAll);

describe('creating (dataverse-web-api sections 4, 8, 9)', () => {
  it('answers 204 with OData-EntityId, or 201 with the row', async () => {
    const plain = await client.send('POST', 'accounts', { name: 'A' });
    expect(plain.status).toBe(204);
    expect(plain.headers.get('OData-EntityId')).toMatch(
      new RegExp(`^${client.base}/accounts\\([0-9a-f-]{36}\\)$`),
    );
    const full = await client.send('POST', 'accounts?$select=name', { name: 'B' }, representation);
    expect([full.status, full.json['name']]).toEqual([201, 'B']);
    expect(full.headers.get('ETag')).toBe(full.json['@odata.etag']);
    expect(full.headers.get('Preference-Applied')).toBe('return=representation');
    expect(full.json['@odata.context']).toBe(`${client.base}/$metadata#accounts(name)/$entity`);
  });

  it('fills in owner, currency, state, users and whole-second times', async () => {
    const { UserId: user, BusinessUnitId: unit } = (await client.get('WhoAmI')).json;
    const id = await client.create('accounts', { name: 'A', creditlimit: 100 });
    const row = client.simulator.row('account', id);
    expect(row).toMatchObject({
      _ownerid_value: user,
      _owninguser_value: user,
      _owningbusinessunit_value: unit,
      _createdby_value: user,
      _modifiedby_value: user,
      statecode: 0,
      statuscode: 1,
      exchangerate: 1,
      creditlimit_base: 100,
      createdon: '2026-03-02T08:00:00Z',
      modifiedon: '2026-03-02T08:00:00Z',
    });
    expect(row?.['_transactioncurrencyid_value']).not.toBeNull();
  });

  it('takes an explicit id and refuses it twice with 412 0x80040237', async () => {
    const body = { accountid: missing, name: 'A' };
    expect((await client.send('POST', 'accounts', body)).headers.get('OData-EntityId')).toContain(missing);
    const again = await client.send('POST', 'accounts', body);
    expect([again.status, again.errorCode]).toEqual([412, '0x80040237']);
  });

  it('creates nested rows and parents in one transaction', async () => {
    const id = await client.create('accounts', {
      name: 'Parent',
      primarycontactid: { lastname: 'Prime' },
      contact_customer_accounts: [{ lastname: 'One' }, { lastname: 'Two' }],
    });
    const { json } = await client.get(`accounts(${id})?$expand=primarycontactid,contact_customer_accounts`);
    expect((json['primarycontactid'] as Record<string, unknown>)['lastname']).toBe('Prime');
    expect(json['contact_customer_accounts']).toHaveLength(2);
    const failed = await client.send('POST', 'accounts', {
      name: 'Never',
      contact_customer_accounts: [{ lastname: 'x'.repeat(51) }],
    });
    expect(failed.errorCode).toBe('0x80044331');
    expect((await client.get("accounts/$count?$filter=name eq 'Never'")).text).toBe('0');
  });

  it('ignores columns that cannot be written', async () => {
    const id = await client.create('accounts', {
      name: 'A',
      versionnumber: 5,
      createdon: '2000-01-01T00:00:00Z',
    });
    expect(client.simulator.row('account', id)).toMatchObject({ createdon: '2026-03-02T08:00:00Z' });
    expect(client.simulator.row('account', id)?.['versionnumber']).not.toBe(5);
  });

  it('shows createdon as overriddencreatedon says', async () => {
    const id = await client.create('accounts', { name: 'A', overriddencreatedon: '2020-05-01' });
    expect(client.simulator.row('account', id)?.['createdon']).toBe('2020-05-01T00:00:00Z');
  });
});

describe('lookups', () => {
  it('bind by case-sensitive navigation names, per target table when polymorphic', async () => {
    const account = await client.create('accounts', { name: 'A' });
    const company = await client.create('bcbi_companies', { bcbi_name: 'C', bcbi_externalid: 'x' });
    const id = await client.create('contacts', {
      lastname: 'L',
      'parentcustomerid_account@odata.bind': `${client.base}/accounts(${account})`,
      'bcbi_CompanyId@odata.bind': `bcbi_companies(${company})`,
    });
    expect(client.simulator.row('contact', id)).toMatchObject({
      _parentcustomerid_value: account,
      _accountid_value: account,
      _bcbi_companyid_value: company,
    });
    const answer = await client.get(`contacts(${id})?$select=_parentcustomerid_value`, {
      Prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.*"',
    });
    expect(answer.json).toMatchObject({
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty':
        'parentcustomerid_account',
    });
    const wrongCase = { 'bcbi_companyid@odata.bind': `/bcbi_companies(${company})` };
    expect((await client.send('PATCH', `contacts(${id})`, wrongCase)).errorCode).toBe('0x80048d19');
    await client.send('PATCH', `contacts(${id})`, { 'parentcustomerid_account@odata.bind': null });
    expect(client.simulator.row('contact', id)).toMatchObject({
      _parentcustomerid_value: null,
      _accountid_value: null,
    });
  });

  it('refuse rows that are missing, other tables, plain values and the _value name', async () => {
    const post = (body: object) => client.send('POST', 'accounts', { name: 'A', ...body });
    expect((await post({ 'primarycontactid@odata.bind': `/contacts(${missing})` })).errorCode).toBe(
      '0x80040217',
    );
    expect((await post({ 'primarycontactid@odata.bind': `/accounts(${missing})` })).status).toBe(400);
    expect((await post({ 'primarycontactid@odata.bind': "/contacts(fullname='x')" })).status).toBe(400);
    expect((await post({ primarycontactid: missing })).errorCode).toBe('0x80048d19');
    expect((await post({ _primarycontactid_value: missing })).errorCode).toBe('0x80048d19');
  });

  it('bind the owner to users and teams and keep the owning columns in step', async () => {
    const [team] = (await client.get('teams?$select=teamid')).value;
    const id = await client.create('accounts', {
      name: 'A',
      'ownerid@odata.bind': `/teams(${team?.['teamid']})`,
    });
    expect(client.simulator.row('account', id)).toMatchObject({
      _ownerid_value: team?.['teamid'],
      _owningteam_value: team?.['teamid'],
      _owninguser_value: null,
    });
    const answer = await client.get(`accounts(${id})?$select=_ownerid_value`, {
      Prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"',
    });
    expect(answer.text).toContain('"team"');
    const disabled = await client.create('systemusers', {
      lastname: 'Gone',
      'businessunitid@odata.bind': `/businessunits(${(await client.get('WhoAmI')).json['BusinessUnitId']})`,
    });
    await client.send('PATCH', `systemusers(${disabled})`, { isdisabled: true });
    const refused = await client.send('PATCH', `accounts(${id})`, {
      'ownerid@odata.bind': `/systemusers(${disabled})`,
    });
    expect(refused.status).toBe(400);
  });

  it('are set and cleared through $ref', async () => {
    const contact = await client.create('contacts', { lastname: 'L' });
    const account = await client.create('accounts', { name: 'A' });
    const reference = `accounts(${account})/primarycontactid/$ref`;
    await client.send('PUT', reference, { '@odata.id': `${client.base}/contacts(${contact})` });
    expect(client.simulator.row('account', account)?.['_primarycontactid_value']).toBe(contact);
    expect((await client.send('DELETE', reference)).status).toBe(204);
    expect(client.simulator.row('account', account)?.['_primarycontactid_value']).toBeNull();
    const collection = `accounts(${account})/contact_customer_accounts/$ref`;
    await client.send('POST', collection, { '@odata.id': `contacts(${contact})` });
    expect(client.simulator.row('contact', contact)?.['_parentcustomerid_value']).toBe(account);
    await client.send('DELETE', `accounts(${account})/contact_customer_accounts(${contact})/$ref`);
    expect(client.simulator.row('contact', contact)?.['_parentcustomerid_value']).toBeNull();
  });
});

describe('values are checked (dataverse-web-api section 14)', () => {
  it.each([
    [{ name: 'x'.repeat(161) }, '0x80044331'],
    [{ customertypecode: 99 }, '0x8004431A'],
    [{ customertypecode: 'Customer' }, '0x80048d19'],
    [{ numberofemployees: 3_000_000_000 }, '0x8004432f'],
    [{ numberofemployees: 1.5 }, '0x80048d19'],
    [{ creditlimit: 1e16 }, '0x80044330'],
    [{ creditlimit: '12' }, '0x80048d19'],
    [{ creditonhold: 'yes' }, '0x80048d19'],
    [{ name: 5 }, '0x80048d19'],
    [{ nosuchcolumn: 1 }, '0x80048d19'],
    [{ lastusedincampaign: 'soon' }, '0x80048d19'],
    [{ accountid: 'no guid' }, '0x80048d19'],
    [{ statuscode: 2 }, '0x80048408'],
  ])('%j is refused with %s', async (body, code) => {
    const answer = await client.send('POST', 'accounts', { name: 'A', ...body });
    expect([answer.status, answer.errorCode]).toEqual([400, code]);
    expect(answer.json['error']).toHaveProperty('message');
  });

  it('rounds money to its precision and stores empty text as null', async () => {
    const id = await client.create('accounts', { name: 'A', creditlimit: 10.005, telephone1: '' });
    expect(client.simulator.row('account', id)).toMatchObject({ creditlimit: 10.01, telephone1: null });
  });

  it('refuses a body that is no JSON object or has another content type', async () => {
    expect((await client.send('POST', 'accounts', '{')).errorCode).toBe('0x80048d19');
    expect((await client.send('POST', 'accounts', '[]')).errorCode).toBe('0x80048d19');
    expect((await client.send('POST', 'accounts', '{}', { 'Content-Type': 'text/plain' })).status).toBe(400);
  });

  it('refuses a missing or cleared required column', async () => {
    expect((await client.send('POST', 'transactioncurrencies', { currencyname: 'X' })).errorCode).toBe(
      '0x80040203',
    );
    const [currency] = (await client.get('transactioncurrencies')).value;
    const path = `transactioncurrencies(${currency?.['transactioncurrencyid']})`;
    expect((await client.send('PATCH', path, { currencyname: null })).errorCode).toBe('0x80040203');
  });
});

describe('updating (dataverse-web-api sections 7, 9, 10)', () => {
  it('moves version, modifiedon and modifiedby even when nothing differs', async () => {
    const id = await client.create('accounts', { name: 'A' });
    const before = client.simulator.row('account', id);
    await client.simulator.clock.advance(5_000);
    await client.send('PATCH', `accounts(${id})`, { name: 'A' }, { Authorization: 'Bearer alice' });
    const after = client.simulator.row('account', id);
    expect(Number(after?.['versionnumber'])).toBeGreaterThan(Number(before?.['versionnumber']));
    expect([after?.['modifiedon'], after?.['createdon']]).toEqual([
      '2026-03-02T08:00:05Z',
      '2026-03-02T08:00:00Z',
    ]);
    expect(after?.['_modifiedby_value']).not.toBe(before?.['_modifiedby_value']);
  });

  it('answers 200 with the row when asked, and drops the key from the body', async () => {
    const id = await client.create('accounts', { name: 'A' });
    const body = { name: 'B', accountid: missing };
    const answer = await client.send('PATCH', `accounts(${id})?$select=name`, body, representation);
    expect([answer.status, answer.json['name'], answer.json['accountid']]).toEqual([200, 'B', id]);
  });

  it('creates a missing row without If-Match, with the id of the address', async () => {
    const answer = await client.send('PATCH', `accounts(${missing})`, { name: 'A' }, representation);
    expect([answer.status, answer.json['accountid']]).toEqual([201, missing]);
  });

  it('obeys If-Match and If-None-Match', async () => {
    const patch = (id: string, headers: Record<string, string>) =>
      client.send('PATCH', `accounts(${id})`, { name: 'B' }, headers);
    expect((await patch(missing, { 'If-Match': '*' })).status).toBe(404);
    expect((await patch(missing, { 'If-None-Match': '*' })).status).toBe(204);
    const conflict = await patch(missing, { 'If-None-Match': '*' });
    expect([conflict.status, conflict.errorCode]).toEqual([412, '0x80040237']);
    const etag = `W/"${client.simulator.row('account', missing)?.['versionnumber']}"`;
    expect((await patch(missing, { 'If-Match': etag })).status).toBe(204);
    const stale = await patch(missing, { 'If-Match': etag });
    expect([stale.status, stale.errorCode]).toEqual([412, '0x80060882']);
    expect(
      (await client.send('DELETE', `accounts(${missing})`, undefined, { 'If-Match': etag })).status,
    ).toBe(412);
  });

  it('refuses etags on tables without optimistic concurrency', async () => {
    const [row] = (await client.get('organizations')).value;
    const path = `organizations(${row?.['organizationid']})`;
    const answer = await client.send('PATCH', path, { name: 'x' }, { 'If-Match': 'W/"1"' });
    expect([answer.status, answer.errorCode]).toEqual([400, '0x8006088d']);
  });

  it('changes and clears single properties', async () => {
    const id = await client.create('accounts', { name: 'A', telephone1: '1' });
    await client.send('PUT', `accounts(${id})/name`, { value: 'B' });
    await client.send('DELETE', `accounts(${id})/telephone1`);
    expect(client.simulator.row('account', id)).toMatchObject({ name: 'B', telephone1: null });
    expect((await client.send('PUT', `accounts(${id})/nothing`, { value: 1 })).status).toBe(400);
  });

  it('refuses rows nested in an update', async () => {
    const id = await client.create('accounts', { name: 'A' });
    expect(
      (await client.send('PATCH', `accounts(${id})`, { primarycontactid: { lastname: 'x' } })).status,
    ).toBe(400);
  });
});

describe('deleting', () => {
  it('takes the row away, 404 the second time', async () => {
    const id = await client.create('accounts', { name: 'A' });
    expect((await client.send('DELETE', `accounts(${id})`)).status).toBe(204);
    const again = await client.send('DELETE', `accounts(${id})`);
    expect([again.status, again.errorCode]).toEqual([404, '0x80040217']);
  });
});
