/** The plan of a dry run, in the shape of the contract: every action, unpaged. */
import type { Plan } from '../../shared/app/queries/planRuns.ts';
import { unreachable } from '../../shared/domain/common/failures.ts';
import type { PlannedAction } from '../../shared/domain/sync/planTypes.ts';

/** The whole plan. */
export function planView(plan: Plan) {
  return { actions: plan.actions.map(plannedActionView), counts: plan.counts, requests: plan.requests };
}

/** One planned action. */
export function plannedActionView(action: PlannedAction) {
  const { mapping, kind, direction, businessCentralId, dataverseId, name } = action;
  return {
    mapping,
    kind,
    direction,
    ...(businessCentralId === null ? {} : { businessCentralId }),
    ...(dataverseId === null ? {} : { dataverseId }),
    name,
    ...particulars(action),
  };
}

function particulars(action: PlannedAction) {
  switch (action.kind) {
    case 'insert':
    case 'modify':
    case 'couple':
      return { fields: action.fields };
    case 'unchanged':
      return { fields: [] };
    case 'skip':
    case 'uncouple':
    case 'delete':
      return { fields: action.farewell?.fields ?? [], code: action.code, reason: action.reason };
    case 'conflict':
    case 'fail':
      return { fields: [], code: action.problem.code, reason: action.problem.message };
    default:
      return unreachable(action);
  }
}
