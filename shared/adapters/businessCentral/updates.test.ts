/** What updates promise: few requests, guards by etag and value, and the record as stored. */
import { describe, expect, it } from 'vitest';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import { doubleCompany, doubleUrl } from './companyDouble.ts';
import { companyHarness, customers, fax, guid, note, plainCustomers, updateAll } from './companyHarness.ts';

describe('update', () => {
  it('of 250 records through the main set takes three requests', async () => {
    const harness = await companyHarness(250, plainCustomers);
    const outcomes = await updateAll(harness, { displayName: 'New' }, plainCustomers);
    expect(harness.meter.sent).toBe(3);
    expect(outcomes.every((outcome) => outcome.status === 'done')).toBe(true);
    const sizes = harness.double.requests.map(({ body }) => JSON.parse(body ?? '').requests.length);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('sends the etag read, asks to go on after errors, and may not be repeated', async () => {
    const harness = await companyHarness(1, plainCustomers);
    await updateAll(harness, { city: ' ' }, plainCustomers);
    expect(harness.double.requests[0]).toMatchObject({
      url: `${doubleUrl}/api/v2.0/$batch`,
      idempotent: false,
      headers: { Prefer: 'odata.continue-on-error', 'Content-Type': 'application/json' },
    });
    expect(harness.double.operations[0]).toEqual({
      method: 'PATCH',
      path: `companies(${doubleCompany.id})/customers(${guid(1)})`,
      headers: { 'Content-Type': 'application/json', 'If-Match': harness.records[0]?.etags['customers'] },
      body: { city: '_x0020_' },
    });
  });

  it('gives back the record as stored, with only etags that still hold', async () => {
    const harness = await companyHarness(1);
    const [outcome] = await updateAll(harness, { displayName: 'New' });
    expect(outcome).toMatchObject({
      status: 'done',
      record: { values: { displayName: 'New', city: 'Here', [fax]: 'old' } },
    });
    const record = outcome?.status === 'done' ? outcome.record : null;
    expect(Object.keys(record?.etags ?? {})).toEqual(['customers']);
    const again = { record: record as BusinessCentralRecord, values: { city: 'There', [fax]: 'new' } };
    expect(await harness.port.update(customers, [again])).toMatchObject([{ status: 'done' }]);
    expect(harness.double.row(guid(1))).toMatchObject({
      customers: { city: 'There' },
      customerExtras: { faxNumber: 'new' },
    });
  });

  it('of companion values alone uses the etag read and one request', async () => {
    const harness = await companyHarness(1);
    const outcomes = await updateAll(harness, { [fax]: 'new' });
    expect(outcomes).toMatchObject([{ status: 'done', record: { values: { [fax]: 'new' } } }]);
    expect(harness.meter.sent).toBe(1);
    expect(harness.double.requests[0]?.url).toContain('/api/openSync/salesIntegration/v1.0/$batch');
  });

  it('of main and companion values takes four requests for many records', async () => {
    const harness = await companyHarness(40);
    const outcomes = await updateAll(harness, { displayName: 'New', [fax]: 'new' });
    expect(harness.meter.sent).toBe(4);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'done',
        record: { values: { displayName: 'New', [fax]: 'new' }, etags: { customers: expect.any(String) } },
      });
    }
  });

  it('through two companion sets reads the second anew, since the first write made its etag stale', async () => {
    const harness = await companyHarness(1);
    expect(await updateAll(harness, { [fax]: 'new', [note]: 'new' })).toMatchObject([{ status: 'done' }]);
    expect(harness.double.row(guid(1))).toMatchObject({
      customerExtras: { faxNumber: 'new' },
      customerNotes: { note: 'new' },
    });
  });

  it('does not overwrite a companion value that somebody changed after the main write (P1)', async () => {
    const harness = await companyHarness(1);
    harness.double.onAnswer = (_request, index) => {
      if (index === 0) harness.double.edit(guid(1), 'customerExtras', { faxNumber: 'theirs' });
    };
    expect(await updateAll(harness, { displayName: 'New', [fax]: 'ours' })).toEqual([{ status: 'stale' }]);
    expect(harness.double.row(guid(1))).toMatchObject({ customerExtras: { faxNumber: 'theirs' } });
  });

  it('does not write a companion value that is there already', async () => {
    const harness = await companyHarness(1);
    harness.double.onAnswer = (_request, index) => {
      if (index === 0) harness.double.edit(guid(1), 'customerExtras', { faxNumber: 'ours' });
    };
    const outcomes = await updateAll(harness, { displayName: 'New', [fax]: 'ours' });
    expect(outcomes).toMatchObject([{ status: 'done', record: { values: { [fax]: 'ours' } } }]);
    expect(harness.double.operations.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  it('says when the companion page does not show the record', async () => {
    const harness = await companyHarness(1);
    harness.double.add(guid(1), { customers: { displayName: 'Old' } });
    const [record] = await harness.port.readByIds(
      customers,
      harness.records.map(({ id }) => id),
    );
    const update = { record: record as BusinessCentralRecord, values: { [fax]: 'new' } };
    expect(await harness.port.update(customers, [update])).toMatchObject([
      { status: 'refused', problem: { kind: 'config', serviceCode: 'companion-row-missing' } },
    ]);
  });

  it('leaves nulls out and sends nothing when nothing is left', async () => {
    const harness = await companyHarness(1);
    expect(await updateAll(harness, { city: null })).toMatchObject([{ status: 'done' }]);
    expect(harness.meter.sent).toBe(0);
  });
});
