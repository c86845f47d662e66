/** Answers of actions on records and mappings: a plan, or the runs that carry them out. */
import { planAction, requestAction } from '../../shared/app/actions/requestAction.ts';
import type { Plan } from '../../shared/app/queries/planRuns.ts';
import type { Composition, OpenApp } from '../../shared/composition/composition.ts';
import type { ActionTask, RecordKey } from '../../shared/domain/actions/actionRun.ts';
import type { MappingName } from '../../shared/domain/common/ids.ts';
import { addCounters, zeroCounters } from '../../shared/domain/logs/syncJob.ts';
import { findMapping } from '../../shared/domain/mappings/catalog.ts';
import { refuseLinesAlone } from '../../shared/domain/mappings/linesAlone.ts';
import type { QueuedRun } from '../../shared/ports/queue.ts';
import { type Answer, ok } from '../http/endpoint.ts';
import { planView } from './planView.ts';
import { waitForRuns } from './runAnswers.ts';

/** One piece of work on one mapping. */
export interface WantedAction {
  readonly mapping: MappingName;
  readonly task: ActionTask;
}

/** What became of one record or mapping that was named. */
export interface NamedResult {
  readonly mapping: MappingName;
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
  for (const { mapping } of actions) refuseLinesAlone(findMapping(opened.mappings, mapping));
  if (query.dryRun) return ok(planView(await planOf(opened, actions)));
  const runs: QueuedRun[] = [];
  for (const { mapping, task } of actions) runs.push(await requestAction(opened.ports, mapping, task, user));
  const count = (status: NamedResult['status']) =>
    results.reduce((sum, result) => sum + (result.status === status ? (result.records ?? 1) : 0), 0);
  const body = {
    runIds: runs.map(({ runId }) => runId),
    accepted: count('accepted'),
    skipped: count('skipped'),
    failed: count('failed'),
    results: results.map((result) => resultView(result, runs)),
  };
  return waitForRuns(opened, runs, body, query.wait ? app.waiting : null);
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
  { mapping, key, status, records, code, message }: NamedResult,
  runs: readonly QueuedRun[],
) {
  const run = status === 'accepted' ? runs.find(({ job }) => job === mapping) : undefined;
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
