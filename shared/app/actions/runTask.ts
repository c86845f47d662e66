/** Carries out one action on its mapping, whichever it is; the same code plans it in a dry run. */
import type { ActionProgress, ActionRun, ActionTask, MappingMode } from '../../domain/actions/actionRun.ts';
import { covers, passDirections, sourceSide } from '../../domain/common/directions.ts';
import { SyncFailure, unreachable } from '../../domain/common/failures.ts';
import { isCodeJobName } from '../../domain/jobs/codeJobs.ts';
import { findMapping } from '../../domain/mappings/catalog.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { RunManner } from '../../domain/sync/planTypes.ts';
import { createOrderTask } from '../documents/orders/createOrderTask.ts';
import { orderMappingName } from '../documents/orders/orderScope.ts';
import { runRequestFor } from '../jobs/runRequest.ts';
import { wakeJobs } from '../jobs/wakeJobs.ts';
import { repairStates } from '../run/repairStates.ts';
import type { RunRequest, RunScope } from '../run/runScope.ts';
import { runMapping } from '../runMapping.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type ActionResult, type ActionWork, underLease } from './actionScope.ts';
import { type CodeJobTask, runCodeTask } from './codeTask.ts';
import { coupleTask } from './coupleTask.ts';
import { deleteTask } from './deleteTask.ts';
import { findDeletedTask } from './findDeletedTask.ts';
import { matchTask, withMatchFields } from './matchTask.ts';
import { resolveErrorsTask } from './resolveErrorsTask.ts';
import { retryTask } from './retryTask.ts';
import { uncoupleTask } from './uncoupleTask.ts';

type SynchronizeTask = Extract<ActionTask, { kind: 'synchronize' }>;

/**
 * Does it, or the rest of it. Record failures are counted; raises SyncFailure when it cannot go on at all. Safe to repeat:
 * what is done is found done.
 */
export async function runTask(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  action: Pick<ActionRun, 'runId' | 'mapping' | 'task' | 'progress'>,
  dryRun: boolean,
): Promise<ActionResult> {
  const { task, runId } = action;
  if (task.kind === 'processQuotes' || task.kind === 'updateStatistics' || isCodeJobName(action.mapping))
    return runCodeTask(ports, mappings, action);
  const mapping = mappingFor(findMapping(mappings, action.mapping), task);
  const request = runRequestFor(mapping, { runId, trigger: 'action' }, dryRun);
  if (task.kind === 'synchronize') return synchronize(ports, mappings, mapping, task, request);
  if (task.kind === 'mapping') return synchronizeMapping(ports, mappings, mapping, task.mode, request);
  const result = await underLease(ports, mappings, mapping, request, async (scope) => {
    await repairStates(scope);
    return work(scope, task, action.progress);
  });
  // Only now, since the run that is woken needs the lease.
  if (task.kind === 'retry' && task.wake && result.status === 'done' && !dryRun)
    await wakeJobs(ports, jobsOf(mapping), 'retry');
  return result;
}

/** Orders of Sales are on the retry list of their mapping, and made by a job of their own (D-71). */
function jobsOf({ name }: TableMapping): readonly string[] {
  return name === orderMappingName ? [name, 'AUTO CREATE SALES ORDERS'] : [name];
}

function mappingFor(mapping: TableMapping, task: ActionTask): TableMapping {
  return task.kind === 'match' ? withMatchFields(mapping, task.fields) : mapping;
}

function work(
  scope: RunScope,
  task: Exclude<ActionTask, SynchronizeTask | { kind: 'mapping' } | CodeJobTask>,
  progress: ActionProgress | null,
): Promise<ActionWork> {
  switch (task.kind) {
    case 'couple':
      return coupleTask(scope, task, progress?.syncJobs['coupling']);
    case 'match':
      return matchTask(scope, task, progress);
    case 'uncouple':
    case 'uncoupleAll':
    case 'uncoupleErrors':
      return uncoupleTask(scope, task, progress);
    case 'retry':
      return retryTask(scope, task, progress);
    case 'synchronizeErrors':
    case 'restore':
      return resolveErrorsTask(scope, task, progress);
    case 'delete':
      return deleteTask(scope, task, progress);
    case 'createOrders':
      return createOrderTask(scope, task, progress?.syncJobs['synchronization']);
    case 'findDeleted':
      return findDeletedTask(scope, progress);
    default:
      return unreachable(task);
  }
}

/** Chosen records only, both directions for a merge; watermarks and conflict rules of forced records do not count (E-126). */
async function synchronize(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  task: SynchronizeTask,
  request: RunRequest,
): Promise<ActionResult> {
  checkDirections(mapping, task);
  const { businessCentralIds, dataverseIds } = task;
  const chosen = { businessCentral: businessCentralIds, dataverse: dataverseIds, withinFilter: false };
  const manner: RunManner = task.manner === 'merge' ? 'judge' : task.manner;
  const onlyCoupled = manner !== 'createNew';
  const result = await runMapping(ports, mappings, { ...request, chosen, manner, onlyCoupled });
  return result.status === 'paused' ? { status: 'busy' } : result;
}

/**
 * The regular run of the mapping with its own only-coupled setting (E-130); `full` reads everything, and `unconditional`
 * compares every coupled record with its counterpart, too (E-131). Raises SyncFailure `unconditional-not-allowed`.
 */
async function synchronizeMapping(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: TableMapping,
  mode: MappingMode,
  request: RunRequest,
): Promise<ActionResult> {
  checkMode(mapping, mode);
  const fromScratch = mode !== 'modified';
  const assumeChanged = mode === 'unconditional';
  const result = await runMapping(ports, mappings, { ...request, fromScratch, assumeChanged });
  return result.status === 'paused' ? { ...result, progress: { position: null, syncJobs: {} } } : result;
}

/** Raises SyncFailure `unconditional-not-allowed` where both sides could have changed (E-131). */
export function checkMode(mapping: TableMapping, mode: MappingMode): void {
  if (mode !== 'unconditional' || mapping.direction !== 'both') return;
  const message = `${mapping.name} synchronises in both directions; only mappings of one direction can be sent again unconditionally.`;
  throw new SyncFailure({ kind: 'config', code: 'unconditional-not-allowed', message });
}

/** Raises SyncFailure `direction-not-allowed` when records of a side the mapping does not read were chosen (E-157). */
export function checkDirections(mapping: TableMapping, task: SynchronizeTask): void {
  const ids = { businessCentral: task.businessCentralIds, dataverse: task.dataverseIds };
  const refused = passDirections.find(
    (pass) => ids[sourceSide(pass)].length > 0 && !covers(mapping.direction, pass),
  );
  if (refused === undefined) return;
  const message = `The table mapping ${mapping.name} does not synchronise ${refused === 'toDataverse' ? 'to Sales' : 'to Business Central'}.`;
  throw new SyncFailure({ kind: 'config', code: 'direction-not-allowed', message });
}
