/** Which entries can be woken. */
import { describe, expect, it } from 'vitest';
import { thingMapping } from '../../../test/builders/records.ts';
import { invariant } from '../common/failures.ts';
import { instant, shift } from '../common/instants.ts';
import type { JobStatus } from './jobQueueEntry.ts';
import { newJobQueueEntry } from './transitions.ts';
import { woken } from './wake.ts';

const now = instant('2026-01-31T10:00:00Z');

function entry(status: JobStatus, minutesAhead: number) {
  const created = newJobQueueEntry(thingMapping(), shift(now, minutesAhead * 60_000));
  invariant(created !== null, 'the mapping has a job');
  return { ...created, status };
}

describe('woken', () => {
  it.each(['ready', 'onHoldInactivity'] as const)(
    'plans a run of an entry that is %s for now (J-64, A-57)',
    (status) => {
      expect(woken(entry(status, 20), { now })).toMatchObject({ status: 'ready', earliestStart: now });
    },
  );

  it.each(['onHold', 'error', 'inProcess', 'finished'] as const)(
    'leaves an entry that is %s as it is (J-64)',
    (status) => {
      const before = entry(status, 20);
      expect(woken(before, { now })).toBe(before);
    },
  );

  it('changes nothing when a run is due already', () => {
    const before = entry('ready', 0);
    expect(woken(before, { now })).toBe(before);
  });
});
