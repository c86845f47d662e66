import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatorClock } from '../../common/clock.ts';
import { type Answer, type Client, startClient, stopAll } from '../testing/client.ts';

afterEach(stopAll);

const track = { Prefer: 'odata.track-changes' };
const deltaLink = (answer: Answer) => String(answer.json['@odata.deltaLink']);

async function accounts(client: Client, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push(await client.create('accounts', { name: `A${index}` }));
  return ids;
}

describe('change tracking (dataverse-web-api section 6)', () => {
  it('gives every row first, then nothing until something changes', async () => {
    const client = await startClient();
    await accounts(client, 3);
    const first = await client.get('accounts?$select=name', track);
    expect(first.value).toHaveLength(3);
    expect(first.headers.get('Preference-Applied')).toBe('odata.track-changes');
    expect(deltaLink(first)).toMatch(/\$deltatoken=\d+%21\d\d%2F\d\d%2F\d{4}%20/);
    const second = await client.get(deltaLink(first));
    expect(second.value).toEqual([]);
    expect(second.json['@odata.context']).toBe(`${client.base}/$metadata#accounts(name)/$delta`);
    expect(deltaLink(second)).toContain('$deltatoken=');
  });

  it('gives changes by version, then deletions, and counts them', async () => {
    const client = await startClient();
    const [one, two, three] = await accounts(client, 3);
    const first = await client.get('accounts?$select=name', track);
    await client.send('DELETE', `accounts(${one})`);
    await client.send('PATCH', `accounts(${three})`, { name: 'changed' });
    const created = await client.create('accounts', { name: 'new' });
    await client.send('PATCH', `accounts(${two})`, { name: 'changed' });
    const shortLived = await client.create('accounts', { name: 'short' });
    await client.send('DELETE', `accounts(${shortLived})`);
    const delta = await client.get(deltaLink(first));
    expect(delta.value.map((row) => row['accountid'] ?? `deleted ${row['id']}`)).toEqual([
      three,
      created,
      two,
      `deleted ${one}`,
      `deleted ${shortLived}`,
    ]);
    expect(delta.value[3]).toEqual({
      '@odata.context': `${client.base}/$metadata#accounts/$deletedEntity`,
      id: one,
      reason: 'deleted',
    });
    const token = new URL(deltaLink(first)).searchParams.get('$deltatoken') ?? '';
    expect((await client.get(`accounts/$count?$deltatoken=${encodeURIComponent(token)}`)).text).toBe('5');
    expect((await client.get(deltaLink(delta))).value).toEqual([]);
  });

  it('pages both the first load and the delta, the delta link on the last page only', async () => {
    const client = await startClient();
    const ids = await accounts(client, 5);
    const size = { Prefer: 'odata.track-changes,odata.maxpagesize=2' };
    const readAll = async (start: string, headers: Record<string, string>) => {
      const rows: Record<string, unknown>[] = [];
      let answer = await client.get(start, headers);
      let pages = 1;
      for (; answer.json['@odata.nextLink']; pages += 1) {
        expect(answer.json['@odata.deltaLink']).toBeUndefined();
        rows.push(...answer.value);
        answer = await client.get(String(answer.json['@odata.nextLink']), headers);
      }
      return { rows: [...rows, ...answer.value], pages, answer };
    };
    const first = await readAll('accounts?$select=name', size);
    expect([first.rows.length, first.pages]).toEqual([5, 3]);
    for (const id of ids.slice(0, 3)) await client.send('PATCH', `accounts(${id})`, { name: 'x' });
    for (const id of ids.slice(3)) await client.send('DELETE', `accounts(${id})`);
    const delta = await readAll(deltaLink(first.answer), { Prefer: 'odata.maxpagesize=2' });
    expect([delta.pages, delta.rows.length]).toEqual([3, 5]);
    expect(delta.rows.slice(3).map((row) => row['reason'])).toEqual(['deleted', 'deleted']);
  });

  it('delivers a row that changes while a first load is paged again with the next delta', async () => {
    const client = await startClient();
    const ids = (await accounts(client, 3)).sort();
    const size = { Prefer: 'odata.track-changes,odata.maxpagesize=2' };
    const first = await client.get('accounts?$select=name', size);
    await client.send('PATCH', `accounts(${ids[0]})`, { name: 'meanwhile' });
    const last = await client.get(String(first.json['@odata.nextLink']), size);
    const delta = await client.get(deltaLink(last));
    expect(delta.value.map((row) => row['accountid'])).toEqual([ids[0]]);
  });

  it.each(["$filter=name eq 'x'", '$orderby=name', '$expand=primarycontactid', '$top=5'])(
    'refuses %s together with track-changes',
    async (option) => {
      const client = await startClient();
      expect((await client.get(`accounts?${option}`, track)).status).toBe(400);
    },
  );

  it('refuses tables whose change tracking is off, by the schema or by option', async () => {
    const client = await startClient({ changeTrackingDisabled: ['contact'] });
    expect((await client.get('pricelevels?$select=name', track)).status).toBe(400);
    expect((await client.get('contacts?$select=lastname', track)).status).toBe(400);
    expect((await client.get('accounts?$select=name', track)).status).toBe(200);
  });

  it('lets tokens expire after expirechangetrackingindays on the clock', async () => {
    const clock = createSimulatorClock({ startMs: Date.UTC(2026, 5, 1), manual: true });
    const client = await startClient({ clock });
    const link = deltaLink(await client.get('accounts?$select=name', track));
    await clock.advance(30 * 86_400_000);
    expect((await client.get(link)).status).toBe(200);
    await clock.advance(1_000);
    const expired = await client.get(link);
    expect([expired.status, expired.errorCode]).toEqual([400, '0x80044352']);
    expect((await client.get('accounts?$deltatoken=abc')).status).toBe(400);
  });
});

describe('the in-flight hazard (dataverse-web-api section 7)', () => {
  it('hides a late commit from pollers by version, not from delta links', async () => {
    const client = await startClient();
    const start = await client.get('accounts?$select=name', track);
    const reserved = client.simulator.reserveWrite('account', { name: 'late' }, 'alice');
    const early = await client.create('accounts', { name: 'early' });
    const between = await client.get(deltaLink(start));
    expect(between.value.map((row) => row['accountid'])).toEqual([]);
    const polled = await client.get('accounts?$select=versionnumber&$orderby=versionnumber desc&$top=1');
    const watermark = Number(polled.value[0]?.['versionnumber']);
    reserved.commit();
    expect(reserved.versionnumber).toBeLessThan(watermark);
    expect((await client.get(`accounts?$filter=versionnumber gt ${watermark}`)).value).toEqual([]);
    const after = await client.get(deltaLink(between));
    expect(after.value.map((row) => row['accountid'])).toEqual([reserved.id, early]);
  });
});
