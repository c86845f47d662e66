/** After the lines of a page of orders: new ones are submitted, and what is completely shipped becomes fulfilled (D-85, D-94). */
import type { PassDirection } from '../../domain/common/directions.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import { stateOf } from '../../domain/sync/stateSteps.ts';
import type { AppliedAction, DoneAction } from './applyActions.ts';
import type { RunScope } from './runScope.ts';

type Pair = Pick<DoneAction, 'businessCentral' | 'dataverse'>;

/**
 * Whether the order is still to be submitted or fulfilled: its coupling waits until it is, so that a crash in between is
 * healed by the next run. A new row is active until its lines are there (D-85).
 */
export function isToFinish(scope: RunScope, pass: PassDirection, pair: Pair, context: RuleContext): boolean {
  return isToSubmit(scope, pass, pair) || isToFulfil(scope, pass, pair, context);
}

function isToSubmit({ rule }: RunScope, pass: PassDirection, { dataverse }: Pair): boolean {
  if (!rule.fulfils || pass === 'toBusinessCentral') return false;
  return stateOf(dataverse.values).statecode === rule.documentStates?.editable.statecode;
}

function isToFulfil(
  { rule }: RunScope,
  pass: PassDirection,
  { businessCentral, dataverse }: Pair,
  { orderProgress }: RuleContext,
): boolean {
  if (!rule.fulfils || pass === 'toBusinessCentral') return false;
  const isShipped = orderProgress.get(businessCentral.id)?.isShipped === true;
  return isShipped && stateOf(dataverse.values).statecode <= (rule.documentStates?.reopenedUpTo ?? -1);
}

/** In one request each; what does not succeed is told in the log, and the next run tries again. */
export async function finishOrders(
  scope: RunScope,
  pass: PassDirection,
  ends: readonly AppliedAction[],
  context: RuleContext,
): Promise<void> {
  const done = ends.flatMap((end) =>
    end.status === 'done' && end.followUpProblem === undefined && isToFinish(scope, pass, end, context)
      ? [end]
      : [],
  );
  const isShipped = (end: DoneAction) => isToFulfil(scope, pass, end, context);
  await fulfil(scope, done.filter(isShipped));
  await submit(
    scope,
    done.filter((end) => !isShipped(end)),
  );
}

async function fulfil({ ports }: RunScope, ends: readonly DoneAction[]): Promise<void> {
  if (ends.length === 0) return;
  const ids = ends.map(({ dataverse }) => dataverse.id);
  const outcomes = await ports.dataverse.fulfilOrders(ids);
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'done') continue;
    const reason = 'problem' in outcome ? outcome.problem.message : outcome.status;
    ports.log('warning', 'order-not-fulfilled', { dataverseId: ids[index], reason });
  }
}

/** Lines touched the rows meanwhile, so their versions are read again. */
async function submit({ ports, rule }: RunScope, ends: readonly DoneAction[]): Promise<void> {
  if (ends.length === 0 || rule.submitted === null) return;
  const selection = { table: 'salesorder', attributes: ['statecode', 'statuscode'] };
  const rows = await ports.dataverse.readByIds(
    selection,
    ends.map(({ dataverse }) => dataverse.id),
  );
  const values = { ...rule.submitted };
  const updates = rows.map(({ id, etag }) => ({ id, etag, values }));
  const outcomes = await ports.dataverse.update(selection, updates);
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'done') continue;
    const reason = 'problem' in outcome ? outcome.problem.message : outcome.status;
    ports.log('warning', 'order-not-submitted', { dataverseId: rows[index]?.id, reason });
  }
}
