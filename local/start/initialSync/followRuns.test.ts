/** Watching runs to their end. */
import { describe, expect, test } from 'vitest';
import type { JobView, SyncJobView } from './apiViews.ts';
import { type FollowOptions, followRuns } from './followRuns.ts';
import { at, entry, row, zeroMs } from './samples.ts';
import { type TrackedRun, waitingRuns } from './trackRuns.ts';

const queued = waitingRuns([{ job: 'CUSTOMER', runId: '1' }]);

/** An app whose answers change from look to look; the last one stays. */
function app(
  looks: readonly { readonly rows?: readonly SyncJobView[]; readonly jobs?: readonly JobView[] }[],
) {
  let look = 0;
  const seen: TrackedRun[][] = [];
  const current = () => looks[Math.min(look, looks.length - 1)] ?? {};
  const rowsOf = async (_sinceMs: number, mapping?: string) =>
    (current().rows ?? []).filter(({ job }) => mapping === undefined || job === mapping);
  const options: FollowOptions = {
    api: { syncJobs: rowsOf, jobs: async () => current().jobs ?? [] },
    sinceMs: zeroMs,
    onProgress: (runs) => void seen.push([...runs]),
    pause: async () => {
      look += 1;
    },
    isIdle: async () => true,
    elapsedMs: () => look * 250,
  };
  return { options, seen };
}

describe('following', () => {
  test('ends with the last run, and shows each look', async () => {
    const running = { jobs: [entry('CUSTOMER', { finishedAt: null })] };
    const { options, seen } = app([{}, running, { rows: [row()], jobs: [entry('CUSTOMER', {})] }]);
    const runs = await followRuns(queued, options);
    expect(runs).toMatchObject([{ status: 'success', syncJobs: [{ runId: '1' }] }]);
    expect(seen.map(([first]) => first?.status)).toEqual(['waiting', 'running', 'success']);
  });

  test('reads the log once more when a run has ended, for the row that came between the two reads', async () => {
    const { options } = app([{ jobs: [entry('CUSTOMER', {})] }]);
    let reads = 0;
    const rows = [row({ counts: { inserted: 3 } })];
    const syncJobs = async () => (++reads === 1 ? [row({ finishedAt: null })] : rows);
    const runs = await followRuns(queued, { ...options, api: { ...options.api, syncJobs } });
    expect(runs[0]?.syncJobs).toEqual(rows);
  });

  test('a run that began while the log was read once more has not ended, whatever run its job had before', async () => {
    const two = waitingRuns([...queued, { job: 'CONTACT', runId: '2' }]);
    const begun = row({ job: 'CONTACT', runId: '2', finishedAt: null });
    const ended = row({ job: 'CONTACT', runId: '2' });
    const { options } = app([
      { jobs: [entry('CUSTOMER', {}), entry('CONTACT', { runId: 'before' })] },
      { jobs: [entry('CUSTOMER', {}), entry('CONTACT', { runId: '2' })] },
    ]);
    let looksAtJobs = 0;
    const jobs = () => {
      looksAtJobs += 1;
      return options.api.jobs();
    };
    const moments = [[row()], [row()], [row(), begun]];
    const syncJobs = async () => moments[looksAtJobs] ?? [row(), ended];
    const runs = await followRuns(two, { ...options, api: { jobs, syncJobs } });
    expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
  });

  test('gives up on a run that never comes, once the app has been idle for two minutes', async () => {
    const { options } = app([{}]);
    expect(await followRuns(queued, options)).toMatchObject([{ status: 'notRun' }]);
    expect(options.elapsedMs()).toBeGreaterThan(120_000);
  });

  test('does not give up while the app is busy', async () => {
    const { options } = app([{}]);
    let asked = 0;
    const isIdle = async () => ++asked > 3;
    await followRuns(queued, { ...options, isIdle });
    expect(asked).toBe(4);
  });

  test('passes over a failed look, but not over many', async () => {
    const { options } = app([{ rows: [row()], jobs: [entry('CUSTOMER', {})] }]);
    const failing = (times: number) => {
      let calls = 0;
      return async () => {
        calls += 1;
        if (calls <= times) throw new Error('no answer');
        return [entry('CUSTOMER', {})];
      };
    };
    const follow = (times: number) =>
      followRuns(queued, { ...options, api: { ...options.api, jobs: failing(times) } });
    await expect(follow(3)).resolves.toMatchObject([{ status: 'success' }]);
    await expect(follow(1000)).rejects.toThrow('no answer');
  });

  test('breaks off when the pause does', async () => {
    const { options } = app([{}]);
    const pause = () => Promise.reject(new Error('stopped'));
    await expect(followRuns(queued, { ...options, pause })).rejects.toThrow('stopped');
  });

  test('asks for the log of runs whose turn may have come, not of those far behind nor of those that ended', async () => {
    const names = ['CUSTOMER', 'VENDOR', 'CONTACT', 'OPPORTUNITY'];
    const runs = waitingRuns(names.map((job, index) => ({ job, runId: String(index) })));
    const entries = (last: number) =>
      names.map((name, index) => entry(name, index > last ? null : { runId: String(index) }));
    const { options } = app([-1, 0, 1, 3].map((last) => ({ jobs: entries(last) })));
    const asked: string[][] = [];
    const syncJobs = async (_sinceMs: number, mapping?: string) => {
      asked.at(-1)?.push(mapping ?? 'all');
      return [];
    };
    const pause = () => {
      asked.push([]);
      return options.pause();
    };
    asked.push([]);
    await followRuns(runs, { ...options, pause, api: { ...options.api, syncJobs } });
    expect(asked).toEqual([
      ['CUSTOMER'],
      ['CUSTOMER', 'VENDOR', 'CUSTOMER'],
      ['VENDOR', 'CONTACT', 'VENDOR'],
      ['CONTACT', 'OPPORTUNITY', 'CONTACT', 'OPPORTUNITY'],
    ]);
  });

  test('waits for a mapping without a job, which only its log tells of, although later runs have ended', async () => {
    const two = waitingRuns([
      { job: 'OPPORTUNITY', runId: '1' },
      { job: 'CUSTOMER', runId: '2' },
    ]);
    const own = row({ job: 'OPPORTUNITY' });
    const { options } = app([{ rows: [own], jobs: [entry('CUSTOMER', { runId: '2' })] }]);
    const runs = await followRuns(two, options);
    expect(runs).toMatchObject([{ status: 'success', syncJobs: [own] }, { status: 'success' }]);
  });

  test('asks for the whole log of a job that runs code: it may write under any mapping', async () => {
    const code = { ...entry('CUSTOMER', {}), mapping: null };
    const { options } = app([{ jobs: [code] }]);
    const asked = new Set<string | undefined>();
    const syncJobs = async (_sinceMs: number, mapping?: string) => {
      asked.add(mapping);
      return [row()];
    };
    await followRuns(queued, { ...options, api: { ...options.api, syncJobs } });
    expect([...asked]).toEqual([undefined]);
  });

  test('asks only for rows since the beginning', async () => {
    const { options } = app([{ jobs: [entry('CUSTOMER', { finishedAt: at(2) })] }]);
    const asked: number[] = [];
    const syncJobs = async (sinceMs: number) => {
      asked.push(sinceMs);
      return [];
    };
    await followRuns(queued, { ...options, api: { ...options.api, syncJobs } });
    expect(new Set(asked)).toEqual(new Set([zeroMs]));
  });
});
