/** What happens to every HTTP request before and after it is carried out. */
import { bearerIdentity } from '../../common/identity.ts';
import { seededGuid } from '../../common/random.ts';
import type { RequestCounter } from '../../common/requestCounter.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../common/server.ts';
import { bulkTargetCount } from '../actions/bulkActions.ts';
import { countBatchOperations, runBatch } from '../batch/runBatch.ts';
import { DataverseError, segmentNotFound } from '../errors.ts';
import type { Organisation } from '../organisation.ts';
import type { ProtectionLimits } from '../protectionLimits.ts';
import { parsePrefer } from '../query/prefer.ts';
import type { ResultCache } from '../query/resultCache.ts';
import { actingUser } from '../users.ts';
import { dispatch, errorResponse } from './dispatch.ts';
import type { RequestContext } from './requestContext.ts';

/** The advised degree of parallelism every answer carries. */
const parallelismHint = '4';
const anonymous = 'anonymous';

/** What the service works with over its whole life. */
export interface ServiceParts {
  readonly organisation: Organisation;
  readonly cache: ResultCache;
  readonly requests: RequestCounter;
  readonly limits: ProtectionLimits | null;
  /** Simulated time an operation takes; also what counts towards the execution time limit. */
  readonly latencyMs: number;
}

/** The resource below the version, decoded; null when the path is not one of the Web API. */
export function resourceOf(path: string): { readonly version: string; readonly resource: string } | null {
  const match = /^\/api\/data\/(v9\.[0-2])(?:\/(.*))?$/s.exec(path);
  if (!match?.[1]) return null;
  try {
    return { version: match[1], resource: decodeURIComponent(match[2] ?? '') };
  } catch {
    return null;
  }
}

/** The name an operation is counted under: the set, with the action or `$count` behind it. */
export function countedName(resource: string): string {
  const [first = '', second = ''] = resource.split('/');
  const set = first.replace(/\(.*$/s, '') || 'service document';
  const action = /^Microsoft\.Dynamics\.CRM\.(\w+)$/.exec(second)?.[1];
  return action || second === '$count' ? `${set}/${action ?? second}` : set;
}

/** How many operations the request stands for. */
export function operationCount(resource: string, body: string): number {
  if (resource === '$batch') return Math.max(1, countBatchOperations(body));
  return /\/Microsoft\.Dynamics\.CRM\.\w+Multiple$/.test(resource) ? Math.max(1, bulkTargetCount(body)) : 1;
}

/** Checks the token and the limits, then runs the work; refusals become answers, debug headers are added. */
export async function underLimits(
  parts: ServiceParts,
  request: SimulatorRequest,
  work: () => Promise<SimulatorResponse> | SimulatorResponse,
): Promise<SimulatorResponse> {
  const user = bearerIdentity(request) ?? anonymous;
  if (user === anonymous) return withHeaders(parts, user, unauthorized(request));
  const resource = resourceOf(request.path)?.resource ?? '';
  try {
    const end = parts.limits?.begin(user, parts.latencyMs * operationCount(resource, request.body));
    try {
      return withHeaders(parts, user, await work());
    } finally {
      end?.();
    }
  } catch (error) {
    if (error instanceof DataverseError) return withHeaders(parts, user, errorResponse(error));
    throw error;
  }
}

function unauthorized(request: SimulatorRequest): SimulatorResponse {
  const authority = 'https://login.microsoftonline.com/common/oauth2/authorize';
  return {
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer authorization_uri=${authority}, resource_id=${request.url.origin}/`,
    },
    body: '',
  };
}

function withHeaders(parts: ServiceParts, user: string, response: SimulatorResponse): SimulatorResponse {
  const id = seededGuid(parts.organisation.random);
  return {
    ...response,
    headers: {
      REQ_ID: id,
      'x-ms-service-request-id': id,
      'x-ms-dop-hint': parallelismHint,
      ...(parts.limits?.headers(user) ?? {}),
      ...response.headers,
    },
  };
}

/** Carries the request out. Raises DataverseError for a user that may not act and an address outside the service. */
export function carryOut(parts: ServiceParts, request: SimulatorRequest): SimulatorResponse {
  const address = resourceOf(request.path);
  if (!address) throw segmentNotFound(request.path);
  const acting = actingUser(parts.organisation, bearerIdentity(request) ?? anonymous, request.headers);
  const context: RequestContext = {
    organisation: parts.organisation,
    acting,
    request,
    cache: parts.cache,
    preferences: parsePrefer(request.headers['prefer']),
    base: `${request.url.origin}/api/data/${address.version}`,
  };
  if (address.resource !== '$batch' || request.method !== 'POST') return dispatch(context, address.resource);
  const run = runBatch(context, { batch: seededGuid(parts.organisation.random) });
  for (const { method, target } of run.operations) {
    const path =
      /\/api\/data\/v9\.[0-2]\/([^?]*)/.exec(target)?.[1] ?? target.replace(/^\//, '').split('?', 1)[0];
    parts.requests.countBatchOperation(method, countedName(path ?? ''));
  }
  return run.response;
}
