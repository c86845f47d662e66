/** Stage 5 of a pass: carries the plan out, and looks a second time where the first write left a question. */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import type { Coupling } from '../../domain/couplings/coupling.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import type { DoneRecord } from '../../domain/sync/followUps.ts';
import { isWriting, type PlannedAction, type WritingAction } from '../../domain/sync/planTypes.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import { withRelatedColumns } from '../options/relatedColumns.ts';
import { bidFarewell, isFarewell } from './farewells.ts';
import type { RunScope } from './runScope.ts';
import { secondLook } from './secondLook.ts';
import { type WrittenAction, writeActions } from './writeActions.ts';

/** A finished action: the two records as they are now. An insert found done by an earlier attempt still counts as insert. */
export interface DoneAction extends DoneRecord {
  readonly status: 'done';
  /** What kept writes beside the record from being carried out; the record itself is written and gets coupled. */
  readonly followUpProblem?: RecordProblem;
}

/** An action with its end: the two records as they are now, or the problem that stopped it. */
export type AppliedAction =
  | DoneAction
  | { readonly status: 'uncoupled'; readonly action: PlannedAction; readonly coupling: Coupling }
  | { readonly status: 'failed'; readonly action: PlannedAction; readonly problem: RecordProblem }
  | { readonly status: 'left'; readonly action: PlannedAction };

/** Applies a page's actions; each gets exactly one end. */
export async function applyActions(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly PlannedAction[],
  context: RuleContext,
): Promise<readonly AppliedAction[]> {
  const parting = await bidFarewell(scope, actions.filter(isFarewell));
  const quiet = actions.filter((action) => !isWriting(action) && !isFarewell(action));
  const ends = [...quiet.map(withoutWrite), ...parting];
  const written = await writeActions(scope, pass, actions.filter(isWriting));
  const open = written.filter(({ outcome }) =>
    ['stale', 'exists', 'unknown', 'missing'].includes(outcome.status),
  );
  const settled = written
    .filter((entry) => !open.includes(entry))
    .map((entry) => endOf(pass, entry, entry.action));
  const reread = open.length === 0 ? [] : await secondLook(scope, pass, open, context);
  return withRelatedColumns(scope, pass, [...ends, ...settled, ...reread]);
}

/** The end of an action that writes to neither system. */
export function withoutWrite(action: PlannedAction): AppliedAction {
  if (action.kind === 'conflict' || action.kind === 'fail') {
    return { status: 'failed', action, problem: action.problem };
  }
  const { businessCentral, dataverse, coupling } = action.pair;
  if (action.kind === 'uncouple' && coupling) return { status: 'uncoupled', action, coupling };
  if (action.kind !== 'unchanged' || !businessCentral || !dataverse) return { status: 'left', action };
  return { status: 'done', kind: 'unchanged', action, businessCentral, dataverse };
}

/** The end of a write; `original` is the action first planned for the record, which decides the counter. */
export function endOf(
  pass: PassDirection,
  { action, outcome }: WrittenAction,
  original: WritingAction,
): AppliedAction {
  if (outcome.status === 'done') return doneWith(pass, action, outcome.record, original.kind);
  return { status: 'failed', action, problem: writeProblem(action, outcome) };
}

function doneWith(
  pass: PassDirection,
  action: WritingAction,
  stored: BusinessCentralRecord | DataverseRow,
  kind: PlannedAction['kind'],
): AppliedAction {
  const { pair } = action;
  const businessCentral = pass === 'toDataverse' ? pair.businessCentral : (stored as BusinessCentralRecord);
  const dataverse = pass === 'toDataverse' ? (stored as DataverseRow) : pair.dataverse;
  if (!businessCentral || !dataverse) return { status: 'left', action };
  return { status: 'done', kind, action, businessCentral, dataverse };
}

function writeProblem(
  action: WritingAction,
  outcome: Exclude<WrittenAction['outcome'], { status: 'done' }>,
): RecordProblem {
  const isInsert = action.kind === 'insert';
  if (outcome.status === 'refused') {
    const { message, kind, serviceCode } = outcome.problem;
    return problem(isInsert ? 'insert-failed' : 'modify-failed', {
      message,
      kind,
      parameters: [serviceCode, message],
    });
  }
  if (outcome.status === 'unknown') return problem('outcome-unknown', { message: outcome.message });
  if (outcome.status === 'missing') {
    const message = `"${action.name}" is coupled to a record that no longer exists.`;
    return problem('coupled-record-deleted', { message });
  }
  const message = `"${action.name}" was changed again and again while it was being written.`;
  return problem('record-changed', { message });
}
