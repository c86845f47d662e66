/** Answers of actions on records and mappings: a plan, or the runs that carry them out. */
import { z } from 'zod';
import { planAction, requestAction } from '../../shared/app/actions/requestAction.ts';
import { requireEnabled } from '../../shared/app/jobs/integrationSwitch.ts';
import type { Plan } from '../../shared/app/queries/planRuns.ts';
import type { Composition, OpenApp } from '../../shared/composition/composition.ts';
import type { ActionTask, RecordKey } from '../../shared/domain/actions/actionRun.ts';
import type { MappingName } from '../../shared/domain/common/ids.ts';
import { isCodeJobName } from '../../shared/domain/jobs/codeJobs.ts';
import { addCounters, zeroCounters } from '../../shared/domain/logs/syncJob.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { refuseLinesAlone } from '../../shared/domain/mappings/linesAlone.ts';
import type { QueuedRun } from '../../shared/ports/queue.ts';
import { type Answer, ok } from '../http/endpoint.ts';
import { acceptedAction, endedAction } from './answers/logs.ts';
import { plan } from './answers/records.ts';
import { planView } from './planView.ts';
import { waitForRuns } from './runAnswers.ts';

/** What every action answers: a plan or the ended runs, or what was accepted (contract section 3). */
export const actionAnswers = { 200: z.union([plan, endedAction]), 202: acceptedAction } as const;

/** One piece of work on one mapping. */
export interface WantedAction {
  readonly mapping: MappingName;
  readonly task: ActionTask;
}

/** What became of one record or mapping that was named. */
export interface NamedResult {
  readonly mapping: MappingName;
  /** The name its action runs under, where that is another one. */
  readonly runsAs?: MappingName;
  readonly key: RecordKey | null;
  readonly status: 'accepted' | 'skipped' | 'failed';
  /** How many records it stands for; one unless told. */
  readonly records?: number;
  readonly code?: string;
  readonly message?: string;
}

/** How the caller wants the action, and who that is. */
export interface ActionCall {
  readonly query: { readonly wait: boolean; readonly dryRun: boolean };
  readonly user: string;
}

/**
 * Raises SyncFailure `only-lines-not-allowed` for lines. The plan of a dry run; otherwise 202 with the runs, or 200 with their log rows once they have ended (contract section 3).
 */
export async function actionAnswer(
  app: Composition,
  opened: OpenApp,
  { query, user }: ActionCall,
  actions: readonly WantedAction[],
  results: readonly NamedResult[],
): Promise<Answer> {
  for (const { mapping } of actions)
    if (!isCodeJobName(mapping)) refuseLinesAlone(findMapping(opened.mappings, mapping));
  if (query.dryRun) return ok(planView(await planOf(opened, actions)));
  // Also when nothing is left to do: whoever asks is told that nothing would be done at present.
  await requireEnabled(opened.ports);
  const runs: QueuedRun[] = [];
  for (const { mapping, task } of actions) runs.push(await requestAction(opened.ports, mapping, task, user));
  const runIds = runs.map(({ runId }) => runId);
  const wait = query.wait ? app.waiting : null;
  const answer = await waitForRuns(opened, runs, { runIds, ...resultsBody(results, runs) }, wait);
  if (answer.status !== 200) return answer;
  const ended = await withFailures(opened, runs, results);
  return ok({ ...(answer.body as object), ...resultsBody(ended, runs) });
}

function resultsBody(results: readonly NamedResult[], runs: readonly QueuedRun[]) {
  const count = (status: NamedResult['status']) =>
    results.reduce((sum, result) => sum + (result.status === status ? (result.records ?? 1) : 0), 0);
  return {
    accepted: count('accepted'),
    skipped: count('skipped'),
    failed: count('failed'),
    results: results.map((result) => resultView(result, runs)),
  };
}

/** An action that ended as a whole, and why, is told in the place of what it was accepted for. */
const actionFailed = 'action-failed';

async function withFailures(
  { ports }: OpenApp,
  runs: readonly QueuedRun[],
  results: readonly NamedResult[],
): Promise<readonly NamedResult[]> {
  const actions = await Promise.all(runs.map(({ runId }) => ports.actions.get(runId)));
  return results.map((result) => {
    const action = actions.find((each) => each?.mapping === (result.runsAs ?? result.mapping));
    if (result.status !== 'accepted' || action?.status !== 'failed') return result;
    return { ...result, status: 'failed', code: actionFailed, message: action.message };
  });
}

async function planOf({ ports, mappings }: OpenApp, actions: readonly WantedAction[]): Promise<Plan> {
  let plan: Plan = { actions: [], counts: zeroCounters, requests: { businessCentral: 0, dataverse: 0 } };
  for (const { mapping, task } of actions) {
    const { actions: planned, counts, requests } = await planAction(ports, mappings, mapping, task);
    plan = {
      actions: [...plan.actions, ...planned],
      counts: addCounters(plan.counts, counts),
      requests: {
        businessCentral: plan.requests.businessCentral + requests.businessCentral,
        dataverse: plan.requests.dataverse + requests.dataverse,
      },
    };
  }
  return plan;
}

function resultView(
  { mapping, runsAs, key, status, records, code, message }: NamedResult,
  runs: readonly QueuedRun[],
) {
  const isOfRun = status === 'accepted' || code === actionFailed;
  const run = isOfRun ? runs.find(({ job }) => job === (runsAs ?? mapping)) : undefined;
  return {
    mapping,
    ...(key?.businessCentralId ? { businessCentralId: key.businessCentralId } : {}),
    ...(key?.dataverseId ? { dataverseId: key.dataverseId } : {}),
    ...(run ? { runId: run.runId } : {}),
    status,
    ...(records === undefined ? {} : { records }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  };
}
