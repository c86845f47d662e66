/** The JSON of $batch: operations in, answers out, and what a refused answer means (business-central-api section 4.4). */
import { z } from 'zod';
import { SyncFailure } from '../../domain/common/failures.ts';
import { classify } from '../http/errorTable.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { parseJson, readShape } from '../http/json.ts';
import { answerOf, type Client } from './client.ts';
import { businessCentralRules, readErrorObject } from './errors.ts';

/** One operation; the path is relative to the route, without leading slash. */
export interface BatchOperation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
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

/** An operation with its place in the batch, which is its id. */
export type SentOperation = BatchOperation & { readonly index: number };

/** An operation as it stands in the body of the batch. */
export function toInnerRequest({ index, method, path, headers, body }: SentOperation): object {
  const content = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return { id: String(index), method, url: path, headers: { ...content, ...headers }, ...(body && { body }) };
}

/** Answers by operation; a service that stopped at the first failure answers fewer than were asked. */
export function readAnswers(
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

/** A batch answered without answers. */
export function withoutAnswers(client: Client, mode: BatchMode): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'unexpected-response',
    message: `${client.transport.name} answered POST $batch without an answer to any of its operations.`,
    outcomeUnknown: mode === 'write',
  });
}

/** Refused for load before it was carried out, so that sending it again does no harm. */
export function isThrottled(result: BatchResult): result is BatchAnswer {
  return !(result instanceof SyncFailure) && (result.status === 429 || result.status === 503);
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
