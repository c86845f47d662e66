import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient, stopAll } from '../testing/client.ts';

let client: Client;

beforeEach(async () => {
  client = await startClient();
  for (const [index, name] of ['Delta', 'alpha', 'Charlie', 'Bravo', 'Echo 100%'].entries()) {
    await client.create('accounts', { name, numberofemployees: index, revenue: index === 0 ? 10.5 : null });
  }
});
afterEach(stopAll);

const names = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row['name']);

describe('reading a set (dataverse-web-api sections 4 and 5)', () => {
  it('brings the selected columns, the key and the etag, and the currency beside money', async () => {
    const answer = await client.get("accounts?$select=name,revenue&$filter=name eq 'delta'");
    expect(answer.json['@odata.context']).toBe(`${client.base}/$metadata#accounts(name,revenue)`);
    expect(Object.keys(answer.value[0] ?? {}).sort()).toEqual([
      '@odata.etag',
      '_transactioncurrencyid_value',
      'accountid',
      'name',
      'revenue',
    ]);
  });

  it('brings every column without $select, null ones as null', async () => {
    const [row] = (await client.get('accounts?$top=1')).value;
    expect(row).toMatchObject({ telephone1: null, statecode: 0, statuscode: 1 });
  });

  it.each([
    ["name eq 'ALPHA'", ['alpha']],
    ["contains(name,'a') and not startswith(name,'d')", ['alpha', 'Bravo', 'Charlie']],
    ["contains(name,'_ravo')", ['Bravo']],
    ["startswith(name,'%l')", ['alpha', 'Charlie', 'Delta']],
    ["endswith(name,'[oh]')", ['Bravo']],
    ['numberofemployees ge 3', ['Bravo', 'Echo 100%']],
    ['revenue ne null', ['Delta']],
    ['numberofemployees eq 1 or numberofemployees eq 2', ['alpha', 'Charlie']],
    [
      "Microsoft.Dynamics.CRM.In(PropertyName='numberofemployees',PropertyValues=['0','4'])",
      ['Delta', 'Echo 100%'],
    ],
    ["transactioncurrencyid/isocurrencycode eq 'USD' and numberofemployees lt 1", ['Delta']],
    ["createdby/fullname eq 'nobody'", []],
    ['createdon eq modifiedon and numberofemployees eq 2', ['Charlie']],
  ])('filters with %s', async (filter, expected) => {
    const answer = await client.get(
      `accounts?$select=name&$orderby=name&$filter=${encodeURIComponent(filter)}`,
    );
    expect(names(answer.value)).toEqual(expected);
  });

  it('puts aliases into the filter, null when not assigned', async () => {
    expect(names((await client.get("accounts?$filter=name eq @p1&@p1='alpha'")).value)).toEqual(['alpha']);
    expect((await client.get('accounts?$filter=revenue eq @p1')).value).toHaveLength(4);
  });

  it.each([
    ["fullname2 eq 'x'", 'unknown column'],
    ["primarycontactidname eq 'x'", 'the name of a lookup is no column here'],
    ["primarycontactid eq 'x'", 'a lookup without _value'],
    ["numberofemployees eq 'x'", 'another type'],
    ["tolower(name) eq 'x'", 'a function that is not supported'],
    ["name in ('a','b')", 'the in operator'],
    ['name eq', 'a syntax error'],
    ["nothing/name eq 'x'", 'an unknown navigation property'],
  ])('refuses the filter %s: %s', async (filter) => {
    const answer = await client.get(`accounts?$filter=${encodeURIComponent(filter)}`);
    expect([answer.status, answer.errorCode]).toEqual([400, '0x80060888']);
  });

  it.each([
    '$skip=1',
    '$search=a',
    '$format=json',
    '$apply=x',
    '$select=nope',
    '$orderby=nope',
    '$expand=nope',
  ])('refuses the option %s', async (option) => {
    expect((await client.get(`accounts?${option}`)).errorCode).toBe('0x80060888');
  });

  it('answers 404 for an unknown set, 405 for a wrong method', async () => {
    expect((await client.get('things')).status).toBe(404);
    expect((await client.send('PATCH', 'accounts', { name: 'x' })).status).toBe(405);
  });

  it('orders by several columns, without regard to case', async () => {
    const answer = await client.get('accounts?$select=name&$orderby=statecode desc,name desc');
    expect(names(answer.value)).toEqual(['Echo 100%', 'Delta', 'Charlie', 'Bravo', 'alpha']);
  });

  it('counts with $count=true and with /$count', async () => {
    const answer = await client.get('accounts?$count=true&$top=2&$filter=numberofemployees gt 0');
    expect([answer.json['@odata.count'], answer.value.length]).toEqual([4, 2]);
    const count = await client.get('accounts/$count?$filter=numberofemployees gt 0');
    expect([count.text, count.headers.get('Content-Type')]).toEqual(['4', 'text/plain']);
  });
});

describe('paging (dataverse-web-api section 6)', () => {
  it.each([
    'accounts?$select=name',
    'accounts?$select=name&$orderby=name desc',
    'accounts?$filter=numberofemployees ge 0',
  ])('follows next links to the end without loss or doubling: %s', async (resource) => {
    const seen: unknown[] = [];
    let pages = 0;
    for (let next: string | undefined = resource; next; pages += 1) {
      const answer = await client.get(next, { Prefer: 'odata.maxpagesize=2' });
      expect(answer.headers.get('Preference-Applied')).toBe('odata.maxpagesize=2');
      seen.push(...answer.value.map((row) => row['accountid']));
      next = answer.json['@odata.nextLink'] as string | undefined;
    }
    expect([pages, seen.length, new Set(seen).size]).toEqual([3, 5, 5]);
  });

  it('ignores $top beside maxpagesize', async () => {
    const answer = await client.get('accounts?$top=1', { Prefer: 'odata.maxpagesize=3' });
    expect(answer.value).toHaveLength(3);
    expect(answer.json['@odata.nextLink']).toContain('%20pagenumber%3D%222%22');
  });

  it('refuses a made-up skip token', async () => {
    expect((await client.get('accounts?$skiptoken=5')).status).toBe(400);
  });
});

describe('related rows', () => {
  it('expands single-valued and collection properties one level, with nested options', async () => {
    const contact = await client.create('contacts', { firstname: 'Ann', lastname: 'Zed' });
    const account = await client.create('accounts', {
      name: 'Parent',
      'primarycontactid@odata.bind': `/contacts(${contact})`,
    });
    for (const lastname of ['B', 'A', 'C']) {
      const parent = { 'parentcustomerid_account@odata.bind': `/accounts(${account})` };
      await client.create('contacts', { lastname, ...parent });
    }
    const nested = "contact_customer_accounts($select=lastname;$filter=lastname ne 'C';$orderby=lastname)";
    const { json } = await client.get(
      `accounts(${account})?$select=name&$expand=primarycontactid($select=fullname),${nested}`,
    );
    expect(json['primarycontactid']).toMatchObject({ fullname: 'Ann Zed', contactid: contact });
    const children = json['contact_customer_accounts'] as Record<string, unknown>[];
    expect(children.map((row) => row['lastname'])).toEqual(['A', 'B']);
    const lambda = "accounts?$select=name&$filter=contact_customer_accounts/any(c:c/lastname eq 'b')";
    expect(names((await client.get(lambda)).value)).toEqual(['Parent']);
    expect((await client.get(`accounts(${account})/contact_customer_accounts/$count`)).text).toBe('3');
    expect(
      (await client.get(`accounts(${account})/primarycontactid?$select=lastname`)).json['lastname'],
    ).toBe('Zed');
  });

  it('refuses a second level of $expand', async () => {
    expect((await client.get('accounts?$expand=primarycontactid($expand=createdby)')).status).toBe(400);
  });
});

describe('annotations', () => {
  it('stand beside the property only when asked for', async () => {
    const resource = "accounts?$select=_ownerid_value,statecode&$filter=name eq 'alpha'";
    expect(
      Object.keys((await client.get(resource)).value[0] ?? {}).filter((key) => key.includes('@')),
    ).toEqual(['@odata.etag']);
    const annotations = { Prefer: 'odata.include-annotations="*"' };
    expect((await client.get(resource, annotations)).value[0]).toMatchObject({
      'statecode@OData.Community.Display.V1.FormattedValue': 'Active',
      '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Business Central Integration',
      '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
      '_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'ownerid',
    });
    const only = { Prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"' };
    expect((await client.get(resource, only)).text).not.toContain('FormattedValue');
  });
});

describe('one row', () => {
  it('is found by id, with etag, and answers 304 when unchanged', async () => {
    const [row] = (await client.get('accounts?$top=1')).value;
    const answer = await client.get(`accounts(${String(row?.['accountid']).toUpperCase()})?$select=name`);
    const etag = answer.headers.get('ETag') ?? '';
    expect([answer.status, answer.json['@odata.etag']]).toEqual([200, etag]);
    expect((await client.get(`accounts(${row?.['accountid']})`, { 'If-None-Match': etag })).status).toBe(304);
    expect((await client.get(`accounts(${row?.['accountid']})`, { 'If-None-Match': 'null' })).status).toBe(
      200,
    );
  });

  it('is 404 when missing and 400 for a key that is not defined', async () => {
    const missing = await client.get('accounts(00000000-0000-4000-8000-000000000000)');
    expect([missing.status, missing.errorCode]).toEqual([404, '0x80040217']);
    expect((await client.get("accounts(accountnumber='X')")).status).toBe(400);
    expect((await client.get('systemusers(systemuserid=00000000-0000-4000-8000-000000000000)')).status).toBe(
      400,
    );
  });

  it('gives single properties and their raw values', async () => {
    const [row] = (await client.get("accounts?$filter=name eq 'alpha'")).value;
    expect((await client.get(`accounts(${row?.['accountid']})/name`)).json['value']).toBe('alpha');
    expect((await client.get(`accounts(${row?.['accountid']})/name/$value`)).text).toBe('alpha');
    expect((await client.get(`accounts(${row?.['accountid']})/telephone1`)).status).toBe(204);
  });
});
