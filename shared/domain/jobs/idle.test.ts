/** When a run counts as idle. */
import { describe, expect, it } from 'vitest';
import { type CounterName, counterNames, zeroCounters } from '../logs/syncJob.ts';
import { isIdle } from './idle.ts';

const work: ReadonlySet<CounterName> = new Set(['inserted', 'modified', 'deleted', 'failed']);

describe('a run', () => {
  it.each(counterNames)(
    'with one record in the counter %s is idle unless that counter is work (J-50, J-52, E-153)',
    (name) => {
      const rows = [{ counts: zeroCounters }, { counts: { ...zeroCounters, [name]: 1 } }];
      expect(isIdle(rows)).toBe(!work.has(name));
    },
  );

  it('without any row of the log is not idle (J-51)', () => {
    expect(isIdle([])).toBe(false);
  });
});
