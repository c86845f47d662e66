/** Finds what Dataverse holds for customers whose statistics are due (ST-30, ST-31). */
import { type DataverseId, dataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import { statisticsLookup } from '../../domain/statistics/customerStatistics.ts';
import type { FoundStatistics } from '../../domain/statistics/statisticsRow.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { type DueCustomer, keysOf } from './dueCustomers.ts';
import { type StatisticsView, statisticsSelection } from './statisticsRun.ts';

const accounts = { table: 'account', attributes: [statisticsLookup] };

/** Accounts by id, with their lookup. One request for a page of them. */
export async function readAccounts(
  { dataverse }: SyncPorts,
  ids: readonly DataverseId[],
): Promise<ReadonlyMap<DataverseId, DataverseRow>> {
  const rows = ids.length === 0 ? [] : await dataverse.readByIds(accounts, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

/** What was found for each customer; an account that is gone leaves its customer out. Few requests for all of them. */
export async function findStatistics(
  run: StatisticsView,
  due: readonly DueCustomer[],
): Promise<ReadonlyMap<DueCustomer, FoundStatistics>> {
  const { ports } = run;
  if (due.length === 0) return new Map();
  const byAccount = await readAccounts(
    ports,
    due.map(({ coupling }) => coupling.dataverseId),
  );
  const candidates = new Map(due.map((each) => [each, candidateIds(run, each, byAccount)]));
  const ids = [...new Set([...candidates.values()].flat())];
  const rows = new Map<string, DataverseRow>(
    (await ports.dataverse.readByIds(statisticsSelection, ids)).map((row) => [row.id, row]),
  );
  const homeless = due.filter((each) => !candidates.get(each)?.some((id) => rows.has(id)));
  const strays = await readStrays(
    ports,
    homeless.filter(({ coupling }) => byAccount.has(coupling.dataverseId)),
  );
  const found = new Map<DueCustomer, FoundStatistics>();
  for (const each of due) {
    const account = byAccount.get(each.coupling.dataverseId);
    if (!account) continue;
    const own = (candidates.get(each) ?? []).flatMap((id) => rows.get(id) ?? []);
    found.set(each, { account, rows: own, strays: strays.get(each) ?? [] });
  }
  return found;
}

function candidateIds(
  run: StatisticsView,
  due: DueCustomer,
  byAccount: ReadonlyMap<DataverseId, DataverseRow>,
): readonly DataverseId[] {
  const linked = byAccount.get(due.coupling.dataverseId)?.values[statisticsLookup] ?? null;
  const known = [linked === null ? null : dataverseId(String(linked)), due.written?.statisticsId ?? null];
  return [...known, keysOf(run, due.coupling).own].filter((id) => id !== null);
}

/** Rows with the customer's number that no account points at: another account's row is never taken over (ST-31). */
async function readStrays(
  { dataverse }: SyncPorts,
  due: readonly DueCustomer[],
): Promise<ReadonlyMap<DueCustomer, readonly DataverseRow[]>> {
  if (due.length === 0) return new Map();
  const numbers = due.map(({ values }) => String(values['nav_customerno'] ?? ''));
  const rows = await dataverse.readByValues(statisticsSelection, 'nav_customerno', [...new Set(numbers)]);
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const owners = await dataverse.readByValues(accounts, statisticsLookup, ids);
  const taken = new Set(owners.map(({ values }) => values[statisticsLookup]));
  const free = rows.filter(({ id }) => !taken.has(id));
  return new Map(
    due.map((each) => [
      each,
      free.filter(({ values }) => values['nav_customerno'] === each.values['nav_customerno']),
    ]),
  );
}
