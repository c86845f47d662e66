/** The cache of metadata and identity. */
import { describe, expect, it } from 'vitest';
import { TimedCache } from './timedCache.ts';

describe('TimedCache', () => {
  it('loads once for callers at the same time, and again when too old', async () => {
    let nowMs = 0;
    let loads = 0;
    const cache = new TimedCache<number>(1_000, () => nowMs);
    const load = async () => ++loads;
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
    nowMs = 999;
    expect(await cache.get('a', load)).toBe(1);
    nowMs = 1_000;
    expect(await cache.get('a', load)).toBe(2);
    expect(await cache.get('b', load)).toBe(3);
  });

  it('keeps nothing of a failure', async () => {
    const cache = new TimedCache<number>(1_000, () => 0);
    const failing = cache.get('a', () => Promise.reject(new Error('down')));
    await expect(failing).rejects.toThrow('down');
    expect(await cache.get('a', async () => 7)).toBe(7);
  });
});
