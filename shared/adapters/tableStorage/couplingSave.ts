/**
 * Writes couplings so that the store itself keeps them one-to-one (P8): both rows of a coupling travel in one
 * transaction, and creates insert, so a second coupling of either id is refused whoever else writes.
 *
 * When a transaction is refused because of one row, that coupling is looked at, its outcome settled, and the
 * rest is sent again. Requests: ceil(2n/100) for n creates and one to find their intents, ceil(n/100) for n
 * replaces, ceil(n/15) + ceil(2n/100) for n removes.
 */
import pLimit from 'p-limit';
import type { MappingName } from '../../domain/common/ids.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { CouplingWrite, CouplingWriteOutcome } from '../../ports/couplingStore.ts';
import { businessCentralRow, couplingProperties, dataverseRow, intentRow } from './couplingRows.ts';
import type { EntityTable, PropertyValue, RowWrite } from './entityTable.ts';
import { standingIntents } from './intents.ts';
import { encodeKey } from './keys.ts';
import { contention, maxContentionAttempts, requestConcurrency, rowsByKeys } from './lookups.ts';
import { transactionGroups, waves } from './transactionGroups.ts';

/** A write on its way: rows still to be sent, or its outcome. */
interface Pending {
  readonly write: CouplingWrite;
  writes: readonly RowWrite[];
  outcome: CouplingWriteOutcome | null;
}

interface Target {
  readonly table: EntityTable;
  readonly mapping: MappingName;
  readonly partition: string;
}

/** See CouplingStore.save. */
export async function saveCouplings(
  table: EntityTable,
  mapping: MappingName,
  writes: readonly CouplingWrite[],
): Promise<readonly CouplingWriteOutcome[]> {
  const target = { table, mapping, partition: encodeKey(mapping) };
  const all = writes.map((write): Pending => ({ write, writes: [], outcome: null }));
  for (const wave of waves(all, (pending) => rowsOf(pending.write))) await saveWave(target, wave);
  return all.map((pending) => pending.outcome ?? 'done');
}

async function saveWave(target: Target, wave: readonly Pending[]): Promise<void> {
  await Promise.all([planCreates(target, wave), planRemoves(target, wave)]);
  for (const pending of wave) {
    const { write } = pending;
    if (write.kind === 'replace') pending.writes = [replaceRow(write.coupling)];
    if (write.kind === 'repoint') pending.writes = repointRows(write, new Set(pairRows(write.previous)));
  }
  const limit = pLimit(requestConcurrency);
  const groups = transactionGroups(wave.filter(isOpen));
  await limit.map([...groups], (group) => submit(target, group, 0));
}

function isOpen(pending: Pending): boolean {
  return pending.outcome === null;
}

/** The rows a write touches, those of its own pair first. */
function rowsOf(write: CouplingWrite): readonly string[] {
  const pair = pairRows(write.kind === 'remove' ? write : write.coupling);
  return write.kind === 'repoint' ? [...new Set([...pair, ...pairRows(write.previous)])] : pair;
}

function pairRows(pair: Pick<Coupling, 'businessCentralId' | 'dataverseId'>): readonly string[] {
  return [businessCentralRow(pair.businessCentralId), dataverseRow(pair.dataverseId)];
}

/** Takes creates to be free, and removes the intents that stand for them. */
async function planCreates({ table, mapping }: Target, wave: readonly Pending[]): Promise<void> {
  if (!wave.some((pending) => pending.write.kind === 'create')) return;
  const intents = await standingIntents(table, mapping);
  const ids = new Set(intents.map((intent) => intent.dataverseId));
  for (const pending of wave) {
    if (pending.write.kind !== 'create') continue;
    const { coupling } = pending.write;
    pending.writes = createRows('insert', coupling, ids.has(coupling.dataverseId));
  }
}

/** Deletes carry no version inside a transaction (B-32), so removes are checked to name a real pair first. */
async function planRemoves(target: Target, wave: readonly Pending[]): Promise<void> {
  const removes = wave.filter((pending) => pending.write.kind === 'remove');
  const keys = removes.flatMap((pending) => rowsOf(pending.write).slice(0, 1));
  const rows = await rowsByKeys(target.table, target.partition, keys, ['dataverseId']);
  const partners = new Map(rows.map((row) => [row.row, row.properties['dataverseId']]));
  for (const pending of removes) {
    if (pending.write.kind !== 'remove') continue;
    const { businessCentralId, dataverseId } = pending.write;
    const isPair = partners.get(businessCentralRow(businessCentralId)) === dataverseId;
    if (isPair) pending.writes = rowsOf(pending.write).map((row) => ({ kind: 'delete', row }));
    else pending.outcome = 'missing';
  }
}

async function submit(target: Target, group: readonly Pending[], attempt: number): Promise<void> {
  if (attempt === maxContentionAttempts) throw contention(target.table.name);
  const result = await target.table.write(
    target.partition,
    group.flatMap((pending) => pending.writes),
  );
  if (result.status === 'done') {
    for (const pending of group) pending.outcome = 'done';
    return;
  }
  const refused = attempt === 0 && result.index !== null ? ownerOf(group, result.index) : null;
  await inspect(target, refused === null ? group : [refused]);
  for (const rest of transactionGroups(group.filter(isOpen))) await submit(target, rest, attempt + 1);
}

function ownerOf(group: readonly Pending[], writeIndex: number): Pending | null {
  let end = 0;
  for (const pending of group) {
    end += pending.writes.length;
    if (writeIndex < end) return pending;
  }
  return null;
}

type Partners = ReadonlyMap<string, PropertyValue | undefined>;

/** Reads the rows that stand in the way and settles each write, or plans it anew. */
async function inspect({ table, partition }: Target, group: readonly Pending[]): Promise<void> {
  const keys = group.flatMap(({ write }) =>
    write.kind === 'create' ? [...rowsOf(write), intentRow(write.coupling.dataverseId)] : rowsOf(write),
  );
  const rows = await rowsByKeys(table, partition, keys, ['businessCentralId', 'dataverseId']);
  const partners = new Map(rows.map(({ row, properties }) => [row, partnerIn(row, properties)]));
  for (const pending of group) settle(pending, partners);
}

function partnerIn(row: string, properties: Readonly<Record<string, PropertyValue>>) {
  return properties[row.startsWith('d|') ? 'businessCentralId' : 'dataverseId'];
}

function settle(pending: Pending, partners: Partners): void {
  const { write } = pending;
  const { businessCentralId, dataverseId } = write.kind === 'remove' ? write : write.coupling;
  const [mainRow, indexRow] = [businessCentralRow(businessCentralId), dataverseRow(dataverseId)];
  const isMain = partners.get(mainRow) === dataverseId;
  const isIndex = partners.get(indexRow) === businessCentralId;
  switch (write.kind) {
    case 'create': {
      const isForeign = (partners.has(mainRow) && !isMain) || (partners.has(indexRow) && !isIndex);
      const kind = isMain || isIndex ? 'upsert' : 'insert';
      if (isForeign) pending.outcome = 'taken';
      else pending.writes = createRows(kind, write.coupling, partners.has(intentRow(dataverseId)));
      return;
    }
    case 'replace':
      if (!isMain) pending.outcome = 'missing';
      return;
    case 'repoint': {
      const previous = pairRows(write.previous);
      const isFree = (row: string, isOwn: boolean) => !partners.has(row) || isOwn || previous.includes(row);
      if (!isFree(mainRow, isMain) || !isFree(indexRow, isIndex)) pending.outcome = 'taken';
      else pending.writes = repointRows(write, new Set(partners.keys()));
      return;
    }
    case 'remove':
      pending.writes = [...(isMain ? [mainRow] : []), ...(isIndex ? [indexRow] : [])].map((row) => ({
        kind: 'delete',
        row,
      }));
      if (pending.writes.length === 0) pending.outcome = 'missing';
  }
}

/** `upsert` for a coupling that is already there with the same pair: a replay after a crash. */
function createRows(kind: 'insert' | 'upsert', coupling: Coupling, hasIntent: boolean): readonly RowWrite[] {
  const { businessCentralId, dataverseId } = coupling;
  const rows: RowWrite[] = [
    { kind, row: businessCentralRow(businessCentralId), properties: couplingProperties(coupling) },
    { kind, row: dataverseRow(dataverseId), properties: { businessCentralId } },
  ];
  return hasIntent ? [...rows, { kind: 'delete', row: intentRow(dataverseId) }] : rows;
}

/** Rows that stand are overwritten or deleted, others inserted; one transaction, so no half is ever seen. */
function repointRows(
  { coupling, previous }: Extract<CouplingWrite, { kind: 'repoint' }>,
  standing: ReadonlySet<string>,
): readonly RowWrite[] {
  const { businessCentralId, dataverseId } = coupling;
  const [mainRow, indexRow] = [businessCentralRow(businessCentralId), dataverseRow(dataverseId)];
  const gone = pairRows(previous).filter((row) => row !== mainRow && row !== indexRow && standing.has(row));
  const kindOf = (row: string) => (standing.has(row) ? 'upsert' : 'insert');
  return [
    { kind: kindOf(mainRow), row: mainRow, properties: couplingProperties(coupling) },
    { kind: kindOf(indexRow), row: indexRow, properties: { businessCentralId } },
    ...gone.map((row): RowWrite => ({ kind: 'delete', row })),
  ];
}

function replaceRow(coupling: Coupling): RowWrite {
  const row = businessCentralRow(coupling.businessCentralId);
  return { kind: 'replace', row, properties: couplingProperties(coupling) };
}
