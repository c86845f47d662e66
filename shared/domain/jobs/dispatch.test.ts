/** Which entries are started, moved or set waiting (J-14, J-16, J-24, J-46). */
import { describe, expect, it } from 'vitest';
import { guidOf, thingMapping } from '../../../test/builders/records.ts';
import { runId } from '../common/ids.ts';
import { instant, shift } from '../common/instants.ts';
import { activated, isDue, movedIntoWindow, nextWaiting, waiting } from './dispatch.ts';
import type { JobQueueEntry } from './jobQueueEntry.ts';
import { newJobQueueEntry } from './transitions.ts';

const now = instant('2026-01-31T10:00:00Z');
const entry = newJobQueueEntry(thingMapping(), now) as JobQueueEntry;
const lastRun = {
  runId: runId(guidOf('a', 1)),
  trigger: 'timer',
  startedAt: now,
  outcome: 'success',
} as const;

describe('an entry', () => {
  it('is due from its planned time on, when ready, waiting or held by inactivity (J-14)', () => {
    for (const status of ['ready', 'waiting', 'onHoldInactivity'] as const) {
      expect(isDue({ ...entry, status }, now)).toBe(true);
      expect(isDue({ ...entry, status, earliestStart: shift(now, 1) }, now)).toBe(false);
    }
  });

  it('is not due while it is in process, on hold, in error or finished (J-14)', () => {
    for (const status of ['inProcess', 'onHold', 'error', 'finished'] as const) {
      expect(isDue({ ...entry, status }, now)).toBe(false);
    }
  });

  it('is due at once after the clock was put back behind its last run', () => {
    const planned = { ...entry, earliestStart: shift(now, 86_400_000) };
    const endedAt = (ms: number) => ({ ...planned, lastRun: { ...lastRun, finishedAt: shift(now, ms) } });
    expect(isDue(endedAt(3_600_000), now)).toBe(true);
    expect(isDue(endedAt(60_000), now)).toBe(false);
    expect(isDue(endedAt(-60_000), now)).toBe(false);
  });

  it('that comes up outside its window is planned for when it opens (J-18 i, J-33)', () => {
    const window = { start: '12:00', end: '14:00' };
    const moved = movedIntoWindow({ ...entry, window, status: 'onHoldInactivity' }, now, 'UTC');
    expect(moved).toMatchObject({ status: 'ready', earliestStart: '2026-01-31T12:00:00.000Z' });
    expect(movedIntoWindow({ ...entry, window }, instant('2026-01-31T13:00:00Z'), 'UTC')).toBeNull();
  });

  it('waits while its category is busy, and is ready when its turn comes (J-16, J-18 j, k)', () => {
    const waits = waiting(entry);
    expect(waits.status).toBe('waiting');
    expect(waiting(waits)).toBe(waits);
    expect(activated(waits).status).toBe('ready');
    const held: JobQueueEntry = { ...entry, status: 'onHold' };
    expect(activated(held)).toBe(held);
  });

  it('that was due first is the next of its category (J-46)', () => {
    const one = (name: string, minutes: number, category: string | null = 'BCI CUST') =>
      waiting({ ...entry, name, category, earliestStart: shift(now, minutes * 60_000) });
    const queue = [one('VENDOR', 2), one('CONTACT', 1), one('ITEM', 0, null), entry];
    expect(nextWaiting(queue, 'BCI CUST')?.name).toBe('CONTACT');
    expect(nextWaiting([one('B', 1), one('A', 1)], 'BCI CUST')?.name).toBe('A');
    expect(nextWaiting(queue, 'BCI OPTION')).toBeNull();
  });
});
