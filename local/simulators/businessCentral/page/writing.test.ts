/** Writing over HTTP: create, change, delete, etags, errors (business-central-api sections 4 and 5). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../testSupport.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.simulator.close());
beforeEach(() => service.simulator.clock.advance(1_500));

const any = { 'If-Match': '*' };
const customerOf = async (number: string) =>
  (await service.list(`customers?$filter=number eq '${number}'`))[0];
const code = (answer: { body: { error: { code: string } } }) => answer.body.error.code;

describe('create', () => {
  it('answers 201 with the record, keeps a given id, and refuses the same id or number again', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    const body = { id, number: 'new-1', displayName: 'New One' };
    const created = await service.standard('POST', 'customers', body);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ id, number: 'NEW-1', currencyCode: 'GBP', type: 'Company' });
    expect(code(await service.standard('POST', 'customers', body))).toBe('Internal_EntityWithSameKeyExists');
    const sameNumber = await service.standard('POST', 'customers', { number: 'NEW-1', displayName: 'Two' });
    expect(sameNumber.status).toBe(400);
    expect(code(sameNumber)).toBe('Internal_EntityWithSameKeyExists');
  });

  it('takes the next free number of the series when none is given', async () => {
    const first = await service.standard('POST', 'customers', { displayName: 'A' });
    const second = await service.standard('POST', 'customers', { displayName: 'B' });
    expect([first.body.number, second.body.number]).toEqual(['C00010', 'C00020']);
    const contact = await service.standard('POST', 'contacts', { displayName: 'C', type: 'Company' });
    expect(contact.body.number).toMatch(/^CT2001\d\d$/);
  });

  it('refuses a blank name, a blank salesperson code, and leaves nothing behind', async () => {
    const before = service.simulator.records('customers').length;
    expect(code(await service.standard('POST', 'customers', { displayName: '' }))).toBe(
      'Application_DialogException',
    );
    expect((await service.standard('POST', 'salespeoplePurchasers', { displayName: 'X' })).status).toBe(400);
    expect(service.simulator.records('customers')).toHaveLength(before);
  });

  it('answers 405 on a read-only set', async () => {
    const answer = await service.standard('POST', 'currencyExchangeRates', { currencyCode: 'EUR' });
    expect([answer.status, code(answer)]).toEqual([405, 'BadRequest_MethodNotAllowed']);
  });
});

describe('validation', () => {
  it.each([
    [{ nothing: 1 }, 'BadRequest'],
    [{ displayName: 5 }, 'BadRequest'],
    [{ creditLimit: '5' }, 'BadRequest'],
    [{ blocked: 'Maybe' }, 'BadRequest'],
    [{ balanceDue: 5 }, 'BadRequest_InvalidOperation'],
    [{ lastModifiedDateTime: '2026-01-01T00:00:00Z' }, 'BadRequest_InvalidOperation'],
    [{ city: 'x'.repeat(31) }, 'Application_StringExceededLength'],
    [{ country: 'U.S.' }, 'Internal_InvalidTableRelation'],
    [{ salespersonCode: 'NOBODY' }, 'Internal_InvalidTableRelation'],
    [{ currencyCode: 'ZZZ' }, 'Application_DialogException'],
    [{ paymentTermsId: '11111111-1111-1111-1111-111111111111' }, 'Application_DialogException'],
    [{ id: '11111111-1111-1111-1111-111111111111' }, 'Application_DialogException'],
  ])('refuses %j with %s', async (body, expected) => {
    const customer = await customerOf('20000');
    const answer = await service.standard('PATCH', `customers(${customer.id})`, body, any);
    expect([answer.status, code(answer)]).toEqual([400, expected]);
    expect(answer.body.error.message).toMatch(/ {2}CorrelationId: {2}[0-9a-f-]{36}\.$/);
  });

  it('refuses malformed JSON, and an id and code that disagree', async () => {
    expect((await service.standard('POST', 'customers', '{"displayName"')).status).toBe(400);
    const [dollar] = await service.list("currencies?$filter=code eq 'USD'");
    const body = { displayName: 'X', currencyId: dollar.id, currencyCode: 'EUR' };
    expect(code(await service.standard('POST', 'customers', body))).toBe('Application_DialogException');
  });

  it('treats null as left out and the local currency code as blank', async () => {
    const customer = await customerOf('20000');
    const answer = await service.standard(
      'PATCH',
      `customers(${customer.id})`,
      { city: null, currencyCode: 'GBP' },
      any,
    );
    expect(answer.body).toMatchObject({ city: customer.city, '@odata.etag': customer['@odata.etag'] });
  });

  it('fills the code for an id and the id for a code', async () => {
    const [dollar] = await service.list("currencies?$filter=code eq 'USD'");
    const customer = await customerOf('20000');
    const path = `customers(${customer.id})`;
    const set = await service.standard('PATCH', path, { currencyId: dollar.id }, any);
    expect(set.body.currencyCode).toBe('USD');
    const cleared = await service.standard('PATCH', path, { currencyCode: '' }, any);
    expect(cleared.body).toMatchObject({
      currencyCode: 'GBP',
      currencyId: '00000000-0000-0000-0000-000000000000',
    });
  });
});

describe('change and delete', () => {
  it('needs If-Match: missing 400, stale 409, current and * are accepted', async () => {
    const customer = await customerOf('30000');
    const path = `customers(${customer.id})`;
    const missing = await service.standard('PATCH', path, { city: 'A' });
    expect([missing.status, code(missing)]).toEqual([400, 'BadRequest_InvalidToken']);
    const tag = { 'If-Match': customer['@odata.etag'] };
    expect((await service.standard('PATCH', path, { city: 'A' }, tag)).status).toBe(200);
    const stale = await service.standard('PATCH', path, { city: 'B' }, tag);
    expect([stale.status, code(stale)]).toEqual([409, 'Request_EntityChanged']);
    expect((await service.standard('PATCH', path, { city: 'B' }, any)).body.city).toBe('B');
  });

  it('moves the stamp with a change, not with a change of nothing or of a FlowField', async () => {
    const customer = await customerOf('40000');
    const same = await service.standard('PATCH', `customers(${customer.id})`, { city: customer.city }, any);
    expect(same.body.lastModifiedDateTime).toBe(customer.lastModifiedDateTime);
    service.simulator.edit('customerFinancialDetails', customer.id, { balance: 1 });
    expect((await customerOf('40000'))['@odata.etag']).toBe(customer['@odata.etag']);
    const moved = await service.standard('PATCH', `customers(${customer.id})`, { city: 'Elsewhere' }, any);
    expect(Date.parse(moved.body.lastModifiedDateTime)).toBe(service.simulator.clock.now());
  });

  it('shows one row on both pages: a write through one moves stamp, version and etag of the other', async () => {
    const customer = await customerOf('50000');
    const path = `customerExtras(${customer.id})`;
    const before = (await service.companion('GET', path)).body;
    expect(before['@odata.etag']).toBe(customer['@odata.etag']);
    const changed = await service.companion(
      'PATCH',
      path,
      { faxNumber: '123' },
      {
        'If-Match': customer['@odata.etag'],
      },
    );
    expect(changed.status).toBe(200);
    const after = await customerOf('50000');
    expect(after['@odata.etag']).not.toBe(customer['@odata.etag']);
    expect(after.lastModifiedDateTime).toBe(changed.body.lastModifiedDateTime);
    expect(changed.body.systemRowVersion).toBeGreaterThan(before.systemRowVersion);
  });

  it('deletes with 204 and answers 404 afterwards, but keeps what is in use', async () => {
    const created = await service.standard('POST', 'itemCategories', { code: 'TMP', displayName: 'T' });
    const path = `itemCategories(${created.body.id})`;
    expect((await service.standard('DELETE', path, undefined, any)).status).toBe(204);
    expect((await service.standard('PATCH', path, { displayName: 'U' }, any)).status).toBe(404);
    const customer = await customerOf('10000');
    const used = await service.standard('DELETE', `customers(${customer.id})`, undefined, any);
    expect(code(used)).toBe('Application_DialogException');
  });

  it('refuses a write with read-only data access intent', async () => {
    const answer = await service.standard(
      'POST',
      'customers',
      { displayName: 'X' },
      { 'Data-Access-Intent': 'ReadOnly' },
    );
    expect(answer.status).toBe(400);
  });
});

describe('users', () => {
  it('lets a user of the client change what the page only shows, under all other rules', () => {
    const [price] = service.simulator.records('salesPrices');
    const id = String(price?.['id']);
    expect(service.simulator.edit('salesPrices', id, { unitPrice: 99 }, 'alice')['unitPrice']).toBe(99);
    expect(() => service.simulator.edit('salesPrices', id, { unitOfMeasureCode: 'NOPE' })).toThrow(/NOPE/);
    service.simulator.remove('salesPrices', id, 'alice');
    expect(service.simulator.record('salesPrices', id)).toBeNull();
  });

  it('commits a reserved write late with the earlier timestamp (section 3.3)', async () => {
    const reserved = service.simulator.reserveWrite('customers', { displayName: 'Late', number: 'LATE' });
    const reservedAtMs = service.simulator.clock.now();
    await service.simulator.clock.advance(60_000);
    const since = new Date(service.simulator.clock.now() - 1).toISOString();
    service.simulator.create('customers', { displayName: 'In time' });
    expect(await customerOf('LATE')).toBeUndefined();
    reserved.commit();
    expect(Date.parse((await customerOf('LATE')).lastModifiedDateTime)).toBe(reservedAtMs);
    const newer = await service.list(`customers?$filter=lastModifiedDateTime gt ${since}`);
    expect(newer.map((each) => each.displayName)).toEqual(['In time']);
  });
});

describe('ties', () => {
  it('stamps rows alike within the width of the tie generator', async () => {
    const tied = await startService({ tieGenerator: { widthMs: 1_000 } });
    tied.simulator.create('customers', { displayName: 'A' });
    await tied.simulator.clock.advance(400);
    tied.simulator.create('customers', { displayName: 'B' });
    const stamps = ['A', 'B'].map(
      (name) =>
        tied.simulator.records('customers').find((each) => each['displayName'] === name)?.[
          'lastModifiedDateTime'
        ],
    );
    expect(stamps[0]).toBe(stamps[1]);
    await tied.simulator.close();
  });
});
