/** Deletes rows in batches, each guarded by its etag (dataverse-web-api sections 10 and 12). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { DeleteOutcome } from '../../ports/writeOutcome.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart } from './multipartBuilder.ts';
import { deleteHeaders } from './requestHeaders.ts';
import { sendWrites } from './sendWrites.ts';
import { table } from './tableMetadata.ts';
import { deleteOutcome } from './writeOutcomes.ts';

/** One outcome per row, in order. Safe to repeat: a row that is gone answers `missing`. */
export async function deleteRows(
  context: DataverseContext,
  logicalName: string,
  rows: readonly Pick<DataverseRow, 'id' | 'etag'>[],
): Promise<readonly DeleteOutcome[]> {
  if (rows.length === 0) return [];
  const { entitySet } = await table(context, logicalName);
  const parts = rows.map(
    ({ id, etag }): BatchPart => ({
      method: 'DELETE',
      url: `${context.apiUrl}${entitySet}(${id})`,
      headers: deleteHeaders(etag),
    }),
  );
  return sendWrites(context, parts, true, deleteOutcome);
}
