/** Puts an action on the queue, or plans it (A-16, DESIGN "dry run of every action"). */
import type { ActionTask } from '../../domain/actions/actionRun.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import { isCodeJobName } from '../../domain/jobs/codeJobs.ts';
import { addCounters, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { QueuedRun } from '../../ports/queue.ts';
import { requireEnabled } from '../jobs/integrationSwitch.ts';
import type { Plan } from '../queries/planRuns.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { planCodeTask } from './codeTask.ts';
import { runTask } from './runTask.ts';

/** Writes the action down first, so that a lost message can be sent again, and queues it. Raises SyncFailure `integration-disabled`. */
export async function requestAction(
  ports: SyncPorts,
  mapping: MappingName,
  task: ActionTask,
  requestedBy: string,
): Promise<QueuedRun> {
  await requireEnabled(ports);
  const requestedAt = ports.clock.now();
  const runId = ports.ids.runId(requestedAt);
  await ports.actions.save({
    ...{ runId, mapping, task, requestedBy, requestedAt },
    ...{ status: 'queued', finishedAt: null, message: '', progress: null },
  });
  const run: QueuedRun = { job: mapping, runId, trigger: 'action' };
  await ports.queue.send({ ...run, followedBy: [] });
  ports.log('information', 'action-requested', { mapping, runId, task: task.kind });
  return run;
}

/** What the action would do now; nothing is written anywhere. Raises SyncFailure as the action would. */
export async function planAction(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  mapping: MappingName,
  task: ActionTask,
): Promise<Plan> {
  if (isCodeJobName(mapping)) return planCodeTask(ports, mappings, mapping, task);
  const runId = ports.ids.runId(ports.clock.now());
  const result = await runTask(ports, mappings, { runId, mapping, task, progress: null }, true);
  if (result.status !== 'done') throw new Error(`A dry run of ${mapping} ended as ${result.status}`);
  const counts = result.syncJobs.reduce((sum, syncJob) => addCounters(sum, syncJob.counts), zeroCounters);
  return { actions: result.plan, counts, requests: result.requests };
}
