/** Deletes records in batches, each guarded by the etag of its main set (business-central-api sections 4.1 and 4.2). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import { runOperations } from './batch.ts';
import type { BatchOperation } from './batchFormat.ts';
import type { Client } from './client.ts';
import { deleteOutcome, raiseIfNothingWritten } from './outcomes.ts';
import { mainSet } from './records.ts';

/**
 * One outcome per record, in order. A record without an etag of its main set counts as changed. Raises SyncFailure only
 * when nothing was deleted. Safe to repeat: a record that is gone answers `missing`.
 */
export async function deleteRecords(
  client: Client,
  selection: BusinessCentralSelection,
  records: readonly BusinessCentralRecord[],
): Promise<readonly DeleteOutcome[]> {
  if (records.length === 0) return [];
  const set = mainSet(selection);
  const company = await client.companyPath();
  const operations = records.flatMap(({ id, etags }): BatchOperation[] => {
    const etag = etags[set.entitySet];
    const path = `${company}/${set.entitySet}(${id})`;
    return etag === undefined ? [] : [{ method: 'DELETE', path, headers: { 'If-Match': etag } }];
  });
  const results = await runOperations(client, set.route, operations, 'write');
  raiseIfNothingWritten(results.map((result) => (result instanceof SyncFailure ? result : null)));
  const outcomes = results.map((result) => deleteOutcome(client, set, result));
  return records.map(({ etags }) =>
    etags[set.entitySet] === undefined ? { status: 'stale' } : (outcomes.shift() ?? { status: 'stale' }),
  );
}
