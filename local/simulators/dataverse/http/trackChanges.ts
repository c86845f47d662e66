/**
 * Change tracking: first load, delta links, deletions (dataverse-web-api section 6).
 * Not simulated: the check of the organisation-level read privilege.
 */
import type { SimulatorResponse } from '../../common/server.ts';
import { badQuery, invalidArgument } from '../errors.ts';
import { decodeCookie, encodeCookie } from '../query/cookie.ts';
import { newDeltaToken, versionInToken } from '../query/deltaToken.ts';
import { linkWithToken } from '../query/links.ts';
import { largestPage } from '../query/prefer.ts';
import { type Presentation, presentation, presentRow } from '../query/present.ts';
import type { QueryOptions } from '../query/queryOptions.ts';
import type { Table } from '../schema/schema.ts';
import { type Row, versionOf } from '../store/row.ts';
import { collectionHead } from './collectionHead.ts';
import { jsonResponse, type RequestContext } from './requestContext.ts';

/** A round of reading that may take several pages. */
interface TrackedRead {
  readonly page: number;
  /** The token the round ends with, fixed on its first page. */
  readonly endToken: string;
  /** The version the delta starts from; null on the first load. */
  readonly since: number | null;
  /** First load: the last id delivered. */
  readonly afterId: string | null;
  /** Delta: the version of the last row or deletion delivered. */
  readonly afterVersion: number;
  readonly inDeletions: boolean;
}

interface TrackedPage {
  readonly entries: readonly object[];
  readonly next: TrackedRead | null;
}

/** One page of the first load or of a delta. Raises 400 for options and tables that cannot be tracked. */
export function readChanges(context: RequestContext, table: Table, options: QueryOptions): SimulatorResponse {
  refuseUntrackable(table, options);
  const read = startOf(context, options);
  const shown = presentation(context.organisation, table, options.select, context.preferences);
  const size = context.preferences.maxPageSize ?? largestPage;
  const page = read.since === null ? firstLoadPage(read, shown, size) : deltaPage(context, read, shown, size);
  const url = context.request.url;
  return jsonResponse(context, {
    ...collectionHead(context, table, options, read.since === null ? '' : '/$delta'),
    value: page.entries,
    ...(page.next
      ? { '@odata.nextLink': linkWithToken(url, '$skiptoken', cookieOf(page.next)) }
      : { '@odata.deltaLink': linkWithToken(url, '$deltatoken', read.endToken) }),
  });
}

function refuseUntrackable(table: Table, options: QueryOptions): void {
  const refused = [
    ['$filter', options.filter !== null],
    ['$orderby', options.orderBy.length > 0],
    ['$expand', options.expand.length > 0],
    ['$top', options.top !== null],
  ].flatMap(([name, used]) => (used ? [name] : []));
  if (refused.length > 0) {
    throw badQuery(`The query option ${refused.join(', ')} cannot be used with change tracking.`);
  }
  if (!table.changeTrackingEnabled) {
    throw invalidArgument(`Change tracking is not enabled for the table '${table.logicalName}'.`);
  }
}

function startOf(context: RequestContext, options: QueryOptions): TrackedRead {
  const { organisation } = context;
  if (options.skipToken !== null) {
    const { content, page } = decodeCookie(options.skipToken);
    return { ...(content as unknown as TrackedRead), page };
  }
  const since = options.deltaToken === null ? null : versionInToken(organisation, options.deltaToken);
  return {
    page: 1,
    endToken: newDeltaToken(organisation),
    since,
    afterId: null,
    afterVersion: since ?? 0,
    inDeletions: false,
  };
}

function cookieOf(read: TrackedRead): string {
  return encodeCookie({ page: read.page, tracking: true, content: { ...read } });
}

/** Every row as new, no deletions; rows changed meanwhile come again with the first delta. */
function firstLoadPage(read: TrackedRead, shown: Presentation, size: number): TrackedPage {
  const rows: Row[] = [];
  for (const row of shown.organisation.store.table(shown.table).byId(read.afterId)) {
    if (rows.length === size) {
      const afterId = String(rows.at(-1)?.[shown.table.primaryId]);
      return { entries: present(rows, shown), next: { ...read, page: read.page + 1, afterId } };
    }
    rows.push(row);
  }
  return { entries: present(rows, shown), next: null };
}

function present(rows: readonly Row[], shown: Presentation): readonly object[] {
  return rows.map((row) => presentRow(row, shown));
}

/** New and changed rows by version, then all deletions. What is later than the end token waits for the next round. */
function deltaPage(
  context: RequestContext,
  read: TrackedRead,
  shown: Presentation,
  size: number,
): TrackedPage {
  const entries: object[] = [];
  let last = read;
  for (const change of changesOf(context, shown.table, read)) {
    if (entries.length === size) return { entries, next: { ...last, page: read.page + 1 } };
    last = { ...read, afterVersion: change.version, inDeletions: change.deletedId !== null };
    entries.push(
      change.row ? presentRow(change.row, shown) : deletedEntry(context, shown.table, change.deletedId),
    );
  }
  return { entries, next: null };
}

interface Change {
  readonly version: number;
  readonly row: Row | null;
  readonly deletedId: string | null;
}

function* changesOf(
  context: RequestContext,
  table: Table,
  read: Pick<TrackedRead, 'since' | 'afterVersion' | 'inDeletions' | 'endToken'>,
): Generator<Change> {
  const rows = context.organisation.store.table(table);
  const endVersion = Number.parseInt(read.endToken, 10);
  if (!read.inDeletions) {
    for (const row of rows.changedAfter(read.afterVersion)) {
      if (versionOf(row) > endVersion) break;
      yield { version: versionOf(row), row, deletedId: null };
    }
  }
  for (const { id, version } of rows.deletedAfter(read.inDeletions ? read.afterVersion : (read.since ?? 0))) {
    if (version > endVersion) break;
    yield { version, row: null, deletedId: id };
  }
}

function deletedEntry(context: RequestContext, table: Table, id: string | null): object {
  return {
    '@odata.context': `${context.base}/$metadata#${table.entitySet}/$deletedEntity`,
    id,
    reason: 'deleted',
  };
}

/** How many changes a delta link would bring. */
export function countChanges(context: RequestContext, table: Table, token: string): number {
  const since = versionInToken(context.organisation, token);
  const endToken = newDeltaToken(context.organisation);
  let count = 0;
  for (const _ of changesOf(context, table, { since, afterVersion: since, inDeletions: false, endToken })) {
    count += 1;
  }
  return count;
}
