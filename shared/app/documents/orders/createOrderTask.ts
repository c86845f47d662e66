/** Makes an order of a submitted Sales order when a user asks for it, whatever the mapping's direction (D-38, D-156). */
import type { ActionTask } from '../../../domain/actions/actionRun.ts';
import type { SyncJobId } from '../../../domain/common/ids.ts';
import { documentName } from '../../../domain/documents/planDocument.ts';
import { plannedFields } from '../../../domain/documents/plannedFields.ts';
import { addCounters, type Counters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { FieldChange, PlannedAction } from '../../../domain/sync/planTypes.ts';
import { finishActionJob, openActionJob } from '../../actions/actionLog.ts';
import type { ActionWork } from '../../actions/actionScope.ts';
import { renewLease } from '../../run/lease.ts';
import type { RunScope } from '../../run/runScope.ts';
import { readHeaders } from '../documentRows.ts';
import { createOrders } from './createOrders.ts';
import { type OrderEnd, type OrderScope, openOrderScope, orderMappingName } from './orderScope.ts';
import { planOrders } from './planOrders.ts';
import { readOrderRetries, recordOrders } from './recordOrders.ts';

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
  if (request.dryRun) {
    const counts = await plan(scope, orders, task);
    return { syncJobs: [{ ...opened, counts }], coupled: 0, paused: null };
  }
  const [retries, intents] = await Promise.all([
    readOrderRetries(ports),
    ports.couplings.intents(orderMappingName),
  ]);
  const documents = intents.filter(({ document }) => document !== undefined);
  const ends = await createOrders(orders, task.dataverseIds, { intents: documents, waits: () => false });
  const counts = await recordOrders(ports, opened.id, ends, retries);
  const row = { ...opened, direction: 'toBusinessCentral', counts } as const;
  const finished = await finishActionJob(scope, row, messageOf(ends));
  return { syncJobs: [finished], coupled: counts.inserted, paused: null };
}

/** Why orders were not made. */
function messageOf(ends: readonly OrderEnd[]): string {
  return ends.flatMap((end) => (end.status === 'failed' ? [end.problem.message] : [])).join(' ');
}

async function plan(
  scope: RunScope,
  orders: OrderScope,
  { dataverseIds }: CreateOrderTask,
): Promise<Counters> {
  const headers = await readHeaders(scope.ports, 'order', dataverseIds);
  const couplings = await scope.ports.couplings.byDataverseIds(orderMappingName, dataverseIds, 1);
  const known = {
    couplings: new Map(couplings.map((coupling) => [coupling.dataverseId as string, coupling])),
    intents: new Map(),
  };
  const { going, ended } = await planOrders(orders, headers, known);
  for (const { header, plan: planned } of going)
    scope.planned.push({
      ...headOf(end(header)),
      kind: 'insert',
      ...written(plannedFields('order', planned)),
    });
  for (const each of ended) scope.planned.push(plannedEnd(each));
  const failed = ended.filter(({ status }) => status === 'failed').length;
  return addCounters(zeroCounters, { inserted: going.length, failed, unchanged: ended.length - failed });
}

function end(header: NonNullable<OrderEnd['header']>) {
  return { id: header.id, header };
}

function headOf({ id, header }: Pick<OrderEnd, 'id' | 'header'>) {
  return {
    mapping: orderMappingName,
    direction: 'toBusinessCentral',
    businessCentralId: null,
    dataverseId: id,
    name: header ? documentName('order', header) : '',
    pair: { businessCentral: null, dataverse: header, coupling: null },
  } as const;
}

function written(fields: readonly FieldChange[]) {
  return { values: {}, fields, settledFields: [], waitingFields: [], unsentFields: [] };
}

function plannedEnd(each: OrderEnd): PlannedAction {
  if (each.status === 'failed') return { ...headOf(each), kind: 'fail', problem: each.problem };
  return { ...headOf(each), kind: 'unchanged', settledFields: [], unsentFields: [] };
}
