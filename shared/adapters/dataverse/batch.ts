/** Sends many requests as few `$batch` requests, and copes with services that stop or refuse halfway. */
import { invariant, SyncFailure } from '../../domain/common/failures.ts';
import type { ServiceProblem } from '../../ports/writeOutcome.ts';
import { classify } from '../http/errorTable.ts';
import { HttpFailure } from '../http/httpFailure.ts';
import { retryAfterMs } from '../http/retryPolicy.ts';
import type { DataverseContext } from './context.ts';
import { dataverseErrorRules, readDataverseErrorBody } from './errorRules.ts';
import { type BatchUnit, buildMultipart, isChangeSet, sizeOf } from './multipartBuilder.ts';
import { type BatchAnswer, parseUnits } from './multipartParser.ts';
import { batchHeaders } from './requestHeaders.ts';

/** How the parts of a batch may be treated when something goes wrong. */
export interface BatchMode {
  /** Whether they may be sent again after an unknown outcome. */
  readonly idempotent: boolean;
  /**
   * Whether they write. Only then is a batch refused as a whole split until the guilty part is found (P11),
   * and only then can an outcome be unknown.
   */
  readonly writes: boolean;
}

/** Parts that only read. */
export const readMode: BatchMode = { idempotent: true, writes: false };

/**
 * One answer per part or change set, in order. Parts whose answer says that they were not carried out and may be repeated
 * (throttled, deadlock) are sent once more. Raises SyncFailure when the batch itself fails.
 */
export async function sendBatch(
  context: DataverseContext,
  parts: readonly BatchUnit[],
  mode: BatchMode,
): Promise<readonly BatchAnswer[]> {
  const answers = [...(await sendAll(context, parts, mode))];
  const again = parts.map((_part, index) => index).filter((index) => mayRepeat(answers[index], mode));
  if (again.length === 0) return answers;
  holdBack(
    context,
    again.flatMap((index) => answers[index] ?? []),
  );
  const repeated = await sendAll(
    context,
    again.flatMap((index) => parts[index] ?? []),
    mode,
  );
  again.forEach((index, place) => {
    const answer = repeated[place];
    if (answer) answers[index] = answer;
  });
  return answers;
}

/** The pause after a throttled part that names none. */
const throttledPauseMs = 1_000;

/** A part that is throttled speaks for the whole identity, as an answer of its own would (P10). */
function holdBack({ transport, now }: DataverseContext, answers: readonly BatchAnswer[]): void {
  const pausesMs = answers
    .filter(({ status }) => status === 429)
    .map(({ headers }) => retryAfterMs(headers['retry-after'], now()) ?? throttledPauseMs);
  if (pausesMs.length > 0) transport.holdBack(Math.max(...pausesMs));
}

/** What an error answer says, classified by the error table. */
export function problemOf(answer: BatchAnswer): ServiceProblem {
  const { code, message } = readDataverseErrorBody(answer.text);
  const { kind } = classify(dataverseErrorRules, { status: answer.status, code, message });
  return {
    kind,
    serviceCode: code,
    message: message || `Dataverse answered ${answer.status}.`,
    status: answer.status,
  };
}

/** Raises the failure an error answer to a read stands for; answers of status 2xx pass. */
export function requireSuccess(answer: BatchAnswer, request: string): void {
  if (isSuccess(answer)) return;
  const { code, message } = readDataverseErrorBody(answer.text);
  const rule = classify(dataverseErrorRules, { status: answer.status, code, message });
  throw new HttpFailure({
    kind: rule.kind,
    code: rule.appCode,
    message: `Dataverse answered ${answer.status} to ${request}${message ? `: ${message}` : '.'}`,
    suggestion: rule.suggestion,
    status: answer.status,
    serviceCode: code,
  });
}

/** Whether the part was carried out. */
export function isSuccess(answer: BatchAnswer): boolean {
  return answer.status >= 200 && answer.status <= 299;
}

function mayRepeat(answer: BatchAnswer | undefined, mode: BatchMode): boolean {
  if (!answer || isSuccess(answer)) return false;
  const facts = { status: answer.status, ...readDataverseErrorBody(answer.text) };
  const { retry } = classify(dataverseErrorRules, facts);
  return retry === 'always' || (retry === 'ifIdempotent' && mode.idempotent);
}

/**
 * Answers for all parts. A service that does not know continue-on-error stops at the first failing part
 * (section 12): the parts after it were not carried out and are sent again.
 */
async function sendAll(
  context: DataverseContext,
  parts: readonly BatchUnit[],
  mode: BatchMode,
): Promise<readonly BatchAnswer[]> {
  const answers: BatchAnswer[] = [];
  while (answers.length < parts.length) {
    answers.push(...(await sendOrBisect(context, parts.slice(answers.length), mode)));
  }
  return answers;
}

async function sendOrBisect(
  context: DataverseContext,
  parts: readonly BatchUnit[],
  mode: BatchMode,
): Promise<readonly BatchAnswer[]> {
  try {
    return await sendOnce(context, parts, mode);
  } catch (failure) {
    if (!mode.writes || !isRefusalOfContent(failure)) throw failure;
    if (parts.length === 1) return [refusedAnswer(failure)];
    const middle = Math.ceil(parts.length / 2);
    const first = await sendAll(context, parts.slice(0, middle), mode);
    return [...first, ...(await sendAll(context, parts.slice(middle), mode))];
  }
}

/** 400 and 413 speak of what was sent; anything else concerns the connection, the identity or the service. */
function isRefusalOfContent(failure: unknown): failure is HttpFailure {
  return failure instanceof HttpFailure && (failure.status === 400 || failure.status === 413);
}

function refusedAnswer(failure: HttpFailure): BatchAnswer {
  const error = { code: failure.serviceCode, message: failure.message };
  return { status: failure.status, headers: {}, text: JSON.stringify({ error }) };
}

async function sendOnce(
  context: DataverseContext,
  parts: readonly BatchUnit[],
  mode: BatchMode,
): Promise<readonly BatchAnswer[]> {
  const size = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  invariant(size > 0 && size <= 1_000, 'A batch holds 1 to 1,000 requests');
  const { contentType, text } = buildMultipart(parts);
  const response = await context.transport.send(
    {
      method: 'POST',
      url: `${context.apiUrl}$batch`,
      headers: batchHeaders(contentType),
      body: text,
      idempotent: mode.idempotent,
    },
    context.meter ?? undefined,
  );
  const answered = parseUnits(response.headers['content-type'] ?? '', response.text);
  const answers = answered?.flatMap((each, index) => answerOf(parts[index], each)) ?? null;
  if (!isAnswerTo(parts, answers)) throw unexpectedAnswer(mode);
  return answers;
}

/** One answer for each part: of a change set the one that counts, or the refusal that undid all of it (section 12). */
function answerOf(part: BatchUnit | undefined, answers: readonly BatchAnswer[]): readonly BatchAnswer[] {
  if (!part || !isChangeSet(part)) return answers;
  const refusal = answers.find((answer) => !isSuccess(answer));
  return [refusal ?? answers[part.answering] ?? unanswered];
}

/** A change set that was carried out, without the answer that was asked for. */
const unanswered: BatchAnswer = { status: 200, headers: {}, text: '' };

/** Fewer answers than parts are only understood when the last one says why the service stopped. */
function isAnswerTo(
  parts: readonly BatchUnit[],
  answers: readonly BatchAnswer[] | null,
): answers is readonly BatchAnswer[] {
  if (answers === null || answers.length === 0 || answers.length > parts.length) return false;
  const last = answers.at(-1);
  return answers.length === parts.length || (last !== undefined && !isSuccess(last));
}

/** Nobody knows what became of the parts, so writes count as unknown. */
function unexpectedAnswer(mode: BatchMode): SyncFailure {
  return new SyncFailure({
    kind: 'transient',
    code: 'unexpected-response',
    message: 'Dataverse answered a batch in a form that does not match its parts.',
    suggestion: 'Nothing: it is tried again. If it stays, look for a proxy between the app and Dataverse.',
    outcomeUnknown: mode.writes,
  });
}
