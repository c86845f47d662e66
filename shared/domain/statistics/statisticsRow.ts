/** Which row of statistics is a customer's, and what has to be written to make it right (ST-20 to ST-23, ST-30, ST-31). */
import type { BusinessCentralId, DataverseId, SyncErrorId } from '../common/ids.ts';
import type { DataverseRow, DataverseWriteValue } from '../common/records.ts';
import {
  amountColumns,
  differences,
  firstValues,
  type StatisticsValues,
  startingValues,
  statisticsLookup,
} from './customerStatistics.ts';

/** What is remembered of a customer's statistics between runs; no name, no number, no amount. */
export interface WrittenStatistics {
  readonly businessCentralId: BusinessCentralId;
  /** The account they were written for. */
  readonly accountId: DataverseId;
  /** Null while none was written completely. */
  readonly statisticsId: DataverseId | null;
  /** Keyed digest of what was written; null = to be written again. */
  readonly digest: string | null;
  /** The open error, so that a repeated failure is one error. */
  readonly errorId: SyncErrorId | null;
}

/** What was found in Dataverse for one customer. */
export interface FoundStatistics {
  readonly account: DataverseRow;
  /** Rows that may be the customer's: the one the account points at, the one last written, the one under our own key. */
  readonly rows: readonly DataverseRow[];
  /** Rows of the same customer number that no account points at. */
  readonly strays: readonly DataverseRow[];
}

/** What is to be done for one customer; `row` null = it is to be created under `id`. */
export interface StatisticsPlan {
  readonly id: DataverseId;
  readonly row: DataverseRow | null;
  /** Whether the account has to be pointed at the row. */
  readonly link: boolean;
  /** What a new row begins with. */
  readonly starting: Readonly<Record<string, DataverseWriteValue>>;
  /** Of an existing row what differs, of a new one everything; empty = nothing to write. */
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  /** How the customer counts when all is written (ST-20, ST-22, ST-23). */
  readonly counter: 'inserted' | 'modified' | 'unchanged';
}

/** The keys a row of the customer may have. */
export interface StatisticsKeys {
  /** Made of company and customer. */
  readonly own: DataverseId;
  /** For a row in place of one that was deleted: its key must stay free for a restore. */
  readonly replacing: (deleted: DataverseId) => DataverseId;
}

/**
 * The account's lookup is the key (ST-31); a row that an earlier run made and could not link is found by its key, one of
 * another program by number and name. Pure.
 */
export function planStatistics(
  values: StatisticsValues,
  currencyId: DataverseId,
  found: FoundStatistics,
  written: WrittenStatistics | null,
  keys: StatisticsKeys,
): StatisticsPlan {
  const linkedId = found.account.values[statisticsLookup] ?? null;
  const byId = new Map<string, DataverseRow>(found.rows.map((row) => [row.id, row]));
  const row =
    byId.get(String(linkedId)) ??
    byId.get(written?.statisticsId ?? '') ??
    byId.get(keys.own) ??
    found.strays.find((stray) => stray.values['nav_name'] === values['nav_name']) ??
    null;
  const currency = { table: 'transactioncurrency', id: currencyId } as const;
  const deleted = written?.statisticsId ?? null;
  const id = row?.id ?? (deleted === null ? keys.own : keys.replacing(deleted));
  const starting = { ...startingValues(values), transactioncurrencyid: currency };
  if (row === null) {
    return { id, row, link: true, starting, values: firstValues(values), counter: 'inserted' };
  }
  const link = linkedId !== id;
  // The state a run leaves that is cut off between the first and the second write of a row.
  const isUnfinished = amountColumns.every((column) => row.values[column] === 1);
  const wanted = isUnfinished ? firstValues(values) : values;
  const changed: Record<string, DataverseWriteValue> = { ...differences(wanted, row.values) };
  if (row.values['transactioncurrencyid'] !== currencyId) changed['transactioncurrencyid'] = currency;
  const wasBlank = (row.values['nav_customerno'] ?? '') === '' || isUnfinished;
  const isChanged = link || Object.keys(changed).length > 0;
  return {
    ...{ id, row, link, starting },
    values: changed,
    counter: wasBlank ? 'inserted' : isChanged ? 'modified' : 'unchanged',
  };
}
