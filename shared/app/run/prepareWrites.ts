/** Between planning and applying: makes the rows that have to be there before a record is written (D-124, D-129). */

import type { DataverseRow } from '../../domain/common/records.ts';
import type { PreparedRow } from '../../domain/sync/details.ts';
import { isWriting, type PlannedAction } from '../../domain/sync/planTypes.ts';
import { problem, type RecordProblem } from '../../domain/sync/problems.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { RunScope } from './runScope.ts';

type Outcome = WriteOutcome<DataverseRow>;

/**
 * The actions; those whose rows could not be made are failures now. Several records may want the same row: it is made once.
 * The keys are always the same, so repeating after a crash makes no second one.
 */
export async function prepareWrites(
  scope: RunScope,
  actions: readonly PlannedAction[],
): Promise<readonly PlannedAction[]> {
  const wanted = new Map<string, PreparedRow>();
  for (const row of actions.flatMap(preparedOf)) wanted.set(row.id, wanted.get(row.id) ?? row);
  if (wanted.size === 0) return actions;
  const refused = await makeRows(scope, [...wanted.values()]);
  return actions.map((action) => {
    const raised = preparedOf(action)
      .map(({ id }) => refused.get(id))
      .find((each) => each !== undefined);
    return raised && isWriting(action) ? failed(action, raised) : action;
  });
}

function preparedOf(action: PlannedAction): readonly PreparedRow[] {
  return isWriting(action) ? (action.prepared ?? []) : [];
}

function failed(action: PlannedAction, raised: RecordProblem): PlannedAction {
  const { mapping, direction, businessCentralId, dataverseId, name, pair } = action;
  return { mapping, direction, businessCentralId, dataverseId, name, pair, kind: 'fail', problem: raised };
}

/** Phase by phase, since later rows refer to earlier ones; what went wrong, by the id of the row. */
async function makeRows(
  { ports }: RunScope,
  rows: readonly PreparedRow[],
): Promise<ReadonlyMap<string, RecordProblem>> {
  const refused = new Map<string, RecordProblem>();
  const phases = [...new Set(rows.map(({ phase }) => phase))].toSorted((left, right) => left - right);
  for (const phase of phases) {
    const ofPhase = rows.filter((row) => row.phase === phase);
    for (const table of new Set(ofPhase.map((row) => row.table))) {
      const inserts = ofPhase.filter((row) => row.table === table);
      const attributes = [...new Set(inserts.flatMap(({ values }) => Object.keys(values)))];
      const outcomes = await ports.dataverse.create({ table, attributes }, inserts);
      for (const [index, { id }] of inserts.entries()) {
        const raised = problemOf(table, outcomes[index]);
        if (raised) refused.set(id, raised);
      }
    }
  }
  return refused;
}

/** A row that is there already is as good as one that was made. */
function problemOf(table: string, outcome: Outcome | undefined): RecordProblem | null {
  if (outcome?.status === 'done' || outcome?.status === 'exists') return null;
  if (outcome?.status === 'refused') {
    const { kind, serviceCode, message } = outcome.problem;
    const what = `A row of "${table}" that the record needs was not made: ${message}`;
    return problem('insert-failed', { kind, message: what, parameters: [serviceCode, message] });
  }
  const message = `Whether a row of "${table}" that the record needs was made is not known.`;
  return problem('outcome-unknown', { message });
}
