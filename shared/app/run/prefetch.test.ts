import { describe, expect, it } from 'vitest';
import { prefetch } from './prefetch.ts';

async function* pages(log: string[], failAt = Number.POSITIVE_INFINITY): AsyncGenerator<number> {
  for (let page = 1; page <= 4; page += 1) {
    if (page === failAt) throw new Error(`page ${page}`);
    log.push(`read ${page}`);
    yield page;
  }
}

describe('prefetch', () => {
  it('reads one page ahead of the work, and never more', async () => {
    const log: string[] = [];
    for await (const page of prefetch(pages(log))) {
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`use ${page}`);
    }
    expect(log).toEqual(['read 1', 'read 2', 'use 1', 'read 3', 'use 2', 'read 4', 'use 3', 'use 4']);
  });

  it('lets an error surface after the pages before it were used', async () => {
    const used: number[] = [];
    const work = async () => {
      for await (const page of prefetch(pages([], 3))) used.push(page);
    };
    await expect(work()).rejects.toThrow('page 3');
    expect(used).toEqual([1, 2]);
  });

  it('stops reading when the work stops', async () => {
    const log: string[] = [];
    for await (const page of prefetch(pages(log))) {
      if (page === 1) break;
    }
    expect(log).toEqual(['read 1', 'read 2']);
  });
});
