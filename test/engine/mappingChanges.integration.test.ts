/** Changes of mappings as the next run meets them: filters, fields, a mapping of one's own, and a change in the middle of a run. */
import { afterEach, describe, expect, it } from 'vitest';
import { ensureJobs } from '../../shared/app/jobs/ensureJobs.ts';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { changeMapping } from '../../shared/app/mappings/changeMapping.ts';
import { createMapping } from '../../shared/app/mappings/createMapping.ts';
import { createMappingCatalog, type MappingCatalog } from '../../shared/app/mappings/mappingCatalog.ts';
import { removeMapping, resetMapping } from '../../shared/app/mappings/removeMapping.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { RunTrigger, SyncJob } from '../../shared/domain/logs/syncJob.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

let world: World;
let catalog: MappingCatalog;
let taken = 0;
afterEach(() => world.close());

const customer = mappingName('CUSTOMER');
const page = { top: 1000, continuation: null };
const noFiles = { read: async () => ({ files: [], unreadable: [] }) };

async function start(options: WorldOptions = {}): Promise<void> {
  world = await startWorld(options);
  taken = 0;
  catalog = createMappingCatalog(world.ports, noFiles, { ownershipModel: 'person', orderIntegration: 'off' });
}

/** One invocation of a run with the mappings in force now. */
async function invoke(job: string, trigger: RunTrigger = 'manual'): Promise<readonly SyncJob[]> {
  const runId = world.ports.ids.runId(world.ports.clock.now());
  const { mappings } = await catalog.current();
  await executeRun(world.ports, mappings, { job, runId, trigger, followedBy: [] });
  return (await world.ports.logs.listSyncJobs({ runId }, page)).rows.toReversed();
}

/** Carries out what the queue holds, each message with the mappings in force then. */
async function drain(): Promise<void> {
  for (const sent = world.queue.sent; taken < sent.length; taken += 1) {
    const message = sent[taken]?.message;
    if (message) await executeRun(world.ports, (await catalog.current()).mappings, message);
  }
}

async function syncJobs(): Promise<readonly SyncJob[]> {
  return (await world.ports.logs.listSyncJobs({ mapping: customer }, page)).rows.toReversed();
}

/** Account numbers in Sales by the number of the customer they belong to. */
async function accountNumbers(): Promise<readonly (readonly [string, unknown])[]> {
  const { rows } = await world.ports.couplings.list({ mapping: customer }, page);
  const selection = { table: 'account', attributes: ['accountnumber'] };
  const ids = rows.map(({ dataverseId }) => dataverseId);
  const accounts = await world.ports.dataverse.readByIds(selection, ids);
  const byId = new Map(accounts.map(({ id, values }) => [id, values['accountnumber']]));
  const numbers = rows.map(
    (row) => [row.businessCentralName.split(' ')[0] ?? '', byId.get(row.dataverseId)] as const,
  );
  return numbers.toSorted(([left], [right]) => left.localeCompare(right));
}

describe('a changed mapping', () => {
  it('is what the next run goes by: filter, only-coupled and fields', async () => {
    await start();
    for (const job of ['SALESPEOPLE', 'CURRENCY']) await invoke(job, 'fullSync');
    expect(await invoke('CUSTOMER')).toMatchObject([
      { counts: { inserted: 0 } },
      { counts: { inserted: 0 } },
    ]);
    await changeMapping(world.ports, catalog, customer, {
      syncOnlyCoupled: false,
      direction: 'toDataverse',
      businessCentralFilter: "number eq '10000' or number eq '20000'",
    });
    expect(await invoke('CUSTOMER')).toMatchObject([{ direction: 'toDataverse', counts: { inserted: 2 } }]);
    expect((await accountNumbers()).every(([, number]) => number === null)).toBe(true);
    await changeMapping(world.ports, catalog, customer, { fields: [{ id: 'accountnumber', enabled: true }] });
    expect(await invoke('CUSTOMER')).toMatchObject([{ counts: { modified: 2, inserted: 0 } }]);
    expect(await accountNumbers()).toEqual([
      ['10000', '10000'],
      ['20000', '20000'],
    ]);
  });

  it('gives new records the values of its template (E-84)', async () => {
    await start();
    for (const job of ['SALESPEOPLE', 'CURRENCY']) await invoke(job, 'fullSync');
    await changeMapping(world.ports, catalog, customer, {
      syncOnlyCoupled: false,
      direction: 'toDataverse',
      businessCentralFilter: "number eq '10000'",
      templates: [{ target: 'dataverse', values: { customertypecode: 3, description: 'from a template' } }],
    });
    await invoke('CUSTOMER');
    const { rows } = await world.ports.couplings.list({ mapping: customer }, page);
    const selection = { table: 'account', attributes: ['description'] };
    const accounts = await world.ports.dataverse.readByIds(
      selection,
      rows.map(({ dataverseId }) => dataverseId),
    );
    expect(accounts.map(({ values }) => values['description'])).toEqual(['from a template']);
  });

  it('refuses template values that the services do not have, in their own words', async () => {
    await start();
    const templates = [
      { target: 'dataverse', values: { new_colour: 'red' } },
      { target: 'businessCentral', values: { taxLiable: true, colour: 'red', 'customerExtras/hat': 'x' } },
    ];
    await expect(changeMapping(world.ports, catalog, customer, { templates })).rejects.toMatchObject({
      refusals: [
        { code: 'property-not-found', target: 'templates.0.values.new_colour' },
        { code: 'property-not-found', target: 'templates.1.values.colour' },
        { code: 'property-not-found', target: 'templates.1.values.customerExtras/hat' },
      ],
    });
  });

  it('is read whole again after a reset (A-33, E-54)', async () => {
    await start();
    for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await invoke(job, 'fullSync');
    await world.advanceMinutes(60);
    const [quiet] = await invoke('CUSTOMER');
    expect(quiet?.counts.unchanged).toBeLessThan(73);
    await resetMapping(world.ports, catalog, customer);
    const [again] = await invoke('CUSTOMER');
    expect(again?.counts).toMatchObject({ unchanged: 73, modified: 0, inserted: 0 });
  });
});

describe('a change in the middle of a run', () => {
  it('lets the run begin anew, so that no page lacks what the new fields read', async () => {
    await start({ pageSize: 20, sliceMs: 0 });
    for (const job of ['SALESPEOPLE', 'CURRENCY']) {
      await invoke(job, 'fullSync');
      await drain();
    }
    await invoke('CUSTOMER', 'fullSync');
    await changeMapping(world.ports, catalog, customer, {
      direction: 'toDataverse',
      fields: [{ id: 'accountnumber', enabled: true }],
    });
    await drain();
    const numbers = await accountNumbers();
    expect(numbers).toHaveLength(63);
    expect(numbers.filter(([ours, theirs]) => ours !== theirs)).toEqual([]);
    const rows = await syncJobs();
    expect(rows.every(({ finishedAt }) => finishedAt !== null)).toBe(true);
    expect(rows.map(({ message, counts }) => [message !== '', counts.inserted])).toEqual([
      [true, 20],
      [false, 43],
    ]);
  });

  it('is met by the next run when the run ends by what it read', async () => {
    await start();
    for (const job of ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER']) await invoke(job, 'fullSync');
    const { mappings } = await catalog.current();
    await changeMapping(world.ports, catalog, customer, { fields: [{ id: 'accountnumber', enabled: true }] });
    const runId = world.ports.ids.runId(world.ports.clock.now());
    await executeRun(world.ports, mappings, { job: 'CUSTOMER', runId, trigger: 'manual', followedBy: [] });
    expect((await accountNumbers()).filter(([ours, theirs]) => ours === theirs)).toEqual([]);
    await invoke('CUSTOMER');
    expect(
      (await accountNumbers()).filter(([ours, theirs]) => ours !== theirs && !ours.startsWith('C')),
    ).toEqual([]);
  });
});

describe('a mapping of one’s own (A-34)', () => {
  const warehouse = {
    name: 'WAREHOUSE',
    businessCentral: { entitySet: 'locations', filter: "country eq 'GB'" },
    dataverse: { table: 'cdm_company' },
    direction: 'toDataverse',
    syncOnlyCoupled: false,
    fields: [
      { businessCentralField: 'code', attribute: 'cdm_companycode', match: { priority: 0 } },
      { businessCentralField: 'displayName', attribute: 'cdm_name' },
    ],
  };

  it('is completed from metadata, runs, follows changes, and goes once its records are uncoupled', async () => {
    await start();
    const { mapping } = await createMapping(world.ports, catalog, warehouse);
    expect(mapping).toMatchObject({
      dataverse: { entitySet: 'cdm_companies', idAttribute: 'cdm_companyid' },
      businessCentral: { keyProperty: 'code', nameProperty: 'displayName' },
    });
    expect(await invoke('WAREHOUSE')).toMatchObject([{ counts: { inserted: 6, failed: 0 } }]);
    expect(await invoke('WAREHOUSE')).toMatchObject([{ counts: { inserted: 0, modified: 0, failed: 0 } }]);
    await expect(removeMapping(world.ports, catalog, mapping.name)).rejects.toMatchObject({
      code: 'mapping-has-couplings',
    });
    const { rows } = await world.ports.couplings.list({ mapping: mapping.name }, page);
    const writes = rows.map(({ businessCentralId, dataverseId }) => ({
      kind: 'remove' as const,
      businessCentralId,
      dataverseId,
    }));
    await world.ports.couplings.save(mapping.name, writes);
    await removeMapping(world.ports, catalog, mapping.name);
    expect(await world.ports.jobs.get('WAREHOUSE')).toBeNull();
    expect((await world.ports.mappings.get(mapping.name)).version).toBeNull();
    await createMapping(world.ports, catalog, warehouse);
    await ensureJobs(world.ports, (await catalog.current()).mappings);
    expect(await invoke('WAREHOUSE')).toMatchObject([{ counts: { modified: 6, inserted: 0 } }]);
  });

  it('is refused for properties, sets, columns and tables that the services do not have', async () => {
    await start();
    const wrong = {
      ...warehouse,
      fields: [
        ...warehouse.fields,
        { businessCentralField: 'weather', attribute: 'cdm_weather' },
        { businessCentralField: 'locationExtras/size', attribute: 'cdm_companyid', enabled: false },
      ],
    };
    await expect(createMapping(world.ports, catalog, wrong)).rejects.toMatchObject({
      refusals: [
        { code: 'property-not-found', target: 'fields.2.businessCentral' },
        { code: 'property-not-found', target: 'fields.2.dataverse' },
        { code: 'property-not-found', target: 'fields.3.businessCentral' },
      ],
    });
    const nowhere = { ...warehouse, dataverse: { table: 'new_nothing' } };
    await expect(createMapping(world.ports, catalog, nowhere)).rejects.toMatchObject({
      refusals: [{ code: 'table-not-found', target: 'dataverse.table' }],
    });
  });
});
