/** What making orders would do, as actions of a dry run: nothing is written anywhere (contract section 3). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import { documentName } from '../../../domain/documents/planDocument.ts';
import { plannedFields } from '../../../domain/documents/plannedFields.ts';
import { addCounters, type Counters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { FieldChange, PlannedAction } from '../../../domain/sync/planTypes.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { readHeaders } from '../documentRows.ts';
import { type OrderEnd, type OrderScope, orderMappingName } from './orderScope.ts';
import { planOrders } from './planOrders.ts';

/** The plan, and the counters that carrying it out would end with. */
export interface PlannedCreations {
  readonly actions: readonly PlannedAction[];
  readonly counts: Counters;
}

/** Plans the orders of these ids, headers and lines as fields. Raises SyncFailure when a service cannot be asked. */
export async function planCreations(
  ports: SyncPorts,
  orders: OrderScope,
  dataverseIds: readonly DataverseId[],
): Promise<PlannedCreations> {
  const headers = await readHeaders(ports, 'order', dataverseIds);
  const couplings = await ports.couplings.byDataverseIds(orderMappingName, dataverseIds, 1);
  const known = {
    couplings: new Map(couplings.map((coupling) => [coupling.dataverseId as string, coupling])),
    intents: new Map(),
  };
  const { going, ended } = await planOrders(orders, headers, known);
  const made = going.map(
    ({ header, plan }): PlannedAction => ({
      ...headOf({ id: header.id, header }),
      kind: 'insert',
      ...written(plannedFields('order', plan)),
    }),
  );
  const failed = ended.filter(({ status }) => status === 'failed').length;
  return {
    actions: [...made, ...ended.map(plannedEnd)],
    counts: addCounters(zeroCounters, { inserted: going.length, failed, unchanged: ended.length - failed }),
  };
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
