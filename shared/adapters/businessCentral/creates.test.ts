/** What creates promise: batches that are never repeated, and companion values written afterwards. */
import { describe, expect, it } from 'vitest';
import { refusal } from './companyDouble.ts';
import { broken, companyHarness, customers, fax, note, plainCustomers, tooMany } from './companyHarness.ts';

describe('create', () => {
  it('of 250 records takes three requests that may not be repeated', async () => {
    const { double, meter, port } = await companyHarness(0);
    const inserts = Array.from({ length: 250 }, (_, n) => ({ values: { displayName: `N${n}`, city: null } }));
    const outcomes = await port.create(plainCustomers, inserts);
    expect(meter.sent).toBe(3);
    expect(double.requests.every(({ idempotent }) => !idempotent)).toBe(true);
    expect(double.operations[0]?.body).toEqual({ displayName: 'N0' });
    const names = outcomes.map(
      (outcome) => outcome.status === 'done' && outcome.record.values['displayName'],
    );
    expect(names).toEqual(inserts.map(({ values }) => values.displayName));
  });

  it('writes companion values after the create and gives back the record as stored after everything', async () => {
    const { double, meter, port } = await companyHarness(0);
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
    const { double, meter, port } = await companyHarness(0);
    const selection = { ...customers, companions: customers.companions.slice(0, 1) };
    double.onAnswer = (_request, index) => {
      const id = double.operations[0]?.method === 'POST' ? '00000000-0000-0000-0000-000000000001' : '';
      if (index === 0) double.edit(id, 'customerExtras', { faxNumber: '' });
    };
    await port.create(selection, [{ values: { displayName: 'N', [fax]: '' } }]);
    expect(meter.sent).toBe(2);
  });

  it('stays done when companion values cannot be written, and says so', async () => {
    const { double, events, port } = await companyHarness(0);
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
    const { double, events, port } = await companyHarness(0);
    double.onRequest = (_request, index) => {
      if (index > 0) throw tooMany();
      return undefined;
    };
    const outcomes = await port.create(customers, [{ values: { displayName: 'N', [fax]: 'f' } }]);
    expect(outcomes).toMatchObject([{ status: 'done' }]);
    expect(events).toEqual(['companion-not-read', 'companion-not-written']);
  });

  it('tells an existing key from other refusals', async () => {
    const { double, port } = await companyHarness(0);
    double.onOperation = ({ body }) =>
      body['displayName'] === 'A'
        ? refusal(400, 'Internal_EntityWithSameKeyExists', 'Exists.')
        : refusal(404, 'BadRequest_ResourceNotFound', 'No such set.');
    const inserts = ['A', 'B'].map((displayName) => ({ values: { displayName } }));
    expect(await port.create(customers, inserts)).toMatchObject([
      { status: 'exists' },
      { status: 'refused', problem: { kind: 'config' } },
    ]);
  });

  it('is never repeated when the answer is lost: every record of the batch is unknown (P2)', async () => {
    const { double, meter, port } = await companyHarness(0);
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
