/** Which entries count as healthy. */
import { describe, expect, it } from 'vitest';
import { instant, shift } from '../common/instants.ts';
import { jobHealthProblems } from './jobHealth.ts';
import { type JobQueueEntry, type JobStatus, noDeletions, weekdays } from './jobQueueEntry.ts';

const now = instant('2026-01-31T10:00:00Z');
const minutesAgo = (minutes: number) => shift(now, -minutes * 60_000);

function entry(status: JobStatus, earliestStart = now): JobQueueEntry {
  return {
    name: 'CUSTOMER',
    mapping: null,
    description: '',
    status,
    frequencyMinutes: 30,
    inactivityTimeoutMinutes: 720,
    earliestStart,
    lastRun: null,
    attempts: 0,
    maxAttempts: 10,
    rerunDelaySeconds: 30,
    category: null,
    window: null,
    weekdays,
    errorMessage: '',
    statusBefore: null,
    woken: false,
    reportedDeletions: noDeletions,
  };
}

describe('jobHealthProblems', () => {
  it('reports a job whose attempts are used up (J-39)', () => {
    expect(jobHealthProblems(entry('error'), true, now)).toEqual(['job-in-error']);
  });

  it.each(['ready', 'onHoldInactivity'] as const)('reports a job in %s that nobody starts', (status) => {
    expect(jobHealthProblems(entry(status, minutesAgo(15)), true, now)).toEqual([]);
    expect(jobHealthProblems(entry(status, minutesAgo(16)), true, now)).toEqual(['job-overdue']);
  });

  it('does not expect jobs that are on hold or never scheduled to start', () => {
    expect(jobHealthProblems(entry('onHold', minutesAgo(999)), true, now)).toEqual([]);
    expect(jobHealthProblems(entry('ready', minutesAgo(999)), false, now)).toEqual([]);
  });

  it('reports a run that never ended (J-48)', () => {
    expect(jobHealthProblems(entry('inProcess', minutesAgo(60)), true, now)).toEqual([]);
    expect(jobHealthProblems(entry('inProcess', minutesAgo(61)), true, now)).toEqual(['job-stuck']);
  });
});
