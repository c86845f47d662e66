/** The reading half of the port: changes, ids and values of records. */
import type { BusinessCentralId } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type {
  BusinessCentralChangesRequest,
  BusinessCentralPage,
  BusinessCentralSelection,
} from '../../ports/businessCentral.ts';
import { type Client, setUrl } from './client.ts';
import { getPage } from './lists.ts';
import { readLookups } from './lookups.ts';
import { instantLiteral, queryString, valueLiteral } from './odata.ts';
import { companionSets, lookupById, mainSet, mergeCompanions, recordOf, withCompanions } from './records.ts';
import { readSetRows, type SetRow, selectedNames } from './rows.ts';

/** One page of changes by modification time, with the companions of exactly its records (section 3.3). */
export async function readChanges(
  client: Client,
  { selection, modifiedFrom, cursor }: BusinessCentralChangesRequest,
): Promise<BusinessCentralPage> {
  const set = mainSet(selection);
  const query = queryString({
    select: selectedNames(set),
    filter: modifiedFrom === null ? undefined : `lastModifiedDateTime ge ${instantLiteral(modifiedFrom)}`,
    orderBy: 'lastModifiedDateTime',
  });
  const url = cursor ?? `${await setUrl(client, set.route, set.entitySet)}${query}`;
  const page = await getPage(client, url, set.entitySet);
  const records = toRecords(selection, readSetRows(client, set, page.rows));
  return { records: await withCompanions(client, selection, records), next: page.nextLink };
}

/** Records by id; main set and companions are read side by side, one batch per route. */
export async function readByIds(
  client: Client,
  selection: BusinessCentralSelection,
  ids: readonly BusinessCentralId[],
): Promise<readonly BusinessCentralRecord[]> {
  if (ids.length === 0) return [];
  const companions = companionSets(selection);
  const sets = [mainSet(selection), ...companions];
  const [mainRows = [], ...companionRows] = await readLookups(
    client,
    sets.map((set) => lookupById(set, ids)),
  );
  return mergeCompanions(selection, toRecords(selection, mainRows), companions, companionRows);
}

/** Records by the values of one property, then their companions. */
export async function readByValues(
  client: Client,
  selection: BusinessCentralSelection,
  property: string,
  values: readonly string[],
): Promise<readonly BusinessCentralRecord[]> {
  if (values.length === 0) return [];
  const lookup = { set: mainSet(selection), property, literals: values.map(valueLiteral) };
  const [rows = []] = await readLookups(client, [lookup]);
  return withCompanions(client, selection, toRecords(selection, rows));
}

/** A row met twice, as paging without a snapshot can bring, counts once: its later state. */
function toRecords(
  selection: BusinessCentralSelection,
  rows: readonly SetRow[],
): readonly BusinessCentralRecord[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...byId.values()].map((row) => recordOf(selection, row));
}
