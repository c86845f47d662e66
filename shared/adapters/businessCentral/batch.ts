/** JSON $batch: many operations in one request, each with its own answer (business-central-api section 4.4). */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralRoute } from '../../domain/mappings/model.ts';
import { chunk } from '../http/chunks.ts';
import { classify } from '../http/errorTable.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { parseJson, readShape } from '../http/json.ts';
import { retryAfterMs } from '../http/retryPolicy.ts';
import { routeUrl } from './address.ts';
import { answerOf, type Client, jsonHeaders } from './client.ts';
import { businessCentralRules, readErrorObject } from './errors.ts';

/** One operation; the path is relative to the route, without leading slash. */
export interface BatchOperation {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** The answer to one operation, whatever its status. */
export interface BatchAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer, or why there is none: the request around the operation failed. */
export type BatchResult = BatchAnswer | SyncFailure;

const batchShape = z.looseObject({
  responses: z.array(
    z.looseObject({
      id: z.union([z.string(), z.number()]).nullish(),
      status: z.number().int(),
      headers: z.record(z.string(), z.coerce.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});

/** A batch of reads may be repeated after a time-out and never leaves an outcome unknown; one of writes may not. */
export type BatchMode = 'read' | 'write';

/** Pause after an operation was throttled inside a batch without a Retry-After of its own. */
const throttledPauseMs = 1_000;

/**
 * Runs operations in as many batches as needed, side by side; one result each, in order. Never raises SyncFailure: failures stand in the results.
 */
export async function runOperations(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly BatchOperation[],
  mode: BatchMode,
): Promise<readonly BatchResult[]> {
  const batches = chunk(operations, client.batchSize);
  const results = await Promise.all(batches.map((batch) => runBatch(client, route, batch, mode)));
  return results.flat();
}

/** One batch until every operation has a result: cut-off ones are sent again, throttled ones once more. */
async function runBatch(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly BatchOperation[],
  mode: BatchMode,
): Promise<readonly BatchResult[]> {
  const all = operations.map((operation, index) => ({ ...operation, index }));
  const results = new Map<number, BatchResult>();
  const repeated = new Set<number>();
  let open: readonly SentOperation[] = all;
  while (open.length > 0) {
    for (const [index, result] of await sendBatch(client, route, open, mode)) {
      if (!isThrottled(result)) results.set(index, result);
      else if (repeated.has(index))
        results.set(index, answerFailure(client, result, 'an operation of $batch'));
      else holdBack(client, result, repeated, index);
    }
    open = all.filter(({ index }) => !results.has(index));
  }
  return all.map(({ index }) => results.get(index) ?? withoutAnswers(client, mode));
}

type SentOperation = BatchOperation & { readonly index: number };

/** One request. A failure of the request is the result of every operation in it. */
async function sendBatch(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly SentOperation[],
  mode: BatchMode,
): Promise<ReadonlyMap<number, BatchResult>> {
  try {
    const request = {
      method: 'POST',
      url: `${routeUrl(client.baseUrl, route)}/$batch`,
      headers: { ...jsonHeaders, 'Content-Type': 'application/json', Prefer: 'odata.continue-on-error' },
      body: JSON.stringify({ requests: operations.map(toInnerRequest) }),
      idempotent: mode === 'read',
      readOnly: mode === 'read',
    } as const;
    const response = await client.transport.send(request, client.meter);
    return readAnswers(client, response.text, operations, mode);
  } catch (failure) {
    if (!(failure instanceof SyncFailure)) throw failure;
    if (isPoisoned(failure) && operations.length > 1) return sendHalves(client, route, operations, mode);
    return new Map(operations.map(({ index }) => [index, failure]));
  }
}

/** Refused as a whole for what is in it: one operation may spoil it for the others (P11). */
function isPoisoned(failure: SyncFailure): boolean {
  const refused = failure instanceof HttpFailure && (failure.status === 400 || failure.status === 413);
  return refused && !failure.outcomeUnknown;
}

async function sendHalves(
  client: Client,
  route: BusinessCentralRoute,
  operations: readonly SentOperation[],
  mode: BatchMode,
): Promise<ReadonlyMap<number, BatchResult>> {
  const halves = chunk(operations, Math.ceil(operations.length / 2));
  const results = await Promise.all(halves.map((half) => sendBatch(client, route, half, mode)));
  return new Map(results.flatMap((result) => [...result]));
}

function toInnerRequest({ index, method, path, headers, body }: SentOperation): object {
  const content = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return { id: String(index), method, url: path, headers: { ...content, ...headers }, ...(body && { body }) };
}

/** Answers by operation; a service that stopped at the first failure answers fewer than were asked. */
function readAnswers(
  client: Client,
  text: string,
  operations: readonly SentOperation[],
  mode: BatchMode,
): ReadonlyMap<number, BatchAnswer> {
  const context = answerOf(client, 'POST $batch', mode === 'write');
  const { responses } = readShape(batchShape, parseJson(text, context), context);
  const known = new Set(operations.map(({ index }) => index));
  const answers = new Map<number, BatchAnswer>();
  responses.forEach((response, position) => {
    const index = Number(response.id ?? operations[position]?.index);
    if (known.has(index)) answers.set(index, toAnswer(response));
  });
  if (answers.size === 0) throw withoutAnswers(client, mode);
  return answers;
}

function toAnswer(response: z.output<typeof batchShape>['responses'][number]): BatchAnswer {
  const headers = Object.entries(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { status: response.status, headers: Object.fromEntries(headers), body: response.body };
}

function withoutAnswers(client: Client, mode: BatchMode): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'unexpected-response',
    message: `${client.transport.name} answered POST $batch without an answer to any of its operations.`,
    outcomeUnknown: mode === 'write',
  });
}

/** Refused for load before it was carried out, so that sending it again does no harm. */
function isThrottled(result: BatchResult): result is BatchAnswer {
  return !(result instanceof SyncFailure) && (result.status === 429 || result.status === 503);
}

function holdBack(client: Client, answer: BatchAnswer, repeated: Set<number>, index: number): void {
  repeated.add(index);
  client.transport.holdBack(retryAfterMs(answer.headers['retry-after'], client.now()) ?? throttledPauseMs);
}

/** The failure an answer stands for, classified by the error table; a write may have been carried out all the same. */
export function answerFailure(
  client: Client,
  answer: BatchAnswer,
  request: string,
  mode: BatchMode = 'read',
): HttpFailure {
  const said = readErrorObject(answer.body);
  const rule = classify(businessCentralRules, { status: answer.status, ...said });
  const throttled = isThrottled(answer);
  return new HttpFailure({
    kind: throttled ? 'throttled' : rule.kind,
    code: throttled ? 'throttled' : rule.appCode,
    message: `${client.transport.name} answered ${answer.status} to ${request}: ${said.message}`,
    suggestion: rule.suggestion,
    outcomeUnknown: mode === 'write' && !throttled && rule.retry === 'ifIdempotent',
    status: answer.status,
    serviceCode: said.code,
  });
}
