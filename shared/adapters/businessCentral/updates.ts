/** Updates in batches, each guarded by the etags of its record. */
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { BusinessCentralSelection, BusinessCentralUpdate } from '../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import type { Client } from './client.ts';
import { raiseIfNothingWritten } from './outcomes.ts';
import { readMainAgain } from './readMainAgain.ts';
import { startProgress, type WriteProgress } from './steps.ts';
import { writeSteps } from './writeSteps.ts';

type Outcome = WriteOutcome<BusinessCentralRecord>;

/** One outcome per update, in order. Raises SyncFailure only when nothing was written. */
export async function update(
  client: Client,
  selection: BusinessCentralSelection,
  updates: readonly BusinessCentralUpdate[],
): Promise<readonly Outcome[]> {
  if (updates.length === 0) return [];
  await client.companyPath();
  const all = updates.map(({ record, values }) => startProgress(selection, record, values));
  await writeSteps(client, selection, all);
  raiseIfNothingWritten(all.map(({ failure, written }) => (written > 0 ? null : failure)));
  await readMainAgain(
    client,
    selection,
    all.filter((progress) => progress.written > 1),
  );
  return all.map(toOutcome);
}

function toOutcome({ outcome, record }: WriteProgress): Outcome {
  return outcome === 'done' ? { status: 'done', record } : outcome;
}
