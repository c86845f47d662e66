/** One operation as handlers see it: from its own HTTP request, or from a part of a batch. */
import type { SimulatorRequest, SimulatorResponse } from '../../common/server.ts';
import { badPayload } from '../errors.ts';
import type { ActingUser, Organisation } from '../organisation.ts';
import type { Preferences } from '../query/prefer.ts';
import { parseQueryOptions, type QueryOptions } from '../query/queryOptions.ts';
import type { ResultCache } from '../query/resultCache.ts';
import { type Body, parseJsonObject } from '../write/parseBody.ts';

/** Everything a handler knows about the operation. */
export interface RequestContext {
  readonly organisation: Organisation;
  readonly acting: ActingUser;
  readonly request: SimulatorRequest;
  readonly preferences: Preferences;
  readonly cache: ResultCache;
  /** The address up to and including the version, without a slash at the end. */
  readonly base: string;
}

/** The system query options of the request. Raises 400. */
export function queryOptionsOf(context: RequestContext): QueryOptions {
  return parseQueryOptions(context.request.url.searchParams);
}

/** The JSON body. Raises 400 when it is not a JSON object or the content type is another. */
export function bodyOf(context: RequestContext): Body {
  const { body, headers } = context.request;
  if (body.trim() === '') throw badPayload('The request body is empty.');
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw badPayload(
      'A supported MIME type could not be found that matches the content type of the request.',
    );
  }
  return parseJsonObject(body);
}

/** 200 with a JSON body in the form of OData. */
export function jsonResponse(
  context: RequestContext,
  body: object,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): SimulatorResponse {
  const { applied } = context.preferences;
  return {
    status,
    headers: {
      'Content-Type': 'application/json; odata.metadata=minimal',
      'OData-Version': '4.0',
      ...(applied.length > 0 ? { 'Preference-Applied': applied.join(',') } : {}),
      ...headers,
    },
    body,
  };
}

/** 204 without a body. */
export function noContent(headers: Readonly<Record<string, string>> = {}): SimulatorResponse {
  return { status: 204, headers: { 'OData-Version': '4.0', ...headers } };
}
