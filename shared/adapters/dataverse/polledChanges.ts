/** Reads changes by modifiedon, for tables without change tracking (dataverse-web-api section 7). */
import { type Instant, instant, later, neverStamped, shift } from '../../domain/common/instants.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { DataverseChangePage } from '../../ports/dataverse.ts';
import type { DataverseContext } from './context.ts';
import { encodePosition, type Position } from './position.ts';
import { listUrl } from './readByFilter.ts';
import { getPage } from './readPages.ts';
import { readRowList } from './rows.ts';
import type { ResolvedSelection } from './selection.ts';

/** Where a polling read stands; null reads everything. */
export type PolledPosition = Extract<Position, { kind: 'polledPage' | 'polledEnd' }>;

/**
 * modifiedon is stamped when an operation starts and seen when it commits, up to two minutes later
 * (section 7): rows of the last three minutes are read again.
 */
const overlapMs = 180_000;

/** One page; a table without modifiedon is read in full each time. Deletions cannot be seen. */
export async function readPolledChanges(
  context: DataverseContext,
  resolved: ResolvedSelection,
  position: PolledPosition | null,
): Promise<DataverseChangePage> {
  const url =
    position?.kind === 'polledPage' ? position.link : firstUrl(context, resolved, position?.newest ?? null);
  const page = await getPage(context, resolved, url);
  const rows = readRowList(context, resolved, page.entries);
  const newest = newestOf(rows, position?.newest ?? null);
  const { select } = resolved;
  if (page.nextLink !== null) {
    const next = encodePosition({ kind: 'polledPage', select, newest, link: page.nextLink });
    return { rows, deletedIds: [], next, end: null };
  }
  return { rows, deletedIds: [], next: null, end: encodePosition({ kind: 'polledEnd', select, newest }) };
}

/** Ordered by a unique column last, so that pages neither skip nor repeat rows (section 6). */
function firstUrl(context: DataverseContext, resolved: ResolvedSelection, newest: Instant | null): string {
  const { table } = resolved;
  const hasModifiedOn = table.attributes['modifiedon'] !== undefined;
  const filter = hasModifiedOn && newest !== null ? `modifiedon ge ${shift(newest, -overlapMs)}` : null;
  const order = `${hasModifiedOn ? 'modifiedon asc,' : ''}${table.idAttribute} asc`;
  return `${listUrl(context, resolved, filter)}&$orderby=${encodeURIComponent(order)}`;
}

/** Never earlier than before: an empty page must not move the position back. */
function newestOf(rows: readonly DataverseRow[], before: Instant | null): Instant | null {
  let newest = before;
  for (const row of rows) {
    if (row.modifiedAt !== neverStamped) newest = later(newest, instant(row.modifiedAt));
  }
  return newest;
}
