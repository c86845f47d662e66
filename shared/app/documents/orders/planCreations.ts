/** What making orders would do, as actions of a dry run: nothing is written anywhere (contract section 3). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { DataverseRow } from '../../../domain/common/records.ts';
import type { Coupling, CreateIntent } from '../../../domain/couplings/coupling.ts';
import type { PlannedAction } from '../../../domain/sync/planTypes.ts';
import type { JobPlan } from '../../jobs/jobPlan.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { readHeaders } from '../documentRows.ts';
import { plannedCoupling, plannedEnd, plannedInsert } from '../plannedEnds.ts';
import { countEnds, type DocumentRetries } from '../recordDocuments.ts';
import { locateDocuments } from '../recoverDocuments.ts';
import { type OrderEnd, type OrderScope, type OrderWork, orderMappingName } from './orderScope.ts';
import { planOrders } from './planOrders.ts';

/** What is known of orders, and which of them wait for a user (D-71). */
export interface CreationsRequest {
  readonly intents: readonly CreateIntent[];
  readonly retries: DocumentRetries;
  readonly waits: (header: DataverseRow) => boolean;
}

/** Plans the orders of these ids, headers and lines as fields. Raises SyncFailure when a service cannot be asked. */
export async function planCreations(
  ports: SyncPorts,
  orders: OrderScope,
  dataverseIds: readonly DataverseId[],
  request: CreationsRequest,
): Promise<JobPlan> {
  const headers = await readHeaders(ports, 'order', dataverseIds);
  const couplings = await ports.couplings.byDataverseIds(orderMappingName, dataverseIds, 1);
  const { actions, ends } = await planOrderRows(orders, headers, couplings, request);
  return { actions, counts: countEnds('order', ends, request.retries) };
}

/** The actions, and the ends they would come to. */
export interface PlannedOrders {
  readonly actions: readonly PlannedAction[];
  readonly ends: readonly OrderEnd[];
}

/** Plans orders that were read already. */
export async function planOrderRows(
  orders: OrderScope,
  headers: readonly DataverseRow[],
  couplings: readonly Coupling[],
  { intents, retries, waits }: CreationsRequest,
): Promise<PlannedOrders> {
  const named = { type: 'order', mapping: orderMappingName, retries } as const;
  const standing = new Map(intents.map((intent) => [intent.dataverseId as string, intent]));
  const complete = headers.flatMap((header) => completeStage(header, standing.get(header.id)) ?? []);
  const finished = new Set(complete.map(({ header }) => header));
  const open = headers.filter((header) => !finished.has(header));
  const known = {
    couplings: new Map(couplings.map((each) => [each.dataverseId as string, each])),
    intents: standing,
  };
  const planned = await planOrders(orders, open, known);
  const isReserved = ({ header, intent }: OrderWork) =>
    standing.has(header.id) && intent.document.stage === 'reserved';
  const located = await locateDocuments(orders, planned.going.filter(isReserved), intents);
  const others = planned.going.filter((work) => !isReserved(work));
  const waiting = others.filter(({ header }) => !standing.has(header.id) && waits(header));
  const going = [...located.going, ...others.filter((work) => !waiting.includes(work))];
  const ended: readonly OrderEnd[] = [
    ...planned.ended,
    ...located.ended,
    ...waiting.map(({ header }): OrderEnd => ({ id: header.id, header, status: 'waiting' })),
  ];
  const made = [...going, ...complete].map(({ header }): OrderEnd => {
    return { id: header.id, header, status: 'created', number: '' };
  });
  return {
    actions: [
      ...going.map((work) => plannedInsert(named, work)),
      ...complete.map((stage) => plannedCoupling(named, stage)),
      ...ended.map((end) => plannedEnd(named, end)),
    ],
    ends: [...made, ...ended],
  };
}

/** An order that only has to be stamped and coupled: nothing about it is checked once more. */
function completeStage(
  header: DataverseRow,
  intent: CreateIntent | undefined,
): Pick<OrderWork, 'header' | 'intent'> | null {
  if (intent?.document?.stage !== 'complete') return null;
  return { header, intent: { ...intent, document: intent.document } };
}
