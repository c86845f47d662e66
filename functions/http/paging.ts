/** Lists as the contract wants them: `value`, and `nextLink` unless it is the last page. */
import { Buffer } from 'node:buffer';
import type { PageRequest, StoredPage } from '../../shared/ports/pages.ts';
import { badRequest } from './apiError.ts';
import { type Answer, ok } from './endpoint.ts';
import { keyParameters } from './input.ts';

/** Query parameters of any list. */
export interface PageQuery {
  readonly top: number;
  readonly continuation?: string | undefined;
}

/** What a store is asked for. */
export function pageRequest({ top, continuation }: PageQuery): PageRequest {
  return { top, continuation: continuation ?? null };
}

/**
 * A page of stored rows as an answer. The link repeats the request with the position of the next page; a function key
 * in the address is not repeated, so that answers hold no secret. `filters` are the endpoint's own parameters.
 */
export function listAnswer<Row>(
  page: StoredPage<Row>,
  view: (row: Row) => unknown,
  { url, filters = [] }: { readonly url: string; readonly filters?: readonly string[] },
): Answer {
  const value = page.rows.map(view);
  if (page.continuation === null) return ok({ value });
  const next = new URL(url);
  for (const name of keyParameters) if (!filters.includes(name)) next.searchParams.delete(name);
  next.searchParams.set('continuation', page.continuation);
  return ok({ value, nextLink: next.href });
}

/** One page of a short list that is in memory; the position is the number of rows before it. Raises ApiError 400. */
export function pageOf<Row>(rows: readonly Row[], query: PageQuery): StoredPage<Row> {
  const start = query.continuation === undefined ? 0 : startOf(query.continuation);
  const end = start + query.top;
  return { rows: rows.slice(start, end), continuation: end < rows.length ? positionAt(end) : null };
}

function positionAt(start: number): string {
  return Buffer.from(String(start)).toString('base64url');
}

function startOf(continuation: string): number {
  const text = Buffer.from(continuation, 'base64url').toString();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const message = 'does not belong to this list; start again from the first page';
  throw badRequest([{ code: 'invalid-continuation', message, target: 'continuation' }]);
}
