/** What the remaining row of Sales gets before its coupling is removed (D-79, D-96). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { PlannedAction, PlannedWrite } from '../../domain/sync/planTypes.ts';
import { problem } from '../../domain/sync/problems.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { type AppliedAction, withoutWrite } from './applyActions.ts';
import type { RunScope } from './runScope.ts';
import { updateInStates } from './writeInStates.ts';

/** An `uncouple` that writes to the row that is left. */
export type Farewell = PlannedAction & {
  readonly kind: 'uncouple';
  readonly farewell: Pick<PlannedWrite, 'values' | 'fields'>;
};

/** Whether the action is one. */
export function isFarewell(action: PlannedAction): action is Farewell {
  return action.kind === 'uncouple' && action.farewell !== undefined && action.pair.dataverse !== null;
}

/**
 * The coupling goes only after the row was written, or is gone too; else it stays, and the next run decides again. Safe to
 * repeat: only what the row does not hold yet was planned.
 */
export async function bidFarewell(
  scope: RunScope,
  actions: readonly Farewell[],
): Promise<readonly AppliedAction[]> {
  if (actions.length === 0) return [];
  const updates = actions.flatMap(({ pair, farewell }) =>
    pair.dataverse === null ? [] : [{ row: pair.dataverse, coupling: pair.coupling, ...farewell }],
  );
  const { documentStates } = scope.rule;
  const outcomes =
    documentStates === null
      ? await scope.ports.dataverse.update(
          scope.selections.dataverse,
          updates.map(({ row, values }) => ({ id: row.id, etag: row.etag, values })),
        )
      : await updateInStates(scope, documentStates, updates);
  return actions.map((action, index) => endOfFarewell(action, outcomes[index]));
}

function endOfFarewell(action: Farewell, outcome: WriteOutcome<DataverseRow> | undefined): AppliedAction {
  switch (outcome?.status) {
    case 'done':
    case 'missing':
      return withoutWrite(action);
    case 'refused': {
      const { message, kind, serviceCode } = outcome.problem;
      const details = { message, kind, parameters: [serviceCode, message] };
      return { status: 'failed', action, problem: problem('modify-failed', details) };
    }
    case 'unknown':
      return { status: 'failed', action, problem: problem('outcome-unknown', { message: outcome.message }) };
    default: {
      const message = `"${action.name}" was changed while its state was being written.`;
      return { status: 'failed', action, problem: problem('record-changed', { message }) };
    }
  }
}
