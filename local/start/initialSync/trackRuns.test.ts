/** How far a run is, from log rows and job queue entries. */
import { describe, expect, test } from 'vitest';
import type { JobView, SyncJobView } from './apiViews.ts';
import { at, entry, row } from './samples.ts';
import { abandonWaiting, isFailed, trackRuns, waitingRuns, withFurtherRows } from './trackRuns.ts';

const queued = waitingRuns([
  { job: 'CUSTOMER', runId: '1' },
  { job: 'CONTACT', runId: '2' },
]);

function statuses(syncJobs: readonly SyncJobView[], jobs: readonly JobView[]): readonly string[] {
  return trackRuns(queued, { syncJobs, jobs }).map(({ status }) => status);
}

describe('a run', () => {
  test('waits while its job has run nothing or something else', () => {
    expect(statuses([], [entry('CUSTOMER', null)])).toEqual(['waiting', 'waiting']);
    expect(statuses([], [entry('CUSTOMER', { runId: 'other' })])).toEqual(['waiting', 'waiting']);
  });

  test('runs while it is the last run of its entry and has no finish time', () => {
    const jobs = [entry('CUSTOMER', { finishedAt: null, outcome: null })];
    expect(statuses([row({ finishedAt: null })], jobs)).toEqual(['running', 'waiting']);
  });

  test('ends as its entry says', () => {
    const failure = entry('CUSTOMER', { outcome: 'error' }, 'No connection.');
    expect(statuses([row()], [entry('CUSTOMER', {})])).toEqual(['success', 'waiting']);
    const [failed] = trackRuns(queued, { syncJobs: [], jobs: [failure] });
    expect(failed).toMatchObject({ status: 'error', errorMessage: 'No connection.' });
  });

  test('that another run of its job has replaced ends as its log rows say', () => {
    const jobs = [entry('CUSTOMER', { runId: 'timer', finishedAt: null })];
    expect(statuses([row()], jobs)[0]).toBe('success');
    expect(statuses([row(), row({ id: 'b', finishedAt: null })], jobs)[0]).toBe('error');
  });

  test('that gave way to another before its first log row is still to come', () => {
    const busy = trackRuns(queued, { syncJobs: [], jobs: [entry('CUSTOMER', { finishedAt: null })] });
    const after = trackRuns(busy, { syncJobs: [], jobs: [entry('CUSTOMER', { runId: 'timer' })] });
    expect([busy[0]?.status, after[0]?.status]).toEqual(['running', 'waiting']);
  });

  test('without log rows has not run once a later one of the chain is seen', () => {
    const [first, second] = trackRuns(queued, {
      syncJobs: [],
      jobs: [entry('CONTACT', { runId: '2', finishedAt: null })],
    });
    expect([first?.status, second?.status]).toEqual(['notRun', 'running']);
    expect(first && isFailed(first)).toBe(true);
  });

  test('of a job without an entry follows its log rows', () => {
    expect(statuses([row({ finishedAt: null })], [])[0]).toBe('running');
    expect(statuses([row(), row({ runId: '2', job: 'CONTACT', finishedAt: null })], [])).toEqual([
      'success',
      'running',
    ]);
  });

  test('that has ended keeps its end and still learns of late rows', () => {
    const ended = trackRuns(queued, { syncJobs: [], jobs: [entry('CUSTOMER', {})] });
    const later = trackRuns(ended, {
      syncJobs: [row()],
      jobs: [entry('CUSTOMER', { runId: 'timer', outcome: 'error' })],
    });
    expect(later[0]).toMatchObject({ status: 'success', syncJobs: [{ runId: '1' }] });
  });

  test('has its passes in the order in which they began, and no others', () => {
    const rows = [row({ startedAt: at(5) }), row({ startedAt: at(2) }), row({ runId: 'other' })];
    const [first] = trackRuns(queued, { syncJobs: rows, jobs: [] });
    expect(first?.syncJobs.map(({ startedAt }) => startedAt)).toEqual([at(2), at(5)]);
  });
});

test('runs that never came are told from runs that broke off', () => {
  const half = trackRuns(queued, { syncJobs: [row({ finishedAt: null })], jobs: [] });
  expect(abandonWaiting(half).map(({ status }) => status)).toEqual(['error', 'notRun']);
});

test('rows of runs that others caused count with their job, those of timers do not', () => {
  const rows = [
    row(),
    row({ id: 'b', runId: 'x', trigger: 'action' }),
    row({ id: 'c', runId: 'y', trigger: 'timer' }),
  ];
  const [first, second] = withFurtherRows(queued, rows);
  expect(first?.syncJobs.map(({ runId }) => runId)).toEqual(['1', 'x']);
  expect(second?.syncJobs).toEqual([]);
});

test('rows that a run of another job wrote for lines of its records count with the job of the lines (E-151)', () => {
  const rows = [row(), row({ id: 'b', job: 'CONTACT' })];
  const [first, second] = withFurtherRows(queued, rows);
  expect(first?.syncJobs.map(({ job }) => job)).toEqual(['CUSTOMER']);
  expect(second?.syncJobs.map(({ id }) => id)).toEqual(['b']);
});

test('a run is followed by the lines it brought along, which have no run of their own (E-151)', () => {
  const [first, second] = withFurtherRows(queued, [
    row({ id: 'a' }),
    row({ id: 'b', job: 'CUSTOMER LINES' }),
    row({ id: 'c', job: 'OTHER', runId: '9' }),
  ]);
  expect([first?.job, second?.job]).toEqual(['CUSTOMER', 'CUSTOMER LINES']);
  expect(second?.syncJobs.map(({ id }) => id)).toEqual(['b']);
});
