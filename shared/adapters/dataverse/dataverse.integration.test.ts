/** The adapter against the local Dataverse simulator, over HTTP: every port operation and its faults. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// biome-ignore lint/style/noRestrictedImports: this test is where the adapter meets the simulator.
import { createSimulatorClock } from '../../../local/simulators/common/clock.ts';
import {
  type RunningDataverseSimulator,
  startDataverseSimulator,
  // biome-ignore lint/style/noRestrictedImports: this test is where the adapter meets the simulator.
} from '../../../local/simulators/dataverse/simulator.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { Dataverse } from '../../ports/dataverse.ts';
import { RequestMeter } from '../../ports/requestMeter.ts';
import { staticToken } from '../http/tokens.ts';
import { createDataverse } from './dataverse.ts';
import { createDataverseTransport } from './dataverseTransport.ts';
import { failureOf, testId } from './testing/fakeDataverse.ts';

const account = { table: 'account', attributes: ['name', 'accountnumber', 'ownerid', 'primarycontactid'] };
const order = { table: 'salesorder', attributes: ['name', 'customerid'] };

let simulator: RunningDataverseSimulator;
const clock = createSimulatorClock({ manual: true, startMs: Date.parse('2026-03-02T08:00:00Z') });

function connect(meter: RequestMeter, pageSize = 5_000): Dataverse {
  const transport = createDataverseTransport({
    baseUrl: simulator.url,
    tokens: staticToken('integration'),
    concurrency: 4,
    retry: { attempts: 3, initialDelayMs: 1, factor: 2, capMs: 4, jitter: 0 },
    now: () => clock.now(),
    sleep: (ms) => clock.advance(ms),
    random: () => 0,
    log: () => undefined,
  });
  const log = (_level: string, event: string) => {
    throw new Error(`unexpected warning ${event}`);
  };
  return createDataverse({
    baseUrl: simulator.url,
    transport,
    pageSize,
    now: () => clock.now(),
    log,
  }).metered(meter);
}

/** A fresh adapter with metadata of the given tables at hand, and a meter at zero. */
async function warm(pageSize?: number): Promise<{ dataverse: Dataverse; meter: RequestMeter }> {
  const first = connect(new RequestMeter(), pageSize);
  for (const name of ['account', 'contact', 'salesorder', 'systemuser', 'team']) await first.table(name);
  const meter = new RequestMeter();
  return { dataverse: first.metered(meter), meter };
}

async function readToEnd(dataverse: Dataverse, from: string | null, selection = account) {
  const ids: DataverseId[] = [];
  const deleted: DataverseId[] = [];
  for (let position = from; ; ) {
    const page = await dataverse.readChanges({ selection, position });
    ids.push(...page.rows.map((row) => row.id));
    deleted.push(...page.deletedIds);
    if (page.next === null) return { ids, deleted, end: page.end };
    position = page.next;
  }
}

let serial = 0;
function inserts(count: number) {
  return Array.from({ length: count }, () => {
    serial += 1;
    return { id: testId(serial), values: { name: `Kunde ${serial} \u{1F600}`, accountnumber: `C${serial}` } };
  });
}

beforeAll(async () => {
  simulator = await startDataverseSimulator({ clock, data: null });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.faults.clear());

describe('the adapter against the simulator', () => {
  it('knows who it is and what a table is like', async () => {
    const dataverse = connect(new RequestMeter());
    expect(await dataverse.whoAmI()).toMatchObject({ userId: expect.any(String) });
    const metadata = await dataverse.table('account');
    expect(metadata).toMatchObject({
      entitySet: 'accounts',
      idAttribute: 'accountid',
      changeTrackingEnabled: true,
    });
    expect(metadata.attributes['accountnumber']).toMatchObject({ type: 'String', maxLength: 20 });
    expect(metadata.attributes['description']?.maxLength).toBeGreaterThan(0);
    expect(metadata.attributes['ownerid']?.navigation).toEqual({ systemuser: 'ownerid', team: 'ownerid' });
    const contact = await dataverse.table('contact');
    expect(contact.attributes['parentcustomerid']?.navigation).toEqual({
      account: 'parentcustomerid_account',
      contact: 'parentcustomerid_contact',
    });
    expect(await failureOf(dataverse.table('nothing'))).toMatchObject({ code: 'table-not-found' });
  });

  it('creates 250 rows in 3 requests, and answers exists when asked again (P2)', async () => {
    const { dataverse, meter } = await warm();
    const rows = inserts(250);
    const outcomes = await dataverse.create(account, rows);
    expect(meter.sent).toBe(3);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(rows.map(() => 'done'));
    expect(outcomes[0]).toMatchObject({ record: { id: rows[0]?.id, values: rows[0]?.values } });
    const again = await dataverse.create(account, rows);
    expect(again.map((outcome) => outcome.status)).toEqual(rows.map(() => 'exists'));
  });

  it('reads rows by id and by value, without regard to the case of text', async () => {
    const { dataverse, meter } = await warm();
    const rows = inserts(120);
    await dataverse.create(account, rows);
    const before = meter.sent;
    const missing = testId(999_999);
    const found = await dataverse.readByIds(account, [...rows.map((row) => row.id), missing]);
    expect(meter.sent - before).toBe(1);
    expect(found.map((row) => row.id).sort()).toEqual(rows.map((row) => row.id).sort());
    const number = String(rows[5]?.values.accountnumber).toLowerCase();
    const [byNumber] = await dataverse.readByValues(account, 'accountnumber', [number, "x'y"]);
    expect(byNumber?.id).toBe(rows[5]?.id);
    expect(byNumber?.lookupTables['ownerid']).toBe('systemuser');
    const filtered = await dataverse.readRows(account, `accountnumber eq '${number}'`);
    expect(filtered.map((row) => row.id)).toEqual([rows[5]?.id]);
  });

  it('updates under the etag read, and tells stale, missing and refused rows apart', async () => {
    const { dataverse, meter } = await warm();
    const rows = inserts(4);
    await dataverse.create(account, rows);
    const read = await dataverse.readByIds(
      account,
      rows.map((row) => row.id),
    );
    const [fine, stale, gone, long] = rows.map((row) => read.find((found) => found.id === row.id));
    if (!fine || !stale || !gone || !long) throw new Error('the rows just created were not found');
    simulator.edit('account', stale.id, { name: 'edited' }, 'alice');
    simulator.remove('account', gone.id, 'alice');
    const before = meter.sent;
    const outcomes = await dataverse.update(account, [
      { id: fine.id, etag: fine.etag, values: { name: 'new name' } },
      { id: stale.id, etag: stale.etag, values: { name: 'new name' } },
      { id: gone.id, etag: gone.etag, values: { name: 'new name' } },
      { id: long.id, etag: long.etag, values: { accountnumber: 'x'.repeat(21) } },
    ]);
    expect(meter.sent - before).toBe(1);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['done', 'stale', 'missing', 'refused']);
    expect(outcomes[0]).toMatchObject({ record: { values: { name: 'new name' } } });
    expect(outcomes[3]).toMatchObject({ problem: { kind: 'data', serviceCode: '0x80044331' } });
    expect(simulator.row('account', gone.id) ?? null).toBeNull();
    const rejected = outcomes[0]?.status === 'done' && outcomes[0].record.etag === fine.etag;
    expect(rejected).toBe(false);
  });

  it('binds and clears references, polymorphic ones too', async () => {
    const { dataverse } = await warm();
    const [customer] = inserts(1);
    if (!customer) throw new Error('no customer');
    await dataverse.create(account, [customer]);
    const id = testId(500_001);
    const contact = { table: 'contact', attributes: ['lastname', 'parentcustomerid'] };
    const [created] = await dataverse.create(contact, [
      { id, values: { lastname: 'Müller', parentcustomerid: { table: 'account', id: customer.id } } },
    ]);
    if (created?.status !== 'done') throw new Error(`not created: ${JSON.stringify(created)}`);
    expect(created.record.values['parentcustomerid']).toBe(customer.id);
    expect(created.record.lookupTables['parentcustomerid']).toBe('account');
    const [cleared] = await dataverse.update(contact, [
      { id, etag: created.record.etag, values: { parentcustomerid: null } },
    ]);
    expect(cleared).toMatchObject({ status: 'done', record: { values: { parentcustomerid: null } } });
  });

  it('refuses a row whose reference points at nothing, and creates the others', async () => {
    const { dataverse } = await warm();
    const [bad, good] = inserts(2);
    if (!bad || !good) throw new Error('no rows');
    const nowhere = { table: 'contact', id: testId(888_888) };
    const outcomes = await dataverse.create(account, [
      { id: bad.id, values: { ...bad.values, primarycontactid: nowhere } },
      good,
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['refused', 'done']);
    expect(outcomes[0]).toMatchObject({ problem: { kind: 'dependency' } });
    const [row] = await dataverse.readByIds(account, [good.id]);
    if (!row) throw new Error('the good row was not found');
    const [update] = await dataverse.update(account, [
      { id: row.id, etag: row.etag, values: { primarycontactid: nowhere } },
    ]);
    expect(update).toMatchObject({ status: 'refused', problem: { kind: 'dependency' } });
  });
});

describe('reading changes from the simulator', () => {
  it('reads a tracked table in pages, then only changes and deletions, and one request when there are none', async () => {
    const { dataverse, meter } = await warm(50);
    const rows = inserts(120);
    await dataverse.create(account, rows);
    const full = await readToEnd(dataverse, null);
    expect(new Set(full.ids).size).toBe(simulator.rows('account').length);
    const before = meter.sent;
    const idle = await readToEnd(dataverse, full.end);
    expect(meter.sent - before).toBe(1);
    expect(idle).toMatchObject({ ids: [], deleted: [] });
    const [edited, removed] = rows;
    if (!edited || !removed) throw new Error('no rows');
    simulator.edit('account', edited.id, { name: 'edited' }, 'alice');
    simulator.remove('account', removed.id, 'alice');
    const changes = await readToEnd(dataverse, idle.end);
    expect(changes.ids).toEqual([edited.id]);
    expect(changes.deleted).toEqual([removed.id]);
  });

  it('says change-tracking-expired when the token is too old, and can start anew', async () => {
    const { dataverse } = await warm();
    const { end } = await readToEnd(dataverse, null);
    await clock.advance(400 * 24 * 60 * 60 * 1_000);
    const failure = await failureOf(dataverse.readChanges({ selection: account, position: end }));
    expect(failure).toMatchObject({ kind: 'transient', code: 'change-tracking-expired' });
    expect((await readToEnd(dataverse, null)).end).not.toBeNull();
  });

  it('polls a table without change tracking and reads the last minutes again', async () => {
    const { dataverse } = await warm(2);
    const [customer] = inserts(1);
    if (!customer) throw new Error('no customer');
    await dataverse.create(account, [customer]);
    const reference = { table: 'account', id: customer.id };
    const orders = [1, 2, 3, 4, 5].map((number) => ({
      id: testId(600_000 + number),
      values: { name: `Order ${number}`, customerid: reference },
    }));
    const created = await dataverse.create(order, orders);
    expect(created.map((outcome) => outcome.status)).toEqual(orders.map(() => 'done'));
    const full = await readToEnd(dataverse, null, order);
    expect(full.ids).toHaveLength(5);
    await clock.advance(10 * 60_000);
    const late = testId(600_009);
    await dataverse.create(order, [{ id: late, values: { name: 'Late', customerid: reference } }]);
    const next = await readToEnd(dataverse, full.end, order);
    expect(next.ids).toContain(late);
    await clock.advance(10 * 60_000);
    expect((await readToEnd(dataverse, next.end, order)).ids).toEqual([late]);
  });
});

describe('faults of the simulator', () => {
  it('repeat creates whose answer was lost without making a second row (P2)', async () => {
    const { dataverse, meter } = await warm();
    const rows = inserts(10);
    const before = simulator.rows('account').length;
    simulator.faults.add({ path: '$batch', effect: { kind: 'dropAfter' } });
    const outcomes = await dataverse.create(account, rows);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(rows.map(() => 'exists'));
    expect(simulator.rows('account').length - before).toBe(10);
    expect(meter.sent).toBe(2);
  });

  it('leave updates whose answer was lost unknown, sent once', async () => {
    const { dataverse, meter } = await warm();
    const rows = inserts(2);
    const created = await dataverse.create(account, rows);
    const updates = created.flatMap((outcome) =>
      outcome.status === 'done'
        ? [{ id: outcome.record.id, etag: outcome.record.etag, values: { name: 'x' } }]
        : [],
    );
    simulator.faults.add({ path: '$batch', effect: { kind: 'dropAfter' } });
    const before = meter.sent;
    const outcomes = await dataverse.update(account, updates);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['unknown', 'unknown']);
    expect(meter.sent - before).toBe(1);
  });

  it('make it wait exactly as long as Retry-After says (P10)', async () => {
    const { dataverse } = await warm();
    const body = { error: { code: '0x80072322', message: 'Too many requests.' } };
    const effect = { kind: 'respond', status: 429, headers: { 'Retry-After': '9' }, body } as const;
    simulator.faults.add({ path: '$batch', effect });
    const startMs = clock.now();
    const outcomes = await dataverse.create(account, inserts(1));
    expect(outcomes[0]?.status).toBe('done');
    expect(clock.now() - startMs).toBe(9_000);
  });
});
