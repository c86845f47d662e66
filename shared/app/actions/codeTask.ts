/** Actions on jobs that run code: under the job's lease, with the rows of the log that the job writes (D-156). */
import type { ActionRun, ActionTask } from '../../domain/actions/actionRun.ts';
import { unreachable } from '../../domain/common/failures.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import { processNamedQuotes } from '../documents/quotes/autoProcessQuotes.ts';
import { planNamedQuotes } from '../documents/quotes/planQuotesJob.ts';
import { fitToCompanionApp } from '../fitMappings.ts';
import type { CodeJob, PlanScope } from '../jobs/codeJob.ts';
import type { JobPlan } from '../jobs/jobPlan.ts';
import { runCodeJob } from '../jobs/runCodeJob.ts';
import { wakeJobs } from '../jobs/wakeJobs.ts';
import type { Plan } from '../queries/planRuns.ts';
import { meteredPorts } from '../run/runScope.ts';
import { planNamedCustomers, updateNamedCustomers } from '../statistics/namedCustomers.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { ActionResult } from './actionScope.ts';
import { planCodeRetry, retryCode } from './codeRetry.ts';

/** What can be asked of a job that runs code alone. */
export type CodeJobTask = Extract<ActionTask, { kind: 'processQuotes' | 'updateStatistics' }>;

/** Carries the task out. `busy` while a run of the job, or one that it needs, is on. Safe to repeat. */
export async function runCodeTask(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  { runId, mapping: job, task }: Pick<ActionRun, 'runId' | 'mapping' | 'task'>,
): Promise<ActionResult> {
  const run = { job, runId, trigger: 'action' } as const;
  const result = await runCodeJob(ports, mappings, run, codeOf(job, task));
  if (result.status === 'busy') return { status: 'busy' };
  if (result.status === 'paused') return { status: 'paused', progress: { position: null, syncJobs: {} } };
  // Only now, since the run that is woken needs the lease.
  if (task.kind === 'retry' && task.wake) await wakeJobs(ports, [job], 'retry');
  const { syncJobs, requests } = result;
  return { status: 'done', syncJobs, plan: [], requests };
}

/** What the task would do; nothing is written. */
export async function planCodeTask(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  job: MappingName,
  task: ActionTask,
): Promise<Plan> {
  const { ports: metered, meters } = meteredPorts(ports);
  const scope = { ports: metered, mappings: await fitToCompanionApp(metered, mappings) };
  const plan = await planOf(scope, job, task);
  const requests = { businessCentral: meters.businessCentral.sent, dataverse: meters.dataverse.sent };
  return { ...plan, requests };
}

function codeOf(job: MappingName, task: ActionTask): CodeJob {
  switch (task.kind) {
    case 'processQuotes':
      return processNamedQuotes(task.dataverseIds);
    case 'updateStatistics':
      return updateNamedCustomers(task.businessCentralIds);
    case 'retry':
      return retryCode(job, task.records);
    default:
      return unfit(job, task);
  }
}

function planOf(scope: PlanScope, job: MappingName, task: ActionTask): Promise<JobPlan> {
  switch (task.kind) {
    case 'processQuotes':
      return planNamedQuotes(scope, task.dataverseIds);
    case 'updateStatistics':
      return planNamedCustomers(scope, task.businessCentralIds);
    case 'retry':
      return planCodeRetry(scope, job, task.records);
    default:
      return unfit(job, task);
  }
}

/** Actions that need a table mapping are never asked of a job. */
function unfit(job: MappingName, task: ActionTask): never {
  return unreachable(`${task.kind} of ${job}` as never);
}
