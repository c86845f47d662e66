/** Reading changes: change tracking, polling, and positions that no longer fit (dataverse-web-api sections 6, 7). */
import { describe, expect, it } from 'vitest';
import type { DataverseChangePage } from '../../ports/dataverse.ts';
import {
  apiUrl,
  errorAnswer,
  type FakeAnswer,
  failureOf,
  fakeDataverse,
  rawAccount,
  type SeenRequest,
  testId,
} from './testing/fakeDataverse.ts';

const account = { table: 'account', attributes: ['name'] };
const select = '$select=_modifiedby_value,accountid,modifiedon,name';
const link = (name: string) => `${apiUrl}accounts?${select}&$${name}`;

function page(value: readonly unknown[], links: Readonly<Record<string, string>> = {}): FakeAnswer {
  return { status: 200, body: { value, ...links } };
}

/** A tracked table with two pages at first and deltas after. */
function trackedScript(delta: (request: SeenRequest) => FakeAnswer) {
  return fakeDataverse({
    pageSize: 2,
    answer: (request) => {
      if (request.url.includes('$skiptoken=1')) {
        return page([rawAccount(3)], { '@odata.deltaLink': link('deltatoken=100') });
      }
      if (request.url.includes('$deltatoken')) return delta(request);
      return page([rawAccount(1), rawAccount(2)], { '@odata.nextLink': link('skiptoken=1') });
    },
  });
}

async function readAll(fake: ReturnType<typeof fakeDataverse>): Promise<DataverseChangePage> {
  const first = await fake.dataverse.readChanges({ selection: account, position: null });
  return fake.dataverse.readChanges({ selection: account, position: first.next });
}

const noChange = () => page([], { '@odata.deltaLink': link('deltatoken=100') });

describe('change tracking', () => {
  it('reads everything first, page by page, and ends with a position', async () => {
    const fake = trackedScript(noChange);
    const first = await fake.dataverse.readChanges({ selection: account, position: null });
    expect(first.rows.map((row) => row.id)).toEqual([testId(1), testId(2)]);
    expect(first.end).toBeNull();
    const second = await fake.dataverse.readChanges({ selection: account, position: first.next });
    expect(second).toMatchObject({ rows: [{ id: testId(3) }], deletedIds: [], next: null });
    expect(second.end).not.toBeNull();
    expect(fake.requests.map((request) => request.target)).toEqual([
      `accounts?${select}`,
      `accounts?${select}&$skiptoken=1`,
    ]);
    for (const { headers } of fake.requests) {
      expect(headers['prefer']).toMatch(
        /^odata\.track-changes,odata\.maxpagesize=2,odata\.include-annotations=/,
      );
    }
  });

  it('costs one request when nothing changed', async () => {
    const fake = trackedScript(noChange);
    const { end } = await readAll(fake);
    const sentBefore = fake.meter.sent;
    const idle = await fake.dataverse.readChanges({ selection: account, position: end });
    expect(fake.meter.sent - sentBefore).toBe(1);
    expect(idle).toMatchObject({ rows: [], deletedIds: [], next: null });
    expect(fake.requests.at(-1)?.headers['prefer']).not.toContain('track-changes');
  });

  it('tells rows from deletions, in every form a deletion may have', async () => {
    const context = `${apiUrl}$metadata#accounts/$deletedEntity`;
    const fake = trackedScript(() =>
      page(
        [
          rawAccount(4),
          { '@odata.context': context, id: testId(5).toUpperCase(), reason: 'deleted' },
          { '@removed': { reason: 'deleted' }, '@odata.id': `accounts(${testId(6)})` },
          { '@odata.context': context, id: `${apiUrl}accounts(${testId(7)})` },
        ],
        { '@odata.deltaLink': link('deltatoken=101') },
      ),
    );
    const { end } = await readAll(fake);
    const changes = await fake.dataverse.readChanges({ selection: account, position: end });
    expect(changes.rows.map((row) => row.id)).toEqual([testId(4)]);
    expect(changes.deletedIds).toEqual([testId(5), testId(6), testId(7)]);
    expect(fake.logged).toEqual([]);
  });

  it.each([
    ['its code', errorAnswer(400, '0x80044352', 'x')],
    ['410', errorAnswer(410, '', 'The delta token has expired.')],
    ['a message', errorAnswer(400, '0x80040203', 'Version stamp associated with the client has expired.')],
  ])('says change-tracking-expired when the service says so by %s', async (_how, answer) => {
    const fake = trackedScript(() => answer);
    const { end } = await readAll(fake);
    const failure = await failureOf(fake.dataverse.readChanges({ selection: account, position: end }));
    expect(failure).toMatchObject({
      kind: 'transient',
      code: 'change-tracking-expired',
      outcomeUnknown: false,
    });
  });

  it('passes other refusals of a delta link on as they are', async () => {
    const fake = trackedScript(() => errorAnswer(403, '0x80040220', 'no privilege'));
    const { end } = await readAll(fake);
    const failure = await failureOf(fake.dataverse.readChanges({ selection: account, position: end }));
    expect(failure).toMatchObject({ kind: 'permission', code: 'permission-missing' });
  });

  it('reads everything again when the columns asked for have changed, whatever their order', async () => {
    const fake = trackedScript(noChange);
    const { end } = await readAll(fake);
    const wider = { table: 'account', attributes: ['revenue', 'name'] };
    const again = await fake.dataverse.readChanges({ selection: wider, position: end });
    expect(fake.requests.at(-1)?.target).toBe(
      'accounts?$select=_modifiedby_value,accountid,modifiedon,name,revenue',
    );
    expect(again.rows).toHaveLength(2);
    const reordered = { table: 'account', attributes: ['name', 'revenue'] };
    await fake.dataverse.readChanges({ selection: reordered, position: again.next });
    expect(fake.requests.at(-1)?.target).toContain('$skiptoken=1');
  });

  it('reads everything again, with a warning, from a position it cannot read', async () => {
    const fake = trackedScript(noChange);
    const changes = await fake.dataverse.readChanges({ selection: account, position: 'what?' });
    expect(changes.rows).toHaveLength(2);
    expect(fake.logged).toEqual([{ event: 'position-unreadable', details: { table: 'account' } }]);
  });

  it('reads everything next time when the service gave no delta link', async () => {
    const fake = trackedScript(() => page([]));
    const { end } = await readAll(fake);
    const changes = await fake.dataverse.readChanges({ selection: account, position: end });
    const full = await fake.dataverse.readChanges({ selection: account, position: changes.end });
    expect(full.rows).toHaveLength(2);
    expect(fake.logged).toEqual([{ event: 'delta-link-missing', details: { table: 'account' } }]);
  });
});

const order = { table: 'salesorder', attributes: ['name'] };

function rawOrder(number: number, modifiedon: string): object {
  return { '@odata.etag': `W/"${number}"`, salesorderid: testId(number), name: 'o', modifiedon };
}

describe('polling by modifiedon', () => {
  it('reads everything first and then from three minutes before the newest row seen', async () => {
    const fake = fakeDataverse({
      answer: ({ target }) =>
        target.includes('$filter')
          ? page([])
          : page([rawOrder(1, '2026-03-01T10:00:00Z'), rawOrder(2, '2026-03-01T09:00:00Z')]),
    });
    const first = await fake.dataverse.readChanges({ selection: order, position: null });
    expect(fake.requests[0]?.target).toBe(
      'salesorders?$select=_modifiedby_value,modifiedon,name,salesorderid&$orderby=modifiedon asc,salesorderid asc',
    );
    const second = await fake.dataverse.readChanges({ selection: order, position: first.end });
    expect(fake.requests[1]?.target).toContain('$filter=modifiedon ge 2026-03-01T09:57:00.000Z&$orderby=');
    expect(second.end).toBe(first.end);
    expect(fake.requests[1]?.headers['prefer']).not.toContain('track-changes');
  });

  it('remembers the newest row across pages', async () => {
    const next = `${apiUrl}salesorders?$skiptoken=1`;
    const fake = fakeDataverse({
      answer: ({ url }) =>
        url === next
          ? page([rawOrder(2, '2026-03-01T08:00:00Z')])
          : page([rawOrder(1, '2026-03-01T10:00:00Z')], { '@odata.nextLink': next }),
    });
    const first = await fake.dataverse.readChanges({ selection: order, position: null });
    expect(first.end).toBeNull();
    const second = await fake.dataverse.readChanges({ selection: order, position: first.next });
    expect(second.end).toContain('2026-03-01T10:00:00.000Z');
  });

  it('reads everything again as long as no row was ever seen', async () => {
    const fake = fakeDataverse({ answer: () => page([]) });
    const first = await fake.dataverse.readChanges({ selection: order, position: null });
    await fake.dataverse.readChanges({ selection: order, position: first.end });
    expect(fake.requests).toHaveLength(2);
    expect(fake.requests[1]?.target).not.toContain('$filter');
  });

  it('reads a table without modifiedon in full each time', async () => {
    const fake = fakeDataverse({
      answer: () => page([{ '@odata.etag': 'W/"1"', nav_settingid: testId(1), nav_name: 'a' }]),
    });
    const selection = { table: 'nav_setting', attributes: ['nav_name'] };
    const first = await fake.dataverse.readChanges({ selection, position: null });
    const second = await fake.dataverse.readChanges({ selection, position: first.end });
    expect(second.rows).toHaveLength(1);
    expect(fake.requests[1]?.target).toBe(
      'nav_settings?$select=nav_name,nav_settingid&$orderby=nav_settingid asc',
    );
  });
});
