/** Before a create is sent: did an earlier run begin the same create and lose its outcome? (DESIGN, Idempotent writes) */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { isWriting, type PlannedAction, type WritingAction } from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import { recogniseCreates } from './correlateCreates.ts';
import { type OwnCreate, planActions } from './planActions.ts';
import type { RunScope } from './runScope.ts';

/** Replaces inserts that were begun before by what is right now: couple, fail as ambiguous, or insert after all. */
export async function resolveIntents(
  scope: RunScope,
  pass: PassDirection,
  actions: readonly PlannedAction[],
  context: RuleContext,
): Promise<readonly PlannedAction[]> {
  const inserts = new Map(
    actions
      .filter(isWriting)
      .flatMap((action) => (action.kind === 'insert' ? [[action.dataverseId, action] as const] : [])),
  );
  const begun = pass === 'toBusinessCentral' && inserts.size > 0 ? await scope.begunCreates.before() : [];
  const replaced = new Map<PlannedAction, PlannedAction>();
  const own: { readonly action: WritingAction; readonly found: OwnCreate }[] = [];
  for (const { intent, same, similar } of await recogniseCreates(scope, begun)) {
    const action = inserts.get(intent.dataverseId);
    const [only] = same;
    if (!action) continue;
    if (same.length > 1 || (!only && similar.length > 0)) {
      replaced.set(action, ambiguous(action, Math.max(same.length, similar.length)));
    } else if (only)
      own.push({ action, found: { pair: { ...action.pair, businessCentral: only }, base: intent.base } });
  }
  const complete = await withAllValues(
    scope,
    own.map(({ found }) => found),
  );
  const couples = await planActions(
    scope,
    pass,
    [{ pairs: [], matched: true, ownCreates: complete }],
    context,
  );
  for (const [index, { action }] of own.entries()) replaced.set(action, couples[index] ?? action);
  return actions.map((action) => replaced.get(action) ?? action);
}

function ambiguous(action: WritingAction, count: number): PlannedAction {
  const { mapping, direction, businessCentralId, dataverseId, name, pair } = action;
  const message = `An earlier run may have created one of ${count} records from "${name}"; none was created again.`;
  const head = { mapping, direction, businessCentralId, dataverseId, name, pair };
  return { ...head, kind: 'fail', problem: problem('create-ambiguous', { message }) };
}

/** Candidates were read without companion sets; merging needs all values. */
async function withAllValues(scope: RunScope, found: readonly OwnCreate[]): Promise<readonly OwnCreate[]> {
  const ids = found.flatMap(({ pair }) => pair.businessCentral?.id ?? []);
  if (ids.length === 0) return [];
  const records = await scope.ports.businessCentral.readByIds(scope.selections.businessCentral, ids);
  const byId = new Map(records.map((record) => [record.id, record]));
  return found.map(({ pair, base }) => {
    const businessCentral = pair.businessCentral ? (byId.get(pair.businessCentral.id) ?? null) : null;
    return { pair: { ...pair, businessCentral }, base };
  });
}
