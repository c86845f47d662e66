/** What deletions promise: few requests, guards by etag, one outcome each. */
import { describe, expect, it } from 'vitest';
import { doubleCompany, refusal } from './companyDouble.ts';
import { broken, companyHarness, guid, plainCustomers, tooMany } from './companyHarness.ts';

describe('delete', () => {
  it('of 250 records takes three requests', async () => {
    const harness = await companyHarness(250, plainCustomers);
    const outcomes = await harness.port.delete(plainCustomers, harness.records);
    expect(harness.meter.sent).toBe(3);
    expect(outcomes).toEqual(harness.records.map(() => ({ status: 'done' })));
    expect(harness.double.row(guid(7))).toBeUndefined();
  });

  it('sends the etag read of the main set, and no body', async () => {
    const harness = await companyHarness(1);
    await harness.port.delete(plainCustomers, harness.records);
    expect(harness.double.operations).toEqual([
      {
        method: 'DELETE',
        path: `companies(${doubleCompany.id})/customers(${guid(1)})`,
        headers: { 'If-Match': harness.records[0]?.etags['customers'] },
        body: {},
      },
    ]);
  });

  it('leaves a record that changed since it was read, and tells one that is gone', async () => {
    const harness = await companyHarness(3, plainCustomers);
    harness.double.edit(guid(1), 'customers', { city: 'There' });
    harness.double.remove(guid(2));
    const outcomes = await harness.port.delete(plainCustomers, harness.records);
    expect(outcomes).toEqual([{ status: 'stale' }, { status: 'missing' }, { status: 'done' }]);
    expect(harness.double.row(guid(1))).toMatchObject({ customers: { city: 'There' } });
  });

  it('says why the service refused one record, and deletes the others', async () => {
    const harness = await companyHarness(2, plainCustomers);
    harness.double.onOperation = ({ path }) =>
      path.includes(guid(1))
        ? refusal(400, 'Application_DialogException', 'There are open ledger entries.')
        : undefined;
    expect(await harness.port.delete(plainCustomers, harness.records)).toMatchObject([
      { status: 'refused', problem: { kind: 'data', message: 'There are open ledger entries.' } },
      { status: 'done' },
    ]);
  });

  it('leaves a record without an etag of its main set alone', async () => {
    const harness = await companyHarness(2, plainCustomers);
    const [first, second] = harness.records.map((record) => ({ ...record }));
    const records = [{ ...first, etags: {} }, second] as typeof harness.records;
    expect(await harness.port.delete(plainCustomers, records)).toEqual([
      { status: 'stale' },
      { status: 'done' },
    ]);
    expect(harness.double.row(guid(1))).toBeDefined();
  });

  it('whose answer was lost has an unknown outcome, and one refused as a whole is raised', async () => {
    const lost = await companyHarness(1, plainCustomers);
    lost.double.onAnswer = () => {
      throw broken();
    };
    expect(await lost.port.delete(plainCustomers, lost.records)).toMatchObject([{ status: 'unknown' }]);
    const busy = await companyHarness(1, plainCustomers);
    busy.double.onRequest = () => {
      throw tooMany();
    };
    await expect(busy.port.delete(plainCustomers, busy.records)).rejects.toMatchObject({
      code: 'throttled',
    });
  });
});
