/** Reading over HTTP: addresses, query options, paging (business-central-api sections 1 and 3). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companionPath, send, startService, type TestService } from '../testSupport.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.simulator.close());

const get = (path: string, headers?: Record<string, string>) =>
  service.standard('GET', path, undefined, headers);

describe('addresses', () => {
  it('answers any prefix before /api/, and 401 without a token', async () => {
    const root = service.simulator.url.replace('/v2.0/local/production', '');
    expect((await send(`${root}/api/v2.0/companies`, 'GET')).status).toBe(200);
    expect((await send(`${root}/v2.0/tenant/sandbox/api/v2.0/companies`, 'GET')).status).toBe(200);
    const refused = await fetch(`${root}/api/v2.0/companies`);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('"code":"Authentication_InvalidCredentials"');
  });

  it('lists each set in the service document of its own route only, and describes it in $metadata', async () => {
    const sets = async (route: string) =>
      (await service.call('GET', route)).body.value.map((each: { name: string }) => each.name);
    expect(await sets('v2.0')).toContain('customers');
    expect(await sets('v2.0')).not.toContain('resources');
    expect(await sets(companionPath)).toContain('resources');
    const metadata = await service.call('GET', 'v2.0/$metadata');
    expect(metadata.text).toContain('Namespace="Microsoft.NAV"');
    expect(metadata.text).toContain('<EntitySet Name="customers" EntityType="Microsoft.NAV.customer"/>');
  });

  it('finds the company in the path, in ?company= and refuses a set without one', async () => {
    const id = service.simulator.companyId;
    expect((await service.call('GET', `v2.0/customers?company=${id}&$top=1`)).body.value).toHaveLength(1);
    expect((await service.call('GET', 'v2.0/customers')).status).toBe(400);
    const unknown = await service.call('GET', `v2.0/companies(${id.replace(/^./, 'f')})/customers`);
    expect(unknown.status).toBe(404);
    expect(unknown.body.error.code).toBe('Internal_CompanyNotFound');
  });

  it('answers 404 for an unknown set, a missing record, and the companion route when it is not installed', async () => {
    expect((await get('nothings')).body.error.code).toBe('BadRequest_ResourceNotFound');
    expect((await get('customers(11111111-1111-1111-1111-111111111111)')).status).toBe(404);
    const bare = await startService({ companionApp: false });
    expect((await bare.companion('GET', 'resources')).status).toBe(404);
    expect((await bare.standard('GET', 'customers?$top=1')).status).toBe(200);
    await bare.simulator.close();
  });

  it('reads a record with etag and context, and its parts by navigation', async () => {
    const [customer] = await service.list("customers?$filter=number eq '10000'");
    const one = await get(`customers(${customer.id})?$select=number`);
    expect(one.body['@odata.context']).toMatch(/\$metadata#companies\(.+\)\/customers\/\$entity$/);
    expect(one.body).toMatchObject({ '@odata.etag': customer['@odata.etag'], number: '10000' });
    expect(one.body.displayName).toBeUndefined();
    const detail = await get(`customers(${customer.id})/customerFinancialDetail`);
    expect(detail.body).toMatchObject({ id: customer.id, balance: 13885 });
    const expanded = await get(
      `customers(${customer.id})?$select=id&$expand=customerFinancialDetail($select=balance)`,
    );
    expect(expanded.body.customerFinancialDetail.balance).toBe(13885);
    const [order] = await service.list('salesOrders?$top=1&$expand=salesOrderLines');
    expect(order.salesOrderLines.every((line: { documentId: string }) => line.documentId === order.id)).toBe(
      true,
    );
  });

  it('answers contactsInformation and line collections only with their relation', async () => {
    expect((await get('contactsInformation')).body.error.code).toBe('Application_DialogException');
    const [customer] = await service.list('customers?$top=1');
    const related = `relatedId eq ${customer.id} and relatedType eq 'Customer'`;
    expect((await get(`contactsInformation?$filter=${related}`)).body.value.length).toBeGreaterThan(0);
    expect((await get('salesOrderLines')).body.error.code).toBe('Application_DialogException');
    const [order] = await service.list('salesOrders?$top=1');
    expect(
      (await get(`salesOrderLines?$filter=documentId eq ${order.id}`)).body.value.length,
    ).toBeGreaterThan(0);
  });
});

describe('$filter', () => {
  const numbers = async (filter: string) =>
    (await service.list(`customers?$filter=${encodeURIComponent(filter)}`)).map((each) => each.number);

  it('compares, joins with and, and accepts or on one field', async () => {
    expect(await numbers("number eq '10000'")).toEqual(['10000']);
    expect((await numbers("number eq '10000' or number eq '20000'")).sort()).toEqual(['10000', '20000']);
    expect(await numbers("contains(displayName,'Adatum') and country eq 'GB'")).toEqual(['10000']);
    expect(await numbers("tolower(displayName) eq 'adatum corporation'")).toEqual(['10000']);
    expect(await numbers("startswith(displayName,'adatum')")).toEqual([]);
    expect(await numbers('id eq 11111111-1111-1111-1111-111111111111')).toEqual([]);
  });

  it.each([
    ["number eq '10000' or city eq 'London'", 'or over two fields'],
    ["number in ('10000','20000')", 'in'],
    ["contains(tolower(displayName),'a')", 'nested functions'],
    ["currencyCode eq 'GBP'", 'a computed column'],
    ["nothing eq 'x'", 'an unknown property'],
    ['number eq 10000', 'a literal of the wrong type'],
    ["number eq '10000", 'an open quote'],
  ])('refuses %s (%s)', async (filter) => {
    expect((await get(`customers?$filter=${encodeURIComponent(filter)}`)).status).toBe(400);
  });

  it('ignores lambda operators, so that the result is too wide', async () => {
    expect(await numbers("defaultDimensions/any(d:d/code eq 'X')")).toHaveLength(63);
  });

  it('accepts blank enum members decoded and encoded', async () => {
    const plain = await numbers("blocked eq ' '");
    expect(plain.length).toBeGreaterThan(50);
    expect(await numbers("blocked eq '_x0020_'")).toEqual(plain);
    expect((await get("customers?$filter=blocked eq 'Maybe'")).status).toBe(400);
  });

  it('compares Code fields without regard to case and refuses a value longer than the field', async () => {
    expect(await service.list("contacts?$filter=number eq 'ct000001'")).toHaveLength(1);
    const long = await get(`contacts?$filter=number eq '${'X'.repeat(21)}'`);
    expect(long.body.error.code).toBe('Application_FilterErrorException');
  });
});

describe('order and paging', () => {
  it('pages with nextLink until every record came once, without a link after $top', async () => {
    let url: string | null =
      `${service.simulator.url}/api/v2.0/companies(${service.simulator.companyId})/contacts?$select=id&$orderby=lastModifiedDateTime`;
    const seen: string[] = [];
    let pages = 0;
    while (url) {
      const page: Awaited<ReturnType<typeof send>> = await send(url, 'GET', undefined, {
        Prefer: 'odata.maxpagesize=100',
      });
      seen.push(...page.body.value.map((each: { id: string }) => each.id));
      url = page.body['@odata.nextLink'] ?? null;
      pages += 1;
    }
    expect(pages).toBe(4);
    expect(new Set(seen).size).toBe(359);
    expect((await get('contacts?$top=10')).body['@odata.nextLink']).toBeUndefined();
  });

  it.each(['number', 'number desc', 'city,number desc', 'lastModifiedDateTime desc', 'country desc'])(
    'pages in the order of %s as it lists in one go',
    async (order) => {
      const whole = await service.list(`customers?$orderby=${order}`);
      const paged: string[] = [];
      let path = `customers?$orderby=${encodeURIComponent(order)}`;
      for (;;) {
        const page = await get(path, { Prefer: 'odata.maxpagesize=7' });
        paged.push(...page.body.value.map((each: { id: string }) => each.id));
        const next: string | undefined = page.body['@odata.nextLink'];
        if (!next) break;
        path = next.slice(next.indexOf('/customers') + 1);
      }
      expect(paged).toEqual(whole.map((each) => each.id));
    },
  );

  it('counts, skips and cuts', async () => {
    const page = await get("customers?$count=true&$filter=country eq 'GB'&$top=2&$skip=1&$orderby=number");
    const all = await service.list("customers?$filter=country eq 'GB'&$orderby=number");
    expect(page.body['@odata.count']).toBe(all.length);
    expect(page.body.value.map((each: { id: string }) => each.id)).toEqual(
      all.slice(1, 3).map((each) => each.id),
    );
    expect((await get("customers/$count?$filter=country eq 'GB'")).text).toBe(String(all.length));
  });

  it('reads changes by lastModifiedDateTime with gt and ge as section 3.3 tells', async () => {
    const all = await service.list('contacts?$orderby=lastModifiedDateTime');
    const middle = all[200].lastModifiedDateTime;
    expect(await service.list(`contacts?$filter=lastModifiedDateTime gt ${middle}`)).toHaveLength(158);
    expect(await service.list(`contacts?$filter=lastModifiedDateTime ge ${middle}`)).toHaveLength(159);
    const window = `lastModifiedDateTime ge ${all[10].lastModifiedDateTime} and lastModifiedDateTime lt ${all[20].lastModifiedDateTime}`;
    expect(await service.list(`contacts?$filter=${window}&$orderby=lastModifiedDateTime`)).toHaveLength(10);
  });

  it('has no snapshot over pages: a record that changes while paging by change time comes again', async () => {
    const first = await get('currencies?$orderby=lastModifiedDateTime&$select=id', {
      Prefer: 'odata.maxpagesize=20',
    });
    const moved = first.body.value[0].id;
    service.simulator.edit('currencies', moved, { symbol: 'x' });
    const rest = await send(first.body['@odata.nextLink'], 'GET');
    expect(rest.body.value.map((each: { id: string }) => each.id)).toContain(moved);
  });

  it.each([
    '$skiptoken=abc',
    '$orderby=currencyCode',
    '$select=nope',
    '$top=-1',
    '$expand=picture',
    '$search=x',
  ])('refuses %s with 400', async (query) => {
    expect((await get(`customers?${query}`)).status).toBe(400);
  });
});

describe('computed pages', () => {
  it('works out the valid rate of a currency at the date of the clock', async () => {
    const { body } = await service.companion('GET', "currenciesWithRate?$filter=code eq 'USD'");
    expect(body.value[0]).toMatchObject({ startingDate: '2026-01-01', currencyFactor: 1.54125 });
  });

  it('lists the resources that support webhooks', async () => {
    const id = service.simulator.companyId;
    const all = await service.call(
      'GET',
      `microsoft/runtime/beta/companies(${id})/webhookSupportedResources`,
    );
    const names = all.body.value.map((each: { resource: string }) => each.resource);
    expect(names).toContain('v2.0/customers');
    expect(names).toContain(`${companionPath}/resources`);
    expect(names).not.toContain('v2.0/salesOrderLines');
    const standard = await service.call(
      'GET',
      `microsoft/runtime/beta/companies(${id})/webhookSupportedResources?$filter=resource eq 'v2.0*'`,
    );
    expect(standard.body.value.length).toBeGreaterThan(10);
    expect(standard.body.value.every((each: { resource: string }) => each.resource.startsWith('v2.0/'))).toBe(
      true,
    );
  });
});
