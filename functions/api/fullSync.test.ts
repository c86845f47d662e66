/** Full synchronisation over the API: order, choice of mappings, plan (E-136, E-137). */
import { describe, expect, it } from 'vitest';
import { fakeDataverse } from '../../shared/composition/testing/fakeServices.ts';
import { memoryComposition } from '../../shared/composition/testing/memoryComposition.ts';
import { defaultMappings } from '../../shared/domain/mappings/catalog.ts';
import { callApi } from './testing/callApi.ts';

describe('starting', () => {
  it('queues every mapping in one chain, each after those it depends on (E-136)', async () => {
    const { composition, sent } = memoryComposition();
    const { status, body } = await callApi(composition, 'POST /api/full-sync');
    expect(status).toBe(202);
    const mappings = defaultMappings('person');
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
