/** Reads couplings by ids, by state, and in pages. */
import type { BusinessCentralId, DataverseId, MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { CouplingQuery } from '../../ports/couplingStore.ts';
import type { PageRequest, StoredPage } from '../../ports/pages.ts';
import { decodePosition, encodePosition, invalidContinuation } from './continuation.ts';
import {
  businessCentralPrefix,
  businessCentralRow,
  couplingFrom,
  dataverseRow,
  pointerFrom,
} from './couplingRows.ts';
import type { Condition, EntityTable } from './entityTable.ts';
import { encodeKey, prefixEnd } from './keys.ts';
import { lookupCost, partitionsAfter, rowsByKeys, scanCost } from './lookups.ts';

const couplingRange = { rowFrom: businessCentralPrefix, rowBefore: prefixEnd(businessCentralPrefix) };

/** See CouplingStore.byBusinessCentralIds. */
export async function couplingsByBusinessCentralIds(
  table: EntityTable,
  mapping: MappingName,
  ids: readonly BusinessCentralId[],
  coupledCount: number,
): Promise<readonly Coupling[]> {
  const wanted = new Set(ids);
  if (lookupCost(wanted.size) > scanCost(coupledCount)) {
    const all = await scan(table, encodeKey(mapping));
    return all.filter((coupling) => wanted.has(coupling.businessCentralId));
  }
  const rows = await rowsByKeys(table, encodeKey(mapping), [...wanted].map(businessCentralRow));
  return rows.map((row) => couplingFrom(table.name, row));
}

/** See CouplingStore.byDataverseIds; look-ups read the index first, so they count twice. */
export async function couplingsByDataverseIds(
  table: EntityTable,
  mapping: MappingName,
  ids: readonly DataverseId[],
  coupledCount: number,
): Promise<readonly Coupling[]> {
  const wanted = new Set(ids);
  if (2 * lookupCost(wanted.size) > scanCost(coupledCount)) {
    const all = await scan(table, encodeKey(mapping));
    return all.filter((coupling) => wanted.has(coupling.dataverseId));
  }
  return throughIndex(table, encodeKey(mapping), wanted);
}

async function throughIndex(
  table: EntityTable,
  partition: string,
  wanted: ReadonlySet<DataverseId>,
): Promise<readonly Coupling[]> {
  const pointers = await rowsByKeys(table, partition, [...wanted].map(dataverseRow));
  const keys = pointers.map((row) => businessCentralRow(pointerFrom(table.name, row)));
  const couplings = (await rowsByKeys(table, partition, keys)).map((row) => couplingFrom(table.name, row));
  return couplings.filter((coupling) => wanted.has(coupling.dataverseId));
}

async function scan(
  table: EntityTable,
  partition: string,
  where: readonly Condition[] = [],
): Promise<readonly Coupling[]> {
  const { rows } = await table.query({ partition, ...couplingRange, where });
  return rows.map((row) => couplingFrom(table.name, row));
}

/** See CouplingStore.unsettled; the service filters by state. In text order: failed, pending, skipped, synchronized. */
export function unsettledCouplings(table: EntityTable, mapping: MappingName): Promise<readonly Coupling[]> {
  return scan(table, encodeKey(mapping), [{ property: 'state', operator: 'le', value: 'pending' }]);
}

/**
 * See CouplingStore.list. Without a mapping the partitions are gone through in order, which costs one request
 * per partition to find it and at least one to read it.
 */
export async function listCouplings(
  table: EntityTable,
  query: CouplingQuery,
  page: PageRequest,
): Promise<StoredPage<Coupling>> {
  const start = page.continuation === null ? null : decodePosition(page.continuation, 2);
  const rows: Coupling[] = [];
  for await (const partition of partitionsOf(table, query, start?.[0] ?? null)) {
    const rowAfter = start !== null && start[0] === partition ? start[1] : undefined;
    const found = await listPartition(table, partition, query, rowAfter, page.top - rows.length);
    rows.push(...found.couplings);
    const isFull = rows.length === page.top && query.mapping === undefined;
    const last = found.couplings.at(-1);
    if ((found.more || isFull) && last !== undefined) {
      return { rows, continuation: encodePosition([partition, businessCentralRow(last.businessCentralId)]) };
    }
  }
  return { rows, continuation: null };
}

/** The partitions to read, beginning with the one a continuation stopped in. */
async function* partitionsOf(
  table: EntityTable,
  query: CouplingQuery,
  from: string | null,
): AsyncGenerator<string> {
  if (query.mapping !== undefined) {
    const partition = encodeKey(query.mapping);
    if (from !== null && from !== partition) throw invalidContinuation();
    yield partition;
    return;
  }
  if (from !== null) yield from;
  yield* partitionsAfter(table, from);
}

async function listPartition(
  table: EntityTable,
  partition: string,
  query: CouplingQuery,
  rowAfter: string | undefined,
  limit: number,
): Promise<{ couplings: readonly Coupling[]; more: boolean }> {
  if (query.businessCentralId !== undefined || query.dataverseId !== undefined) {
    const couplings = (await byIds(table, partition, query)).filter((coupling) => passes(coupling, query));
    const isBehind = (coupling: Coupling) =>
      businessCentralRow(coupling.businessCentralId) > (rowAfter ?? '');
    return { couplings: couplings.filter(isBehind), more: false };
  }
  const range = rowAfter === undefined ? couplingRange : { rowAfter, rowBefore: couplingRange.rowBefore };
  const where: Condition[] =
    query.state === undefined ? [] : [{ property: 'state', operator: 'eq', value: query.state }];
  const found = await table.query({ partition, ...range, where, limit });
  return { couplings: found.rows.map((row) => couplingFrom(table.name, row)), more: found.more };
}

async function byIds(
  table: EntityTable,
  partition: string,
  { businessCentralId, dataverseId }: CouplingQuery,
): Promise<readonly Coupling[]> {
  if (businessCentralId !== undefined) {
    const row = await table.get(partition, businessCentralRow(businessCentralId));
    return row === null ? [] : [couplingFrom(table.name, row)];
  }
  return dataverseId === undefined ? [] : throughIndex(table, partition, new Set([dataverseId]));
}

function passes(coupling: Coupling, query: CouplingQuery): boolean {
  const isState = query.state === undefined || coupling.state === query.state;
  return isState && (query.dataverseId === undefined || coupling.dataverseId === query.dataverseId);
}
