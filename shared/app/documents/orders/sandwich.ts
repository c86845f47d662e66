/** Writes to Sales orders that are closed for editing: open, write, close, each guarded by the row's version (D-20, D-164). */
import type { DataverseRow, DataverseWriteValue } from '../../../domain/common/records.ts';
import type { DocumentProgress } from '../../../domain/couplings/coupling.ts';
import { activePending, type StampSteps, stampSteps } from '../../../domain/documents/orderStages.ts';
import type { WriteOutcome } from '../../../ports/writeOutcome.ts';
import type { OrderScope } from './orderScope.ts';

/** A row, what is to be written to it, and the state it is brought back to. */
export interface RowWrite {
  readonly row: DataverseRow;
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  readonly endState: DocumentProgress['endState'];
}

/** The row as it is now; `reason` is why something could not be written, null when everything was. */
export interface RowWritten {
  readonly row: DataverseRow;
  readonly reason: string | null;
}

interface Progress {
  readonly write: RowWrite;
  readonly steps: StampSteps;
  row: DataverseRow;
  reason: string | null;
}

/**
 * Three requests at most, however many rows. A row that was opened is closed again whatever became of its values. The end
 * state must have been saved before (D-21). Safe to repeat: what is right is not written.
 */
export async function writeRows(
  scope: OrderScope,
  writes: readonly RowWrite[],
): Promise<readonly RowWritten[]> {
  const all = writes.map((write): Progress => {
    const steps = stampSteps(write.row, write.values, write.endState);
    return { write, steps, row: write.row, reason: null };
  });
  await step(
    scope,
    all.filter(({ steps }) => steps.open),
    () => activePending,
  );
  await step(
    scope,
    all.filter(({ steps, reason }) => steps.values !== null && reason === null),
    ({ steps }) => steps.values ?? {},
  );
  const opened = all.filter(
    ({ steps, row }) => steps.close && row.values['statecode'] === activePending.statecode,
  );
  await step(scope, opened, ({ write }) => ({ ...write.endState }));
  return all.map(({ row, reason }) => ({ row, reason }));
}

async function step(
  { ports, headers }: OrderScope,
  rows: readonly Progress[],
  valuesOf: (progress: Progress) => Readonly<Record<string, DataverseWriteValue>>,
): Promise<void> {
  if (rows.length === 0) return;
  const updates = rows.map((progress) => ({
    id: progress.row.id,
    etag: progress.row.etag,
    values: valuesOf(progress),
  }));
  const outcomes = await ports.dataverse.update(headers, updates);
  for (const [index, progress] of rows.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'done') progress.row = outcome.record;
    else progress.reason ??= reasonOf(outcome);
  }
}

function reasonOf(outcome: WriteOutcome<DataverseRow> | undefined): string {
  switch (outcome?.status) {
    case 'stale':
      return 'the order was changed meanwhile';
    case 'missing':
      return 'the order no longer exists';
    case 'refused':
      return outcome.problem.message;
    default:
      return 'the answer did not tell the outcome';
  }
}
