/** What an operation of a write batch means for its record (business-central-api sections 4.1 and 5). */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { DeleteOutcome, ServiceProblem, WriteOutcome } from '../../ports/writeOutcome.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { answerFailure, type BatchAnswer, type BatchResult } from './batchFormat.ts';
import type { Client } from './client.ts';
import { readErrorObject } from './errors.ts';
import { readSetRow, type SetRow, type SetSelection } from './rows.ts';

/** Outcome of writing one row of one set. */
export type RowOutcome = WriteOutcome<SetRow>;

/** Outcomes of writes that did not succeed. */
export type FailedWrite = Exclude<WriteOutcome<never>, { status: 'done' }>;

interface OutcomeRule {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly status: number;
  readonly code: RegExp;
  readonly outcome: 'stale' | 'missing' | 'exists';
}

/** Refusals with a meaning of their own; all others are `refused`. */
const outcomeRules: readonly OutcomeRule[] = [
  { method: 'PATCH', status: 404, code: /^(?!Internal_CompanyNotFound$)/, outcome: 'missing' },
  { method: 'PATCH', status: 409, code: /^Request_EntityChanged$/, outcome: 'stale' },
  { method: 'PATCH', status: 412, code: /^/, outcome: 'stale' },
  { method: 'DELETE', status: 404, code: /^(?!Internal_CompanyNotFound$)/, outcome: 'missing' },
  { method: 'DELETE', status: 409, code: /^Request_EntityChanged$/, outcome: 'stale' },
  { method: 'DELETE', status: 412, code: /^/, outcome: 'stale' },
  { method: 'POST', status: 400, code: /^Internal_EntityWithSameKeyExists$/, outcome: 'exists' },
  { method: 'POST', status: 409, code: /^Internal_EntityWithSameKeyExists$/, outcome: 'exists' },
];

/** Reads the result of a POST or PATCH of a batch; never raises. */
export function rowOutcome(
  client: Client,
  set: SetSelection,
  method: 'POST' | 'PATCH',
  result: BatchResult,
): RowOutcome {
  if (result instanceof SyncFailure) return failureOutcome(result);
  if (result.status >= 200 && result.status <= 299) return doneOutcome(client, set, method, result);
  return refusalOutcome(client, set, method, result);
}

/** Reads the result of a DELETE of a batch, which answers without a body; never raises. */
export function deleteOutcome(client: Client, set: SetSelection, result: BatchResult): DeleteOutcome {
  if (result instanceof SyncFailure) return failureOutcome(result);
  if (result.status >= 200 && result.status <= 299) return { status: 'done' };
  const outcome = refusalOutcome(client, set, 'DELETE', result);
  // Only a create finds its key taken.
  return outcome.status === 'exists' ? { status: 'stale' } : outcome;
}

/** What became of an action, which answers without a body. */
export function actionOutcome(client: Client, set: SetSelection, result: BatchResult): DeleteOutcome {
  if (result instanceof SyncFailure) return failureOutcome(result);
  if (result.status >= 200 && result.status <= 299) return { status: 'done' };
  if (result.status === 404) return { status: 'missing' };
  const outcome = refusalOutcome(client, set, 'PATCH', result);
  return outcome.status === 'exists' ? { status: 'stale' } : outcome;
}

/** Reads an answer that says no; never raises. */
export function refusalOutcome(
  client: Client,
  set: Pick<SetSelection, 'entitySet'>,
  method: OutcomeRule['method'],
  answer: BatchAnswer,
): FailedWrite {
  const { code, message } = readErrorObject(answer.body);
  const rule = outcomeRules.find(
    (row) => row.method === method && row.status === answer.status && row.code.test(code),
  );
  if (rule !== undefined) return { status: rule.outcome };
  const outcome = failureOutcome(answerFailure(client, answer, `${method} ${set.entitySet}`, 'write'));
  if (outcome.status !== 'refused' || message === '') return outcome;
  return { status: 'refused', problem: { ...outcome.problem, message } };
}

function doneOutcome(client: Client, set: SetSelection, method: string, answer: BatchAnswer): RowOutcome {
  const record = readSetRow(client, set, answer.body);
  if (record !== null) return { status: 'done', record };
  const message = `${client.transport.name} answered ${method} ${set.entitySet} without a readable record.`;
  return { status: 'unknown', message };
}

/** A request that failed as a whole: its writes are unknown if it may have arrived, else refused. */
export function failureOutcome(
  failure: SyncFailure,
): Extract<FailedWrite, { status: 'unknown' | 'refused' }> {
  if (failure.outcomeUnknown) return { status: 'unknown', message: failure.message };
  return { status: 'refused', problem: problemOf(failure) };
}

function problemOf(failure: SyncFailure): ServiceProblem {
  const http = failure instanceof HttpFailure ? failure : null;
  return {
    kind: failure.kind,
    serviceCode: http === null || http.serviceCode === '' ? failure.code : http.serviceCode,
    message: failure.message,
    status: http?.status ?? 0,
  };
}

/**
 * Raises when every write of a call failed together with its whole request and none can have been carried out;
 * otherwise the outcomes of what was written must not be lost. Null stands for a write that had an answer.
 */
export function raiseIfNothingWritten(failures: readonly (SyncFailure | null)[]): void {
  const whole = failures.filter((failure) => failure !== null && !failure.outcomeUnknown);
  const [first] = whole;
  if (first && whole.length === failures.length) throw first;
}
