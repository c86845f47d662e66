/** Whether a Sales order that a user names has its order in Business Central already, and what became of one that was asked for (D-65, D-156). */
import type { DataverseId } from '../../../domain/common/ids.ts';
import { isToldUnreleased } from '../../../domain/documents/unreleasedOrders.ts';
import type { TableMapping } from '../../../domain/mappings/model.ts';
import { sourceNotFound } from '../../actions/checkPartners.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { type DocumentAnswer, failureAnswer } from '../documentAnswer.ts';
import { readHeaders } from '../documentRows.ts';
import { openOrderScope, orderMappingName } from './orderScope.ts';
import { coupledEnds } from './planOrders.ts';

/** Null when the order can be made. Raises SyncFailure `source-not-found`. */
export async function checkOrder(
  ports: SyncPorts,
  mappings: readonly TableMapping[],
  id: DataverseId,
): Promise<DocumentAnswer | null> {
  const headers = await readHeaders(ports, 'order', [id]);
  if (headers.length === 0) throw sourceNotFound('Sales', id);
  const [coupling] = await ports.couplings.byDataverseIds(orderMappingName, [id], 1);
  if (!coupling) return null;
  const scope = await openOrderScope(ports, mappings, { renew: async () => {}, mayWrite: false });
  const [end] = await coupledEnds(scope, headers, new Map([[id as string, coupling]]));
  if (end?.status === 'alreadyInvoiced')
    return { status: 'skipped', code: end.status, message: `The order was posted as invoice ${end.number}.` };
  const number = end?.status === 'alreadyCoupled' ? end.number : coupling.businessCentralName;
  return {
    status: 'skipped',
    code: 'alreadyCoupled',
    message: `The order is order ${number} in Business Central already.`,
  };
}

/** What became of an order that was asked for, once the run is over; null while nothing is known. */
export async function orderAnswer(ports: SyncPorts, id: DataverseId): Promise<DocumentAnswer | null> {
  const [coupling] = await ports.couplings.byDataverseIds(orderMappingName, [id], 1);
  if (coupling) {
    const made = `The order was created as order ${coupling.businessCentralName}.`;
    const message = isToldUnreleased(coupling) ? `${made} ${coupling.lastError?.message}` : made;
    return { status: 'accepted', code: 'created', message };
  }
  return failureAnswer(ports, orderMappingName, id);
}
