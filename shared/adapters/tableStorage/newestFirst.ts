/** Lists of log rows, newest first, within one mapping or across all of them. */
import pLimit from 'p-limit';
import type { MappingName } from '../../domain/common/ids.ts';
import type { PageRequest, StoredPage } from '../../ports/pages.ts';
import { decodePosition, encodePosition } from './continuation.ts';
import type { Condition, EntityTable, StoredRow } from './entityTable.ts';
import { encodeKey } from './keys.ts';
import { partitionsAfter, requestConcurrency } from './lookups.ts';

/**
 * One page of rows whose keys are inverted ids (see newestFirstKey).
 *
 * With a mapping one request. Without, the ordered partitions are merged: p partitions cost p + 1 requests to
 * find them and p to read up to a page of each. A continuation is the last key handed out, which has its place
 * in every partition.
 */
export async function newestRows(
  table: EntityTable,
  mapping: MappingName | undefined,
  where: readonly Condition[],
  page: PageRequest,
): Promise<StoredPage<StoredRow>> {
  const rowAfter = page.continuation === null ? undefined : decodePosition(page.continuation, 1)[0];
  const range = { where, limit: page.top, ...(rowAfter === undefined ? {} : { rowAfter }) };
  const partitions = mapping === undefined ? await allPartitions(table) : [encodeKey(mapping)];
  const limit = pLimit(requestConcurrency);
  const found = await limit.map(partitions, (partition) => table.query({ partition, ...range }));
  const merged = found.flatMap((part) => part.rows).sort((left, right) => (left.row < right.row ? -1 : 1));
  const rows = merged.slice(0, page.top);
  const last = rows.at(-1);
  const isMore = merged.length > rows.length || found.some((part) => part.more);
  return { rows, continuation: isMore && last !== undefined ? encodePosition([last.row]) : null };
}

async function allPartitions(table: EntityTable): Promise<readonly string[]> {
  const partitions: string[] = [];
  for await (const partition of partitionsAfter(table, null)) partitions.push(partition);
  return partitions;
}
