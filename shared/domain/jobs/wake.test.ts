/** The arithmetic of waking jobs (J-64 to J-66, J-73), and what is kept of deletions (J-61). */
import { describe, expect, it } from 'vitest';
import { guidOf, thingMapping } from '../../../test/builders/records.ts';
import { businessCentralId, runId } from '../common/ids.ts';
import { instant, shift } from '../common/instants.ts';
import { type JobQueueEntry, noDeletions } from './jobQueueEntry.ts';
import { newJobQueueEntry } from './transitions.ts';
import { mostReportedDeletions, toldAt, withReportedDeletions, woken } from './wake.ts';

const now = instant('2026-01-31T10:00:00Z');
const timing = { now, wakeDelayMs: 30_000 };
const in30Minutes = shift(now, 1_800_000);
const entry: JobQueueEntry = {
  ...(newJobQueueEntry(thingMapping(), now) as JobQueueEntry),
  earliestStart: in30Minutes,
};
const idOf = (number: number) => businessCentralId(guidOf('b', number));

describe('a wake', () => {
  it.each(['ready', 'onHoldInactivity'] as const)(
    'brings a job in status %s forward to 30 s from now (J-65, J-66)',
    (status) => {
      const after = woken({ ...entry, status }, timing);
      expect(after).toMatchObject({ status: 'ready', earliestStart: shift(now, 30_000), woken: true });
    },
  );

  it('leaves a job alone that is due within twice the delay (J-65)', () => {
    const soon = { ...entry, earliestStart: shift(now, 60_000) };
    expect(woken(soon, timing)).toBe(soon);
    expect(woken({ ...entry, earliestStart: shift(now, 60_001) }, timing).woken).toBe(true);
  });

  it('after a failed run comes no sooner than the frequency after it', () => {
    const ended = shift(now, -10 * 60_000);
    const lastRun = { runId: runId(guidOf('a', 1)), trigger: 'timer', startedAt: ended } as const;
    const retrying = (earliestStart: typeof now): JobQueueEntry => ({
      ...entry,
      attempts: 8,
      earliestStart,
      lastRun: { ...lastRun, finishedAt: ended, outcome: 'error' },
    });
    const late = retrying(shift(now, 6 * 3_600_000));
    expect(woken(late, timing).earliestStart).toBe(shift(ended, 30 * 60_000));
    const soon = retrying(shift(now, 130_000));
    expect(woken(soon, timing)).toBe(soon);
  });

  it('of a burst moves nothing after the first (J-66, J-121)', () => {
    const first = woken(entry, timing);
    expect(woken(first, { ...timing, now: shift(now, 10_000) })).toBe(first);
  });

  it('works without a delay', () => {
    const atOnce = { now, wakeDelayMs: 0 };
    expect(woken(entry, atOnce).earliestStart).toBe(now);
    const due = { ...entry, earliestStart: now };
    expect(woken(due, atOnce)).toBe(due);
  });

  it('during a run is kept once (J-73)', () => {
    const kept = woken({ ...entry, status: 'inProcess' }, timing);
    expect(kept).toMatchObject({ status: 'inProcess', earliestStart: in30Minutes, woken: true });
    expect(woken(kept, timing)).toBe(kept);
  });

  it.each(['onHold', 'error', 'finished', 'waiting'] as const)(
    'does nothing to a job in status %s (J-64)',
    (status) => {
      const before = { ...entry, status };
      expect(woken(before, timing)).toBe(before);
    },
  );
});

describe('a change told of', () => {
  it('is known by the run planned for it, and no later than the start of a run under way', () => {
    expect(toldAt(entry, timing)).toBeNull();
    expect(toldAt(woken(entry, timing), timing)).toBe(now);
    const lastRun = { runId: runId(guidOf('a', 1)), trigger: 'timer', startedAt: now } as const;
    const running = {
      ...entry,
      status: 'inProcess',
      lastRun: { ...lastRun, finishedAt: null, outcome: null },
    } as const;
    expect(toldAt(woken(running, timing), timing)).toBe(now);
  });
});

describe('reported deletions', () => {
  it('are kept once each and wake nothing (J-61)', () => {
    const after = withReportedDeletions(entry, [idOf(1), idOf(1)], false);
    expect(after).toEqual({ ...entry, reportedDeletions: { ids: [idOf(1)], more: false } });
    expect(withReportedDeletions(after, [idOf(1)], false)).toBe(after);
  });

  it('beyond what is kept are noted as more', () => {
    const ids = Array.from({ length: mostReportedDeletions + 1 }, (_, index) => idOf(index));
    const { reportedDeletions } = withReportedDeletions(entry, ids, false);
    expect(reportedDeletions).toEqual({ ids: ids.slice(0, -1), more: true });
    expect(withReportedDeletions(entry, [], true).reportedDeletions).toEqual({ ...noDeletions, more: true });
  });
});
