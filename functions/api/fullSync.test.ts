/** Full synchronisation over the API: order, choice of mappings, plan (E-136, E-137). */
import { describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { fakeBusinessCentral, fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import {
  createMemoryRunQueue,
  memoryComposition,
} from '../../shared/composition/testing/memoryComposition.ts';
import { SyncFailure } from '../../shared/domain/common/failures.ts';
import { fromEpochMs } from '../../shared/domain/common/instants.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { withoutLines } from '../../shared/domain/mappings/linesAlone.ts';
import { callApi } from './testing/callApi.ts';

const away = new SyncFailure({
  kind: 'transient',
  code: 'connection-failed',
  message: 'It does not answer.',
});

function brokenMeter() {
  return { ...fakeBusinessCentral(), readChanges: () => Promise.reject(away) };
}

describe('starting', () => {
  it('queues every mapping in one chain, each after those it depends on (E-136)', async () => {
    const { composition, sent } = memoryComposition();
    const { status, body } = await callApi(composition, 'POST /api/full-sync');
    expect(status).toBe(202);
    const mappings = withoutLines(defaultMappings('person'));
    expect(body).toMatchObject({ accepted: mappings.length, skipped: 0, failed: 0 });
    const order = (body['results'] as { job: string }[]).map(({ job }) => job);
    expect(order.toSorted()).toEqual(mappings.map(({ name }) => name).toSorted());
    for (const { name, dependsOn } of mappings) {
      for (const earlier of dependsOn) expect(order.indexOf(earlier)).toBeLessThan(order.indexOf(name));
    }
    expect(sent).toHaveLength(1);
    const chain = [sent[0]?.message, ...(sent[0]?.message.followedBy ?? [])];
    expect(chain.map((run) => run?.runId)).toEqual(body['runIds']);
    expect(chain.every((run) => run?.trigger === 'fullSync')).toBe(true);
  });

  it('queues the named mappings only', async () => {
    const { composition, sent } = memoryComposition();
    const body = { mappings: ['CUSTOMER', 'CURRENCY'] };
    const answer = await callApi(composition, 'POST /api/full-sync', { body });
    expect(answer.body).toMatchObject({ results: [{ job: 'CURRENCY' }, { job: 'CUSTOMER' }] });
    expect(sent).toHaveLength(1);
  });

  it('refuses unknown mappings, all of them named, and queues nothing', async () => {
    const { composition, sent } = memoryComposition();
    const body = { mappings: ['NOPE', 'CUSTOMER', 'NEITHER'] };
    const answer = await callApi(composition, 'POST /api/full-sync', { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { details: [{ target: 'mappings.0' }, { target: 'mappings.2' }] },
    });
    expect(sent).toEqual([]);
  });
});

describe('the review', () => {
  const lines = async (composition: Parameters<typeof callApi>[0]) => {
    const { status, body } = await callApi(composition, 'GET /api/full-sync');
    expect(status).toBe(200);
    return body['value'] as { mapping: string; recommendation: string; status: string }[];
  };
  const lineOf = async (composition: Parameters<typeof callApi>[0], name: string) =>
    (await lines(composition)).find(({ mapping }) => mapping === name);
  const start = (composition: Parameters<typeof callApi>[0], body: unknown, action = '') =>
    callApi(composition, `POST /api/full-sync${action}`, { body });

  it('has a line for every mapping, not started, recommended by what both sides have (E-133, E-134)', async () => {
    const { composition } = memoryComposition({
      ports: {
        businessCentral: fakeBusinessCentral({
          customers: [{ number: '1', blocked: ' ' }],
          vendors: [{ number: '1', blocked: ' ' }],
        }),
        dataverse: fakeDataverse({ product: [{ name: 'p' }], transactioncurrency: [{ exchangerate: 1 }] }),
      },
    });
    const all = await lines(composition);
    expect(all.map(({ mapping }) => mapping).toSorted()).toEqual(
      withoutLines(defaultMappings('person'))
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(await lineOf(composition, 'CUSTOMER')).toEqual({
      mapping: 'CUSTOMER',
      recommendation: 'full',
      status: 'notStarted',
      toDataverse: 'notRun',
      toBusinessCentral: 'notRun',
      syncJobIds: [],
    });
    const recommended = Object.fromEntries(all.map((line) => [line.mapping, line.recommendation]));
    expect(recommended).toMatchObject({ SALESPEOPLE: 'full', CURRENCY: 'full', CONTACT: 'none' });
    expect(recommended['PAYMENT TERMS']).toBe('none');
  });

  it('leaves out what is recommended none, and runs what depends on it (E-136)', async () => {
    const { composition, sent } = memoryComposition();
    const answer = await start(composition, {
      mappings: ['CURRENCY', 'CUSTOMER'],
      recommendations: { CURRENCY: 'none' },
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1, skipped: 1 } });
    expect(sent.map(({ message }) => [message.job, message.followedBy])).toEqual([['CUSTOMER', []]]);
    expect(await lineOf(composition, 'CURRENCY')).toMatchObject({
      recommendation: 'none',
      status: 'notStarted',
    });
    expect(await lineOf(composition, 'CUSTOMER')).toMatchObject({ status: 'waiting' });
  });

  it('refuses restart and reset while any line waits or runs, and queues a repeated start behind it (E-140)', async () => {
    const { composition, ports, sent } = memoryComposition();
    await start(composition, { mappings: ['CUSTOMER'] });
    const refused = { status: 409, body: { error: { code: 'full-sync-running' } } };
    expect(await start(composition, {}, '/restart')).toMatchObject(refused);
    expect(await start(composition, {}, '/reset')).toMatchObject(refused);
    expect(sent).toHaveLength(1);
    const again = await start(composition, { mappings: ['CUSTOMER'] });
    expect(again).toMatchObject({ status: 202, body: { accepted: 1 } });
    const { review } = await ports.fullSync.get();
    expect(review.map(({ run }) => run?.runId)).toEqual(again.body['runIds']);
  });

  it('restarts ended lines only, and reset forgets them with what was decided (E-140)', async () => {
    const { composition, ports, sent } = memoryComposition();
    const nothing = await start(composition, {}, '/restart');
    expect(nothing).toMatchObject({ status: 409, body: { error: { code: 'full-sync-not-ended' } } });
    await start(composition, { mappings: ['CURRENCY'], recommendations: { CURRENCY: 'couple' } });
    const message = sent[0]?.message;
    if (message) await executeRun(ports, defaultMappings('person'), message);
    expect(await lineOf(composition, 'CURRENCY')).toMatchObject({
      recommendation: 'couple',
      status: 'finished',
      toDataverse: 'success',
    });
    const never = await start(composition, { mappings: ['CUSTOMER'] }, '/restart');
    expect(never).toMatchObject({ status: 409, body: { error: { code: 'full-sync-not-ended' } } });
    expect(await start(composition, {}, '/restart')).toMatchObject({
      status: 202,
      body: { accepted: 1, results: [{ job: 'CURRENCY', status: 'accepted' }] },
    });
    const again = sent[1]?.message;
    if (again) await executeRun(ports, defaultMappings('person'), again);
    expect(await start(composition, {}, '/reset')).toMatchObject({ status: 200 });
    expect(await lineOf(composition, 'CURRENCY')).toMatchObject({
      status: 'notStarted',
      toDataverse: 'notRun',
    });
  });

  it('tells of a run that broke off, also after a later run took its place on the job (E-139)', async () => {
    const { composition, ports, sent } = memoryComposition({
      ports: {
        businessCentral: {
          ...fakeBusinessCentral(),
          readChanges: () => Promise.reject(away),
          metered: brokenMeter,
        },
      },
    });
    await start(composition, { mappings: ['CUSTOMER', 'CONTACT'] });
    for (const index of [0, 1]) {
      const message = sent[index]?.message;
      if (message) await executeRun(ports, defaultMappings('person'), message);
    }
    await callApi(composition, 'POST /api/jobs/CUSTOMER/run');
    const later = sent[2]?.message;
    if (later) await executeRun(ports, defaultMappings('person'), later);
    expect(await lineOf(composition, 'CUSTOMER')).toMatchObject({ status: 'error' });
    expect(await lineOf(composition, 'CONTACT')).toMatchObject({ status: 'error' });
  });

  it('is as it was when the runs could not be queued, so that the start can be repeated', async () => {
    const { composition, ports } = memoryComposition({
      ports: { queue: { ...createMemoryRunQueue(), send: () => Promise.reject(away) } },
    });
    expect(await start(composition, { mappings: ['CUSTOMER'] })).toMatchObject({ status: 500 });
    expect((await ports.fullSync.get()).review).toEqual([]);
  });

  it('counts a start as lost after ten minutes in which nothing happened, and lets it be restarted (E-140)', async () => {
    const clock = { nowMs: Date.parse('2026-01-31T10:00:00Z') };
    const { composition } = memoryComposition({
      ports: { clock: { now: () => fromEpochMs(clock.nowMs) } },
    });
    await start(composition, { mappings: ['CUSTOMER'] });
    clock.nowMs += 9 * 60_000;
    expect(await lineOf(composition, 'CUSTOMER')).toMatchObject({ status: 'waiting' });
    clock.nowMs += 2 * 60_000;
    expect(await lineOf(composition, 'CUSTOMER')).toMatchObject({ status: 'error' });
    expect(await start(composition, {}, '/restart')).toMatchObject({ status: 202, body: { accepted: 1 } });
  });

  it('lets later runs go on creating when asked to, of the mappings that were started (E-141)', async () => {
    const { composition } = memoryComposition();
    await start(composition, { mappings: ['CUSTOMER'], keepCreatingNew: true });
    const mapping = (name: string) => callApi(composition, `GET /api/table-mappings/${name}`);
    expect((await mapping('CUSTOMER')).body).toMatchObject({ syncOnlyCoupled: false });
    expect((await mapping('VENDOR')).body).toMatchObject({ syncOnlyCoupled: true });
  });

  it('names every unknown recommendation and mapping', async () => {
    const { composition } = memoryComposition();
    const answer = await start(composition, { mappings: ['NOPE'], recommendations: { NEITHER: 'full' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { details: [{ target: 'mappings.0' }, { target: 'recommendations.NEITHER' }] } },
    });
    const wrong = await start(composition, { recommendations: { CUSTOMER: 'half' } });
    expect(wrong).toMatchObject({ status: 400, body: { error: { target: 'recommendations.CUSTOMER' } } });
  });
});

describe('dry run', () => {
  const user = {
    fullname: 'Ann Example',
    internalemailaddress: 'ann@contoso.example',
    mobilephone: null,
    isdisabled: false,
    islicensed: true,
    isintegrationuser: false,
  };

  it('answers a plan with its requests, and writes nothing to stores, queue and services', async () => {
    const { composition, ports, sent } = memoryComposition({
      ports: { dataverse: fakeDataverse({ systemuser: [user] }) },
    });
    await composition.open();
    const jobsBefore = await ports.jobs.list();
    const { status, body } = await callApi(composition, 'POST /api/full-sync?dryRun=true', {
      body: { mappings: ['SALESPEOPLE'] },
    });
    expect(status).toBe(200);
    const email = {
      businessCentralField: 'email',
      attribute: 'internalemailaddress',
      before: null,
      after: 'ann@contoso.example',
    };
    expect(body['actions']).toMatchObject([
      {
        mapping: 'SALESPEOPLE',
        kind: 'insert',
        direction: 'toBusinessCentral',
        name: expect.stringContaining('Ann Example'),
        fields: expect.arrayContaining([email]),
      },
    ]);
    expect(body['counts']).toMatchObject({ inserted: 1, modified: 0, failed: 0 });
    expect((body['requests'] as { dataverse: number }).dataverse).toBeGreaterThan(0);
    expect(sent).toEqual([]);
    expect(await ports.jobs.list()).toEqual(jobsBefore);
    expect((await ports.logs.listSyncJobs({}, { top: 10, continuation: null })).rows).toEqual([]);
  });

  it('of a job keeps to coupled records, as its run does (E-20)', async () => {
    const { composition } = memoryComposition({
      ports: { dataverse: fakeDataverse({ systemuser: [user] }) },
    });
    const { body } = await callApi(composition, 'POST /api/jobs/SALESPEOPLE/run?dryRun=true');
    const kinds = (body['actions'] as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds).not.toContain('insert');
  });
});
