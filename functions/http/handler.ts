/** Wraps endpoints into handlers of the Functions host: access, errors, headers, log. */
import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Composition } from '../../shared/composition/composition.ts';
import { withInvocationLog } from '../../shared/composition/invocationLog.ts';
import { processLog } from '../../shared/composition/ports.ts';
import { checkRole, checkSameSite } from './access.ts';
import { type ErrorFacts, errorFactsOf } from './apiError.ts';
import type { CallerCheck } from './callerCheck.ts';
import type { Endpoint } from './endpoint.ts';

/** The handler of an endpoint. It never raises: an error becomes an answer (platform A-9). */
export function createHandler(
  app: Composition,
  endpoint: Endpoint,
  checkCaller: CallerCheck = async ({ headers }) => headers,
): HttpHandler {
  return (request: HttpRequest, context: InvocationContext) =>
    withInvocationLog(context, async () => {
      try {
        const headers = await checkCaller(request);
        checkRole(headers, endpoint.role);
        if (endpoint.method !== 'GET') checkSameSite(headers, request.url);
        const { url, params } = request;
        const arrayBuffer = () => request.arrayBuffer();
        const { status, body } = await endpoint.answer(app, { url, params, headers, arrayBuffer });
        return jsonResponse(status, body);
      } catch (error) {
        return errorResponse(endpoint.name, error);
      }
    });
}

/** An error as an answer, in the shape of the contract (section 3); `name` is that of the operation, for the log. */
export function errorResponse(name: string, error: unknown): HttpResponseInit {
  const facts = errorFactsOf(error);
  // Errors of the caller are the caller's to know; those of the app are the administrator's.
  if (facts.status >= 500) processLog('error', 'request-failed', { endpoint: name, error });
  return jsonResponse(facts.status, { error: errorBody(facts) }, retryAfter(facts));
}

function errorBody({ code, message, target, details }: ErrorFacts) {
  return {
    code,
    message,
    ...(target === undefined ? {} : { target }),
    ...(details === undefined ? {} : { details }),
  };
}

function retryAfter({ retryAfterSeconds }: ErrorFacts): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}

function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
