/** Lists: their shape and their pages (business-central-api section 3.2). */
import { z } from 'zod';
import { parseJson, readShape } from '../http/json.ts';
import { answerOf, type Client, jsonHeaders } from './client.ts';

const listShape = z.looseObject({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().min(1).optional(),
});

/** One page of rows not looked at yet. */
export interface ListPage {
  readonly rows: readonly unknown[];
  /** Absolute address, to be followed as given; null on the last page. */
  readonly nextLink: string | null;
}

/** Reads the body of a list answer. Raises SyncFailure `unexpected-response`. */
export function readList(client: Client, body: unknown, entitySet: string): ListPage {
  const list = readShape(listShape, body, answerOf(client, `GET ${entitySet}`));
  return { rows: list.value, nextLink: list['@odata.nextLink'] ?? null };
}

/** Gets one page; the wish for its size is repeated on each page request. */
export async function getPage(client: Client, url: string, entitySet: string): Promise<ListPage> {
  const headers = { ...jsonHeaders, Prefer: `odata.maxpagesize=${client.pageSize}` };
  const request = { method: 'GET', url, headers, idempotent: true } as const;
  const response = await client.transport.send(request, client.meter);
  const body = parseJson(response.text, answerOf(client, `GET ${entitySet}`));
  return readList(client, body, entitySet);
}

/** The rows of a page and of all pages after it, in order. */
export async function allRows(
  client: Client,
  first: ListPage,
  entitySet: string,
): Promise<readonly unknown[]> {
  const rows = [...first.rows];
  for (let next = first.nextLink; next !== null; ) {
    const page = await getPage(client, next, entitySet);
    for (const row of page.rows) rows.push(row);
    next = page.nextLink;
  }
  return rows;
}
