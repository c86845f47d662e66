import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromEpochMs, type Instant, instant, later } from '../common/instants.ts';
import { advanced, commitDelayMs, readFrom, type Watermark } from './watermark.ts';

const start: Watermark = { newest: null, settledUntil: null, readAt: null };
const at = (minutes: number): Instant => fromEpochMs(Date.parse('2026-01-31T10:00:00Z') + minutes * 60_000);

describe('the watermark of Business Central', () => {
  it('reads everything the first time, and then from 10 minutes before the newest record', () => {
    expect(readFrom(start)).toBeNull();
    expect(readFrom(advanced(start, instant('2026-01-31T10:00:00Z'), at(0)))).toBe(
      '2026-01-31T09:50:00.000Z',
    );
  });

  it('reads nothing twice once no late commit is possible any more', () => {
    const first = advanced(start, at(0), at(1));
    const second = advanced(first, at(0), at(31));
    expect(readFrom(second)).toBe('2026-01-31T10:00:00.001Z');
  });

  it('keeps the overlap while runs follow each other quickly', () => {
    const first = advanced(start, at(0), at(1));
    const second = advanced(first, null, at(2));
    expect(readFrom(second)).toBe('2026-01-31T09:50:00.000Z');
  });

  it('never goes back (E-5)', () => {
    const first = advanced(start, at(5), at(6));
    expect(advanced(first, at(1), at(7)).newest).toBe(at(5));
  });

  it('never passes a record that is committed within the longest operation, however runs fall (P7)', () => {
    const change = fc.record({ stampedMs: fc.nat(4 * commitDelayMs), delayMs: fc.nat(commitDelayMs - 1) });
    const gaps = fc.array(fc.integer({ min: 1000, max: 2 * commitDelayMs }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), gaps, (changes, waits) => {
        const seen = new Set<number>();
        let watermark = start;
        let nowMs = 0;
        const read = () => {
          const from = readFrom(watermark);
          const visible = [...changes.entries()].filter(([, { stampedMs, delayMs }]) => {
            return stampedMs + delayMs <= nowMs && (from === null || fromEpochMs(stampedMs) >= from);
          });
          for (const [index] of visible) seen.add(index);
          const newest = visible
            .map(([, { stampedMs }]) => fromEpochMs(stampedMs))
            .reduce<Instant | null>(later, null);
          watermark = advanced(watermark, newest, fromEpochMs(nowMs));
        };
        for (const wait of waits) {
          nowMs += wait;
          read();
        }
        nowMs += 10 * commitDelayMs;
        read();
        expect(seen.size).toBe(changes.length);
      }),
    );
  });
});
