/** Bound actions in batches (business-central-api section 4.3). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralAction } from '../../ports/businessCentral.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import { runOperations } from './batch.ts';
import type { BatchOperation } from './batchFormat.ts';
import type { Client } from './client.ts';
import { actionOutcome, raiseIfNothingWritten } from './outcomes.ts';

/** One outcome per record, in order. Raises SyncFailure only when no action was carried out. */
export async function actOn(
  client: Client,
  { entitySet, route, action }: BusinessCentralAction,
  ids: readonly BusinessCentralId[],
): Promise<readonly DeleteOutcome[]> {
  if (ids.length === 0) return [];
  const company = await client.companyPath();
  const operations = ids.map((id): BatchOperation => {
    return { method: 'POST', path: `${company}/${entitySet}(${id})/Microsoft.NAV.${action}` };
  });
  const results = await runOperations(client, route, operations, 'write');
  raiseIfNothingWritten(results.map((result) => (result instanceof SyncFailure ? result : null)));
  return results.map((result) => actionOutcome(client, { entitySet, route, properties: [] }, result));
}
