/** Reads rows by id, by value or by filter, many conditions per request. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow, FieldValue } from '../../domain/common/records.ts';
import type { DataverseSelection } from '../../ports/dataverse.ts';
import { chunk } from '../http/chunks.ts';
import { readMode, requireSuccess, sendBatch } from './batch.ts';
import type { DataverseContext } from './context.ts';
import { literal } from './literals.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { parsePage, readOn } from './readPages.ts';
import { readHeaders } from './requestHeaders.ts';
import { readRowList } from './rows.ts';
import { type ResolvedSelection, resolveSelection, wireName } from './selection.ts';

/** Conditions per inner request and inner requests per batch: 5,000 ids in one HTTP request. */
const conditionsPerFilter = 50;
const filtersPerBatch = 100;
/** Far below the 65,536 characters an address inside a batch may have (dataverse-web-api section 1). */
const longestFilter = 40_000;

/** The rows of these ids that exist, in any order. */
export async function readByIds(
  context: DataverseContext,
  selection: DataverseSelection,
  ids: readonly DataverseId[],
): Promise<readonly DataverseRow[]> {
  if (ids.length === 0) return [];
  const resolved = await resolveSelection(context, selection);
  const conditions = [...new Set(ids)].map((id) => `${resolved.table.idAttribute} eq ${id}`);
  return readByConditions(context, resolved, conditions);
}

/** The rows whose column equals one of the values. Raises SyncFailure `column-not-found` (config). */
export async function readByValues(
  context: DataverseContext,
  selection: DataverseSelection,
  attributeName: string,
  values: readonly FieldValue[],
): Promise<readonly DataverseRow[]> {
  if (values.length === 0) return [];
  const resolved = await resolveSelection(context, selection);
  const attribute = resolved.table.attributes[attributeName];
  if (!attribute) throw columnNotFound(selection.table, attributeName);
  const literals = new Set(values.flatMap((value) => literal(attribute.type, value) ?? []));
  const column = wireName(attribute);
  return readByConditions(
    context,
    resolved,
    [...literals].map((text) => `${column} eq ${text}`),
  );
}

/** Rows that pass an OData filter, all pages. */
export async function readRows(
  context: DataverseContext,
  selection: DataverseSelection,
  filter: string | null,
): Promise<readonly DataverseRow[]> {
  const resolved = await resolveSelection(context, selection);
  return readOn(context, resolved, listUrl(context, resolved, filter));
}

/** Address of the rows of a table that pass a filter, in the order of their keys by default. */
export function listUrl(
  context: DataverseContext,
  { table, select }: ResolvedSelection,
  filter: string | null,
): string {
  const condition = filter === null ? '' : `&$filter=${encodeURIComponent(filter)}`;
  return `${context.apiUrl}${table.entitySet}?$select=${select}${condition}`;
}

/** A row that meets several conditions comes once. */
async function readByConditions(
  context: DataverseContext,
  resolved: ResolvedSelection,
  conditions: readonly string[],
): Promise<readonly DataverseRow[]> {
  const batches = chunk(joinConditions(conditions), filtersPerBatch);
  const lists = await Promise.all(batches.map((filters) => readFilters(context, resolved, filters)));
  return [...new Map(lists.flat().map((row) => [row.id, row])).values()];
}

function joinConditions(conditions: readonly string[]): readonly string[] {
  const filters: string[] = [];
  let current: string[] = [];
  let length = 0;
  for (const condition of conditions) {
    const needed = encodeURIComponent(condition).length + 8;
    if (current.length === conditionsPerFilter || (current.length > 0 && length + needed > longestFilter)) {
      filters.push(current.join(' or '));
      current = [];
      length = 0;
    }
    current.push(condition);
    length += needed;
  }
  return current.length === 0 ? filters : [...filters, current.join(' or ')];
}

async function readFilters(
  context: DataverseContext,
  resolved: ResolvedSelection,
  filters: readonly string[],
): Promise<readonly DataverseRow[]> {
  const headers = readHeaders();
  const parts = filters.map((filter) => ({
    method: 'GET' as const,
    url: listUrl(context, resolved, filter),
    headers,
  }));
  const answers = await sendBatch(context, parts, readMode);
  const lists = await Promise.all(answers.map((answer) => readAnswer(context, resolved, answer)));
  return lists.flat();
}

async function readAnswer(
  context: DataverseContext,
  resolved: ResolvedSelection,
  answer: BatchAnswer,
): Promise<readonly DataverseRow[]> {
  requireSuccess(answer, `GET ${resolved.table.entitySet}`);
  const page = parsePage(answer.text, resolved);
  const first = readRowList(context, resolved, page.entries);
  return page.nextLink === null ? first : [...first, ...(await readOn(context, resolved, page.nextLink))];
}

function columnNotFound(table: string, column: string): SyncFailure {
  return new SyncFailure({
    kind: 'config',
    code: 'column-not-found',
    message: `Table "${table}" has no column "${column}" in Dataverse.`,
    suggestion: 'Install the solution the column belongs to, or correct the mapping.',
  });
}
