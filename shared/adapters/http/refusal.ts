/** From a failed exchange to the failure that is raised: facts, the row of the table, and the words. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { classify, type ErrorFacts, type ErrorRule } from './errorTable.ts';
import { type BrokenExchange, isBroken } from './exchange.ts';
import { HttpFailure } from './httpFailure.ts';
import { describeRequest, type HttpRequest, type HttpResponse } from './httpTypes.ts';
import { retryAfterMs } from './retryPolicy.ts';

/** Names of the two services as messages use them. */
export const serviceNames = ['Business Central', 'Dataverse'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What a service says of a failure in its body; both empty when the body says nothing. */
export interface ServiceError {
  readonly code: string;
  /** Without correlation id. */
  readonly message: string;
}

/** A failed exchange with its row of the table. */
export interface Refusal {
  readonly facts: ErrorFacts & { readonly cause?: unknown };
  readonly rule: ErrorRule;
  /** Null when the service named no pause. */
  readonly retryAfterMs: number | null;
}

/** What reading a refusal needs of the transport. */
export interface RefusalReader {
  readonly rules: readonly ErrorRule[];
  readErrorBody(text: string): ServiceError;
  now(): number;
}

/** Classifies an exchange that did not succeed. */
export function toRefusal(reader: RefusalReader, result: HttpResponse | BrokenExchange): Refusal {
  if (isBroken(result)) return { facts: result, rule: classify(reader.rules, result), retryAfterMs: null };
  const facts = { status: result.status, ...reader.readErrorBody(result.text) };
  const pauseMs = retryAfterMs(result.headers['retry-after'], reader.now());
  return { facts, rule: classify(reader.rules, facts), retryAfterMs: pauseMs };
}

/** The failure to raise: HttpFailure when there was an answer, else SyncFailure with the broken connection as cause. */
export function toFailure(
  service: ServiceName,
  request: HttpRequest,
  { facts, rule }: Refusal,
  state: { readonly retryAfterMs: number; readonly outcomeUnknown: boolean },
): SyncFailure {
  const details = {
    kind: rule.kind,
    code: rule.appCode,
    suggestion: rule.suggestion,
    message: messageOf(service, request, facts),
    outcomeUnknown: state.outcomeUnknown,
    ...(state.retryAfterMs > 0 ? { retryAfterMs: state.retryAfterMs } : {}),
  };
  if (typeof facts.status === 'string') return new SyncFailure({ ...details, cause: facts.cause });
  return new HttpFailure({ ...details, status: facts.status, serviceCode: facts.code });
}

/** The failure of a request that would have to wait longer than a run can. */
export function waitTooLong(service: ServiceName, remainingMs: number, outcomeUnknown: boolean): SyncFailure {
  return new SyncFailure({
    kind: 'throttled',
    code: 'throttled',
    message: `${service} asked to wait ${Math.ceil(remainingMs / 1_000)} seconds.`,
    suggestion: 'Nothing: it is tried again when the service allows it.',
    retryAfterMs: remainingMs,
    outcomeUnknown,
  });
}

function messageOf(service: ServiceName, request: HttpRequest, facts: ErrorFacts): string {
  const what = describeRequest(request);
  if (typeof facts.status === 'string')
    return `${service} could not be reached for ${what}: ${facts.message}.`;
  const said = facts.message === '' ? '.' : `: ${facts.message}`;
  return `${service} answered ${facts.status} to ${what}${said}`;
}
