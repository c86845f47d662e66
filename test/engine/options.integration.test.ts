/** Option mappings: codes of small tables paired with options of account columns (E-80 to E-82, E-137). */
import { afterEach, describe, expect, it } from 'vitest';
import { executeRun } from '../../shared/app/jobs/executeRun.ts';
import { planRuns } from '../../shared/app/queries/planRuns.ts';
import type { SyncPorts } from '../../shared/app/syncPorts.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import type { SyncJob } from '../../shared/domain/logs/syncJob.ts';
import type { OptionColumn, TableMapping } from '../../shared/domain/mappings/model.ts';
import { intercept, once } from './intercept.ts';
import { startWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A demo world with `over` laid over its option mappings. */
async function start(over: Partial<TableMapping> = {}): Promise<void> {
  world = await startWorld({
    change: (mapping) => (mapping.kind === 'option' ? { ...mapping, ...over } : mapping),
  });
}

const terms = { table: 'account', attribute: 'paymenttermscode' };
const orderTerms = { table: 'salesorder', attribute: 'paymenttermscode' };
const quoteTerms = { table: 'quote', attribute: 'paymenttermscode' };
const invoiceTerms = { table: 'invoice', attribute: 'paymenttermscode' };
const agents = { table: 'account', attribute: 'address1_shippingmethodcode' };

async function labelsOf(column: OptionColumn): Promise<ReadonlyMap<number, string>> {
  const [read] = await world.ports.dataverse.readOptions([column]);
  return new Map(read?.options.map(({ value, label }) => [value, label]));
}

async function numberOf(column: OptionColumn, label: string): Promise<number> {
  const found = [...(await labelsOf(column))].find(([, text]) => text === label);
  if (!found) throw new Error(`no option "${label}"`);
  return found[0];
}

async function act(action: string, column: OptionColumn, body: object): Promise<void> {
  const address = { EntityLogicalName: column.table, AttributeLogicalName: column.attribute };
  const response = await fetch(`${world.dataverse.url}/api/data/v9.2/${action}`, {
    method: 'POST',
    headers: { Authorization: 'Bearer alice', 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...address, ...body }),
  });
  if (!response.ok) throw new Error(await response.text());
}

const label = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });

const codeId = (set: string, code: string) =>
  String(world.businessCentral.records(set).find((record) => record['code'] === code)?.['id']);

async function couplings(mapping: string) {
  const query = { mapping: mappingName(mapping) };
  return (await world.ports.couplings.list(query, { top: 1000, continuation: null })).rows;
}

async function runWith(ports: SyncPorts, job: string): Promise<void> {
  const runId = ports.ids.runId(ports.clock.now());
  await executeRun(ports, world.mappings, { job, runId, trigger: 'fullSync', followedBy: [] });
}

const countsOf = ([only, ...more]: readonly SyncJob[]) => {
  expect(more).toEqual([]);
  return only?.counts;
};

describe('a full synchronisation of an option mapping', () => {
  it('adds each code as option of account, order, quote and invoice, under one number (E-82, E-137)', async () => {
    await start();
    expect(countsOf(await world.run('PAYMENT TERMS', 'fullSync'))).toMatchObject({
      inserted: 11,
      modified: 0,
      failed: 0,
    });
    const own = await labelsOf(terms);
    expect([...own.values()]).toEqual(expect.arrayContaining(['Net 30', '30 DAYS', '1M(8D)']));
    for (const column of [orderTerms, quoteTerms, invoiceTerms]) {
      expect([...(await labelsOf(column))].toSorted()).toEqual([...own].toSorted());
    }
  });

  it('couples a code with the option of the same caption, whatever the case, and does not rename it (E-122)', async () => {
    await start();
    expect(countsOf(await world.run('SHIPPING AGENT', 'fullSync'))).toMatchObject({
      inserted: 1,
      modified: 3,
      failed: 0,
    });
    expect([...(await labelsOf(agents))].filter(([, text]) => /fedex/i.test(text))).toEqual([[3, 'FedEx']]);
    const fedex = (await couplings('SHIPPING AGENT')).find(({ dataverseName }) => dataverseName === 'FedEx');
    expect(fedex).toMatchObject({
      businessCentralId: codeId('shippingAgents', 'FEDEX'),
      businessCentralName: 'FEDEX Federal Express Corporation',
      state: 'synchronized',
      dataverseId: expect.stringMatching(/-000000000003$/),
    });
  });

  it('adds nothing when it is repeated (P2, P4)', async () => {
    await start();
    await world.run('PAYMENT TERMS', 'fullSync');
    const before = await labelsOf(terms);
    const repeated = countsOf(await world.run('PAYMENT TERMS', 'fullSync'));
    expect(repeated).toMatchObject({ inserted: 0, modified: 0, unchanged: 11, failed: 0 });
    expect(await labelsOf(terms)).toEqual(before);
  });

  it('publishes once, reads the options of all columns at once, and adds in one request (E-82)', async () => {
    await start();
    await world.run('SHIPMENT METHOD', 'fullSync');
    world.dataverse.requests.reset();
    const [syncJob] = await world.run('PAYMENT TERMS', 'fullSync');
    // Own options, related options, 11 adds to account, 33 to the others by 20; then, after the pass, publishing.
    expect(syncJob?.requests.dataverse).toBe(5);
    expect(world.dataverse.requests.byOperation['POST PublishXml']).toBe(1);
  });

  it('finds the number of a lost answer instead of adding a second option (P2)', async () => {
    await start();
    const state = { left: 1 };
    const dataverse = intercept(world.ports.dataverse, {
      addOptions: (original) =>
        once(
          original,
          async (add, inserts) => {
            await add(inserts);
            return inserts.map(() => ({ status: 'unknown', message: 'the connection broke' }) as const);
          },
          state,
        ),
    });
    await runWith({ ...world.ports, dataverse }, 'PAYMENT TERMS');
    expect((await labelsOf(terms)).size).toBe(4 + 11);
    expect(await couplings('PAYMENT TERMS')).toHaveLength(11);
    expect(await world.openErrors('PAYMENT TERMS')).toEqual([]);
  });

  it('couples what a run that died before recording it had added, and completes the other columns (P2)', async () => {
    await start();
    const dataverse = intercept(world.ports.dataverse, {
      addOptions: (original) => async (inserts) => {
        if (inserts[0]?.target.column.table === 'account') return original(inserts);
        throw new Error('the host died');
      },
    });
    await runWith({ ...world.ports, dataverse }, 'PAYMENT TERMS');
    expect(await couplings('PAYMENT TERMS')).toEqual([]);
    expect((await labelsOf(terms)).size).toBe(4 + 11);
    expect((await labelsOf(orderTerms)).size).toBe(4);
    const second = countsOf(await world.run('PAYMENT TERMS', 'fullSync'));
    expect(second).toMatchObject({ inserted: 0, modified: 11, failed: 0 });
    expect(await labelsOf(orderTerms)).toEqual(await labelsOf(terms));
    expect((await labelsOf(terms)).size).toBe(4 + 11);
  });

  it('publishes what a run that died before publishing had changed', async () => {
    await start();
    const dataverse = intercept(world.ports.dataverse, {
      publishOptions: () => async () => {
        throw new Error('the host died');
      },
    });
    await runWith({ ...world.ports, dataverse }, 'PAYMENT TERMS');
    world.dataverse.requests.reset();
    await world.run('PAYMENT TERMS');
    expect(world.dataverse.requests.byOperation['POST PublishXml']).toBe(1);
    world.dataverse.requests.reset();
    await world.run('PAYMENT TERMS');
    expect(world.dataverse.requests.byOperation['POST PublishXml']).toBeUndefined();
  });

  it('writes nothing in a dry run, and plans each option', async () => {
    await start();
    const chosen = world.mappings.filter(({ name }) => name === 'PAYMENT TERMS');
    const { actions, counts } = await planRuns(world.ports, world.mappings, chosen, 'fullSync');
    expect(actions.map(({ kind }) => kind)).toEqual(Array.from({ length: 11 }, () => 'insert'));
    expect(counts).toMatchObject({ inserted: 11, failed: 0 });
    expect((await labelsOf(terms)).size).toBe(4);
  });
});

describe('a scheduled run of an option mapping', () => {
  it('adds nothing and couples nothing while only coupled records are synchronised', async () => {
    await start();
    expect(countsOf(await world.run('PAYMENT TERMS', 'timer'))).toMatchObject({
      inserted: 0,
      modified: 0,
      failed: 0,
    });
    expect((await labelsOf(terms)).size).toBe(4);
    expect(await couplings('PAYMENT TERMS')).toEqual([]);
  });

  it('renames the paired option in every column when the code is renamed, and keeps its number (E-8, E-82)', async () => {
    await start();
    await world.run('PAYMENT TERMS', 'fullSync');
    const number = await numberOf(terms, '14 DAYS');
    world.businessCentral.edit('paymentTerms', codeId('paymentTerms', '14 DAYS'), { code: '2 WEEKS' });
    const counts = countsOf(await world.run('PAYMENT TERMS'));
    expect(counts).toMatchObject({ modified: 1, unchanged: 10, inserted: 0 });
    for (const column of [terms, orderTerms, quoteTerms, invoiceTerms]) {
      expect((await labelsOf(column)).get(number)).toBe('2 WEEKS');
    }
  });

  it('costs one request per side and one of the couplings when nothing changed', async () => {
    await start();
    await world.run('PAYMENT TERMS', 'fullSync');
    const [syncJob] = await world.run('PAYMENT TERMS');
    expect(syncJob?.requests).toEqual({ businessCentral: 1, dataverse: 1 });
    expect(syncJob?.counts).toMatchObject({ unchanged: 11, modified: 0 });
  });
});

describe('an option that was deleted', () => {
  async function deleteOption(over: Partial<TableMapping>): Promise<number> {
    await start(over);
    await world.run('PAYMENT TERMS', 'fullSync');
    const value = await numberOf(terms, 'COD');
    await act('DeleteOptionValue', terms, { Value: value });
    return value;
  }

  it('fails, then is skipped, without a conflict rule (E-82 None)', async () => {
    await deleteOption({});
    expect(countsOf(await world.run('PAYMENT TERMS'))).toMatchObject({ failed: 1, inserted: 0 });
    const [error] = await world.openErrors('PAYMENT TERMS');
    expect(error).toMatchObject({ code: 'coupled-record-deleted', name: 'COD Cash on delivery' });
    expect(countsOf(await world.run('PAYMENT TERMS'))).toMatchObject({ failed: 0, skipped: 1 });
  });

  it('loses its pairing where the mapping says so (E-82 Remove)', async () => {
    await deleteOption({ deletionConflict: 'removeCoupling' });
    await world.run('PAYMENT TERMS');
    expect(await couplings('PAYMENT TERMS')).toHaveLength(10);
    expect([...(await labelsOf(terms)).values()]).not.toContain('COD');
  });

  it('is made again where the mapping says so, and stays paired with its code (E-82 Restore)', async () => {
    await deleteOption({ deletionConflict: 'restoreRecords' });
    expect(countsOf(await world.run('PAYMENT TERMS'))).toMatchObject({ inserted: 1, failed: 0 });
    const value = await numberOf(terms, 'COD');
    const pair = (await couplings('PAYMENT TERMS')).find(({ dataverseName }) => dataverseName === 'COD');
    expect(pair?.dataverseId).toMatch(new RegExp(`-0*${value}$`));
    expect(await couplings('PAYMENT TERMS')).toHaveLength(11);
  });
});

describe('an option mapping to Business Central', () => {
  it('makes a code of each caption, cut to the length of codes, and couples those there are (E-82)', async () => {
    await start({ direction: 'toBusinessCentral' });
    await act('InsertOptionValue', terms, { Label: label('30 days'), Value: 5 });
    await act('InsertOptionValue', terms, { Label: label('Payable on receipt'), Value: 6 });
    expect(countsOf(await world.run('PAYMENT TERMS', 'fullSync'))).toMatchObject({ inserted: 5, failed: 0 });
    const codes = world.businessCentral.records('paymentTerms').map((record) => record['code']);
    expect(codes).toHaveLength(11 + 5);
    expect(codes).toEqual(expect.arrayContaining(['NET 30', 'PAYABLE ON', '2% 10, NET']));
    expect(await couplings('PAYMENT TERMS')).toHaveLength(6);
  });

  it('renames the paired code when the caption changes (E-82)', async () => {
    await start({ direction: 'toBusinessCentral' });
    await world.run('PAYMENT TERMS', 'fullSync');
    await act('UpdateOptionValue', terms, { Label: label('Net 31'), Value: 1, MergeLabels: true });
    expect(countsOf(await world.run('PAYMENT TERMS'))).toMatchObject({ modified: 1, inserted: 0, failed: 0 });
    const codes = world.businessCentral.records('paymentTerms').map((record) => record['code']);
    expect(codes).toContain('NET 31');
    expect(codes).not.toContain('NET 30');
  });

  it('tells a code that was deleted in Business Central (E-82 None)', async () => {
    await start({ direction: 'toBusinessCentral' });
    await world.run('PAYMENT TERMS', 'fullSync');
    world.businessCentral.remove('paymentTerms', codeId('paymentTerms', 'NET 45'));
    expect(countsOf(await world.run('PAYMENT TERMS'))).toMatchObject({ failed: 1 });
  });
});
