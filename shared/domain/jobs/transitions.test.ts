/** Every transition the service makes of a job queue entry (J-18), with the times it plans. */
import { describe, expect, it } from 'vitest';
import { guidOf, thingMapping } from '../../../test/builders/records.ts';
import { runId } from '../common/ids.ts';
import { instant, shift } from '../common/instants.ts';
import { type JobQueueEntry, type JobStatus, jobStatuses } from './jobQueueEntry.ts';
import {
  failed,
  interrupted,
  interruptedMessage,
  newJobQueueEntry,
  type RunEnd,
  retryDelayMs,
  started,
  succeeded,
} from './transitions.ts';

const now = instant('2026-01-31T10:00:00Z');
const minuteMs = 60_000;
const run = { runId: runId(guidOf('a', 1)), trigger: 'timer', at: now } as const;
const entry = newJobQueueEntry(thingMapping(), now) as JobQueueEntry;
const running = started(entry, run);

function end(changes: Partial<RunEnd> = {}): RunEnd {
  return { now, zone: 'UTC', wakeDelayMs: 30_000, ...changes };
}

describe('a job queue entry', () => {
  it('begins Ready and due at once (J-18 b)', () => {
    expect(entry).toMatchObject({ status: 'ready', earliestStart: now, attempts: 0 });
  });

  it('is In Process while it runs, without the error of the run before (J-18 g, J-23)', () => {
    const before = { ...entry, errorMessage: 'no connection', woken: true };
    expect(started(before, run)).toMatchObject({ status: 'inProcess', errorMessage: '', woken: false });
  });
});

describe('the end of a successful run', () => {
  it('plans the next the frequency after the end, not after the start (J-18 m, J-25)', () => {
    const late = shift(now, 5 * minuteMs);
    const after = succeeded(running, false, end({ now: late }));
    expect(after).toMatchObject({ status: 'ready', earliestStart: '2026-01-31T10:35:00.000Z', attempts: 0 });
    expect(after.lastRun).toMatchObject({ outcome: 'success', finishedAt: late });
  });

  it('holds an idle job for its inactivity timeout (J-18 n, J-36, J-54)', () => {
    const after = succeeded(running, true, end());
    expect(after).toMatchObject({ status: 'onHoldInactivity', earliestStart: '2026-01-31T22:00:00.000Z' });
  });

  it('starts a new full timeout when a held job is idle again, and the normal frequency when not (J-57)', () => {
    const held = started({ ...entry, status: 'onHoldInactivity' }, run);
    expect(succeeded(held, true, end()).earliestStart).toBe('2026-01-31T22:00:00.000Z');
    expect(succeeded(held, false, end())).toMatchObject({
      status: 'ready',
      earliestStart: '2026-01-31T10:30:00.000Z',
    });
  });

  it('never holds a job whose timeout is 0 (J-55)', () => {
    const after = succeeded({ ...running, inactivityTimeoutMinutes: 0 }, true, end());
    expect(after).toMatchObject({ status: 'ready', earliestStart: '2026-01-31T10:30:00.000Z' });
  });

  it('plans within window and weekdays, also a hold (J-30, J-36)', () => {
    const within = { ...running, window: { start: '08:00', end: '10:15' } };
    expect(succeeded(within, false, end()).earliestStart).toBe('2026-02-01T08:00:00.000Z');
    expect(succeeded(within, true, end()).earliestStart).toBe('2026-02-01T08:00:00.000Z');
  });

  it('returns the attempts to 0 (J-42)', () => {
    expect(succeeded({ ...running, attempts: 4 }, false, end()).attempts).toBe(0);
  });

  it('leaves an entry on hold that was so before, or was put on hold meanwhile (J-18 s, A-14)', () => {
    expect(succeeded({ ...running, status: 'onHold' }, true, end()).status).toBe('onHold');
    const held = started({ ...entry, status: 'onHold' }, run);
    expect(succeeded(held, true, end()).status).toBe('onHold');
    expect(succeeded(started(held, run), true, end()).status).toBe('onHold');
  });

  it('of a full synchronisation leaves an inactivity hold as it was (J-92)', () => {
    const held = { ...entry, status: 'onHoldInactivity', earliestStart: shift(now, 600 * minuteMs) } as const;
    const after = succeeded(started(held, { ...run, trigger: 'fullSync' }), false, end());
    expect(after).toMatchObject({ status: 'onHoldInactivity', earliestStart: held.earliestStart });
  });

  it('keeps a wake that came meanwhile, before a hold is considered (J-73)', () => {
    const after = succeeded({ ...running, woken: true }, true, end());
    expect(after).toMatchObject({ status: 'ready', earliestStart: '2026-01-31T10:00:30.000Z', woken: true });
  });
});

describe('the end of a failed run', () => {
  it('waits 30.01 s, 30.1 s, 31 s, 40 s ... and 6 hours before its retries (J-40, J-41)', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => retryDelayMs(30, attempt) / 1000);
    expect(waits).toEqual([30.01, 30.1, 31, 40, 130, 1030, 10030, 21630, 21630, 21630]);
  });

  it('is tried again, and parks in Error after the last attempt, saying why (J-18 p, q, J-39)', () => {
    let current = entry;
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      current = failed(started(current, run), 'no connection', end());
      expect(current).toMatchObject({ status: 'ready', attempts: attempt });
    }
    current = failed(started(current, run), 'no connection', end());
    expect(current).toMatchObject({ status: 'error', errorMessage: 'no connection' });
  });

  it('plans its retry without regard to the window, which is tested when it fires (J-40)', () => {
    const within = { ...running, window: { start: '08:00', end: '10:00' } };
    expect(failed(within, 'x', end()).earliestStart).toBe('2026-01-31T10:00:30.010Z');
  });

  it('leaves an entry on hold that was so before, or was put on hold meanwhile (J-18 s)', () => {
    expect(failed(started({ ...entry, status: 'onHold' }, run), 'x', end()).status).toBe('onHold');
    expect(failed({ ...running, status: 'onHold' }, 'x', end()).status).toBe('onHold');
  });

  it('is also that of a run whose host went away, as a failed attempt (J-18 r, J-48, J-123)', () => {
    const after = interrupted(running, end());
    expect(after).toMatchObject({ status: 'ready', attempts: 1, errorMessage: interruptedMessage });
    expect(interrupted({ ...running, attempts: 10 }, end()).status).toBe('error');
  });
});

describe('whatever the statuses', () => {
  const everyPair = jobStatuses.flatMap((before) => jobStatuses.map((at) => [before, at] as const));

  it.each(everyPair)('a run from %s whose entry is now %s ends in a status at rest', (before, status) => {
    const statuses: readonly JobStatus[] = [
      succeeded({ ...started({ ...entry, status: before }, run), status }, true, end()).status,
      failed({ ...started({ ...entry, status: before }, run), status }, 'x', end()).status,
    ];
    for (const after of statuses) expect(['ready', 'onHold', 'onHoldInactivity', 'error']).toContain(after);
  });
});
