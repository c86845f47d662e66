/** What the answer to one create or update means for its row (dataverse-web-api sections 9, 10, 14). */
import type { DataverseId } from '../../domain/common/ids.ts';
import type { DataverseRow } from '../../domain/common/records.ts';
import type { DeleteOutcome, ServiceProblem, WriteOutcome } from '../../ports/writeOutcome.ts';
import { isSuccess, problemOf } from './batch.ts';
import type { DataverseContext } from './context.ts';
import { serviceCodes } from './errorRules.ts';
import type { BatchAnswer } from './multipartParser.ts';
import { readRow } from './rows.ts';
import type { ResolvedSelection } from './selection.ts';

type Outcome = WriteOutcome<DataverseRow>;

/** 412 means that the id is taken, unless the code speaks of another row's key or of a duplicate rule. */
export function createOutcome(
  context: DataverseContext,
  resolved: ResolvedSelection,
  id: DataverseId,
  answer: BatchAnswer,
): Outcome {
  if (isSuccess(answer)) return doneOutcome(context, resolved, id, answer);
  const problem = problemOf(answer);
  if (answer.status === 412 && !isDuplicate(problem)) return { status: 'exists' };
  // A row that does not exist yet cannot be the one that is missing.
  if (isCode(problem, serviceCodes.rowMissing)) return refusedForDependency(problem);
  return { status: 'refused', problem };
}

/** 412 means changed since, 404 gone, unless the code or message speaks of something else. */
export function updateOutcome(
  context: DataverseContext,
  resolved: ResolvedSelection,
  id: DataverseId,
  answer: BatchAnswer,
): Outcome {
  if (isSuccess(answer)) return doneOutcome(context, resolved, id, answer);
  const problem = problemOf(answer);
  if (answer.status === 412 && !isDuplicate(problem)) return { status: 'stale' };
  if (isCode(problem, serviceCodes.rowMissing) && namesOtherRow(problem, id))
    return refusedForDependency(problem);
  if (answer.status === 404 && !isCode(problem, serviceCodes.unknownResource)) return { status: 'missing' };
  return { status: 'refused', problem };
}

/** 412 means changed since, 404 gone already; dependent rows and missing privileges are refusals (section 10). */
export function deleteOutcome(answer: BatchAnswer): DeleteOutcome {
  if (isSuccess(answer)) return { status: 'done' };
  const problem = problemOf(answer);
  if (answer.status === 412) return { status: 'stale' };
  if (answer.status === 404 && !isCode(problem, serviceCodes.unknownResource)) return { status: 'missing' };
  return { status: 'refused', problem };
}

/** A write whose answer cannot be read happened, but nobody knows what the row looks like now. */
function doneOutcome(
  context: DataverseContext,
  resolved: ResolvedSelection,
  id: DataverseId,
  answer: BatchAnswer,
): Outcome {
  const record = readRow(context, resolved, parsed(answer.text));
  if (record !== null && record.id === id) return { status: 'done', record };
  return { status: 'unknown', message: 'Dataverse accepted the write but did not answer with the row.' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCode(problem: ServiceProblem, code: string): boolean {
  return problem.serviceCode.toLowerCase() === code.toLowerCase();
}

function isDuplicate(problem: ServiceProblem): boolean {
  return (
    isCode(problem, serviceCodes.alternateKeyDuplicate) || isCode(problem, serviceCodes.duplicateDetected)
  );
}

/** The code for a missing row also comes for a row a bind points at; the message then names that one. */
function namesOtherRow(problem: ServiceProblem, id: DataverseId): boolean {
  const guids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const named: readonly string[] = problem.message.toLowerCase().match(guids) ?? [];
  return named.length > 0 && !named.includes(id);
}

function refusedForDependency(problem: ServiceProblem): Outcome {
  return { status: 'refused', problem: { ...problem, kind: 'dependency' } };
}
