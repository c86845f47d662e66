/** Reads pages of rows and follows their links. */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import { parseJson, readShape } from '../http/json.ts';
import { answerOf, type DataverseContext, get } from './context.ts';
import { readHeaders } from './requestHeaders.ts';
import { readRowList } from './rows.ts';
import type { ResolvedSelection } from './selection.ts';

const pageShape = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

/** One page as the service sent it. */
export interface RawPage {
  readonly entries: readonly unknown[];
  readonly nextLink: string | null;
  readonly deltaLink: string | null;
}

/** Reads the text of a page. Raises SyncFailure when it has not the form of a list. */
export function parsePage(text: string, resolved: ResolvedSelection): RawPage {
  const answer = answerOf(`GET ${resolved.table.entitySet}`);
  const page = readShape(pageShape, parseJson(text, answer), answer);
  return {
    entries: page.value,
    nextLink: page['@odata.nextLink'] ?? null,
    deltaLink: page['@odata.deltaLink'] ?? null,
  };
}

/** Gets one page. A link is followed unchanged, with the same page size (dataverse-web-api section 6). */
export async function getPage(
  context: DataverseContext,
  resolved: ResolvedSelection,
  url: string,
  options?: { readonly trackChanges?: boolean },
): Promise<RawPage> {
  const headers = readHeaders({ pageSize: context.pageSize, ...options });
  const response = await get(context, url, headers);
  const page = parsePage(response.text, resolved);
  if (page.nextLink === url) throw endlessPages(resolved);
  return page;
}

/** All rows behind a link, page after page; null gives none. */
export async function readOn(
  context: DataverseContext,
  resolved: ResolvedSelection,
  link: string | null,
): Promise<readonly DataverseRow[]> {
  const rows: DataverseRow[] = [];
  for (let next = link; next !== null; ) {
    const page = await getPage(context, resolved, next);
    for (const row of readRowList(context, resolved, page.entries)) rows.push(row);
    next = page.nextLink;
  }
  return rows;
}

function endlessPages(resolved: ResolvedSelection): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'unexpected-response',
    message: `Dataverse named the same page of ${resolved.table.entitySet} as the next one.`,
    suggestion: 'Nothing: it is tried again. If it stays, look for a proxy between the app and Dataverse.',
  });
}
