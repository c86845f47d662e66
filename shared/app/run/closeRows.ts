/** The last write to a document that was opened: its state (D-18, D-20). */
import type { DataverseRow } from '../../domain/common/records.ts';
import type { StateSteps } from '../../domain/sync/stateSteps.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { RowTarget } from './writeInStates.ts';

/** A row to be closed; `failure` is set where that did not succeed. */
export interface RowToClose {
  readonly steps: Pick<StateSteps, 'end'>;
  row: DataverseRow;
  failure: WriteOutcome<DataverseRow> | null;
}

/** Sets each row's state by a plain update (D-18), in bulk. Safe to repeat. */
export async function closeRows(
  { ports, selections }: RowTarget,
  works: readonly RowToClose[],
): Promise<void> {
  if (works.length === 0) return;
  const updates = works.map(({ row, steps }) => ({ id: row.id, etag: row.etag, values: { ...steps.end } }));
  const outcomes = await ports.dataverse.update(selections.dataverse, updates);
  for (const [index, work] of works.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'done') work.row = outcome.record;
    else work.failure = outcome ?? { status: 'unknown', message: 'The answer did not tell the outcome.' };
  }
}
