import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../common/random.ts';
import { loadSchema } from '../schema/loadSchema.ts';
import { OrderedLog } from './orderedLog.ts';
import type { Row } from './row.ts';
import { versionOf } from './row.ts';
import { SortedIds } from './sortedIds.ts';
import { Store } from './store.ts';

const schema = loadSchema();

/** What the store must agree with: plain maps, searched from end to end. */
interface Model {
  readonly rows: Map<string, Row>;
  readonly deleted: Map<string, number>;
}

function compare(store: Store, model: Model, since: number, instant: string): void {
  const table = store.table('account');
  const rows = [...model.rows.values()];
  const ids = (found: Iterable<Row>) => [...found].map((row) => String(row['accountid']));
  expect(ids(table.byId(null))).toEqual([...model.rows.keys()].sort());
  expect(ids(table.changedAfter(since))).toEqual(
    ids(rows.filter((row) => versionOf(row) > since).sort((a, b) => versionOf(a) - versionOf(b))),
  );
  expect([...table.deletedAfter(since)].map(({ id }) => id)).toEqual(
    [...model.deleted]
      .filter(([, version]) => version > since)
      .sort(([, a], [, b]) => a - b)
      .map(([id]) => id),
  );
  expect(ids(table.modifiedFrom(instant)).sort()).toEqual(
    ids(rows.filter((row) => String(row['modifiedon']) >= instant)).sort(),
  );
  for (const name of ['N0', 'n1', 'N2']) {
    const expected = ids(
      rows.filter((row) => String(row['name']).toLowerCase() === name.toLowerCase()),
    ).sort();
    expect(ids(table.withValue('name', name)).sort()).toEqual(expected);
  }
}

/** One random step, carried out on both. Time stands still half of the time. */
function step(store: Store, model: Model, random: () => number, clock: { minute: number }): void {
  const account = store.tableOf('account');
  const id = `id-${Math.floor(random() * 30)}`;
  clock.minute += random() < 0.5 ? 0 : 1;
  if (random() < 0.3 && model.rows.has(id)) {
    store.remove(account, id);
    model.rows.delete(id);
    model.deleted.set(id, store.version);
    return;
  }
  const row: Row = {
    accountid: id,
    name: `N${Math.floor(random() * 3)}`,
    modifiedon: new Date(clock.minute * 60_000).toISOString(),
    versionnumber: store.nextVersion(),
  };
  store.put(account, row);
  model.rows.set(id, row);
  model.deleted.delete(id);
}

describe('the store', () => {
  it.each([1, 2, 3, 4, 5])(
    'answers from its indexes what a search through all rows finds (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const store = new Store(schema, 0);
      const model: Model = { rows: new Map(), deleted: new Map() };
      const clock = { minute: 0 };
      for (let index = 0; index < 300; index += 1) {
        step(store, model, random, clock);
        if (index % 10 === 0) {
          const since = Math.floor(random() * store.version);
          compare(store, model, since, new Date(clock.minute * 30_000).toISOString());
        }
      }
    },
  );

  it.each([6, 7, 8])('is as before after a transaction that fails (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const store = new Store(schema, 0);
    const model: Model = { rows: new Map(), deleted: new Map() };
    const clock = { minute: 0 };
    for (let round = 0; round < 20; round += 1) {
      for (let index = 0; index < 10; index += 1) step(store, model, random, clock);
      const scratch: Model = { rows: new Map(model.rows), deleted: new Map(model.deleted) };
      const failing = () =>
        store.transaction(() => {
          for (let index = 0; index < 10; index += 1) step(store, scratch, random, clock);
          throw new Error('rolled back');
        });
      expect(failing).toThrow('rolled back');
      compare(store, model, 0, new Date(0).toISOString());
    }
  });

  it('holds back the version of change tokens while a number is reserved', () => {
    const store = new Store(schema, 10);
    const reserved = store.reserveVersion();
    store.nextVersion();
    expect([reserved, store.version, store.safeVersion]).toEqual([11, 12, 10]);
    store.releaseVersion(reserved);
    expect(store.safeVersion).toBe(12);
  });
});

describe('the ordered log', () => {
  it('keeps order when a lower key comes late, and finds places by key', () => {
    const log = new OrderedLog<number>();
    for (const [key, id] of [
      [1, 'a'],
      [3, 'c'],
      [2, 'b'],
      [3, 'd'],
    ] as const)
      log.add(key, id);
    expect([...log.from(1)].map(({ id }) => id)).toEqual(['b', 'c', 'd']);
    expect([...log.from(3, true)].map(({ id }) => id)).toEqual(['c', 'd']);
    log.compact(({ key }) => key === 3);
    expect(log.length).toBe(2);
  });
});

describe('the sorted ids', () => {
  it('merge what was added and forget ids of deleted rows', () => {
    const ids = new SortedIds();
    const live = new Set<string>();
    for (const id of ['c', 'a', 'b']) {
      ids.add(id);
      live.add(id);
    }
    const exists = (id: string) => live.has(id);
    expect([...ids.after(null, exists)]).toEqual(['a', 'b', 'c']);
    ids.add('aa');
    ids.add('a');
    expect([...ids.after('a', exists)]).toEqual(['aa', 'b', 'c']);
  });
});
