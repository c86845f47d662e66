/** `GET /accounts` and `GET /accounts/$count` (dataverse-web-api sections 4 to 6). */
import type { SimulatorResponse } from '../../common/server.ts';
import { decodeCookie, encodeCookie } from '../query/cookie.ts';
import { linkWithToken } from '../query/links.ts';
import type { SortKey } from '../query/orderBy.ts';
import { largestPage } from '../query/prefer.ts';
import { presentation, presentRow } from '../query/present.ts';
import type { QueryOptions } from '../query/queryOptions.ts';
import { countRows, type Page, readPage } from '../query/readPage.ts';
import type { Table } from '../schema/schema.ts';
import { collectionHead } from './collectionHead.ts';
import { addExpansions, checkExpansions } from './expandRow.ts';
import { jsonResponse, queryOptionsOf, type RequestContext } from './requestContext.ts';
import { countChanges, readChanges } from './trackChanges.ts';

/** Answers a page of the set, or of its changes when the request tracks them. Raises 400. */
export function readCollection(context: RequestContext, table: Table): SimulatorResponse {
  const options = queryOptionsOf(context);
  if (context.preferences.trackChanges || options.deltaToken !== null) {
    return readChanges(context, table, options);
  }
  const position = options.skipToken === null ? null : decodeCookie(options.skipToken);
  if (position?.tracking) return readChanges(context, table, options);
  const after = (position?.content['after'] ?? null) as SortKey | null;
  const { maxPageSize } = context.preferences;
  const limited = maxPageSize === null && options.top !== null;
  const size = Math.min(limited ? (options.top ?? largestPage) : (maxPageSize ?? largestPage), largestPage);
  const { organisation, cache } = context;
  const page: Page =
    size === 0 ? { rows: [], next: null } : readPage({ organisation, table, options, after, size, cache });
  const next = limited ? null : page.next;
  return jsonResponse(context, {
    ...collectionHead(context, table, options),
    ...recordCount(context, table, options),
    value: presentPage(context, table, options, page),
    ...(next === null
      ? {}
      : { '@odata.nextLink': nextLink(context, { page: (position?.page ?? 1) + 1, after: next }) }),
  });
}

function nextLink(context: RequestContext, position: { page: number; after: SortKey }): string {
  const cookie = encodeCookie({ page: position.page, tracking: false, content: { after: position.after } });
  return linkWithToken(context.request.url, '$skiptoken', cookie);
}

function recordCount(context: RequestContext, table: Table, options: QueryOptions): object {
  const { preferences, organisation } = context;
  const count = options.count ? countRows(organisation, table, options.filter) : null;
  const total = 'Microsoft.Dynamics.CRM.totalrecordcount';
  const exceeded = `${total}limitexceeded`;
  return {
    ...(preferences.includesAnnotation(total) ? { [`@${total}`]: count ?? -1 } : {}),
    ...(preferences.includesAnnotation(exceeded) ? { [`@${exceeded}`]: count === largestPage } : {}),
    ...(count === null ? {} : { '@odata.count': count }),
  };
}

function presentPage(
  context: RequestContext,
  table: Table,
  options: QueryOptions,
  page: Page,
): readonly object[] {
  const shown = presentation(context.organisation, table, options.select, context.preferences);
  checkExpansions(context, table, options.expand);
  return page.rows.map((row) => {
    const json = presentRow(row, shown);
    addExpansions(context, table, row, json, options.expand);
    return json;
  });
}

/** The number of rows, at most 5,000, as plain text; with a delta token the number of changes. */
export function readCount(context: RequestContext, table: Table): SimulatorResponse {
  const options = queryOptionsOf(context);
  const count =
    options.deltaToken === null
      ? countRows(context.organisation, table, options.filter)
      : countChanges(context, table, options.deltaToken);
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain', 'OData-Version': '4.0' },
    body: String(count),
  };
}
