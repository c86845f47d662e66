/** Creates orders with their lines; where several companies share the organisation, they are claimed first (D-149). */
import { saveProgress } from '../saveProgress.ts';
import { sendDocuments } from '../sendDocuments.ts';
import { claimOrders } from './claimOrders.ts';
import type { OrderScope, OrderWork, Staged } from './orderScope.ts';

/** See {@link sendDocuments}. */
export function sendOrders(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  return sendDocuments(scope, works, (reserved) => reserve(scope, reserved));
}

async function reserve(scope: OrderScope, works: readonly OrderWork[]): Promise<Staged> {
  if (await scope.mustClaim()) return claimOrders(scope, works);
  await saveProgress(scope, works);
  return { going: works, ended: [] };
}
