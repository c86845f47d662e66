/** Makes an order of a submitted Sales order when a user asks for it, whatever the mapping's direction (D-38, D-156). */
import type { ActionTask } from '../../../domain/actions/actionRun.ts';
import type { SyncJobId } from '../../../domain/common/ids.ts';
import { finishActionJob, openActionJob } from '../../actions/actionLog.ts';
import type { ActionWork } from '../../actions/actionScope.ts';
import { renewLease } from '../../run/lease.ts';
import type { RunScope } from '../../run/runScope.ts';
import { createOrders } from './createOrders.ts';
import { type OrderEnd, openOrderScope, orderMappingName } from './orderScope.ts';
import { planCreations } from './planCreations.ts';
import { madeOrders, readOrderRetries, recordOrders } from './recordOrders.ts';

type CreateOrderTask = Extract<ActionTask, { kind: 'createOrders' }>;

/** Carries the task out under the mapping's lease; a dry run shows headers and lines and writes nothing. Safe to repeat. */
export async function createOrderTask(
  scope: RunScope,
  task: CreateOrderTask,
  begun: SyncJobId | undefined,
): Promise<ActionWork> {
  const { ports, allMappings, lease, request } = scope;
  const renew = async () => {
    if (lease) await renewLease(ports, lease);
  };
  const orders = await openOrderScope(ports, allMappings, { renew, mayWrite: !request.dryRun });
  const opened = await openActionJob(scope, 'synchronization', begun);
  const [retries, all] = await Promise.all([
    readOrderRetries(ports),
    ports.couplings.intents(orderMappingName),
  ]);
  const intents = all.filter(({ document }) => document !== undefined);
  const waits = () => false;
  if (request.dryRun) {
    const plan = await planCreations(ports, orders, task.dataverseIds, { intents, retries, waits });
    scope.planned.push(...plan.actions);
    return { syncJobs: [{ ...opened, counts: plan.counts }], coupled: 0, paused: null };
  }
  const ends = await createOrders(orders, task.dataverseIds, { intents, waits });
  const counts = await recordOrders(ports, opened.id, ends, retries);
  const row = { ...opened, direction: 'toBusinessCentral', counts } as const;
  const finished = await finishActionJob(scope, row, messageOf(ends));
  return { syncJobs: [finished], coupled: madeOrders(ends), paused: null };
}

/** Why orders were not made, or not released. */
function messageOf(ends: readonly OrderEnd[]): string {
  return ends
    .flatMap((end) => {
      if (end.status === 'failed') return [end.problem.message];
      return end.status === 'created' && end.lacking ? [end.lacking.problem.message] : [];
    })
    .join(' ');
}
