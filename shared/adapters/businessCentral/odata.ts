/** OData literals and query strings (business-central-api section 3.1). */

import { isGuid } from '../../domain/common/ids.ts';
import type { Instant } from '../../domain/common/instants.ts';
import { textLiteral } from '../../domain/common/odataText.ts';

export { textLiteral };

/** A date-time literal: bare UTC text. */
export function instantLiteral(at: Instant): string {
  return at;
}

/** A GUID literal: bare, lower case. Raises RangeError when the text is no GUID. */
export function guidLiteral(text: string): string {
  if (!isGuid(text)) throw new RangeError('A GUID is expected');
  return text.toLowerCase();
}

/** The literal of a value of unknown type: GUIDs stand bare, everything else is text. */
export function valueLiteral(text: string): string {
  return isGuid(text) ? guidLiteral(text) : textLiteral(text);
}

/** `property eq a or property eq b`; `or` over one property is allowed, over two it is refused. */
export function equalsAny(property: string, literals: readonly string[]): string {
  return literals.map((literal) => `${property} eq ${literal}`).join(' or ');
}

/** Query options that are present, URL-encoded, with the question mark; empty text when there are none. */
export interface QueryOptions {
  readonly select?: readonly string[];
  readonly filter?: string | undefined;
  readonly orderBy?: string;
}

/** The query string of these options; a name given twice in `select` is sent once. */
export function queryString(options: QueryOptions): string {
  const parts: string[] = [];
  if (options.select !== undefined) parts.push(`$select=${[...new Set(options.select)].join(',')}`);
  if (options.filter !== undefined) parts.push(`$filter=${encodeURIComponent(options.filter)}`);
  if (options.orderBy !== undefined) parts.push(`$orderby=${encodeURIComponent(options.orderBy)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
