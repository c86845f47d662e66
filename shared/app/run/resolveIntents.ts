/** Before a create is sent: did an earlier run begin the same create and lose its outcome? (DESIGN, Idempotent writes) */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import {
  isWriting,
  type PlannedAction,
  type RecordPair,
  type WritingAction,
} from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import { createdCandidates } from './correlateCreates.ts';
import { planActions } from './planActions.ts';
import type { RunScope } from './runScope.ts';

/** Replaces inserts that were begun before by what is right now: couple, fail as ambiguous, or insert after all. */
export async function resolveIntents(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly PlannedAction[],
  context: RuleContext,
): Promise<readonly PlannedAction[]> {
  const begun = pass === 'toBusinessCentral' ? await begunInserts(scope, actions) : [];
  if (begun.length === 0) return actions;
  const replaced = new Map<PlannedAction, PlannedAction>();
  const pairs: RecordPair[] = [];
  const originals: WritingAction[] = [];
  for (const { action, candidates } of await createdCandidates(scope, begun)) {
    const [only] = candidates;
    if (candidates.length > 1) replaced.set(action, ambiguous(action, candidates.length));
    else if (only) {
      pairs.push({ ...action.pair, businessCentral: only });
      originals.push(action);
    }
  }
  const complete = await withAllValues(scope, pairs);
  const couples = await planActions(scope, pass, [{ pairs: complete, matched: true }], context);
  for (const [index, original] of originals.entries()) replaced.set(original, couples[index] ?? original);
  return actions.map((action) => replaced.get(action) ?? action);
}

async function begunInserts(
  scope: RunScope,
  actions: readonly PlannedAction[],
): Promise<readonly WritingAction[]> {
  const inserts = actions.filter(isWriting).filter((action) => action.kind === 'insert');
  if (inserts.length === 0) return [];
  const intents = await scope.ports.couplings.intents(scope.mapping.name);
  const begun = new Set<string>(intents.map((intent) => intent.dataverseId));
  return inserts.filter((action) => begun.has(action.dataverseId ?? ''));
}

function ambiguous(action: WritingAction, count: number): PlannedAction {
  const { mapping, direction, businessCentralId, dataverseId, name, pair } = action;
  const message = `An earlier run may have created one of ${count} records from "${name}"; none was created again.`;
  const head = { mapping, direction, businessCentralId, dataverseId, name, pair };
  return { ...head, kind: 'fail', problem: problem('create-ambiguous', { message }) };
}

/** Candidates were read without companion sets; merging needs all values. */
async function withAllValues(scope: RunScope, pairs: readonly RecordPair[]): Promise<readonly RecordPair[]> {
  const ids = pairs.flatMap(({ businessCentral }) => businessCentral?.id ?? []);
  if (ids.length === 0) return [];
  const records = await scope.ports.businessCentral.readByIds(scope.selections.businessCentral, ids);
  const byId = new Map(records.map((record) => [record.id, record]));
  return pairs.map((pair) => ({
    ...pair,
    businessCentral: pair.businessCentral ? (byId.get(pair.businessCentral.id) ?? null) : null,
  }));
}
