/** Every status a user can meet, and what each action makes of it (J-18 d, e, f; J-20; J-33; J-34). */
import { describe, expect, it } from 'vitest';
import { runId } from '../common/ids.ts';
import { instant } from '../common/instants.ts';
import { type JobQueueEntry, type JobStatus, jobStatuses, noDeletions, weekdays } from './jobQueueEntry.ts';
import { putOnHold, restarted, setReady, withDetails } from './userTransitions.ts';

const now = instant('2026-01-31T10:00:00Z');
const past = instant('2026-01-31T09:00:00Z');
const future = instant('2026-01-31T18:00:00Z');

function entry(status: JobStatus, more: Partial<JobQueueEntry> = {}): JobQueueEntry {
  return {
    name: 'CUSTOMER',
    mapping: null,
    description: 'Customers',
    status,
    frequencyMinutes: 30,
    inactivityTimeoutMinutes: 720,
    earliestStart: past,
    lastRun: {
      runId: runId('00000000-0000-7000-8000-000000000001'),
      trigger: 'timer',
      startedAt: past,
      finishedAt: past,
      outcome: 'error',
    },
    attempts: 3,
    maxAttempts: 10,
    rerunDelaySeconds: 30,
    category: null,
    window: null,
    weekdays,
    errorMessage: 'It failed.',
    statusBefore: null,
    woken: false,
    reportedDeletions: noDeletions,
    ...more,
  };
}

describe('putOnHold', () => {
  it.each(jobStatuses)('puts an entry in status %s on hold and keeps everything else (J-18 f)', (status) => {
    const before = entry(status);
    expect(putOnHold(before)).toEqual({ ...before, status: 'onHold' });
  });

  it('forgets a wake that a run under way had kept', () => {
    expect(putOnHold(entry('inProcess', { woken: true })).woken).toBe(false);
  });

  it('does nothing when the entry is on hold (J-20)', () => {
    const before = entry('onHold');
    expect(putOnHold(before)).toBe(before);
  });
});

describe('setReady', () => {
  it.each(['onHold', 'error'] as const)(
    'from %s clears error and attempts and is due now (J-18 d)',
    (status) => {
      const after = setReady(entry(status), now, 'UTC');
      expect(after).toMatchObject({ status: 'ready', attempts: 0, errorMessage: '', earliestStart: now });
    },
  );

  it('keeps a planned time that lies ahead (J-33)', () => {
    expect(setReady(entry('onHold', { earliestStart: future }), now, 'UTC').earliestStart).toBe(future);
  });

  it('moves the run time into the window (J-33)', () => {
    const window = { start: '12:00', end: null };
    const after = setReady(entry('onHold', { window }), now, 'UTC');
    expect(after.earliestStart).toBe('2026-01-31T12:00:00.000Z');
  });

  it('from the inactivity hold keeps the planned time (J-34)', () => {
    const after = setReady(entry('onHoldInactivity', { earliestStart: future }), now, 'UTC');
    expect(after).toMatchObject({ status: 'ready', earliestStart: future });
  });

  it('does nothing when the entry is ready, attempts included (A-9, J-20)', () => {
    const before = entry('ready');
    expect(setReady(before, now, 'UTC')).toBe(before);
  });
});

describe('restarted', () => {
  it('from the inactivity hold runs now (J-34)', () => {
    const after = restarted(entry('onHoldInactivity', { earliestStart: future }), now, 'UTC');
    expect(after).toMatchObject({ status: 'ready', earliestStart: now, attempts: 0 });
  });

  it.each(['onHold', 'error', 'ready', 'inProcess'] as const)(
    'from %s is ready with attempts and error cleared (A-11)',
    (status) => {
      expect(restarted(entry(status), now, 'UTC')).toMatchObject({
        status: 'ready',
        attempts: 0,
        errorMessage: '',
        earliestStart: now,
      });
    },
  );
});

describe('withDetails', () => {
  it('changes only what is given, and puts weekdays in order (J-11, J-29)', () => {
    const before = entry('onHold');
    const after = withDetails(before, { frequencyMinutes: 5, weekdays: ['sunday', 'monday'] });
    expect(after).toEqual({ ...before, frequencyMinutes: 5, weekdays: ['monday', 'sunday'] });
  });

  it.each(jobStatuses.filter((status) => status !== 'onHold'))('is refused in status %s (J-11)', (status) => {
    expect(() => withDetails(entry(status), { frequencyMinutes: 5 })).toThrowError(
      /only while it is on hold/,
    );
  });
});
