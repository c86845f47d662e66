/** One API operation: a whole HTTP request, or one request inside a batch. */
import type { Route } from '../schema/entityModel.ts';

/** What an operation asks. */
export interface Operation {
  readonly method: string;
  readonly route: Route;
  /** Absolute address of the route, for contexts and next links. */
  readonly routeUrl: string;
  /** Path behind the route, not decoded, without a leading slash. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly user: string;
}

/** What an operation answers; a null body is no body. */
export interface OperationResult {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | string | null;
}

/** Headers of every JSON answer (section 3.5). */
export const jsonHeaders = {
  'Content-Type': 'application/json; odata.metadata=minimal',
  'OData-Version': '4.0',
} as const;

/** A JSON answer. */
export function jsonResult(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): OperationResult {
  return { status, headers: { ...jsonHeaders, ...headers }, body };
}

/** An answer without body. */
export function emptyResult(status: number, headers: Readonly<Record<string, string>> = {}): OperationResult {
  return { status, headers: { 'OData-Version': '4.0', ...headers }, body: null };
}
