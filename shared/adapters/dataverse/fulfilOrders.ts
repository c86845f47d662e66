/** FulfillSalesOrder, in batches (documents D-17). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import { isSuccess, problemOf } from './batch.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { actionHeaders } from './requestHeaders.ts';
import { type FailedSend, sendWrites } from './sendWrites.ts';

/** The references disagree whether the action is bound to the collection; whichever is not there answers 404. */
const addresses = ['salesorders/Microsoft.Dynamics.CRM.FulfillSalesOrder', 'FulfillSalesOrder'] as const;
const complete = 100_001;

/** Closes orders as fulfilled. Safe to repeat in so far as a second call is refused. */
export async function fulfilOrders(
  context: DataverseContext,
  ids: readonly DataverseId[],
): Promise<readonly DeleteOutcome[]> {
  if (ids.length === 0) return [];
  const [bound, unbound] = addresses;
  const outcomes = await send(context, bound, ids);
  const isElsewhere = outcomes.every(({ status }) => status === 'missing');
  return isElsewhere ? send(context, unbound, ids) : outcomes;
}

async function send(
  context: DataverseContext,
  address: string,
  ids: readonly DataverseId[],
): Promise<readonly DeleteOutcome[]> {
  const parts = ids.map((id): BatchPart => {
    const body = JSON.stringify({
      OrderClose: {
        '@odata.type': 'Microsoft.Dynamics.CRM.orderclose',
        'salesorderid@odata.bind': `/salesorders(${id})`,
      },
      Status: complete,
    });
    return { method: 'POST', url: context.apiUrl + address, headers: actionHeaders, body };
  });
  const outcomes = await sendWrites<DeleteOutcome>(context, parts, false, outcomeOf);
  return outcomes.map((outcome: DeleteOutcome | FailedSend) => outcome);
}

function outcomeOf(answer: BatchAnswer): DeleteOutcome {
  if (isSuccess(answer)) return { status: 'done' };
  const isUnknownAddress = answer.status === 404 || /resource not found for the segment/i.test(answer.text);
  return isUnknownAddress ? { status: 'missing' } : { status: 'refused', problem: problemOf(answer) };
}
