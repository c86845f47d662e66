/** Stage 1 of a pass: reads the records that may have to be transferred, page by page. */
import { type PassDirection, sourceSide } from '../../domain/common/directions.ts';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import { type Instant, later } from '../../domain/common/instants.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { PagePosition } from '../../domain/jobs/runCursor.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import { lastResult } from '../../domain/sync/changed.ts';
import { advanced, readFrom, type Watermark } from '../../domain/sync/watermark.ts';
import type { DataverseChangePage } from '../../ports/dataverse.ts';
import type { ChosenRecords, RunScope } from './runScope.ts';

export type SourceRecord = BusinessCentralRecord | DataverseRow;

/** Some source records, and how they were found. */
export interface CandidatePage {
  readonly records: readonly SourceRecord[];
  /** Records of the retry list (E-14, E-15) and those a user named (E-126) need not pass the mapping's filter. */
  readonly ignoresFilter: boolean;
  /** Ids asked for that no longer exist. */
  readonly missing: readonly string[];
  /** Retry entries by record id, for the whole pass. */
  readonly retries: ReadonlyMap<string, RetryRecord>;
  /** Rows that change tracking reports as deleted. */
  readonly deletedIds: readonly DataverseId[];
  /** Where a run that stops after this page goes on; null where it cannot stop. */
  readonly resume: PagePosition | null;
}

/** Where the next run of the mapping begins to read. */
export interface NextPosition {
  businessCentral: Watermark;
  dataverse: string | null;
  /** The change-tracking token was too old: everything was read, and deletions have to be found by keys. */
  tokenExpired: boolean;
}

/** A pass to be continued: its next page, and the retries it has handled. */
export interface PassStart {
  readonly position: PagePosition;
  readonly handled: readonly string[];
}

/** All candidates of a pass, or those left of it; `next` is filled in while reading and is complete at the end. */
export async function* readCandidates(
  scope: RunScope,
  pass: PassDirection,
  next: NextPosition,
  start: PassStart | null,
): AsyncGenerator<CandidatePage> {
  const { unsettled, entries } = await scope.retries.before();
  const retries = retryEntries(entries, pass);
  const ids = start ? start.handled : [...new Set([...unsettledIds(unsettled, pass), ...retryIds(retries)])];
  const handled = new Set<string>(ids);
  if (scope.request.chosen) return yield await chosenPage(scope, pass, scope.request.chosen, retries);
  if (!start && ids.length > 0) yield await pageOfIds(scope, pass, ids, retries);
  const pages =
    pass === 'toDataverse'
      ? businessCentralChanges(scope, next, start)
      : dataverseChanges(scope, next, start);
  for await (const { records, ...page } of pages) {
    const fresh = handled.size === 0 ? records : records.filter((record) => !handled.has(record.id));
    yield { ...page, records: fresh, ignoresFilter: false, missing: [], retries };
  }
}

type ChangedPage = Pick<CandidatePage, 'records' | 'deletedIds' | 'resume'>;

/** The watermark does not matter for records asked for by id (E-165); the filter does when another mapping asked (E-23). */
async function chosenPage(
  scope: RunScope,
  pass: PassDirection,
  chosen: ChosenRecords,
  retries: ReadonlyMap<string, RetryRecord>,
): Promise<CandidatePage> {
  const page = await pageOfIds(scope, pass, chosen[sourceSide(pass)], retries);
  return chosen.withinFilter ? { ...page, ignoresFilter: false, missing: [] } : page;
}

async function pageOfIds(
  scope: RunScope,
  pass: PassDirection,
  ids: readonly string[],
  retries: ReadonlyMap<string, RetryRecord>,
): Promise<CandidatePage> {
  const records = await readByIds(scope, pass, ids);
  const found = new Set<string>(records.map((record) => record.id));
  const missing = ids.filter((id) => !found.has(id));
  return { records, ignoresFilter: true, missing, retries, deletedIds: [], resume: null };
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

/** Records whose last attempt in this direction failed, and pairs coupled without being synchronised in it yet. */
function unsettledIds(unsettled: readonly Coupling[], pass: PassDirection): readonly string[] {
  return unsettled
    .filter((coupling) => {
      const result = lastResult(coupling, pass)?.result;
      return result === 'failure' || (coupling.state === 'pending' && result === undefined);
    })
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
  start: PassStart | null,
): AsyncGenerator<ChangedPage> {
  const selection = scope.selections.businessCentral;
  const begun = start?.position.side === 'businessCentral' ? start.position : beginning(scope, next);
  const { modifiedFrom, startedAt } = begun;
  let { newest } = begun;
  let cursor = begun.page;
  do {
    const page = await scope.ports.businessCentral.readChanges({ selection, modifiedFrom, cursor });
    for (const { modifiedAt } of page.records)
      if (modifiedAt <= startedAt) newest = later(newest, modifiedAt);
    cursor = page.next;
    const resume =
      cursor === null
        ? null
        : ({ side: 'businessCentral', modifiedFrom, startedAt, newest, page: cursor } as const);
    yield { records: page.records, deletedIds: [], resume };
  } while (cursor !== null);
  next.businessCentral = advanced(next.businessCentral, newest, startedAt);
}

function beginning({ mapping, ports }: RunScope, next: NextPosition) {
  const isWhole = mapping.businessCentral.reading === 'whole';
  const modifiedFrom = isWhole ? null : readFrom(next.businessCentral);
  const nothingRead: { newest: Instant | null; page: string | null } = { newest: null, page: null };
  return { modifiedFrom, startedAt: ports.clock.now(), ...nothingRead };
}

async function* dataverseChanges(
  scope: RunScope,
  next: NextPosition,
  start: PassStart | null,
): AsyncGenerator<ChangedPage> {
  let position = start?.position.side === 'dataverse' ? start.position.page : next.dataverse;
  let more = true;
  while (more) {
    const page = await readDataversePage(scope, position, next);
    if (page.end !== null) next.dataverse = page.end;
    position = page.next;
    more = page.next !== null;
    const resume = page.next === null ? null : ({ side: 'dataverse', page: page.next } as const);
    yield { records: page.rows, deletedIds: page.deletedIds, resume };
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
