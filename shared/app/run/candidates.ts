/** Stage 1 of a pass: reads the records that may have to be transferred, page by page. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import { type Instant, later } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import { lastResult } from '../../domain/sync/changed.ts';
import { advanced, readFrom, type Watermark } from '../../domain/sync/watermark.ts';
import type { DataverseChangePage } from '../../ports/dataverse.ts';
import type { RunScope } from './runScope.ts';

export type SourceRecord = BusinessCentralRecord | DataverseRow;

/** Some source records, and whether they come from the retry list (which ignores the filter, E-14, E-15). */
export interface CandidatePage {
  readonly records: readonly SourceRecord[];
  readonly fromRetryList: boolean;
  /** Ids of the retry list that no longer exist. */
  readonly missing: readonly string[];
  /** Retry entries by record id, for the whole pass. */
  readonly retries: ReadonlyMap<string, RetryRecord>;
}

/** Where the next run of the mapping begins to read. */
export interface NextPosition {
  businessCentral: Watermark;
  dataverse: string | null;
  /** Rows that change tracking reports as deleted. */
  readonly deletedIds: DataverseId[];
  /** The change-tracking token was too old: everything was read, and deletions have to be found by keys. */
  tokenExpired: boolean;
}

/** All candidates of a pass; `next` is filled in while reading and is complete at the end. */
export async function* readCandidates(
  scope: RunScope,
  pass: PassDirection,
  next: NextPosition,
): AsyncGenerator<CandidatePage> {
  const { failed, entries } = await scope.retryList();
  const retries = retryEntries(entries, pass);
  const ids = [...new Set([...failedIds(failed, pass), ...retryIds(retries)])];
  const handled = new Set<string>(ids);
  if (ids.length > 0) yield await retryPage(scope, pass, ids, retries);
  const pages = pass === 'toDataverse' ? businessCentralChanges(scope, next) : dataverseChanges(scope, next);
  for await (const records of pages) {
    const fresh = handled.size === 0 ? records : records.filter((record) => !handled.has(record.id));
    yield { records: fresh, fromRetryList: false, missing: [], retries };
  }
}

async function retryPage(
  scope: RunScope,
  pass: PassDirection,
  ids: readonly string[],
  retries: ReadonlyMap<string, RetryRecord>,
): Promise<CandidatePage> {
  const records = await readByIds(scope, pass, ids);
  const found = new Set<string>(records.map((record) => record.id));
  return { records, fromRetryList: true, missing: ids.filter((id) => !found.has(id)), retries };
}

function retryEntries(
  entries: readonly RetryRecord[],
  pass: PassDirection,
): ReadonlyMap<string, RetryRecord> {
  const side = sourceSide(pass);
  return new Map(entries.filter((entry) => entry.side === side).map((entry) => [entry.id, entry]));
}

function retryIds(retries: ReadonlyMap<string, RetryRecord>): readonly string[] {
  return [...retries.values()].filter((entry) => !entry.skipped).map((entry) => entry.id);
}

function failedIds(failed: readonly Coupling[], pass: PassDirection): readonly string[] {
  return failed
    .filter((coupling) => lastResult(coupling, pass)?.result === 'failure')
    .map((coupling) => (pass === 'toDataverse' ? coupling.businessCentralId : coupling.dataverseId));
}

function readByIds(
  scope: RunScope,
  pass: PassDirection,
  ids: readonly string[],
): Promise<readonly SourceRecord[]> {
  const { businessCentral, dataverse } = scope.ports;
  return pass === 'toDataverse'
    ? businessCentral.readByIds(scope.selections.businessCentral, ids as readonly BusinessCentralId[])
    : dataverse.readByIds(scope.selections.dataverse, ids as readonly DataverseId[]);
}

/** The new watermark is the newest time read, never beyond the start of the pass (E-49). */
async function* businessCentralChanges(
  scope: RunScope,
  next: NextPosition,
): AsyncGenerator<readonly BusinessCentralRecord[]> {
  const { ports, mapping } = scope;
  const selection = scope.selections.businessCentral;
  const startedAt = ports.clock.now();
  const before = next.businessCentral;
  const modifiedFrom = mapping.businessCentral.reading === 'whole' ? null : readFrom(before);
  let newest: Instant | null = null;
  let cursor: string | null = null;
  do {
    const page = await ports.businessCentral.readChanges({ selection, modifiedFrom, cursor });
    yield page.records;
    for (const { modifiedAt } of page.records) {
      if (modifiedAt <= startedAt) newest = later(newest, modifiedAt);
    }
    cursor = page.next;
  } while (cursor !== null);
  next.businessCentral = advanced(before, newest, startedAt);
}

async function* dataverseChanges(
  scope: RunScope,
  next: NextPosition,
): AsyncGenerator<readonly DataverseRow[]> {
  let position = next.dataverse;
  let more = true;
  while (more) {
    const page = await readDataversePage(scope, position, next);
    next.deletedIds.push(...page.deletedIds);
    yield page.rows;
    if (page.end !== null) next.dataverse = page.end;
    position = page.next;
    more = page.next !== null;
  }
}

/** An expired token means reading everything once more; what was deleted meanwhile is found by the sweep. */
async function readDataversePage(
  { ports, selections }: RunScope,
  position: string | null,
  next: NextPosition,
): Promise<DataverseChangePage> {
  const selection = selections.dataverse;
  try {
    return await ports.dataverse.readChanges({ selection, position });
  } catch (error) {
    const isExpired = error instanceof SyncFailure && error.code === 'change-tracking-expired';
    if (!isExpired || position === null) throw error;
    ports.log('warning', 'change-tracking-expired', { table: selection.table });
    next.tokenExpired = true;
    return ports.dataverse.readChanges({ selection, position: null });
  }
}
