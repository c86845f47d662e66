/** Reading resources of notifications, and telling echoes from changes (business-central-api 7.3, J-74). */
import { describe, expect, it } from 'vitest';
import { coupled, guidOf, record, row, thingMapping } from '../../../test/builders/records.ts';
import { businessCentralId, syncJobId } from '../common/ids.ts';
import { instant } from '../common/instants.ts';
import type { Coupling } from '../couplings/coupling.ts';
import { hidesDeletions, isEcho, parseResource } from './changeNotification.ts';

const company = '11111111-2222-3333-4444-555555555555';
const id = guidOf('b', 1);
const oneCustomer = {
  companyId: company,
  entitySet: 'customers',
  recordId: businessCentralId(id),
  isFiltered: false,
};

describe('the resource of a notification', () => {
  it.each([
    `api/v2.0/companies(${company})/customers(${id})`,
    `/api/v2.0/companies(${company.toUpperCase()})/customers(${id.toUpperCase()})`,
    `https://api.businesscentral.dynamics.com/v2.0/t/Production/api/v2.0/companies(${company})/customers(${id})`,
    `companies(${company})/customers(id=${id})`,
    `companies(${company})/customers('${id}')`,
  ])('%s names a record of a company', (resource) => {
    expect(parseResource(resource)).toEqual(oneCustomer);
  });

  it('of a custom page names its set', () => {
    const resource = `api/openSync/salesIntegration/v1.0/companies(${company})/resources(${id})`;
    expect(parseResource(resource)).toEqual({ ...oneCustomer, entitySet: 'resources' });
  });

  it('of a collection is filtered by time, or hides deletions', () => {
    const filtered = parseResource(
      `api/v2.0/companies(${company})/customers?$filter=lastModifiedDateTime%20gt%202026-01-31T10:00:00Z`,
    );
    const bare = parseResource(`api/v2.0/companies(${company})/customers`);
    expect(filtered).toEqual({ ...oneCustomer, recordId: null, isFiltered: true });
    expect(bare).toEqual({ ...oneCustomer, recordId: null });
    const told = { changeType: 'collection', changedAt: null } as const;
    expect(filtered && hidesDeletions({ ...filtered, ...told })).toBe(false);
    expect(bare && hidesDeletions({ ...bare, ...told })).toBe(true);
  });

  it('may be a set alone', () => {
    expect(parseResource('customers')).toMatchObject({ companyId: null, entitySet: 'customers' });
  });

  it.each(['', '/', `companies(${company})/customers(1)`, '?x', '()', 'a b'])(
    '%j names nothing',
    (resource) => {
      expect(parseResource(resource)).toBeNull();
    },
  );
});

describe('an echo', () => {
  const startedAt = Date.parse('2026-01-31T10:00:00.000Z');
  const idAt = (ms: number) =>
    syncJobId(
      ms
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')
        .concat('-7000-8000-000000000000'),
    );
  const written: Coupling = {
    ...coupled(thingMapping(), record({ displayName: 'A' }), row({ name: 'A' })),
    lastSyncedAt: instant('2026-01-31T10:00:05Z'),
    toDataverse: { result: 'success', syncJobId: idAt(startedAt - 1000), fingerprint: null },
    toBusinessCentral: { result: 'success', syncJobId: idAt(startedAt), fingerprint: null },
  };

  it.each([
    ['2026-01-31T09:59:59.999Z', false],
    ['2026-01-31T10:00:00.000Z', true],
    ['2026-01-31T10:00:05.000Z', true],
    ['2026-01-31T10:00:05.001Z', false],
  ])('is a change at %s, between the start of the pass and its record: %s (J-74)', (at, expected) => {
    expect(isEcho(written, instant(at))).toBe(expected);
  });

  it('is none without a time, after a failure, or when the other direction was synchronised last', () => {
    const at = instant('2026-01-31T10:00:01Z');
    const { toBusinessCentral: last } = written;
    expect(isEcho(written, at)).toBe(true);
    expect(isEcho(written, null)).toBe(false);
    expect(isEcho({ ...written, toBusinessCentral: null }, at)).toBe(false);
    expect(isEcho({ ...written, lastSyncedAt: null }, at)).toBe(false);
    expect(isEcho({ ...written, toBusinessCentral: last && { ...last, result: 'failure' } }, at)).toBe(false);
    expect(isEcho({ ...written, toDataverse: last && { ...last, syncJobId: idAt(startedAt + 1) } }, at)).toBe(
      false,
    );
  });
});
