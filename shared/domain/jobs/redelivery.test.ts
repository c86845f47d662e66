/** When a message that could not be carried out comes again (platform C-21). */
import { describe, expect, it } from 'vitest';
import { repeatDelaySeconds } from './redelivery.ts';

const failed = (failures: number) => ({ failures, kind: 'transient', retryAfterMs: null }) as const;

describe('a message that could not be carried out', () => {
  it('comes again after twice the time of before, and never later than after five minutes (C-21)', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 7, 299].map((failures) => repeatDelaySeconds(failed(failures)));
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('waits as long as the service asked', () => {
    expect(repeatDelaySeconds({ ...failed(0), kind: 'throttled', retryAfterMs: 61_500 })).toBe(62);
    expect(repeatDelaySeconds({ ...failed(4), kind: 'throttled', retryAfterMs: 1_000 })).toBe(80);
  });

  it('is given up after about a day, or after a few tries when the program is at fault', () => {
    expect(repeatDelaySeconds(failed(300))).toBeNull();
    expect(repeatDelaySeconds({ ...failed(4), kind: 'bug' })).toBe(80);
    expect(repeatDelaySeconds({ ...failed(5), kind: 'bug' })).toBeNull();
    const seconds = Array.from({ length: 300 }, (_, failures) => repeatDelaySeconds(failed(failures)) ?? 0);
    expect(seconds.reduce((sum, one) => sum + one, 0) / 3600).toBeCloseTo(24.6, 0);
  });
});
