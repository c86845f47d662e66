/** What becomes of each record of a batch: its own outcome, whatever happens to the others or to the request. */
import { describe, expect, it } from 'vitest';
import { HttpFailure } from '../http/httpFailure.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { doubleCompany, doubleUrl, refusal } from './companyDouble.ts';
import { broken, companyHarness, guid, plainCustomers, tooMany, updateAll } from './companyHarness.ts';

const statuses = (outcomes: readonly { readonly status: string }[]): readonly string[] =>
  outcomes.map(({ status }) => status);

describe('the outcome of an update', () => {
  it.each([
    [refusal(409, 'Request_EntityChanged', 'Changed.'), { status: 'stale' }],
    [refusal(412, '', ''), { status: 'stale' }],
    [refusal(404, 'Internal_RecordNotFound', 'Gone.'), { status: 'missing' }],
    [refusal(404, 'BadRequest_NotFound', 'Gone.'), { status: 'missing' }],
    [refusal(404, 'Internal_CompanyNotFound', 'None.'), { status: 'refused', problem: { kind: 'config' } }],
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
  ])('after the answer %j is %j', async (answer, outcome) => {
    const harness = await companyHarness(1);
    harness.double.onOperation = ({ method }) => (method === 'PATCH' ? answer : undefined);
    expect(await updateAll(harness, { city: 'There' })).toMatchObject([outcome]);
  });

  it('does not touch that of other records (P11)', async () => {
    const harness = await companyHarness(3);
    harness.double.edit(guid(2), 'customers', { city: 'Elsewhere' });
    expect(statuses(await updateAll(harness, { city: 'There' }))).toEqual(['done', 'stale', 'done']);
  });

  it('is a refusal only for the record a poisoned batch was refused for (P11)', async () => {
    const harness = await companyHarness(5);
    harness.double.onRequest = (request) => {
      if (!request.body?.includes(guid(4))) return undefined;
      const details = {
        kind: 'data',
        code: 'x',
        message: 'Bad.',
        status: 400,
        serviceCode: 'BadRequest',
      } as const;
      throw new HttpFailure(details);
    };
    expect(statuses(await updateAll(harness, { city: 'There' }))).toEqual([
      'done',
      'done',
      'done',
      'refused',
      'done',
    ]);
  });

  it('is unknown for the records of a batch whose answer is lost, and not for others', async () => {
    const harness = await companyHarness(150, plainCustomers);
    harness.double.onAnswer = (_request, index) => {
      if (index === 0) throw broken();
    };
    const outcomes = await updateAll(harness, { city: 'There' }, plainCustomers);
    expect(new Set(statuses(outcomes.slice(0, 100)))).toEqual(new Set(['unknown']));
    expect(new Set(statuses(outcomes.slice(100)))).toEqual(new Set(['done']));
    expect(harness.meter.sent).toBe(2);
  });

  it('is kept where it was written when another batch is refused as a whole', async () => {
    const harness = await companyHarness(150, plainCustomers);
    harness.double.onRequest = (_request, index) => {
      if (index === 1) throw tooMany();
      return undefined;
    };
    const outcomes = await updateAll(harness, { city: 'There' }, plainCustomers);
    expect(outcomes[0]).toMatchObject({ status: 'done' });
    expect(outcomes[149]).toMatchObject({ status: 'refused', problem: { kind: 'throttled', status: 429 } });
  });

  it('is a failure of the whole call when nothing at all was written', async () => {
    const harness = await companyHarness(2);
    harness.double.onRequest = () => {
      throw tooMany();
    };
    await expect(updateAll(harness, { city: 'There' })).rejects.toMatchObject({ kind: 'throttled' });
  });

  it('comes from one repetition when the operation was throttled, after holding back the identity', async () => {
    const harness = await companyHarness(2);
    let refusals = 1;
    harness.double.onOperation = ({ path }) => {
      if (!path.includes(guid(2)) || refusals-- <= 0) return undefined;
      return { ...refusal(429, '', 'Busy.'), headers: { 'Retry-After': '9' } };
    };
    expect(statuses(await updateAll(harness, { city: 'There' }))).toEqual(['done', 'done']);
    expect(harness.double.heldBackMs).toEqual([9_000]);
    expect(harness.double.operations).toHaveLength(3);
  });

  it('is a refusal as throttled after the second time', async () => {
    const harness = await companyHarness(2);
    harness.double.onOperation = ({ path }) =>
      path.includes(guid(2)) ? refusal(503, '', 'Busy.') : undefined;
    expect(await updateAll(harness, { city: 'There' })).toMatchObject([
      { status: 'done' },
      { status: 'refused', problem: { kind: 'throttled' } },
    ]);
    expect(harness.double.operations).toHaveLength(3);
  });

  it('is fetched for the rest when the service stopped at the first failure', async () => {
    const harness = await companyHarness(3);
    harness.double.edit(guid(1), 'customers', { city: 'Elsewhere' });
    harness.double.onRequest = (_request, index) => (index === 0 ? 1 : undefined);
    expect(statuses(await updateAll(harness, { city: 'There' }))).toEqual(['stale', 'done', 'done']);
    expect(harness.meter.sent).toBe(2);
  });

  it('is unknown when the answer cannot be read', async () => {
    const { double, records } = await companyHarness(1);
    const port = createBusinessCentral({
      baseUrl: doubleUrl,
      company: doubleCompany.id,
      transport: {
        ...double.transport,
        send: async () => ({ status: 200, headers: {}, text: '<html>Bad gateway</html>' }),
      },
      log: () => undefined,
      now: () => 0,
    });
    const updates = records.map((record) => ({ record, values: { city: 'There' } }));
    expect(await port.update(plainCustomers, updates)).toMatchObject([{ status: 'unknown' }]);
  });
});
