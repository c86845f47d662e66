/** Reads changes by change tracking: rows and deletions since a delta link (dataverse-web-api section 6). */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import { type DataverseId, dataverseId, isGuid } from '../../domain/common/ids.ts';
import type { DataverseChangePage } from '../../ports/dataverse.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import type { DataverseContext } from './context.ts';
import { serviceCodes } from './errorRules.ts';
import { encodePosition, type Position } from './position.ts';
import { listUrl } from './readByFilter.ts';
import { getPage, type RawPage } from './readPages.ts';
import { readRowList } from './rows.ts';
import type { ResolvedSelection } from './selection.ts';

/** Where a change tracking read stands; null starts a full read that ends with a delta link. */
export type TrackedPosition = Extract<Position, { kind: 'trackedPage' | 'trackedEnd' }>;

/** One page. Raises SyncFailure `change-tracking-expired` when the delta link is too old. */
export async function readTrackedChanges(
  context: DataverseContext,
  resolved: ResolvedSelection,
  position: TrackedPosition | null,
): Promise<DataverseChangePage> {
  const delta = position !== null && (position.kind === 'trackedEnd' || position.delta);
  const url = position?.link ?? listUrl(context, resolved, null);
  const page = await getPage(context, resolved, url, { trackChanges: !delta }).catch((failure: unknown) => {
    throw delta && isExpired(failure) ? expired(resolved, failure) : failure;
  });
  const deletedIds = page.entries.flatMap((entry) => deletedId(entry) ?? []);
  const present = page.entries.filter((entry) => deletedId(entry) === null);
  return {
    rows: readRowList(context, resolved, present),
    deletedIds,
    ...linksOf(context, resolved, page, delta),
  };
}

function linksOf(
  context: DataverseContext,
  resolved: ResolvedSelection,
  page: RawPage,
  delta: boolean,
): Pick<DataverseChangePage, 'next' | 'end'> {
  const { select } = resolved;
  if (page.nextLink !== null) {
    return { next: encodePosition({ kind: 'trackedPage', select, delta, link: page.nextLink }), end: null };
  }
  if (page.deltaLink === null) return linkMissing(context, resolved);
  return { next: null, end: encodePosition({ kind: 'trackedEnd', select, link: page.deltaLink }) };
}

/** Without a delta link the next read is a full one: dearer, but nothing is lost. */
function linkMissing(
  context: DataverseContext,
  { table, select }: ResolvedSelection,
): Pick<DataverseChangePage, 'next' | 'end'> {
  context.log('warning', 'delta-link-missing', { table: table.logicalName });
  return { next: null, end: encodePosition({ kind: 'polledEnd', select, newest: null }) };
}

const deletedEntry = z.union([
  z.object({ reason: z.literal('deleted'), id: z.string() }),
  z.object({ '@removed': z.unknown(), id: z.string() }),
  z.object({ '@removed': z.unknown(), '@odata.id': z.string() }),
  z.object({ '@odata.context': z.string().endsWith('/$deletedEntity'), id: z.string() }),
]);

/** The id of a deletion; null for rows. An id may be a bare GUID or an address that ends in one. */
function deletedId(entry: unknown): DataverseId | null {
  if (!mayBeDeletion(entry)) return null;
  const result = deletedEntry.safeParse(entry);
  if (!result.success) return null;
  const text = 'id' in result.data ? result.data.id : result.data['@odata.id'];
  const guid = /\(([^()]+)\)\/?$/.exec(text)?.[1] ?? text;
  return isGuid(guid) ? dataverseId(guid) : null;
}

/** A cheap look before the full check: nearly all entries are rows. */
function mayBeDeletion(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null) return false;
  return 'reason' in entry || '@removed' in entry || '@odata.context' in entry;
}

function isExpired(failure: unknown): failure is HttpFailure {
  if (!(failure instanceof HttpFailure)) return false;
  if (failure.serviceCode.toLowerCase() === serviceCodes.versionStampExpired) return true;
  const refused = failure.status === 400 || failure.status === 410;
  return refused && /expired|version ?stamp/i.test(failure.message);
}

function expired(resolved: ResolvedSelection, cause: HttpFailure): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'change-tracking-expired',
    message: `The change tracking position of ${resolved.table.entitySet} is too old for Dataverse.`,
    suggestion: 'Nothing: the whole table is read once.',
    cause,
  });
}
