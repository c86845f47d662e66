/** Reads the path of an operation: company, set, key, navigation, action (section 1). */
import { type Route, routes } from '../schema/entityModel.ts';
import { badRequest } from '../serviceError.ts';

/** One path segment, decoded: `customers(id)` is name `customers` with key `id`. */
export interface Segment {
  readonly name: string;
  readonly key: string | null;
}

/** The path behind the route. */
export interface Address {
  /** The key of a leading `companies(...)` that addresses something inside the company. */
  readonly companyKey: string | null;
  readonly segments: readonly Segment[];
}

/** Splits a request path into route and rest. Any prefix before `/api/` is accepted; null when it is no API path. */
export function splitRoute(
  path: string,
): { readonly prefix: string; readonly route: Route; readonly rest: string } | null {
  const start = path.indexOf('/api/');
  if (start < 0) return null;
  const behind = path.slice(start + 5);
  const route = routes.find((each) => behind === each || behind.startsWith(`${each}/`));
  if (!route) return null;
  return { prefix: path.slice(0, start), route, rest: behind.slice(route.length + 1) };
}

/** Reads the path behind a route. Raises 400 for a path that cannot be read. */
export function readAddress(path: string): Address {
  const segments = path.split('/').filter(Boolean).map(readSegment);
  const [first, ...rest] = segments;
  if (first?.name === 'companies' && first.key !== null && rest.length > 0) {
    return { companyKey: first.key, segments: rest };
  }
  return { companyKey: null, segments };
}

function readSegment(raw: string): Segment {
  const text = decoded(raw);
  const match = /^([^()]+)\((.*)\)$/s.exec(text);
  if (!match) {
    if (/[()]/.test(text))
      throw badRequest(`The segment '${text}' is not valid.`, 'BadRequest_InvalidRequestUrl');
    return { name: text, key: null };
  }
  return { name: match[1] ?? '', key: readKey(match[2] ?? '') };
}

/** `guid`, `'text'` or `name=value`. */
function readKey(text: string): string {
  const value = text.replace(/^\w+=/, '').trim();
  if (value.startsWith("'") && value.endsWith("'") && value.length > 1) {
    return value.slice(1, -1).replaceAll("''", "'");
  }
  return value.toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`The segment '${text}' is not valid.`, 'BadRequest_InvalidRequestUrl');
  }
}
