/** Where several companies share the organisation: an order is stamped with ours before it is created (D-148, D-149). */
import { endStateOf } from '../../../domain/documents/orderStages.ts';
import { companyColumn, companyValues } from '../../../domain/sync/companyStamp.ts';
import { problem } from '../../../domain/sync/problems.ts';
import { saveProgress } from '../saveProgress.ts';
import {
  failedEnd,
  type OrderEnd,
  type OrderScope,
  type OrderWork,
  orderMappingName,
  type Staged,
} from './orderScope.ts';
import { writeRows } from './sandwich.ts';

/**
 * Saves the reservations with the state to come back to, and writes our company to orders that carry none. The row's
 * version decides between two companies that want the same order.
 */
export async function claimOrders(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  const stamp = await scope.company.stamp();
  const reserved = works.map((work) => {
    const isOurs = stamp.company === null || work.header.values[companyColumn] === stamp.company;
    const endState = isOurs ? work.intent.document.endState : endStateOf(work.header);
    return { ...work, intent: { ...work.intent, document: { ...work.intent.document, endState } } };
  });
  await saveProgress(scope, reserved);
  const unclaimed = reserved.filter(
    ({ header }) => stamp.company !== null && header.values[companyColumn] !== stamp.company,
  );
  const written = await writeRows(
    scope,
    unclaimed.map(({ header, intent }) => ({
      row: header,
      values: companyValues(stamp),
      endState: intent.document.endState,
    })),
  );
  const rows = new Map(unclaimed.map(({ header }, index) => [header.id, written[index]]));
  const going: OrderWork[] = [];
  const ended: OrderEnd[] = [];
  for (const work of reserved) {
    const result = rows.get(work.header.id);
    if (!result) going.push(work);
    else if (result.reason === null) going.push({ ...work, header: result.row });
    else ended.push(unclaimable(work, result.reason));
  }
  // A claim that changed nothing leaves nothing to come back to; one that stopped in the middle is repaired later.
  const untouched = reserved.filter(({ header }) => {
    const result = rows.get(header.id);
    return result !== undefined && result.reason !== null && result.row.etag === header.etag;
  });
  if (untouched.length > 0)
    await scope.ports.couplings.removeIntents(
      orderMappingName,
      untouched.map(({ header }) => header.id),
    );
  return { going, ended };
}

function unclaimable({ header }: OrderWork, reason: string): OrderEnd {
  const message = `The order could not be marked as our company's in Sales: ${reason}.`;
  return failedEnd(header, problem('record-changed', { message }));
}
