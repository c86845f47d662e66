/** The adapter against the local simulator over HTTP: what the unit tests promise holds on the wire. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// biome-ignore lint/style/noRestrictedImports: only this test, not the adapter, knows the local simulator.
import { startBusinessCentralSimulator } from '../../../local/simulators/businessCentral/simulator.ts';
import { businessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { BusinessCentral, BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { defaultRetryPolicy } from '../http/retryPolicy.ts';
import { staticToken } from '../http/tokens.ts';
import { createTransport } from '../http/transport.ts';
import { createBusinessCentral } from './businessCentral.ts';
import { businessCentralRules, readErrorBody } from './errors.ts';

const customers: BusinessCentralSelection = {
  entitySet: 'customers',
  route: 'v2.0',
  properties: ['number', 'displayName', 'city', 'blocked', 'creditLimit'],
  companions: [{ entitySet: 'customerExtras', properties: ['faxNumber', 'contact'] }],
};
const plainCustomers: BusinessCentralSelection = { ...customers, companions: [] };
const fax = 'customerExtras/faxNumber';

let simulator: Awaited<ReturnType<typeof startBusinessCentralSimulator>>;
let meter: RequestMeter;

async function start(options: Parameters<typeof startBusinessCentralSimulator>[0] = {}): Promise<void> {
  simulator = await startBusinessCentralSimulator(options);
}

function adapter(overrides: { company?: string; pageSize?: number; token?: string } = {}): BusinessCentral {
  const log = (): void => undefined;
  const transport = createTransport({
    name: 'Business Central',
    tokens: staticToken(overrides.token ?? 'integration'),
    rules: businessCentralRules,
    readErrorBody,
    concurrency: 4,
    retry: { ...defaultRetryPolicy, initialDelayMs: 5 },
    now: () => Date.now(),
    sleep: async (ms) => void (await sleep(ms)),
    random: () => 0,
    log,
    defaultHeaders: {},
    allowedOrigin: simulator.url,
  });
  const { company = simulator.companyId, pageSize = 5_000 } = overrides;
  const options = { baseUrl: simulator.url, company, transport, pageSize, log, now: () => Date.now() };
  return createBusinessCentral(options).metered(meter);
}

function fill(count: number): void {
  for (let number = 1; number <= count; number++) {
    simulator.create('customers', { displayName: `Customer ${number}`, city: 'Leeds' }, 'alice');
  }
}

async function allOf(
  port: BusinessCentral,
  selection = customers,
): Promise<readonly BusinessCentralRecord[]> {
  const records: BusinessCentralRecord[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await port.readChanges({ selection, modifiedFrom: null, cursor });
    records.push(...page.records);
    if (page.next === null) return records;
    cursor = page.next;
  }
}

beforeEach(() => {
  meter = new RequestMeter();
});

afterEach(async () => {
  await simulator.close();
});

describe('reading', () => {
  it('a page of three customers with companions takes two requests', async () => {
    await start();
    fill(3);
    const records = await allOf(adapter());
    expect(meter.sent).toBe(2);
    expect(records.map(({ values }) => values['displayName'])).toEqual([1, 2, 3].map((n) => `Customer ${n}`));
    expect(records[0]?.values).toMatchObject({ blocked: ' ', creditLimit: 0, [fax]: '' });
    expect(Object.keys(records[0]?.etags ?? {})).toEqual(['customers', 'customerExtras']);
  });

  it('pages until everything is there, each record once, in order of modification', async () => {
    await start();
    fill(23);
    const records = await allOf(adapter({ pageSize: 10 }));
    expect(new Set(records.map(({ id }) => id)).size).toBe(23);
    const times = records.map(({ modifiedAt }) => modifiedAt);
    expect(times).toEqual([...times].sort());
    expect(meter.sent).toBe(6);
  });

  it('from an instant on brings only what changed since, that instant included', async () => {
    await start();
    fill(3);
    const port = adapter();
    const [first] = await allOf(port);
    await sleep(3);
    simulator.edit('customers', first?.id ?? '', { city: 'York' }, 'alice');
    const [edited] = await port.readByIds(plainCustomers, [businessCentralId(first?.id ?? '')]);
    const from = edited?.modifiedAt ?? null;
    const page = await port.readChanges({ selection: plainCustomers, modifiedFrom: from, cursor: null });
    expect(page.records.map(({ id, values }) => [id, values['city']])).toEqual([[first?.id, 'York']]);
  });

  it('by ids and by values finds what is there', async () => {
    await start();
    fill(120);
    const port = adapter();
    const all = await allOf(port);
    meter = new RequestMeter();
    const metered = port.metered(meter);
    const ids = all.map(({ id }) => id);
    expect(await metered.readByIds(customers, ids)).toHaveLength(120);
    expect(meter.sent).toBe(2);
    const names = ['Customer 7', 'Customer 9', "Nobody's"];
    const found = await metered.readByValues(plainCustomers, 'displayName', names);
    expect(found.map(({ values }) => values['displayName']).sort()).toEqual(['Customer 7', 'Customer 9']);
  });

  it('by values finds the others when one is longer than the field (P11)', async () => {
    await start();
    fill(2);
    const port = adapter();
    const numbers = (await allOf(port, plainCustomers)).map(({ values }) => String(values['number']));
    const found = await port.readByValues(plainCustomers, 'number', [...numbers, 'N'.repeat(40)]);
    expect(found.map(({ values }) => values['number']).sort()).toEqual(numbers.sort());
  });

  it('plain rows works with and without filters, and the companion app is found', async () => {
    await start();
    fill(3);
    const port = adapter();
    expect(await port.hasCompanionApp()).toBe(true);
    const request = { entitySet: 'customers', route: 'v2.0', select: ['displayName'] } as const;
    expect(await port.readRows(request)).toHaveLength(3);
    const filters = ["displayName eq 'Customer 2'", "startswith(displayName,'Customer')"];
    expect(await port.readRowsByFilters({ ...request, filters })).toHaveLength(4);
  });

  it('finds the company by name and the companion app, or says what is missing', async () => {
    await start({ companionApp: false });
    expect((await adapter({ company: 'My Company' }).company()).id).toBe(simulator.companyId);
    await expect(adapter({ company: 'Nowhere' }).company()).rejects.toMatchObject({
      code: 'company-not-found',
    });
    expect(await adapter().hasCompanionApp()).toBe(false);
    fill(1);
    await expect(allOf(adapter())).rejects.toMatchObject({ kind: 'config', code: 'entity-set-not-found' });
  });

  it('waits as Retry-After says and repeats after a broken connection', async () => {
    await start();
    fill(1);
    const respond = { kind: 'respond', status: 429, headers: { 'Retry-After': '0' } } as const;
    simulator.faults.add({ method: 'GET', path: 'customers', effect: respond });
    simulator.faults.add({ method: 'GET', path: 'customers', effect: { kind: 'dropBefore' } });
    expect(await allOf(adapter(), plainCustomers)).toHaveLength(1);
    expect(meter.sent).toBe(3);
  });
});

describe('updating', () => {
  it('250 customers takes three requests, and each comes back as stored', async () => {
    await start();
    fill(250);
    const port = adapter();
    const records = await allOf(port, plainCustomers);
    meter = new RequestMeter();
    const updates = records.map((record) => ({ record, values: { city: 'York' } }));
    const outcomes = await port.metered(meter).update(plainCustomers, updates);
    expect(meter.sent).toBe(3);
    const again = await allOf(port, plainCustomers);
    const stored = new Map(again.map((record) => [record.id, record]));
    for (const outcome of outcomes) {
      expect(outcome).toEqual({
        status: 'done',
        record: outcome.status === 'done' && stored.get(outcome.record.id),
      });
    }
  });

  it('main and companion values of one row takes four requests and needs no second try', async () => {
    await start();
    fill(2);
    const port = adapter();
    const records = await allOf(port);
    meter = new RequestMeter();
    const updates = records.map((record) => ({ record, values: { city: 'York', [fax]: '0123' } }));
    const outcomes = await port.metered(meter).update(customers, updates);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(meter.sent).toBe(4);
    const again = await allOf(port);
    expect(again.map(({ values }) => [values['city'], values[fax]])).toEqual([
      ['York', '0123'],
      ['York', '0123'],
    ]);
    expect(outcomes.map((outcome) => outcome.status === 'done' && outcome.record.modifiedAt)).toEqual(
      again.map(({ modifiedAt }) => modifiedAt),
    );
  });

  it('companion values alone takes one request', async () => {
    await start();
    fill(1);
    const port = adapter();
    const records = await allOf(port);
    meter = new RequestMeter();
    const updates = records.map((record) => ({ record, values: { [fax]: '0123' } }));
    expect(await port.metered(meter).update(customers, updates)).toMatchObject([{ status: 'done' }]);
    expect(meter.sent).toBe(1);
  });

  it('tells what became of each record: stale, missing, refused, done', async () => {
    await start();
    fill(4);
    const port = adapter();
    const records = await allOf(port);
    const [stale, gone] = records;
    simulator.edit('customers', stale?.id ?? '', { city: 'Bath' }, 'alice');
    simulator.remove('customers', gone?.id ?? '', 'alice');
    const values = [{ city: 'York' }, { city: 'York' }, { city: 'Y'.repeat(500) }, { city: 'York' }];
    const updates = records.map((record, index) => ({ record, values: values[index] ?? {} }));
    expect(await port.update(customers, updates)).toMatchObject([
      { status: 'stale' },
      { status: 'missing' },
      { status: 'refused', problem: { kind: 'data', serviceCode: 'Application_StringExceededLength' } },
      { status: 'done', record: { values: { city: 'York' } } },
    ]);
  });

  it('a user edit through the companion page makes a main write stale, since both are one row (P1)', async () => {
    await start();
    fill(1);
    const port = adapter();
    const [record] = await allOf(port);
    simulator.edit('customerExtras', record?.id ?? '', { faxNumber: '999' }, 'alice');
    const update = { record: record as BusinessCentralRecord, values: { city: 'York' } };
    expect(await port.update(customers, [update])).toEqual([{ status: 'stale' }]);
  });

  it('whose answer is lost is unknown, and is not sent twice', async () => {
    await start();
    fill(1);
    const port = adapter();
    const records = await allOf(port);
    simulator.faults.add({ method: 'POST', path: '$batch', effect: { kind: 'dropAfter' } });
    meter = new RequestMeter();
    const updates = records.map((record) => ({ record, values: { city: 'York' } }));
    expect(await port.metered(meter).update(customers, updates)).toMatchObject([{ status: 'unknown' }]);
    expect(meter.sent).toBe(1);
    expect((await allOf(port))[0]?.values['city']).toBe('York');
  });
});

describe('creating', () => {
  it('writes companion values too and gives back the record as stored', async () => {
    await start();
    const port = adapter();
    const outcomes = await port.create(customers, [
      { values: { displayName: 'New One', city: 'York', [fax]: '0123' } },
      { values: { city: 'Nameless' } },
    ]);
    expect(outcomes).toMatchObject([
      { status: 'done', record: { values: { displayName: 'New One', [fax]: '0123' } } },
      { status: 'refused', problem: { kind: 'data' } },
    ]);
    const [created] = outcomes;
    expect(await allOf(port)).toEqual([created?.status === 'done' && created.record]);
  });

  it('with a number that is taken says so', async () => {
    await start();
    const values = { number: 'C-77', displayName: 'First' };
    const port = adapter();
    expect(await port.create(plainCustomers, [{ values }])).toMatchObject([{ status: 'done' }]);
    expect(await port.create(plainCustomers, [{ values }])).toEqual([{ status: 'exists' }]);
  });

  it('whose answer is lost happens once (P2)', async () => {
    await start();
    const port = adapter();
    await port.company();
    simulator.faults.add({ method: 'POST', path: '$batch', effect: { kind: 'dropAfter' } });
    const outcomes = await port.create(plainCustomers, [{ values: { displayName: 'Once' } }]);
    expect(outcomes).toMatchObject([{ status: 'unknown' }]);
    expect(await allOf(port, plainCustomers)).toHaveLength(1);
  });
});
