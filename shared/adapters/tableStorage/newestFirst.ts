/** Lists of log rows, newest first, within one partition (a mapping, the audit) or across all of them. */
import pLimit from 'p-limit';
import { type Instant, toEpochMs } from '../../domain/common/instants.ts';
import type { PageRequest, StoredPage } from '../../ports/pages.ts';
import { decodePosition, encodePosition } from './continuation.ts';
import type { Condition, EntityTable, StoredRow } from './entityTable.ts';
import { encodeKey, newestFirstFrom } from './keys.ts';
import { partitionsAfter, requestConcurrency } from './lookups.ts';

/**
 * One page of rows whose keys are inverted ids (see newestFirstKey).
 *
 * `until` leaves out rows whose ids were made later. With a name one request. Without, the ordered partitions are merged: p partitions cost p + 1 requests to
 * find them and p to read up to a page of each. A continuation is the last key handed out, which has its place
 * in every partition.
 */
export async function newestRows(
  table: EntityTable,
  partitionName: string | undefined,
  where: readonly Condition[],
  page: PageRequest,
  until?: Instant,
): Promise<StoredPage<StoredRow>> {
  const range = { where, limit: page.top, ...startOf(page, until) };
  const partitions = partitionName === undefined ? await allPartitions(table) : [encodeKey(partitionName)];
  const limit = pLimit(requestConcurrency);
  const found = await limit.map(partitions, (partition) => table.query({ partition, ...range }));
  const merged = found.flatMap((part) => part.rows).sort((left, right) => (left.row < right.row ? -1 : 1));
  const rows = merged.slice(0, page.top);
  const last = rows.at(-1);
  const isMore = merged.length > rows.length || found.some((part) => part.more);
  return { rows, continuation: isMore && last !== undefined ? encodePosition([last.row]) : null };
}

/** Where a page begins: behind the one before, at the newest row that is old enough, or at the newest of all. */
function startOf({ continuation }: PageRequest, until: Instant | undefined) {
  const rowAfter = continuation === null ? undefined : decodePosition(continuation, 1)[0];
  if (rowAfter !== undefined) return { rowAfter };
  return until === undefined ? {} : { rowFrom: newestFirstFrom(toEpochMs(until)) };
}

async function allPartitions(table: EntityTable): Promise<readonly string[]> {
  const partitions: string[] = [];
  for await (const partition of partitionsAfter(table, null)) partitions.push(partition);
  return partitions;
}
