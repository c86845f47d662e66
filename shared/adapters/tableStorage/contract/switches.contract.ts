/** What every store of the full synchronisation review and of the integration's switch must do. */
import { expect, test } from 'vitest';
import { auditId, mappingName, runId } from '../../../domain/common/ids.ts';
import type { Review } from '../../../domain/fullSync/review.ts';
import { neverSwitched } from '../../../domain/jobs/integrationState.ts';
import type { StoreSet } from '../storeSet.ts';
import { minute } from './samples.ts';

const review: Review = [
  {
    mapping: mappingName('CUSTOMER'),
    chosen: null,
    counted: 'couple',
    run: {
      runId: runId('00000000-0000-7000-8000-000000000001'),
      requestedAt: minute(1),
      outcome: null,
      keepsCreatingNew: false,
    },
  },
  { mapping: mappingName('ITEM-PRODUCT'), chosen: 'none', counted: null, run: null },
];

/** Registers the tests; `open` gives empty stores each time. */
export function switchContract(open: () => Promise<StoreSet>): void {
  test('a full synchronisation review is read as written, and changes only from its own version (E-140)', async () => {
    const { fullSync } = await open();
    expect(await fullSync.get()).toEqual({ review: [], version: null });
    const version = await fullSync.replace(review, null);
    expect(await fullSync.get()).toEqual({ review, version });
    expect(await fullSync.replace([], null)).toBeNull();
    const newer = await fullSync.replace([], version);
    expect(newer).not.toBeNull();
    expect(await fullSync.replace(review, version)).toBeNull();
    expect((await fullSync.get()).review).toEqual([]);
  });

  test('rows of the audit are read as written, newest first, by filter, and go by age (A-7)', async () => {
    const { actions } = await open();
    const first = {
      ...{
        id: auditId('00000000-0001-7000-8000-000000000001'),
        at: minute(1),
        user: 'ann',
        action: 'jobs-run',
      },
      ...{ target: 'CUSTOMER', input: { text: 'x'.repeat(70_000) }, outcome: null },
    };
    const outcome = { status: 404, code: 'job-not-found', runIds: [] };
    const second = { ...first, id: auditId('00000000-0002-7000-8000-000000000001'), at: minute(2), outcome };
    for (const row of [first, second, { ...second, user: 'bob', target: null }]) await actions.saveAudit(row);
    const list = async (query = {}) => (await actions.listAudit(query, { top: 9, continuation: null })).rows;
    expect(await list()).toEqual([{ ...second, user: 'bob', target: null }, first]);
    expect(await list({ user: 'ann', target: 'CUSTOMER', since: minute(1) })).toEqual([first]);
    expect(await actions.removeAuditBefore(minute(1))).toBe(1);
    expect(await list()).toHaveLength(1);
  });

  test('the integration is on until it is switched, from its own version only (A-90)', async () => {
    const { jobs } = await open();
    expect(await jobs.integration()).toEqual({ state: neverSwitched, version: null });
    const off = { enabled: false, changedAt: minute(1), changedBy: 'ann', reason: 'Upgrade.' };
    const version = await jobs.replaceIntegration(off, null);
    expect(await jobs.integration()).toEqual({ state: off, version });
    expect(await jobs.replaceIntegration(neverSwitched, null)).toBeNull();
    expect(await jobs.list()).toEqual([]);
    expect(await jobs.replaceIntegration(neverSwitched, version)).not.toBeNull();
    expect((await jobs.integration()).state).toEqual(neverSwitched);
  });
}
