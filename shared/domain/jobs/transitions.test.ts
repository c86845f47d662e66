import { describe, expect, it } from 'vitest';
import { guidOf, thingMapping } from '../../../test/builders/records.ts';
import { runId } from '../common/ids.ts';
import { instant, shift } from '../common/instants.ts';
import type { JobQueueEntry } from './jobQueueEntry.ts';
import { failed, isDue, newJobQueueEntry, retryDelayMs, started, succeeded } from './transitions.ts';

const now = instant('2026-01-31T10:00:00Z');
const run = { runId: runId(guidOf('a', 1)), trigger: 'timer', at: now } as const;
const entry = newJobQueueEntry(thingMapping(), now) as JobQueueEntry;

describe('a job queue entry', () => {
  it('begins Ready and due at once (J-18 b)', () => {
    expect(entry.status).toBe('ready');
    expect(isDue(entry, now)).toBe(true);
  });

  it('runs again the frequency after the end of its run, not after its start (J-25)', () => {
    const end = shift(now, 5 * 60_000);
    const after = succeeded(started(entry, run), 'ready', end);
    expect(after).toMatchObject({ status: 'ready', earliestStart: '2026-01-31T10:35:00.000Z', attempts: 0 });
    expect(after.lastRun).toMatchObject({ outcome: 'success', finishedAt: end });
    expect(isDue(after, end)).toBe(false);
  });

  it('is not due while it is in process, on hold or in error (J-14)', () => {
    for (const status of ['inProcess', 'onHold', 'error', 'finished'] as const) {
      expect(isDue({ ...entry, status }, now)).toBe(false);
    }
  });

  it('waits 30.01 s, 30.1 s, 31 s, 40 s ... and 6 hours before its retries (J-40, J-41)', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => retryDelayMs(30, attempt) / 1000);
    expect(waits).toEqual([30.01, 30.1, 31, 40, 130, 1030, 10030, 21630, 21630, 21630]);
  });

  it('parks in Error after the last attempt and says why (J-39)', () => {
    let current = entry;
    for (let attempt = 0; attempt < 10; attempt += 1) {
      current = failed(started(current, run), 'ready', 'no connection', now);
      expect(current.status).toBe('ready');
    }
    current = failed(started(current, run), 'ready', 'no connection', now);
    expect(current).toMatchObject({ status: 'error', errorMessage: 'no connection' });
  });

  it('stays on hold when it was put on hold during its run, or was run by hand while on hold (J-18 s, A-14)', () => {
    expect(succeeded({ ...started(entry, run), status: 'onHold' }, 'ready', now).status).toBe('onHold');
    expect(succeeded(started(entry, run), 'onHold', now).status).toBe('onHold');
    expect(failed(started(entry, run), 'onHold', 'x', now).status).toBe('onHold');
  });
});
