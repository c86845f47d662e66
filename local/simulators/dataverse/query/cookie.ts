/** The opaque `$skiptoken` of next links: a paging cookie, encoded twice inside (dataverse-web-api section 6). */
import { badQuery } from '../errors.ts';

/** Where the next page starts. The content means nothing to clients. */
export interface PagePosition {
  readonly page: number;
  readonly tracking: boolean;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The token as it stands in the query, not yet URL-encoded. */
export function encodeCookie(position: PagePosition): string {
  const inner = `<cookie page="${position.page - 1}"><keys value="${encodeURIComponent(JSON.stringify(position.content))}" /></cookie>`;
  const tracking = position.tracking ? 'True' : 'False';
  return `<cookie pagenumber="${position.page}" pagingcookie="${encodeURIComponent(encodeURIComponent(inner))}" istracking="${tracking}" />`;
}

/** Raises 400 for a token this service did not make. */
export function decodeCookie(token: string): PagePosition {
  const match = /^<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="(True|False)" \/>$/.exec(
    token,
  );
  try {
    const inner = decodeURIComponent(decodeURIComponent(match?.[2] ?? ''));
    const keys = /<keys value="([^"]*)" \/>/.exec(inner)?.[1] ?? '';
    const content = JSON.parse(decodeURIComponent(keys)) as Readonly<Record<string, unknown>>;
    return { page: Number(match?.[1]), tracking: match?.[3] === 'True', content };
  } catch {
    throw badQuery('The skip token is malformed; follow the next link unchanged.');
  }
}
