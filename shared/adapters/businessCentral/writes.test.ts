/** What writing promises: batches, guards by etag and value, and an honest outcome for every record. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SyncFailure } from '../../domain/common/failures.ts';
import { businessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentral, BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { type CompanyDouble, companyDouble, doubleCompany, doubleUrl, refusal } from './companyDouble.ts';

const customers: BusinessCentralSelection = {
  entitySet: 'customers',
  route: 'v2.0',
  properties: ['displayName', 'city'],
  companions: [
    { entitySet: 'customerExtras', properties: ['faxNumber'] },
    { entitySet: 'customerNotes', properties: ['note'] },
  ],
};
const plainCustomers: BusinessCentralSelection = { ...customers, companions: [] };
const fax = 'customerExtras/faxNumber';
const note = 'customerNotes/note';
const guid = (number: number): string => `aaaaaaaa-0000-0000-0000-${String(number).padStart(12, '0')}`;

let double: CompanyDouble;
let port: BusinessCentral;
let meter: RequestMeter;
let events: string[];

beforeEach(() => {
  double = companyDouble(['customers', 'customerExtras', 'customerNotes']);
  meter = new RequestMeter();
  events = [];
  const log = (_level: string, event: string): void => void events.push(event);
  const options = {
    baseUrl: doubleUrl,
    company: doubleCompany.id,
    transport: double.transport,
    log,
    now: () => 0,
  };
  port = createBusinessCentral(options).metered(meter);
});

/** Adds customers and reads them as the engine would, then forgets the requests that took. */
async function stored(count: number, selection = customers): Promise<readonly BusinessCentralRecord[]> {
  const ids = Array.from({ length: count }, (_, index) => businessCentralId(guid(index + 1)));
  for (const id of ids) {
    double.add(id, {
      customers: { displayName: 'Old', city: 'Here' },
      customerExtras: { faxNumber: 'old' },
      customerNotes: { note: 'old' },
    });
  }
  const records = await port.readByIds(selection, ids);
  double.requests.length = 0;
  double.operations.length = 0;
  meter = new RequestMeter();
  port = port.metered(meter);
  return records;
}

async function updateOne(
  values: FieldValues,
): Promise<Awaited<ReturnType<BusinessCentral['update']>>[number]> {
  const [record] = await stored(1);
  const [outcome] = await port.update(customers, [{ record: record as BusinessCentralRecord, values }]);
  if (outcome === undefined) throw new Error('There is no outcome');
  return outcome;
}

const broken = (): SyncFailure =>
  new SyncFailure({ kind: 'transient', code: 'request-timed-out', message: 'Late.', outcomeUnknown: true });
const tooMany = (): HttpFailure =>
  new HttpFailure({ kind: 'throttled', code: 'throttled', message: 'Busy.', status: 429, serviceCode: '' });

describe('update', () => {
  it('of 250 records through the main set takes three requests', async () => {
    const records = await stored(250, plainCustomers);
    const updates = records.map((record) => ({ record, values: { displayName: 'New' } }));
    const outcomes = await port.update(plainCustomers, updates);
    expect(meter.sent).toBe(3);
    expect(outcomes.every((outcome) => outcome.status === 'done')).toBe(true);
    expect(double.requests.map(({ body }) => JSON.parse(body ?? '').requests.length)).toEqual([100, 100, 50]);
  });

  it('sends the etag read, asks to go on after errors, and may not be repeated', async () => {
    const [record] = await stored(1, plainCustomers);
    await port.update(plainCustomers, [{ record: record as BusinessCentralRecord, values: { city: ' ' } }]);
    expect(double.requests[0]).toMatchObject({
      url: `${doubleUrl}/api/v2.0/$batch`,
      idempotent: false,
      headers: { Prefer: 'odata.continue-on-error', 'Content-Type': 'application/json' },
    });
    expect(double.operations[0]).toEqual({
      method: 'PATCH',
      path: `companies(${doubleCompany.id})/customers(${guid(1)})`,
      headers: { 'Content-Type': 'application/json', 'If-Match': record?.etags['customers'] },
      body: { city: '_x0020_' },
    });
  });

  it('gives back the record as stored, with only etags that still hold', async () => {
    const outcome = await updateOne({ displayName: 'New' });
    expect(outcome).toMatchObject({
      status: 'done',
      record: { values: { displayName: 'New', city: 'Here', [fax]: 'old' } },
    });
    const record = outcome.status === 'done' ? outcome.record : null;
    expect(Object.keys(record?.etags ?? {})).toEqual(['customers']);
    const again = { record: record as BusinessCentralRecord, values: { city: 'There', [fax]: 'new' } };
    expect(await port.update(customers, [again])).toMatchObject([{ status: 'done' }]);
    expect(double.row(guid(1))).toMatchObject({
      customers: { city: 'There' },
      customerExtras: { faxNumber: 'new' },
    });
  });

  it('of companion values alone uses the etag read and one request', async () => {
    expect(await updateOne({ [fax]: 'new' })).toMatchObject({
      status: 'done',
      record: { values: { [fax]: 'new' } },
    });
    expect(meter.sent).toBe(1);
    expect(double.requests[0]?.url).toContain('/api/openSync/salesIntegration/v1.0/$batch');
  });

  it('of main and companion values takes four requests for many records', async () => {
    const records = await stored(40);
    const updates = records.map((record) => ({ record, values: { displayName: 'New', [fax]: 'new' } }));
    const outcomes = await port.update(customers, updates);
    expect(meter.sent).toBe(4);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'done',
        record: { values: { displayName: 'New', [fax]: 'new' }, etags: { customers: expect.any(String) } },
      });
    }
  });

  it('through two companion sets reads the second anew, since the first write made its etag stale', async () => {
    expect(await updateOne({ [fax]: 'new', [note]: 'new' })).toMatchObject({ status: 'done' });
    expect(double.row(guid(1))).toMatchObject({
      customerExtras: { faxNumber: 'new' },
      customerNotes: { note: 'new' },
    });
  });

  it('does not overwrite a companion value that somebody changed after the main write', async () => {
    const [record] = await stored(1);
    double.onAnswer = (_request, index) => {
      if (index === 0) double.edit(guid(1), 'customerExtras', { faxNumber: 'theirs' });
    };
    const values = { displayName: 'New', [fax]: 'ours' };
    const outcomes = await port.update(customers, [{ record: record as BusinessCentralRecord, values }]);
    expect(outcomes).toEqual([{ status: 'stale' }]);
    expect(double.row(guid(1))).toMatchObject({ customerExtras: { faxNumber: 'theirs' } });
  });

  it('does not write a companion value that is there already', async () => {
    const [record] = await stored(1);
    double.onAnswer = (_request, index) => {
      if (index === 0) double.edit(guid(1), 'customerExtras', { faxNumber: 'ours' });
    };
    const values = { displayName: 'New', [fax]: 'ours' };
    const outcomes = await port.update(customers, [{ record: record as BusinessCentralRecord, values }]);
    expect(outcomes).toMatchObject([{ status: 'done', record: { values: { [fax]: 'ours' } } }]);
    expect(double.operations.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  it('leaves nulls out and sends nothing when nothing is left', async () => {
    expect(await updateOne({ city: null })).toMatchObject({ status: 'done' });
    expect(meter.sent).toBe(0);
  });

  it.each([
    [refusal(409, 'Request_EntityChanged', 'Changed.'), { status: 'stale' }],
    [refusal(412, '', ''), { status: 'stale' }],
    [refusal(404, 'Internal_RecordNotFound', 'Gone.'), { status: 'missing' }],
    [refusal(404, 'BadRequest_NotFound', 'Gone.'), { status: 'missing' }],
    [
      refusal(404, 'Internal_CompanyNotFound', 'No company.'),
      { status: 'refused', problem: { kind: 'config' } },
    ],
    [
      refusal(400, 'Application_StringExceededLength', 'The length is 5.'),
      {
        status: 'refused',
        problem: {
          kind: 'data',
          serviceCode: 'Application_StringExceededLength',
          message: 'The length is 5.',
          status: 400,
        },
      },
    ],
    [refusal(403, 'Authorization_Denied', 'No.'), { status: 'refused', problem: { kind: 'permission' } }],
    [refusal(409, 'Other', 'Locked.'), { status: 'refused', problem: { kind: 'conflict' } }],
    [refusal(408, '', 'Cancelled.'), { status: 'unknown' }],
    [refusal(500, 'Internal_ServerError', 'Oops.'), { status: 'unknown' }],
    [{ status: 204 }, { status: 'unknown' }],
  ])('reads the answer %j as %j', async (answer, outcome) => {
    double.onOperation = ({ method }) => (method === 'PATCH' ? answer : undefined);
    expect(await updateOne({ city: 'There' })).toMatchObject(outcome);
  });

  it('gives each record its own outcome (P11)', async () => {
    const records = await stored(3);
    double.edit(guid(2), 'customers', { city: 'Elsewhere' });
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    const outcomes = await port.update(customers, updates);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'stale', 'done']);
  });

  it('refuses only the record a poisoned batch was refused for (P11)', async () => {
    const records = await stored(5);
    double.onRequest = (request) => {
      if (!request.body?.includes(guid(4))) return undefined;
      throw new HttpFailure({
        kind: 'data',
        code: 'x',
        message: 'Bad.',
        status: 400,
        serviceCode: 'BadRequest',
      });
    };
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    const outcomes = await port.update(customers, updates);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'refused', 'done']);
  });

  it('calls the outcome unknown for the records of a batch whose answer is lost, not for others', async () => {
    const records = await stored(150, plainCustomers);
    double.onAnswer = (_request, index) => {
      if (index === 0) throw broken();
    };
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    const outcomes = await port.update(plainCustomers, updates);
    expect(new Set(outcomes.slice(0, 100).map(({ status }) => status))).toEqual(new Set(['unknown']));
    expect(new Set(outcomes.slice(100).map(({ status }) => status))).toEqual(new Set(['done']));
    expect(meter.sent).toBe(2);
  });

  it('keeps the outcomes of what was written when another batch is refused as a whole', async () => {
    const records = await stored(150, plainCustomers);
    double.onRequest = (_request, index) => {
      if (index === 1) throw tooMany();
      return undefined;
    };
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    const outcomes = await port.update(plainCustomers, updates);
    expect(outcomes[0]).toMatchObject({ status: 'done' });
    expect(outcomes[149]).toMatchObject({ status: 'refused', problem: { kind: 'throttled', status: 429 } });
  });

  it('raises when nothing at all was written', async () => {
    const records = await stored(2);
    double.onRequest = () => {
      throw tooMany();
    };
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    await expect(port.update(customers, updates)).rejects.toMatchObject({ kind: 'throttled' });
  });

  it('repeats throttled operations once, after holding back the identity', async () => {
    const records = await stored(2);
    let refusals = 1;
    double.onOperation = ({ path }) => {
      if (!path.includes(guid(2)) || refusals-- <= 0) return undefined;
      return { ...refusal(429, '', 'Busy.'), headers: { 'Retry-After': '9' } };
    };
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    expect((await port.update(customers, updates)).map(({ status }) => status)).toEqual(['done', 'done']);
    expect(double.heldBackMs).toEqual([9_000]);
    expect(double.operations).toHaveLength(3);
  });

  it('refuses as throttled what is throttled twice', async () => {
    const records = await stored(2);
    double.onOperation = ({ path }) => (path.includes(guid(2)) ? refusal(503, '', 'Busy.') : undefined);
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    const outcomes = await port.update(customers, updates);
    expect(outcomes).toMatchObject([
      { status: 'done' },
      { status: 'refused', problem: { kind: 'throttled' } },
    ]);
    expect(double.operations).toHaveLength(3);
  });

  it('sends the rest again when the service stopped at the first failure', async () => {
    const records = await stored(3);
    double.edit(guid(1), 'customers', { city: 'Elsewhere' });
    double.onRequest = (_request, index) => (index === 0 ? 1 : undefined);
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    const outcomes = await port.update(customers, updates);
    expect(outcomes.map(({ status }) => status)).toEqual(['stale', 'done', 'done']);
    expect(meter.sent).toBe(2);
  });

  it('calls unknown what the service answered with something unreadable', async () => {
    const [record] = await stored(1);
    const unreadable: BusinessCentral = createBusinessCentral({
      baseUrl: doubleUrl,
      company: doubleCompany.id,
      transport: {
        ...double.transport,
        send: async () => ({ status: 200, headers: {}, text: '<html>Bad gateway</html>' }),
      },
      log: () => undefined,
      now: () => 0,
    });
    const update = { record: record as BusinessCentralRecord, values: { city: 'There' } };
    expect(await unreadable.update(customers, [update])).toMatchObject([{ status: 'unknown' }]);
  });
});

describe('create', () => {
  it('of 250 records takes three requests that may not be repeated', async () => {
    const inserts = Array.from({ length: 250 }, (_, n) => ({ values: { displayName: `N${n}`, city: null } }));
    const outcomes = await port.create(plainCustomers, inserts);
    expect(meter.sent).toBe(3);
    expect(double.requests.every(({ idempotent }) => !idempotent)).toBe(true);
    expect(double.operations[0]?.body).toEqual({ displayName: 'N0' });
    expect(
      outcomes.map((outcome) => outcome.status === 'done' && outcome.record.values['displayName']),
    ).toEqual(inserts.map(({ values }) => values.displayName));
  });

  it('writes companion values after the create and gives back the record as stored after everything', async () => {
    const inserts = [1, 2].map((n) => ({
      values: { displayName: `N${n}`, [fax]: `f${n}`, [note]: `n${n}` },
    }));
    const outcomes = await port.create(customers, inserts);
    expect(outcomes).toMatchObject(
      inserts.map(({ values }) => ({
        status: 'done',
        record: { values, etags: { customers: expect.any(String) } },
      })),
    );
    const [first] = outcomes;
    const id = first?.status === 'done' ? first.record.id : '';
    expect(double.row(id)).toMatchObject({
      customerExtras: { faxNumber: 'f1' },
      customerNotes: { note: 'n1' },
    });
    // create, companions, first companion set, second set anew, second set, main set again
    expect(meter.sent).toBe(6);
  });

  it('does not write companion values the service set itself', async () => {
    double.onOperation = ({ method, path }) =>
      method === 'GET' && path.includes('customerExtras')
        ? {
            status: 200,
            body: {
              value: [...path.matchAll(/id eq (\S+)/g)].map(([, id]) => ({
                '@odata.etag': 'W/"x"',
                id,
                lastModifiedDateTime: '2026-01-01T00:00:00Z',
                faxNumber: '',
              })),
            },
          }
        : undefined;
    const selection = { ...customers, companions: customers.companions.slice(0, 1) };
    await port.create(selection, [{ values: { displayName: 'N', [fax]: '' } }]);
    expect(meter.sent).toBe(2);
  });

  it('stays done when companion values cannot be written, and says so', async () => {
    double.onOperation = ({ method, path }) =>
      method === 'PATCH' && path.includes('customerExtras')
        ? refusal(400, 'Application_StringExceededLength', 'Too long.')
        : undefined;
    const [outcome] = await port.create(customers, [{ values: { displayName: 'N', [fax]: 'long' } }]);
    expect(outcome).toMatchObject({ status: 'done', record: { values: { displayName: 'N' } } });
    expect(outcome?.status === 'done' && outcome.record.values[fax]).not.toBe('long');
    expect(events).toContain('companion-not-written');
  });

  it('stays done when the companions cannot even be read', async () => {
    double.onRequest = (_request, index) => {
      if (index > 0) throw tooMany();
      return undefined;
    };
    const outcomes = await port.create(customers, [{ values: { displayName: 'N', [fax]: 'f' } }]);
    expect(outcomes).toMatchObject([{ status: 'done' }]);
    expect(events).toEqual(['companion-not-read', 'companion-not-written']);
  });

  it('tells an existing key from other refusals', async () => {
    double.onOperation = ({ body }) =>
      body['displayName'] === 'A'
        ? refusal(400, 'Internal_EntityWithSameKeyExists', 'Exists.')
        : refusal(404, 'BadRequest_ResourceNotFound', 'No such set.');
    const outcomes = await port.create(customers, [
      { values: { displayName: 'A' } },
      { values: { displayName: 'B' } },
    ]);
    expect(outcomes).toMatchObject([
      { status: 'exists' },
      { status: 'refused', problem: { kind: 'config' } },
    ]);
  });

  it('is never repeated when the answer is lost: every record of the batch is unknown (P2)', async () => {
    double.onAnswer = () => {
      throw broken();
    };
    const outcomes = await port.create(customers, [{ values: { displayName: 'A' } }, { values: {} }]);
    expect(outcomes).toEqual([
      { status: 'unknown', message: 'Late.' },
      { status: 'unknown', message: 'Late.' },
    ]);
    expect(meter.sent).toBe(1);
  });
});
