/** What every log, retry, job and mapping store must do; run against Table Storage and memory alike. */
import { expect, test } from 'vitest';
import { mappingName } from '../../../domain/common/ids.ts';
import { zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { StoreSet } from '../storeSet.ts';
import { definitionContract } from './definitions.contract.ts';
import {
  crmId,
  customer,
  erpId,
  job,
  jobId,
  minute,
  range,
  retry,
  sentBy,
  syncError,
  syncJob,
} from './samples.ts';
import { statisticsContract } from './statistics.contract.ts';
import { switchContract } from './switches.contract.ts';

const everything = { top: 1000, continuation: null };
const contact = mappingName('CONTACT');

/** Registers the tests; `open` gives empty stores each time. */
export function recordContract(open: () => Promise<StoreSet>): void {
  logContract(open);
  errorContract(open);
  retryContract(open);
  jobContract(open);
  categoryContract(open);
  mappingContract(open);
  definitionContract(open);
  statisticsContract(open);
  switchContract(open);
}

function logContract(open: () => Promise<StoreSet>): void {
  test('a sync job is replaced by its id and found without knowing its mapping (E-149)', async () => {
    const { logs } = await open();
    const running = syncJob(1);
    const ended = { ...running, finishedAt: minute(2), message: 'n'.repeat(3000) };
    await logs.saveSyncJob(running);
    await logs.saveSyncJob(syncJob(2));
    expect(await logs.syncJob(running.id)).toEqual(running);
    await logs.saveSyncJob(ended);
    expect(await logs.syncJob(running.id)).toEqual({ ...ended, message: `${'n'.repeat(2047)}…` });
    expect(await logs.syncJob(jobId(3))).toBeNull();
    expect((await logs.listSyncJobs({}, everything)).rows).toHaveLength(2);
  });

  test('sync jobs are listed newest first across mappings, page by page without gap or repeat', async () => {
    const { logs } = await open();
    const jobs = range(23).map((minutes) =>
      syncJob(minutes, { mapping: minutes % 3 === 0 ? contact : customer }),
    );
    for (const row of jobs) await logs.saveSyncJob(row);
    const found: string[] = [];
    let continuation: string | null = null;
    do {
      const page = await logs.listSyncJobs({}, { top: 5, continuation });
      expect(page.rows.length).toBeLessThanOrEqual(5);
      found.push(...page.rows.map((row) => row.id));
      continuation = page.continuation;
    } while (continuation !== null);
    expect(found).toEqual(jobs.map((row) => row.id).reverse());
  });

  test('sync jobs are filtered by mapping, job, type, failures, start and run', async () => {
    const { logs } = await open();
    const failed = syncJob(1, { counts: { ...zeroCounters, failed: 2 }, mapping: contact, job: 'CONTACT' });
    const coupled = syncJob(2, { type: 'coupling' });
    const last = syncJob(3);
    for (const row of [failed, coupled, last]) await logs.saveSyncJob(row);
    const list = async (query: Parameters<typeof logs.listSyncJobs>[0]) =>
      (await logs.listSyncJobs(query, everything)).rows;
    expect(await list({ failed: true })).toEqual([failed]);
    expect(await list({ failed: false })).toHaveLength(3);
    expect(await list({ mapping: customer })).toEqual([last, coupled]);
    expect(await list({ job: 'CONTACT' })).toEqual([failed]);
    expect(await list({ type: 'coupling' })).toEqual([coupled]);
    expect(await list({ since: minute(2) })).toEqual([last, coupled]);
    expect(await list({ runId: last.runId })).toEqual([last]);
  });
}

function errorContract(open: () => Promise<StoreSet>): void {
  test('errors are resolved where they still exist, and listed as open until then (E-150)', async () => {
    const stores = await open();
    const { logs } = stores;
    const errors = range(120).map((minutes) => syncError(minutes));
    expect(await sentBy(stores, () => logs.saveErrors(errors))).toBe(2);
    await logs.saveErrors(errors.slice(0, 3));
    const gone = syncError(500);
    await logs.resolveErrors(
      customer,
      [gone.id, ...errors.slice(0, 118).map((error) => error.id)],
      minute(600),
    );
    const open2 = (await logs.listErrors({ open: true }, everything)).rows;
    expect(open2).toEqual([errors[119], errors[118]]);
    const all = (await logs.listErrors({ mapping: customer }, everything)).rows;
    expect(all).toHaveLength(120);
    expect(all[119]).toEqual({ ...errors[0], resolvedAt: minute(600) });
  });

  test('rows made up to an instant are listed, page by page, and rows are removed with others left alone', async () => {
    const { logs } = await open();
    const rows = [1, 2, 3, 4].map((number) => syncJob(number));
    for (const row of [...rows, syncJob(2, { mapping: contact })]) await logs.saveSyncJob(row);
    const errors = [1, 2, 3].map((number) => syncError(number));
    await logs.saveErrors(errors);
    const query = { mapping: customer, until: minute(3) };
    const first = await logs.listSyncJobs(query, { top: 2, continuation: null });
    const second = await logs.listSyncJobs(query, { top: 2, continuation: first.continuation });
    expect([...first.rows, ...second.rows]).toEqual([rows[2], rows[1], rows[0]]);
    expect((await logs.listErrors({ until: minute(2) }, everything)).rows).toEqual([errors[1], errors[0]]);
    const gone = [rows[1], rows[2], syncJob(9)].flatMap((row) => (row ? [row.id] : []));
    await logs.removeSyncJobs(customer, gone);
    await logs.removeErrors(
      customer,
      errors.slice(0, 1).map(({ id }) => id),
    );
    expect((await logs.listSyncJobs({ mapping: customer }, everything)).rows).toEqual([rows[3], rows[0]]);
    expect((await logs.listSyncJobs({ mapping: contact }, everything)).rows).toHaveLength(1);
    expect((await logs.listErrors({}, everything)).rows).toEqual([errors[2], errors[1]]);
  });

  test('errors are filtered by code, sync job and record, across mappings', async () => {
    const { logs } = await open();
    const first = syncError(1, { mapping: contact, code: 'a', syncJobId: jobId(1) });
    const second = syncError(2, { code: 'b', businessCentralId: null, dataverseId: crmId(2), field: null });
    await logs.saveErrors([first, second]);
    expect((await logs.listErrors({ code: 'a' }, everything)).rows).toEqual([first]);
    expect((await logs.listErrors({ syncJobId: second.syncJobId }, everything)).rows).toEqual([second]);
    expect((await logs.listErrors({ dataverseId: crmId(2) }, everything)).rows).toEqual([second]);
    const ours = first.businessCentralId ?? erpId(1);
    expect((await logs.listErrors({ businessCentralId: ours }, everything)).rows).toEqual([first]);
    expect((await logs.listErrors({ businessCentralId: erpId(77) }, everything)).rows).toEqual([]);
    expect((await logs.listErrors({}, everything)).rows).toEqual([second, first]);
  });
}

function retryContract(open: () => Promise<StoreSet>): void {
  test('the retry list keeps one entry per side and id, and forgets what is removed', async () => {
    const { retries } = await open();
    const other = retry(1, { side: 'dataverse', id: crmId(1) });
    await retries.save([retry(1), other, retry(2), retry(3, { mapping: contact })]);
    await retries.save([retry(1, { attempts: 2, skipped: true })]);
    expect(await retries.list(customer)).toEqual([retry(1, { attempts: 2, skipped: true }), retry(2), other]);
    await retries.remove(customer, [
      { side: 'businessCentral', id: erpId(1) },
      { side: 'businessCentral', id: erpId(77) },
      { side: 'dataverse', id: crmId(1) },
    ]);
    expect(await retries.list(customer)).toEqual([retry(2)]);
    expect(await retries.list(contact)).toHaveLength(1);
  });

  test('1,200 retry entries are saved in 12 requests, read in 2 and removed in 12', async () => {
    const stores = await open();
    const records = range(1200).map((number) => retry(number));
    expect(await sentBy(stores, () => stores.retries.save(records))).toBe(12);
    expect(await sentBy(stores, () => stores.retries.list(customer))).toBe(2);
    expect(await sentBy(stores, () => stores.retries.remove(customer, records))).toBe(12);
    expect(await stores.retries.list(customer)).toEqual([]);
  });
}

function jobContract(open: () => Promise<StoreSet>): void {
  test('a job is created once and read back as written', async () => {
    const { jobs } = await open();
    const bare = job({ name: 'A/B', mapping: null, lastRun: null, category: null, window: null });
    await jobs.createIfMissing(job());
    await jobs.createIfMissing(job({ status: 'error' }));
    await jobs.createIfMissing(bare);
    expect((await jobs.get('CUSTOMER'))?.entry).toEqual(job());
    expect((await jobs.get('A/B'))?.entry).toEqual(bare);
    expect(await jobs.get('ITEM')).toBeNull();
    expect((await jobs.list()).map((stored) => stored.entry.name)).toEqual(['A/B', 'CUSTOMER']);
  });

  test('of writers that read the same version of a job exactly one replaces it (J-119)', async () => {
    const { jobs } = await open();
    await jobs.createIfMissing(job());
    const version = (await jobs.get('CUSTOMER'))?.version ?? '';
    const attempts = range(6).map((number) => jobs.replace(job({ attempts: number }), version));
    const won = (await Promise.all(attempts)).filter((outcome) => outcome !== null);
    expect(won).toHaveLength(1);
    expect((await jobs.get('CUSTOMER'))?.version).toBe(won[0]);
    expect(await jobs.replace(job(), won[0] ?? '')).not.toBeNull();
    expect(await jobs.replace(job({ name: 'ITEM' }), version)).toBeNull();
  });
}

function categoryContract(open: () => Promise<StoreSet>): void {
  test('a category is free at first, and taken by one of several writers (J-44, J-120)', async () => {
    const { jobs } = await open();
    const free = await jobs.category('BCI/CUST');
    expect(free).toMatchObject({ lease: { category: 'BCI/CUST', owner: '' }, version: null });
    const lease = (number: number) => ({
      category: 'BCI/CUST',
      owner: `run ${number}`,
      expiresAt: minute(number),
    });
    const writers = range(5).map((number) => jobs.replaceCategory(lease(number), null));
    const won = (await Promise.all(writers)).filter((outcome) => outcome !== null);
    expect(won).toHaveLength(1);
    const taken = await jobs.category('BCI/CUST');
    expect(taken.version).toBe(won[0]);
    expect(await jobs.replaceCategory(lease(9), taken.version)).not.toBeNull();
    expect(await jobs.replaceCategory(lease(8), taken.version)).toBeNull();
    expect((await jobs.category('BCI/CUST')).lease).toEqual(lease(9));
    expect(await jobs.list()).toEqual([]);
  });

  test('what a job keeps of wakes and deletions is read back', async () => {
    const { jobs } = await open();
    const ids = range(200).map((number) => erpId(number));
    const full = job({ statusBefore: 'onHold', woken: true, reportedDeletions: { ids, more: true } });
    await jobs.createIfMissing(full);
    expect((await jobs.get('CUSTOMER'))?.entry).toEqual(full);
  });
}

function mappingContract(open: () => Promise<StoreSet>): void {
  test('mapping state starts empty and is written by one of several first writers', async () => {
    const { mappings } = await open();
    const { state, version } = await mappings.get(customer);
    expect(version).toBeNull();
    expect(state).toMatchObject({ mapping: customer, businessCentralWatermark: null, coupledCount: 0 });
    const lease = (number: number) => ({ owner: `run ${number}`, expiresAt: minute(10), fencing: number });
    const writers = range(5).map((number) => mappings.replace({ ...state, lease: lease(number) }, null));
    const won = (await Promise.all(writers)).filter((outcome) => outcome !== null);
    expect(won).toHaveLength(1);
    const stored = await mappings.get(customer);
    expect(stored.version).toBe(won[0]);
    const next = {
      ...stored.state,
      businessCentralWatermark: minute(3),
      dataversePosition: 'token'.repeat(8000),
      dataversePositionAt: minute(4),
      coupledCount: 12,
      lease: null,
    };
    const second = await mappings.replace(next, stored.version);
    expect(second).not.toBeNull();
    expect(await mappings.replace(stored.state, stored.version)).toBeNull();
    expect(await mappings.get(customer)).toEqual({ state: next, version: second });
  });

  test('all who ask for the digest key at the same time get the same one, of 32 bytes', async () => {
    const stores = await open();
    const keys = await Promise.all(range(5).map(() => stores.mappings.digestKey()));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await sentBy(stores, () => stores.mappings.digestKey())).toBe(0);
  });
}
