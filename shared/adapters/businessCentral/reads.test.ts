/** What reading promises: few requests, exact selections, companions merged, bad rows left out. */
import { beforeEach, describe, expect, it } from 'vitest';
import { businessCentralId } from '../../domain/common/ids.ts';
import { instant } from '../../domain/common/instants.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { doubleCompany, doubleUrl, refusal } from './companyDouble.ts';
import { customers, doubledAdapter, plainCustomers } from './doubledAdapter.ts';

const guid = (number: number): string => `aaaaaaaa-0000-0000-0000-${String(number).padStart(12, '0')}`;
let service: ReturnType<typeof doubledAdapter>;

function fill(count: number): void {
  for (let number = 1; number <= count; number++) {
    service.double.add(guid(number), {
      customers: { number: `C${number}`, displayName: `Customer ${number}` },
      customerExtras: { faxNumber: `fax ${number}` },
    });
  }
}

beforeEach(() => {
  service = doubledAdapter();
});

describe('readChanges', () => {
  it('reads a page of three customers with their companions in two requests', async () => {
    fill(3);
    const page = await service
      .adapter()
      .readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    expect(service.meter.sent).toBe(2);
    expect(page.next).toBeNull();
    expect(page.records.map((record) => record.values)).toEqual(
      [1, 2, 3].map((n) => ({
        number: `C${n}`,
        displayName: `Customer ${n}`,
        'customerExtras/faxNumber': `fax ${n}`,
      })),
    );
    expect(Object.keys(page.records[0]?.etags ?? {})).toEqual(['customers', 'customerExtras']);
  });

  it('asks for exactly the selection, from the instant on, in order of modification, in pages', async () => {
    const from = instant('2026-01-05T12:10:44.79Z');
    await service
      .adapter({ pageSize: 77 })
      .readChanges({ selection: customers, modifiedFrom: from, cursor: null });
    const request = service.double.requests[0];
    expect(decodeURIComponent(request?.url ?? '')).toBe(
      `${doubleUrl}/api/v2.0/companies(${doubleCompany.id})/customers?$select=id,lastModifiedDateTime,number,displayName` +
        '&$filter=lastModifiedDateTime ge 2026-01-05T12:10:44.790Z&$orderby=lastModifiedDateTime',
    );
    expect(request?.headers).toEqual({
      Accept: 'application/json',
      'Accept-Language': 'en-US',
      Prefer: 'odata.maxpagesize=77',
    });
  });

  it('reads no companions for an empty page: nothing changed costs one request', async () => {
    await service.adapter().readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    expect(service.meter.sent).toBe(1);
  });

  it('reads companions of exactly the records of the page, fifty to a filter', async () => {
    fill(120);
    await service.adapter().readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    expect(service.meter.sent).toBe(2);
    const asked = service.double.operations.slice(1).map(({ path }) => path.match(/id eq/g)?.length);
    expect(asked).toEqual([50, 50, 20]);
    expect(service.double.requests[1]?.url).toBe(`${doubleUrl}/api/openSync/salesIntegration/v1.0/$batch`);
  });

  it('hands the link to the next page on and follows it as given, with the page size again', async () => {
    const next = `${doubleUrl}/api/v2.0/companies(x)/customers?$skiptoken=opaque%20text`;
    service.double.onOperation = ({ path }) =>
      path.includes('skiptoken') ? undefined : { status: 200, body: { value: [], '@odata.nextLink': next } };
    const port = service.adapter();
    const first = await port.readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    expect(first.next).toBe(next);
    await port.readChanges({ selection: customers, modifiedFrom: null, cursor: first.next });
    expect(service.double.requests[1]).toMatchObject({
      url: next,
      headers: { Prefer: 'odata.maxpagesize=5000' },
    });
  });

  it('leaves a record without companion row without its values', async () => {
    service.double.add(guid(1), { customers: { number: 'C1' } });
    const page = await service
      .adapter()
      .readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    expect(page.records[0]?.values).toEqual({ number: 'C1' });
    expect(page.records[0]?.etags).not.toHaveProperty('customerExtras');
  });

  it('leaves an unreadable record out, says so, and keeps the others (P11)', async () => {
    const good = {
      '@odata.etag': 'W/"1"',
      id: guid(1).toUpperCase(),
      lastModifiedDateTime: '2026-01-01T00:00:00.5Z',
    };
    const value = [{ ...good, id: undefined }, good, { ...good, lastModifiedDateTime: 'today' }, 'text'];
    service.double.onOperation = () => ({ status: 200, body: { value } });
    const page = await service
      .adapter()
      .readChanges({ selection: plainCustomers, modifiedFrom: null, cursor: null });
    expect(page.records).toEqual([
      { id: guid(1), modifiedAt: '2026-01-01T00:00:00.500Z', etags: { customers: 'W/"1"' }, values: {} },
    ]);
    expect(service.events.map(({ event }) => event)).toEqual(Array(3).fill('record-unreadable'));
    expect(service.events[0]?.details).toMatchObject({ entitySet: 'customers' });
  });

  it('raises unexpected-response naming the place when the answer is no list', async () => {
    service.double.onOperation = () => ({ status: 200, body: { items: [] } });
    const reading = service.adapter().readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    await expect(reading).rejects.toMatchObject({
      code: 'unexpected-response',
      message: expect.stringContaining('value'),
    });
  });

  it('raises a config failure when a companion set is not published, never a page without its values (P9)', async () => {
    fill(1);
    service.double.onOperation = ({ path }) =>
      path.includes('customerExtras')
        ? refusal(404, 'BadRequest_ResourceNotFound', 'No such set.')
        : undefined;
    const reading = service.adapter().readChanges({ selection: customers, modifiedFrom: null, cursor: null });
    await expect(reading).rejects.toMatchObject({ kind: 'config', code: 'entity-set-not-found' });
  });
});

describe('readByIds and readByValues', () => {
  it('read 5,000 ids in one batch per route', async () => {
    const ids = Array.from({ length: 5_000 }, (_, number) => businessCentralId(guid(number)));
    fill(3);
    const records = await service.adapter().readByIds(customers, ids);
    expect(service.meter.sent).toBe(2);
    expect(service.double.operations).toHaveLength(200);
    expect(records).toHaveLength(3);
    expect(records[0]?.values).toHaveProperty('customerExtras/faxNumber', 'fax 1');
  });

  it('read a main set on the companion route and its companions in one batch', async () => {
    fill(2);
    const extras = { ...customers, entitySet: 'customerExtras', properties: ['faxNumber'], companions: [] };
    const records = await service
      .adapter()
      .readByIds({ ...extras, route: 'companion' }, [businessCentralId(guid(2))]);
    expect(service.meter.sent).toBe(1);
    expect(records.map(({ values }) => values)).toEqual([{ faxNumber: 'fax 2' }]);
  });

  it('send nothing for nothing', async () => {
    const port = service.adapter();
    expect(await port.readByIds(customers, [])).toEqual([]);
    expect(await port.readByValues(customers, 'number', [])).toEqual([]);
    expect(service.meter.sent).toBe(0);
  });

  it('quote and encode values, and ask for each once', async () => {
    await service
      .adapter()
      .readByValues(plainCustomers, 'displayName', ["O'Neil & Sons", "O'Neil & Sons", 'ä#1']);
    expect(service.double.operations.map(({ path }) => path)).toEqual([
      expect.stringContaining("$filter=displayName eq 'O''Neil & Sons' or displayName eq 'ä#1'"),
    ]);
    expect(service.double.requests[0]?.body).toContain('%26%20Sons');
  });

  it('find the other values when one does not fit its field (section 3.1, P11)', async () => {
    fill(3);
    service.double.onOperation = ({ path }) =>
      path.includes('TOOLONG') ? refusal(400, 'Application_FilterErrorException', 'Too long.') : undefined;
    const records = await service.adapter().readByValues(plainCustomers, 'number', ['C1', 'TOOLONG', 'C3']);
    expect(records.map(({ values }) => values['number'])).toEqual(['C1', 'C3']);
    expect(service.meter.sent).toBe(2);
  });

  it('follow the link of an inner answer that the service cut', async () => {
    const row = (number: number): object => ({
      '@odata.etag': 'W/"1"',
      id: guid(number),
      lastModifiedDateTime: '2026-01-01T00:00:00Z',
      number: `C${number}`,
    });
    service.double.onOperation = ({ path }) =>
      path.includes('skiptoken')
        ? { status: 200, body: { value: [row(2)] } }
        : {
            status: 200,
            body: { value: [row(1)], '@odata.nextLink': `${doubleUrl}/companies(x)/customers?$skiptoken=1` },
          };
    const ids = [1, 2].map((number) => businessCentralId(guid(number)));
    expect(await service.adapter().readByIds(plainCustomers, ids)).toHaveLength(2);
    expect(service.meter.sent).toBe(2);
  });

  it('ask again for the rest when the service stopped at a failed operation', async () => {
    fill(120);
    service.double.onRequest = (_request, index) => (index === 0 ? 1 : undefined);
    const ids = Array.from({ length: 120 }, (_, number) => businessCentralId(guid(number + 1)));
    expect(await service.adapter().readByIds(plainCustomers, ids)).toHaveLength(120);
    expect(service.meter.sent).toBe(2);
  });

  it('raise the failure of an operation, classified', async () => {
    service.double.onOperation = () =>
      refusal(400, 'BadRequest', "Could not find a property named 'x' on type 'y'.");
    const failure = await service
      .adapter()
      .readByValues(plainCustomers, 'x', ['1'])
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HttpFailure);
    expect(failure).toMatchObject({ kind: 'config', code: 'property-not-found', serviceCode: 'BadRequest' });
    expect(String(failure)).not.toContain('CorrelationId');
  });
});

describe('readRows and readRowsByFilters', () => {
  it('give plain values of the selected properties only', async () => {
    fill(2);
    const request = { entitySet: 'customers', route: 'v2.0', select: ['number'] } as const;
    expect(await service.adapter().readRows(request)).toEqual([{ number: 'C1' }, { number: 'C2' }]);
    expect(await service.adapter().readRows({ ...request, filter: "number eq 'C2'" })).toEqual([
      { number: 'C2' },
    ]);
  });

  it('put many filters into one batch per hundred and keep duplicates', async () => {
    fill(1);
    const filters = Array.from({ length: 150 }, () => "number eq 'C1'");
    const rows = await service.adapter().readRowsByFilters({
      entitySet: 'customers',
      route: 'v2.0',
      select: ['number'],
      filters,
    });
    expect(rows).toHaveLength(150);
    expect(service.meter.sent).toBe(2);
  });
});
