/** The synchronisation at the start: couples and synchronises everything once, and shows how it goes. */
import { setTimeout as wait } from 'node:timers/promises';
import { codeJobNames } from '../../../shared/domain/jobs/codeJobs.ts';
import type { HostClock, RunningFunctionsHost } from '../../functionsHost/host.ts';
import type { Output } from '../output.ts';
import type { QueuedRunView } from './apiViews.ts';
import { type AppApi, createAppApi } from './appApi.ts';
import { errorListText } from './errorList.ts';
import { createExpectedRecords, type RecordCounters } from './expectedRecords.ts';
import { followRuns } from './followRuns.ts';
import { createProgressView, type ProgressView } from './progressView.ts';
import { resultTable } from './resultTable.ts';
import { isFailed, type TrackedRun, waitingRuns, withFurtherRows } from './trackRuns.ts';

export interface InitialSyncOptions {
  readonly host: RunningFunctionsHost;
  readonly clock: HostClock;
  readonly output: Output;
  readonly counters: RecordCounters;
  /** Breaks off; the reason is thrown. */
  readonly signal: AbortSignal;
  /** Also waits for runs that others caused, such as those of dependants. */
  readonly untilIdle: boolean;
  /** Is told the view while lines are redrawn, so that log lines go through it; null afterwards. */
  readonly onView: (view: ProgressView | null) => void;
}

const lookEveryMs = 250;
const idleTimeoutMs = 60_000;

async function pause(signal: AbortSignal): Promise<void> {
  await wait(lookEveryMs, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Jobs that run code take no part in a full synchronisation: their turn is after it, one after the other. */
async function namesOfCodeJobs(api: AppApi): Promise<readonly string[]> {
  const present = (await api.jobs()).filter(({ mapping }) => mapping === null).map(({ name }) => name);
  return codeJobNames.filter((name) => present.includes(name));
}

async function follow(
  api: AppApi,
  sinceMs: number,
  options: InitialSyncOptions,
): Promise<readonly TrackedRun[]> {
  const { host, clock, output, counters, signal, onView } = options;
  const expected = createExpectedRecords(await api.tableMappings(), counters);
  const view = createProgressView({ output, nowMs: () => clock.now(), expected });
  onView(view);
  try {
    const followed: TrackedRun[] = [];
    const followNext = async (queued: readonly QueuedRunView[]) => {
      const onProgress = (runs: readonly TrackedRun[]) => view.update([...followed, ...runs]);
      const isIdle = () => host.idle(0);
      const around = { api, sinceMs, onProgress, isIdle, pause: () => pause(signal) };
      const elapsedMs = () => performance.now();
      followed.push(...(await followRuns(waitingRuns(queued), { ...around, elapsedMs })));
    };
    await followNext(await api.startFullSync());
    for (const name of await namesOfCodeJobs(api)) await followNext([await api.startJob(name)]);
    return followed;
  } finally {
    view.end();
    onView(null);
  }
}

/** What follows the queued runs ends, too; its log rows are added to those of its job. */
async function settled(
  api: AppApi,
  sinceMs: number,
  runs: readonly TrackedRun[],
  { host, signal }: InitialSyncOptions,
): Promise<readonly TrackedRun[]> {
  await host.idle(idleTimeoutMs);
  signal.throwIfAborted();
  return withFurtherRows(runs, await api.syncJobs(sinceMs));
}

async function printResult(
  api: AppApi,
  runs: readonly TrackedRun[],
  { host, output }: InitialSyncOptions,
): Promise<void> {
  output.print(resultTable(runs, output.isTerminal));
  for (const run of runs.filter(isFailed)) output.printError(`${run.job}: ${run.errorMessage}`);
  const { errors, more } = await api.openErrors();
  const list = errorListText(errors, more, host.url);
  if (list !== '') output.print(list);
}

/**
 * Runs the full synchronisation and prints table and open errors. Returns whether every job ended well; failed records
 * are no failure of the job. Raises StartError when the app refuses or stops answering.
 */
export async function runInitialSync(options: InitialSyncOptions): Promise<boolean> {
  const api = createAppApi(options.host.url);
  const sinceMs = options.clock.now();
  const followed = await follow(api, sinceMs, options);
  const runs = options.untilIdle ? await settled(api, sinceMs, followed, options) : followed;
  await printResult(api, runs, options);
  return !runs.some(isFailed);
}
