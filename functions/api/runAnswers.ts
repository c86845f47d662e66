/** Answers of actions that start runs: at once, or after the runs have ended. */
import { hasEnded, type RunSubject, syncJobsOfRun } from '../../shared/app/queries/runEnd.ts';
import type { OpenApp, Waiting } from '../../shared/composition/composition.ts';
import { mappingName } from '../../shared/domain/common/ids.ts';
import { isCodeJobName, logNameOf } from '../../shared/domain/jobs/codeJobs.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import type { QueuedRun } from '../../shared/ports/queue.ts';
import { type Answer, ok } from '../http/endpoint.ts';
import { syncJobView } from './views.ts';

/** Azure ends a request after 230 seconds; before that the caller is told to look later. In milliseconds. */
export const longestRequestMs = 200_000;
const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** A run that was asked for and not started, and why. */
export interface SkippedRun {
  readonly job: string;
  readonly code: string;
  readonly message: string;
}

/** What became of a request to start runs; runs are in the order in which they are carried out. */
export interface StartedRuns {
  readonly runs: readonly QueuedRun[];
  readonly skipped: readonly SkippedRun[];
}

/** 202 with the runs; with `wait` 200 and their log rows once all have ended, 202 when that takes too long. */
export async function runsAnswer(app: OpenApp, started: StartedRuns, wait: Waiting | null): Promise<Answer> {
  return waitForRuns(app, started.runs, startedBody(started), wait);
}

/** The same for runs whose answer has another body. */
export async function waitForRuns(
  app: OpenApp,
  runs: readonly QueuedRun[],
  body: Readonly<Record<string, unknown>>,
  wait: Waiting | null,
): Promise<Answer> {
  if (wait === null || !(await allEnded(app, runs, wait))) return { status: 202, body };
  const rows = await Promise.all(runs.map((run) => syncJobsOfRun(app.ports, run, mappingOf(app, run))));
  return ok({ ...body, syncJobs: rows.flat().map(syncJobView) });
}

function startedBody({ runs, skipped }: StartedRuns) {
  const accepted = runs.map(({ job, runId }) => ({ job, runId, status: 'accepted' }));
  return {
    runIds: runs.map(({ runId }) => runId),
    accepted: runs.length,
    skipped: skipped.length,
    failed: 0,
    results: [...accepted, ...skipped.map((run) => ({ ...run, status: 'skipped' }))],
  };
}

/** Runs end in order, so only the first that has not is asked about; the pauses grow, since asking costs requests. */
async function allEnded(app: OpenApp, runs: readonly QueuedRun[], waiting: Waiting): Promise<boolean> {
  const until = waiting.elapsedMs() + longestRequestMs;
  for (const run of runs) {
    const mapping = mappingOf(app, run);
    let pauseMs = firstPauseMs;
    while (!(await hasEnded(app.ports, run, mapping))) {
      if (waiting.elapsedMs() + pauseMs > until) return false;
      await waiting.pause(pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }
  return true;
}

function mappingOf({ mappings }: OpenApp, { job }: QueuedRun): RunSubject {
  if (isCodeJobName(job)) return { name: logNameOf(job) };
  return findMapping(mappings, mappingName(job));
}
