/** Rows that come to be together or not at all, as one change set of a batch (dataverse-web-api section 12). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseChange } from '../../ports/dataverse.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { DataverseContext } from './context.ts';
import type { BatchPart, BatchUnit } from './multipartBuilder.ts';
import { commonHeaders, writeHeaders } from './requestHeaders.ts';
import type { ResolvedSelection } from './selection.ts';
import { table } from './tableMetadata.ts';
import { entitySetsOf, prepareBody } from './writeBody.ts';

type Refused = Extract<WriteOutcome<never>, { status: 'refused' }>;

/** A row that was made in the same change set has no version anybody could have read. */
const conditions = { create: { 'If-None-Match': '*' }, update: { 'If-Match': '*' } } as const;

/**
 * The unit to send for a create: its own request, or a change set with everything that belongs to it. The answer that
 * counts is that of the last write to the row itself. A value that cannot be sent refuses all of it without a request.
 */
export async function changesWith(
  context: DataverseContext,
  resolved: ResolvedSelection,
  write: { readonly id: DataverseId; readonly together?: readonly DataverseChange[] },
  own: BatchPart,
): Promise<BatchUnit | Refused> {
  const { together = [] } = write;
  if (together.length === 0) return own;
  const operations: BatchPart[] = [own];
  let answering = 0;
  for (const change of together) {
    const isOwn = change.id === write.id && change.table === resolved.table.logicalName;
    const part = await partOf(context, change, isOwn ? resolved.select : null);
    if ('status' in part) return part;
    if (isOwn) answering = operations.length;
    operations.push(part);
  }
  return { operations, answering };
}

/** Only writes to the row that is asked for answer with a row. */
async function partOf(
  context: DataverseContext,
  change: DataverseChange,
  select: string | null,
): Promise<BatchPart | Refused> {
  const metadata = await table(context, change.table);
  const entitySets = await entitySetsOf(context, metadata, [change]);
  const rules = { table: metadata, skipEmptyLookups: change.kind === 'create', entitySets };
  const prepared = prepareBody(rules, change.values);
  if (prepared.status === 'refused') return prepared;
  const condition = conditions[change.kind];
  const url = `${context.apiUrl}${metadata.entitySet}(${change.id})`;
  return {
    method: 'PATCH',
    url: select === null ? url : `${url}?$select=${select}`,
    headers:
      select === null
        ? { ...commonHeaders, 'Content-Type': 'application/json', ...condition }
        : writeHeaders(condition),
    body: prepared.body,
  };
}
