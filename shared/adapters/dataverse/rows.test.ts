/** Columns asked for, values read, and rows that cannot be read. */
import { describe, expect, it } from 'vitest';
import { errorAnswer, fakeDataverse, rawAccount, testId } from './testing/fakeDataverse.ts';

const annotation = '@Microsoft.Dynamics.CRM.lookuplogicalname';

function serving(...value: readonly unknown[]) {
  return fakeDataverse({ answer: () => ({ status: 200, body: { value } }) });
}

describe('selection', () => {
  it('asks for key, modifiedon and modifiedby besides the columns, lookups by their read name (section 8)', async () => {
    const { dataverse, requests } = serving();
    await dataverse.readRows(
      { table: 'account', attributes: ['name', 'ownerid', 'accountid', 'name'] },
      null,
    );
    expect(requests[0]?.target).toBe(
      'accounts?$select=_modifiedby_value,_ownerid_value,accountid,modifiedon,name',
    );
    expect(requests[0]?.headers['prefer']).toContain(
      'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"',
    );
  });

  it('never sends a column the table lacks, and warns once', async () => {
    const { dataverse, requests, logged } = serving();
    const selection = { table: 'account', attributes: ['name', 'bcbi_unknown', 'primarycontactidname'] };
    await dataverse.readRows(selection, null);
    await dataverse.readRows(selection, null);
    expect(requests.every((request) => !request.target.includes('bcbi_unknown'))).toBe(true);
    expect(logged).toEqual([
      { event: 'column-not-found', details: { table: 'account', column: 'bcbi_unknown' } },
      { event: 'column-not-found', details: { table: 'account', column: 'primarycontactidname' } },
    ]);
  });

  it('does not ask for modifiedon and modifiedby of a table without them', async () => {
    const { dataverse, requests } = serving({
      '@odata.etag': 'W/"1"',
      nav_settingid: testId(1),
      nav_name: 'a',
    });
    const rows = await dataverse.readRows({ table: 'nav_setting', attributes: ['nav_name'] }, null);
    expect(requests[0]?.target).toBe('nav_settings?$select=nav_name,nav_settingid');
    expect(rows[0]).toMatchObject({ modifiedBy: null, modifiedAt: '0001-01-01T00:00:00.000Z' });
  });
});

const everything = {
  table: 'account',
  attributes: [
    'name',
    'revenue',
    'statecode',
    'donotemail',
    'lastonholdtime',
    'primarycontactid',
    'ownerid',
    'accountnumber',
  ],
};

describe('rows', () => {
  it('reads values by type, references by guid and the tables they point at', async () => {
    const raw = rawAccount(7, {
      accountid: testId(7).toUpperCase(),
      revenue: 12.5,
      statecode: 0,
      donotemail: true,
      lastonholdtime: '2026-03-01T10:00:00Z',
      _primarycontactid_value: testId(3).toUpperCase(),
      _ownerid_value: testId(4),
      [`_ownerid_value${annotation}`]: 'team',
      accountnumber: null,
    });
    const [row] = await serving(raw).dataverse.readRows(everything, null);
    expect(row).toEqual({
      id: testId(7),
      etag: 'W/"7"',
      modifiedAt: '2026-03-02T08:00:00.000Z',
      modifiedBy: testId(9_000),
      values: {
        name: 'Account 7',
        revenue: 12.5,
        statecode: 0,
        donotemail: true,
        lastonholdtime: '2026-03-01T10:00:00.000Z',
        primarycontactid: testId(3),
        ownerid: testId(4),
        accountnumber: null,
      },
      lookupTables: { primarycontactid: 'contact', ownerid: 'team' },
    });
  });

  it('keeps date-only values as they are and does not invent values of columns that were not sent', async () => {
    const [row] = await serving(rawAccount(1, { lastonholdtime: '2026-03-01' })).dataverse.readRows(
      { table: 'account', attributes: ['lastonholdtime', 'revenue'] },
      null,
    );
    expect(row?.values).toEqual({ lastonholdtime: '2026-03-01' });
  });

  it('falls back to versionnumber where there is no etag (section 7)', async () => {
    const raw = rawAccount(1, { '@odata.etag': undefined, versionnumber: 4711 });
    const [row] = await serving(raw).dataverse.readRows(everything, null);
    expect(row?.etag).toBe('W/"4711"');
  });

  it.each([
    ['without a key', { accountid: undefined }, 'its key is missing'],
    ['without an etag', { '@odata.etag': undefined }, 'its etag is missing'],
    ['with a value that is an object', { name: { a: 1 } }, 'the value of name has no known form'],
    ['with a date that is none', { modifiedon: 'soon' }, 'the value of modifiedon is no date'],
  ])('leaves out a row %s, with a warning, and keeps the others (P11)', async (_what, change, reason) => {
    const { dataverse, logged } = serving(rawAccount(1, change), rawAccount(2), 'nonsense');
    const rows = await dataverse.readRows({ table: 'account', attributes: ['name'] }, null);
    expect(rows.map((row) => row.id)).toEqual([testId(2)]);
    expect(logged).toEqual([
      { event: 'record-unreadable', details: { table: 'account', reason } },
      { event: 'record-unreadable', details: { table: 'account', reason: 'the row is no object' } },
    ]);
  });
});

describe('readRows', () => {
  it('passes the filter encoded and follows all pages unchanged', async () => {
    const link =
      'https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=%3Ccookie%20a=%22%2522%22%3E';
    const { dataverse, requests } = fakeDataverse({
      pageSize: 10,
      answer: ({ url }) =>
        url === link
          ? { status: 200, body: { value: [rawAccount(2)] } }
          : { status: 200, body: { value: [rawAccount(1)], '@odata.nextLink': link } },
    });
    const rows = await dataverse.readRows({ table: 'account', attributes: ['name'] }, "name eq 'A&B + C'");
    expect(rows.map((row) => row.id)).toEqual([testId(1), testId(2)]);
    expect(requests[0]?.url).toContain("$filter=name%20eq%20'A%26B%20%2B%20C'");
    expect(requests[1]?.url).toBe(link);
    expect(requests.map((request) => request.headers['prefer']?.includes('odata.maxpagesize=10'))).toEqual([
      true,
      true,
    ]);
  });

  it('stops when the service names the same page again, instead of reading it for ever', async () => {
    const link = 'https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=1';
    const { dataverse, requests } = fakeDataverse({
      answer: () => ({ status: 200, body: { value: [], '@odata.nextLink': link } }),
    });
    await expect(dataverse.readRows({ table: 'account', attributes: [] }, null)).rejects.toThrow('same page');
    expect(requests).toHaveLength(2);
  });

  it('never follows a link to another host', async () => {
    const { dataverse, requests } = fakeDataverse({
      answer: () => ({
        status: 200,
        body: { value: [], '@odata.nextLink': 'https://evil.example/accounts' },
      }),
    });
    await expect(dataverse.readRows({ table: 'account', attributes: [] }, null)).rejects.toMatchObject({
      code: 'foreign-next-link',
    });
    expect(requests).toHaveLength(1);
  });

  it('raises the service message when a read is refused', async () => {
    const { dataverse } = fakeDataverse({ answer: () => errorAnswer(400, '0x80060888', 'bad filter') });
    await expect(dataverse.readRows({ table: 'account', attributes: [] }, 'x')).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('bad filter'),
    });
  });
});
