/** FulfillSalesOrder, in batches (documents D-17). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import { isSuccess, problemOf } from './batch.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart } from './multipartBuilder.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { actionHeaders } from './requestHeaders.ts';
import { type FailedSend, sendWrites } from './sendWrites.ts';

const action = 'FulfillSalesOrder';
/** The references disagree whether the action is bound to the collection. */
const addresses = [`salesorders/Microsoft.Dynamics.CRM.${action}`, action] as const;
const complete = 100_001;
/** There is no such row, which says nothing about the address. */
const noSuchRow = '0x80040217';

/** `elsewhere`: nothing was carried out, because nothing answers at this address. */
type Outcome = DeleteOutcome | { readonly status: 'elsewhere' };

/**
 * Closes orders as fulfilled. An address where no action answers carries nothing out, so those orders are sent to the other;
 * the one that answered is remembered. Metadata would tell the same at the length of megabytes. Safe to repeat in so far as a
 * second call is refused.
 */
export async function fulfilOrders(
  context: DataverseContext,
  ids: readonly DataverseId[],
): Promise<readonly DeleteOutcome[]> {
  const known = context.actionAddresses.get(action);
  const tried = known === undefined ? addresses : [known, ...addresses.filter((each) => each !== known)];
  const outcomes = new Map<DataverseId, Outcome>(ids.map((id) => [id, { status: 'elsewhere' }]));
  for (const address of tried) {
    const open = ids.filter((id) => outcomes.get(id)?.status === 'elsewhere');
    if (open.length === 0) break;
    const answers = await send(context, address, open);
    for (const [index, id] of open.entries()) outcomes.set(id, answers[index] ?? { status: 'elsewhere' });
    if (answers.some(({ status }) => status === 'done')) context.actionAddresses.set(action, address);
  }
  return ids.map((id) => settled(outcomes.get(id)));
}

/** Where neither address answers, the organisation has no such action. */
function settled(outcome: Outcome | undefined): DeleteOutcome {
  if (outcome !== undefined && outcome.status !== 'elsewhere') return outcome;
  const message = `Dataverse has no action ${action}.`;
  return { status: 'refused', problem: { kind: 'config', serviceCode: '', message, status: 404 } };
}

async function send(
  context: DataverseContext,
  address: string,
  ids: readonly DataverseId[],
): Promise<readonly Outcome[]> {
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
  const outcomes = await sendWrites<Outcome>(context, parts, false, outcomeOf);
  return outcomes.map((outcome: Outcome | FailedSend) => outcome);
}

function outcomeOf(answer: BatchAnswer): Outcome {
  if (isSuccess(answer)) return { status: 'done' };
  const problem = problemOf(answer);
  if (problem.serviceCode.toLowerCase() === noSuchRow) return { status: 'missing' };
  const isUnknownAddress =
    [404, 405, 501].includes(answer.status) || /resource not found for the segment/i.test(answer.text);
  return isUnknownAddress ? { status: 'elsewhere' } : { status: 'refused', problem };
}
