/** What the log tells of one record: its last runs in each direction, and its errors. */
import type { RecordKey } from '../../domain/actions/actionRun.ts';
import type { SyncError, SyncJob } from '../../domain/logs/syncJob.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { LogStore, SyncErrorQuery } from '../../ports/logStore.ts';
import { couplingsOfKeys } from '../actions/chooseRecords.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** Newest first; both lists are empty for a record nobody knows. */
export interface RecordLog {
  readonly syncJobs: readonly SyncJob[];
  readonly errors: readonly SyncError[];
}

/** At most `top` errors. A row that was purged is left out. Asks the storage only. */
export async function readRecordLog(
  ports: SyncPorts,
  mapping: TableMapping,
  key: RecordKey,
  top: number,
): Promise<RecordLog> {
  const [coupling = null] = await couplingsOfKeys(ports, mapping, [key]);
  const ours = key.businessCentralId ?? coupling?.businessCentralId;
  const theirs = key.dataverseId ?? coupling?.dataverseId;
  const errors = newestFirst([
    ...(ours === undefined ? [] : await errorsOf(ports.logs, mapping, { businessCentralId: ours }, top)),
    ...(theirs === undefined ? [] : await errorsOf(ports.logs, mapping, { dataverseId: theirs }, top)),
  ]).slice(0, top);
  const ids = new Set([coupling?.toDataverse?.syncJobId, coupling?.toBusinessCentral?.syncJobId]);
  // A record that was never coupled has no last results, only a failure that tells which run met it.
  if (coupling === null) ids.add(errors[0]?.syncJobId);
  const known = [...ids].filter((id) => id !== undefined);
  const rows = await Promise.all(known.map((id) => ports.logs.syncJob(id)));
  return { syncJobs: newestFirst(rows.filter((row) => row !== null)), errors };
}

async function errorsOf(
  logs: LogStore,
  { name }: TableMapping,
  record: Pick<SyncErrorQuery, 'businessCentralId' | 'dataverseId'>,
  top: number,
): Promise<readonly SyncError[]> {
  return (await logs.listErrors({ mapping: name, ...record }, { top, continuation: null })).rows;
}

/** Ids are ordered by time; a row met twice counts once. */
function newestFirst<Row extends { readonly id: string }>(rows: readonly Row[]): readonly Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...byId.values()].sort((left, right) => (left.id < right.id ? 1 : -1));
}
