/** The ordered index agrees with sorting, and reads of 200,000 rows do not scan. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../common/random.ts';
import { OrderedIndex } from './orderedIndex.ts';
import type { Row } from './row.ts';

const row = (id: number, atMs: number): Row => ({
  id: String(id).padStart(7, '0'),
  values: {},
  stamps: { createdAtMs: 0, createdBy: '', modifiedAtMs: atMs, modifiedBy: '', rowVersion: 1 },
});
const move = (each: Row, atMs: number) => {
  each.stamps = { ...each.stamps, modifiedAtMs: atMs };
};
const sorted = (rows: Iterable<Row>) =>
  [...rows].sort((a, b) => a.stamps.modifiedAtMs - b.stamps.modifiedAtMs || (a.id < b.id ? -1 : 1));

describe('ordered index', () => {
  it('gives the order of sorting after any mix of inserts, moves and removals', () => {
    const random = seededRandom(7);
    const rows = new Set<Row>();
    const index = new OrderedIndex((each) => each.stamps.modifiedAtMs, []);
    for (let step = 0; step < 5_000; step += 1) {
      const choice = random();
      const known = [...rows][Math.floor(random() * rows.size)];
      if (choice < 0.5 || !known) {
        const added = row(step, Math.floor(random() * 500));
        rows.add(added);
        index.put(added);
      } else if (choice < 0.85) {
        move(known, Math.floor(random() * 500));
        index.put(known);
      } else {
        rows.delete(known);
        index.remove(known);
      }
      if (step % 250 === 0) expect([...index.ascending(null, true)]).toEqual(sorted(rows));
    }
    const all = sorted(rows);
    expect([...index.descending(null)]).toEqual([...all].reverse());
    const start = all[100] as Row;
    const position = { key: start.stamps.modifiedAtMs, id: start.id };
    expect([...index.ascending(position, false)]).toEqual(all.slice(101));
    expect([...index.descending(position)]).toEqual(all.slice(0, 100).reverse());
  });

  it('reads a page behind a position of 200,000 rows without looking at the others', () => {
    const rows = Array.from({ length: 200_000 }, (_none, index) => row(index, index));
    let looked = 0;
    const index = new OrderedIndex((each) => each.stamps.modifiedAtMs, rows);
    for (const each of index.ascending({ key: 150_000, id: '' }, true)) {
      looked += 1;
      if (looked === 1) expect(each.stamps.modifiedAtMs).toBe(150_000);
      if (looked === 100) break;
    }
    expect(looked).toBe(100);
  });
});
