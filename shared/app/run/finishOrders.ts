/** After the lines of a page of orders: what is completely shipped becomes fulfilled (D-85, D-94). */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import type { AppliedAction, DoneAction } from './applyActions.ts';
import type { RunScope } from './runScope.ts';

/** Whether the order is still to be fulfilled: its coupling waits until it is, so that a crash in between is healed. */
export function isToFulfil(
  { rule }: RunScope,
  pass: PassDirection,
  { businessCentral, dataverse }: Pick<DoneAction, 'businessCentral' | 'dataverse'>,
  { orderProgress }: RuleContext,
): boolean {
  if (!rule.fulfils || pass === 'toBusinessCentral') return false;
  const isShipped = orderProgress.get(businessCentral.id)?.isShipped === true;
  return isShipped && stateOf(dataverse.values).statecode <= (rule.documentStates?.reopenedUpTo ?? -1);
}

/** Calls the action for all of them in one request; a refusal is told in the log, and the next run tries again. */
export async function finishOrders(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
  context: RuleContext,
): Promise<void> {
  const done = ends.filter((end) => end.status === 'done' && end.followUpProblem === undefined);
  const shipped = done.flatMap((end) =>
    end.status === 'done' && isToFulfil(scope, pass, end, context) ? [end.dataverse.id] : [],
  );
  if (shipped.length === 0) return;
  const outcomes = await scope.ports.dataverse.fulfilOrders(shipped);
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'done') continue;
    const reason = 'problem' in outcome ? outcome.problem.message : outcome.status;
    scope.ports.log('warning', 'order-not-fulfilled', { dataverseId: shipped[index], reason });
  }
}
