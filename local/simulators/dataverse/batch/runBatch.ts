/** Carries out a batch: parts in order, change sets all or nothing (dataverse-web-api section 12). */
import type { SimulatorResponse } from '../../common/server.ts';
import { badPayload, badQuery, DataverseError, errorCodes } from '../errors.ts';
import { dispatch, errorResponse } from '../http/dispatch.ts';
import type { RequestContext } from '../http/requestContext.ts';
import { parsePrefer } from '../query/prefer.ts';
import { type BatchOperation, type BatchPart, parseBatch } from './multipart.ts';
import { batchBody, type PartAnswer } from './writeMultipart.ts';

/** The most operations in one batch. */
export const largestBatch = 1_000;

/** Raised inside a change set to roll it back. */
class ChangeSetFailure extends Error {
  readonly response: SimulatorResponse;
  readonly contentId: string | null;

  constructor(response: SimulatorResponse, contentId: string | null) {
    super('A change set failed.');
    this.response = response;
    this.contentId = contentId;
  }
}

/** What came of a batch. */
export interface BatchRun {
  readonly response: SimulatorResponse;
  /** What was carried out, for the counters: method and resource. */
  readonly operations: readonly BatchOperation[];
}

/** Answers 200, or the status of the first failure when processing stopped there. */
export function runBatch(context: RequestContext, markers: { readonly batch: string }): BatchRun {
  const { headers, body } = context.request;
  let parts: readonly BatchPart[];
  try {
    parts = parseBatch(headers['content-type'], body);
    checkSize(parts);
  } catch (error) {
    if (error instanceof DataverseError) return { response: errorResponse(error), operations: [] };
    throw error;
  }
  const answers: PartAnswer[] = [];
  const operations: BatchOperation[] = [];
  let failed: number | null = null;
  for (const part of parts) {
    const answer = runPart(context, part);
    answers.push(answer);
    operations.push(...(part.kind === 'changeSet' ? part.operations : [part.operation]));
    const status = failureOf(answer);
    if (status !== null && !context.preferences.continueOnError) {
      failed = status;
      break;
    }
  }
  return { response: batchBody(answers, failed ?? 200, markers.batch), operations };
}

/** How many operations a batch body holds; used to model execution time. Never raises. */
export function countBatchOperations(body: string): number {
  return (body.match(/^Content-Type:\s*application\/http/gim) ?? []).length;
}

function checkSize(parts: readonly BatchPart[]): void {
  const size = parts.reduce((sum, part) => sum + (part.kind === 'changeSet' ? part.operations.length : 1), 0);
  if (size > largestBatch) {
    throw new DataverseError(
      400,
      errorCodes.invalidArgument,
      `The batch holds ${size} requests; the maximum is ${largestBatch}.`,
    );
  }
}

function failureOf(answer: PartAnswer): number | null {
  if (answer.kind === 'changeSet' || answer.response.status < 400) return null;
  return answer.response.status;
}

function runPart(context: RequestContext, part: BatchPart): PartAnswer {
  if (part.kind === 'operation') {
    return { kind: 'single', response: runOperation(context, part.operation, new Map()), contentId: null };
  }
  try {
    return context.organisation.store.transaction(() => runChangeSet(context, part.operations));
  } catch (error) {
    if (!(error instanceof ChangeSetFailure)) throw error;
    return { kind: 'single', response: error.response, contentId: error.contentId };
  }
}

function runChangeSet(context: RequestContext, operations: readonly BatchOperation[]): PartAnswer {
  const created = new Map<string, string>();
  const responses = operations.map((operation) => {
    const response = runOperation(context, operation, created);
    if (response.status >= 400) throw new ChangeSetFailure(response, operation.contentId);
    const address = response.headers?.['OData-EntityId'];
    if (operation.contentId !== null && address) created.set(operation.contentId, address);
    return { response, contentId: operation.contentId };
  });
  return { kind: 'changeSet', responses };
}

function runOperation(
  context: RequestContext,
  operation: BatchOperation,
  created: ReadonlyMap<string, string>,
): SimulatorResponse {
  try {
    const { url, resource } = addressOf(context, withReference(operation.target, created));
    if (resource.startsWith('$batch')) throw badPayload('A batch cannot contain another batch.');
    const request = {
      method: operation.method,
      url,
      path: url.pathname,
      headers: operation.headers,
      body: withReferences(operation.body, created),
    };
    const preferences = parsePrefer(operation.headers['prefer']);
    return dispatch({ ...context, request, preferences }, resource);
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error);
    throw error;
  }
}

/** `$1` at the start of an address stands for the row created under that Content-ID. */
function withReference(target: string, created: ReadonlyMap<string, string>): string {
  const match = /^\/?\$(\d+)(?=$|[/?])/.exec(target);
  if (!match) return target;
  return addressCreated(match[1] ?? '', created) + target.slice(match[0].length);
}

function addressCreated(contentId: string, created: ReadonlyMap<string, string>): string {
  const address = created.get(contentId);
  if (!address) throw badQuery(`Content-ID Reference: '$${contentId}' does not exist in the batch context.`);
  return address;
}

/** In bodies, `"$1"` as a whole value. */
function withReferences(body: string, created: ReadonlyMap<string, string>): string {
  return body.replaceAll(/("[^"]*@odata\.(?:bind|id)"\s*:\s*)"\$(\d+)"/g, (_, name: string, id: string) => {
    return `${name}"${addressCreated(id, created)}"`;
  });
}

function addressOf(
  context: RequestContext,
  target: string,
): { readonly url: URL; readonly resource: string } {
  const url = new URL(target, `${context.base}/`);
  const match = /^\/api\/data\/v9\.[0-2]\/?(.*)$/s.exec(url.pathname);
  if (!match) throw badQuery(`The address '${target}' is not part of this service.`);
  return { url, resource: decodeURIComponent(match[1] ?? '') };
}
