/** Reads and writes that need several requests: many keys, all partitions, rows that may be gone. */
import pLimit from 'p-limit';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { MappingName } from '../../domain/common/ids.ts';
import type { EntityTable, Properties, RowWrite, StoredRow } from './entityTable.ts';
import { maxRowConditions, maxRowsPerRequest } from './entityTable.ts';
import { transactionGroups } from './transactionGroups.ts';

/** Requests of one operation sent at the same time. */
export const requestConcurrency = 4;
/** How often writes are tried again after other writers changed the rows in between. */
export const maxContentionAttempts = 6;

/** Requests that {@link rowsByKeys} sends for this many keys. */
export function lookupCost(keyCount: number): number {
  return Math.ceil(keyCount / maxRowConditions);
}

/** Requests that reading a range of this many rows takes. */
export function scanCost(rowCount: number): number {
  return Math.max(1, Math.ceil(rowCount / maxRowsPerRequest));
}

/** The rows of these keys that exist; repeated keys are read once. */
export async function rowsByKeys(
  table: EntityTable,
  partition: string,
  keys: readonly string[],
  select?: readonly string[],
): Promise<readonly StoredRow[]> {
  const rows = [...new Set(keys)];
  const chunks: string[][] = [];
  for (let start = 0; start < rows.length; start += maxRowConditions) {
    chunks.push(rows.slice(start, start + maxRowConditions));
  }
  const limit = pLimit(requestConcurrency);
  const pages = await limit.map(chunks, (chunk) =>
    table.query({ partition, rows: chunk, ...(select === undefined ? {} : { select }) }),
  );
  return pages.flatMap((page) => page.rows);
}

/**
 * The partitions of a table in order, starting after one (null: from the first). Finds each by asking for the
 * first row behind the one before, so n partitions cost n + 1 requests and need no index to be kept.
 */
export async function* partitionsAfter(table: EntityTable, after: string | null): AsyncGenerator<string> {
  let last = after;
  for (;;) {
    const start = last === null ? {} : { partitionAfter: last };
    const { rows } = await table.query({ ...start, select: [], limit: 1 });
    const [first] = rows;
    if (first === undefined) return;
    last = first.partition;
    yield last;
  }
}

/**
 * Writes rows in transactions, passing over those whose precondition does not hold: inserts of rows that
 * exist, merges and deletes of rows that are gone. Repeated rows count once. Safe to repeat.
 */
export async function writeWherePossible(
  table: EntityTable,
  partition: string,
  writes: readonly RowWrite[],
): Promise<void> {
  const distinct = [...new Map(writes.map((write) => [write.row, write])).values()];
  const limit = pLimit(requestConcurrency);
  await limit.map(transactionGroups(distinct.map((write) => ({ writes: [write] }))), (group) =>
    writeGroup(
      table,
      partition,
      group.flatMap((unit) => unit.writes),
    ),
  );
}

async function writeGroup(table: EntityTable, partition: string, group: readonly RowWrite[]): Promise<void> {
  let open = group;
  for (let attempt = 0; attempt < maxContentionAttempts; attempt += 1) {
    if (open.length === 0) return;
    const result = await table.write(partition, open);
    if (result.status === 'done') return;
    open = await writable(table, partition, open);
  }
  throw contention(table.name);
}

async function writable(
  table: EntityTable,
  partition: string,
  writes: readonly RowWrite[],
): Promise<readonly RowWrite[]> {
  const keys = writes.map((write) => write.row);
  const found = new Set((await rowsByKeys(table, partition, keys, [])).map((row) => row.row));
  return writes.filter(
    (write) => write.kind === 'upsert' || found.has(write.row) === (write.kind !== 'insert'),
  );
}

/** The failure to raise when other writers keep changing the same rows. */
export function contention(tableName: string): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'storage-contention',
    message: `Rows of table ${tableName} were changed by others ${maxContentionAttempts} times in a row.`,
  });
}

/** Rows by the mapping they belong to, which is their partition. */
export function groupByMapping<Item extends { readonly mapping: MappingName }>(
  items: readonly Item[],
): ReadonlyMap<MappingName, readonly Item[]> {
  const groups = new Map<MappingName, Item[]>();
  for (const item of items) {
    const group = groups.get(item.mapping);
    if (group === undefined) groups.set(item.mapping, [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * Writes a row if it still has this version (null: if there is none yet); returns the new version, or null
 * when another writer was first, or when the answer to the own write was lost and the client repeated it: who
 * gets null has to read the row again.
 */
export async function replaceVersion(
  table: EntityTable,
  partition: string,
  row: string,
  properties: Properties,
  version: string | null,
): Promise<string | null> {
  const write: RowWrite =
    version === null ? { kind: 'insert', row, properties } : { kind: 'replace', row, properties, version };
  const result = await table.write(partition, [write]);
  return result.status === 'done' ? (result.versions[0] ?? null) : null;
}
