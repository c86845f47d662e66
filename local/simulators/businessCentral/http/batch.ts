/** JSON `$batch` (section 4.4): stop at the first failure, continue on error, or one transaction for all. */
import { z } from 'zod';
import type { Environment } from '../environment.ts';
import { badRequest, errorBody, notImplemented, ServiceError } from '../serviceError.ts';
import { operate } from './operate.ts';
import { jsonResult, type Operation, type OperationResult } from './operation.ts';

const largestBatch = 100;

const batchSchema = z.object({
  requests: z.array(
    z.object({
      id: z.string().optional(),
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
    }),
  ),
});
type InnerRequest = z.infer<typeof batchSchema>['requests'][number];

/** What a batch needs from the surface around it. */
export interface BatchHost {
  readonly environment: Environment;
  correlationId(): string;
  /** Operations that wait for something outside, such as subscriptions; null when it is not one. */
  waiting(operation: Operation): Promise<OperationResult> | null;
  count(operation: Operation): void;
}

class RollBack extends Error {}

/** Answers a batch. The outer status is 200 whatever happens inside. */
export async function runBatch(host: BatchHost, operation: Operation): Promise<OperationResult> {
  refuseOtherFormats(operation);
  const requests = readRequests(operation.body);
  const continueOnError = /odata\.continue-on-error(?!\s*=\s*false)/i.test(operation.headers['prefer'] ?? '');
  const isSnapshot = /^snapshot$/i.test((operation.headers['isolation'] ?? '').trim());
  const responses = isSnapshot
    ? runSnapshot(host, operation, requests, continueOnError)
    : await runOneByOne(host, operation, requests, continueOnError);
  return jsonResult(200, { responses });
}

function refuseOtherFormats(operation: Operation): void {
  const { headers } = operation;
  if (operation.method !== 'POST')
    throw new ServiceError(405, 'BadRequest_MethodNotAllowed', 'Use POST for $batch.');
  if (!/\bapplication\/json\b/i.test(headers['content-type'] ?? '')) {
    throw notImplemented('The simulator reads batches with Content-Type application/json only.');
  }
  if (!/\bapplication\/json\b/i.test(headers['accept'] ?? '')) {
    throw notImplemented(
      'Without Accept: application/json the answer is multipart, which the simulator does not write.',
    );
  }
}

function readRequests(body: string): readonly InnerRequest[] {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    throw badRequest('The body of the batch is not valid JSON.');
  }
  const parsed = batchSchema.safeParse(data);
  if (!parsed.success) throw badRequest(`The batch is not valid: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.requests.length > largestBatch) {
    throw new ServiceError(400, 'Unknown', `The batch has more than ${largestBatch} operations.`);
  }
  return parsed.data.requests;
}

async function runOneByOne(
  host: BatchHost,
  outer: Operation,
  requests: readonly InnerRequest[],
  continueOnError: boolean,
): Promise<readonly object[]> {
  const responses: object[] = [];
  for (const request of requests) {
    const result = await answered(host, outer, request);
    responses.push(response(request, result));
    if (result.status >= 400 && !continueOnError) break;
  }
  return responses;
}

/** All in one transaction: a failure undoes everything, although earlier responses still say 2xx. */
function runSnapshot(
  host: BatchHost,
  outer: Operation,
  requests: readonly InnerRequest[],
  continueOnError: boolean,
): readonly object[] {
  const responses: object[] = [];
  try {
    host.environment.database.transaction(() => {
      let failed = false;
      for (const request of requests) {
        const result = guarded(host, () => operateInner(host, innerOperation(host, outer, request)));
        responses.push(response(request, result));
        failed ||= result.status >= 400;
        if (failed && !continueOnError) break;
      }
      if (failed) throw new RollBack('A request of the batch failed.');
    });
  } catch (error) {
    if (!(error instanceof RollBack)) throw error;
  }
  return responses;
}

function operateInner(host: BatchHost, operation: Operation): OperationResult {
  if (/^subscriptions\b/.test(operation.path)) {
    throw notImplemented('Subscriptions cannot be changed inside a snapshot batch.');
  }
  return operate(host.environment, operation);
}

async function answered(host: BatchHost, outer: Operation, request: InnerRequest): Promise<OperationResult> {
  try {
    const operation = innerOperation(host, outer, request);
    return await (host.waiting(operation) ?? operate(host.environment, operation));
  } catch (error) {
    return errorResult(host, error);
  }
}

function guarded(host: BatchHost, work: () => OperationResult): OperationResult {
  try {
    return work();
  } catch (error) {
    return errorResult(host, error);
  }
}

function errorResult(host: BatchHost, error: unknown): OperationResult {
  if (!(error instanceof ServiceError)) throw error;
  return jsonResult(error.status, errorBody(error, host.correlationId()), error.headers);
}

function innerOperation(host: BatchHost, outer: Operation, request: InnerRequest): Operation {
  if (/^\/|^\w+:/.test(request.url)) {
    throw badRequest(
      `The url '${request.url}' must be relative to the route.`,
      'BadRequest_InvalidRequestUrl',
    );
  }
  const url = new URL(request.url, 'http://route/');
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (request.body !== undefined && !headers['content-type']) {
    throw new ServiceError(415, 'BadRequest', 'A request with a body needs a Content-Type header.');
  }
  const operation: Operation = {
    method: request.method.toUpperCase(),
    route: outer.route,
    routeUrl: outer.routeUrl,
    path: url.pathname.slice(1),
    parameters: url.searchParams,
    headers: { ...(outer.headers['company'] ? { company: outer.headers['company'] } : {}), ...headers },
    body: request.body === undefined ? '' : JSON.stringify(request.body),
    user: outer.user,
  };
  host.count(operation);
  return operation;
}

function response(request: InnerRequest, result: OperationResult): object {
  const headers = Object.fromEntries(
    Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const body = result.body === null ? {} : { body: result.body };
  return { id: request.id ?? null, status: result.status, headers, ...body };
}
