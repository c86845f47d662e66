/**
 * An {@link EntityTable} in memory, for unit tests of the use cases.
 *
 * It keeps the service's order, limits and preconditions and counts requests by the same formula. It differs
 * in that requests take no time, never fail and are never split by the service before 1,000 rows, and in that
 * the number of a refused write is always known.
 */
import {
  type Condition,
  type EntityTable,
  maxRowConditions,
  maxRowsPerRequest,
  type Properties,
  type PropertyValue,
  type RowPage,
  type RowQuery,
  type RowWrite,
  type StoredRow,
  type TransactionResult,
} from '../tableStorage/entityTable.ts';
import { checkRow } from '../tableStorage/rowLimits.ts';
import { KeyIndex } from './keyIndex.ts';

interface Partition {
  readonly rows: Map<string, StoredRow>;
  readonly keys: KeyIndex;
}

const maxWrites = 100;

/** A table that lives as long as the object. Raises RangeError where the service would refuse the request. */
export function memoryEntityTable(name: string, requests: { sent: number }): EntityTable {
  const partitions = new Map<string, Partition>();
  let lastVersion = 0;
  const nextVersion = (): string => {
    lastVersion += 1;
    return `W/"${lastVersion}"`;
  };
  return {
    name,
    async get(partition, row) {
      requests.sent += 1;
      return partitions.get(partition)?.rows.get(row) ?? null;
    },
    async query(query) {
      const page = select(partitions, query);
      requests.sent += Math.max(1, Math.ceil(page.rows.length / maxRowsPerRequest));
      return page;
    },
    async write(partition, writes) {
      requests.sent += 1;
      checkWrites(name, writes);
      const target = partitions.get(partition) ?? { rows: new Map(), keys: new KeyIndex() };
      const refusal = firstRefusal(target.rows, writes);
      if (refusal !== null) return refusal;
      partitions.set(partition, target);
      const versions = writes.map((write) => apply(target, partition, write, nextVersion));
      if (target.rows.size === 0) partitions.delete(partition);
      return { status: 'done', versions };
    },
  };
}

function checkWrites(name: string, writes: readonly RowWrite[]): void {
  if (writes.length === 0 || writes.length > maxWrites) throw new RangeError(`${writes.length} writes`);
  if (new Set(writes.map((write) => write.row)).size < writes.length) throw new RangeError('duplicate row');
  for (const write of writes) checkRow(name, write);
}

function firstRefusal(
  rows: ReadonlyMap<string, StoredRow>,
  writes: readonly RowWrite[],
): TransactionResult | null {
  for (const [index, write] of writes.entries()) {
    const stored = rows.get(write.row);
    if (write.kind === 'insert' && stored !== undefined) return { status: 'exists', index };
    const needsRow = write.kind === 'replace' || write.kind === 'merge' || write.kind === 'delete';
    if (needsRow && stored === undefined) return { status: 'missing', index };
    const wanted = write.kind === 'replace' ? write.version : undefined;
    if (wanted !== undefined && stored?.version !== wanted) return { status: 'changed', index };
  }
  return null;
}

function apply(
  target: Partition,
  partition: string,
  write: RowWrite,
  nextVersion: () => string,
): string | null {
  const stored = target.rows.get(write.row);
  if (write.kind === 'delete') {
    target.rows.delete(write.row);
    return null;
  }
  target.keys.add(write.row);
  const kept = write.kind === 'merge' ? stored?.properties : {};
  const version = nextVersion();
  const properties = { ...kept, ...write.properties };
  target.rows.set(write.row, { partition, row: write.row, version, properties });
  return version;
}

function select(partitions: ReadonlyMap<string, Partition>, query: RowQuery): RowPage {
  if ((query.rows?.length ?? 0) > maxRowConditions) throw new RangeError('too many row conditions');
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const rows: StoredRow[] = [];
  for (const row of candidates(partitions, query)) {
    if (!passesAll(row.properties, query.where ?? [])) continue;
    if (rows.length === limit) return { rows, more: true };
    rows.push(reduced(row, query.select));
  }
  return { rows, more: false };
}

function* candidates(partitions: ReadonlyMap<string, Partition>, query: RowQuery): Generator<StoredRow> {
  for (const name of partitionNames(partitions, query)) {
    const partition = partitions.get(name);
    if (partition === undefined) continue;
    for (const key of candidateKeys(partition, query)) {
      const row = partition.rows.get(key);
      if (row !== undefined) yield row;
    }
  }
}

function candidateKeys(partition: Partition, query: RowQuery): Iterable<string> {
  if (query.rows === undefined) return partition.keys.between(query);
  const wanted = new KeyIndex();
  for (const row of query.rows) wanted.add(row);
  return wanted.between(query);
}

function partitionNames(partitions: ReadonlyMap<string, Partition>, query: RowQuery): readonly string[] {
  const { partition, partitionAfter } = query;
  if (partition !== undefined) return [partition];
  const names = [...partitions.keys()].sort();
  return partitionAfter === undefined ? names : names.filter((name) => name > partitionAfter);
}

function passesAll(properties: Properties, conditions: readonly Condition[]): boolean {
  return conditions.every(({ property, operator, value }) => {
    const stored = properties[property];
    if (stored === undefined) return false;
    if (operator === 'eq') return stored === value;
    return operator === 'ge' ? stored >= value : stored <= value;
  });
}

function reduced(row: StoredRow, names: readonly string[] | undefined): StoredRow {
  if (names === undefined) return row;
  const properties: Record<string, PropertyValue> = {};
  for (const name of names) {
    const value = row.properties[name];
    if (value !== undefined) properties[name] = value;
  }
  return { ...row, properties };
}
