/** Rows of look-up sets as plain values, without record identity. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';
import { runOperations } from './batch.ts';
import { answerFailure, type BatchOperation } from './batchFormat.ts';
import { type Client, setUrl } from './client.ts';
import { allRows, getPage, readList } from './lists.ts';
import { queryString } from './odata.ts';
import { readValues } from './values.ts';

/** All rows of a set that pass a filter, all pages. */
export async function readRows(
  client: Client,
  { entitySet, route, select, filter }: Parameters<BusinessCentral['readRows']>[0],
): Promise<readonly FieldValues[]> {
  const url = `${await setUrl(client, route, entitySet)}${queryString({ select, filter })}`;
  const rows = await allRows(client, await getPage(client, url, entitySet), entitySet);
  return toValues(rows, select);
}

/** Rows of a set for each filter, in the order of the filters; a row that passes two filters comes twice. */
export async function readRowsByFilters(
  client: Client,
  { entitySet, route, select, filters }: Parameters<BusinessCentral['readRowsByFilters']>[0],
): Promise<readonly FieldValues[]> {
  if (filters.length === 0) return [];
  const company = await client.companyPath();
  const operations = filters.map(
    (filter): BatchOperation => ({
      method: 'GET',
      path: `${company}/${entitySet}${queryString({ select, filter })}`,
    }),
  );
  const found: FieldValues[] = [];
  for (const result of await runOperations(client, route, operations, 'read')) {
    if (result instanceof SyncFailure) throw result;
    if (result.status !== 200) throw answerFailure(client, result, `GET ${entitySet}`);
    const rows = await allRows(client, readList(client, result.body, entitySet), entitySet);
    for (const row of toValues(rows, select)) found.push(row);
  }
  return found;
}

function toValues(rows: readonly unknown[], select: readonly string[]): readonly FieldValues[] {
  return rows.filter(isObject).map((row) => readValues(row, select));
}

function isObject(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === 'object' && row !== null;
}
