/** Creates in batches, and the companion values of what was created. */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { BusinessCentralInsert, BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { WriteOutcome } from '../../ports/writeOutcome.ts';
import { runOperations } from './batch.ts';
import type { BatchOperation } from './batchFormat.ts';
import type { Client } from './client.ts';
import { raiseIfNothingWritten, rowOutcome } from './outcomes.ts';
import { readMainAgain } from './readMainAgain.ts';
import { mainSet, recordOf, valueKey, withCompanions } from './records.ts';
import { startProgress, toSteps, type WriteProgress } from './steps.ts';
import { writeBody } from './values.ts';
import { writeSteps } from './writeSteps.ts';

type Outcome = WriteOutcome<BusinessCentralRecord>;

/**
 * Creates through the main set, then writes companion values where they differ from what the service set itself.
 * A create that worked stays `done` when its companion values could not be written: they differ from what was
 * asked for, and the next run writes them.
 */
export async function create(
  client: Client,
  selection: BusinessCentralSelection,
  inserts: readonly BusinessCentralInsert[],
): Promise<readonly Outcome[]> {
  if (inserts.length === 0) return [];
  const outcomes = await createMain(client, selection, inserts);
  const created = new Map<number, BusinessCentralRecord>();
  outcomes.forEach((outcome, index) => {
    if (outcome.status === 'done') created.set(index, outcome.record);
  });
  const completed = await completeCreated(client, selection, created, inserts);
  return outcomes.map((outcome, index) => {
    const record = completed.get(index);
    return record === undefined ? outcome : { status: 'done', record };
  });
}

async function createMain(
  client: Client,
  selection: BusinessCentralSelection,
  inserts: readonly BusinessCentralInsert[],
): Promise<readonly Outcome[]> {
  const set = mainSet(selection);
  const path = `${await client.companyPath()}/${set.entitySet}`;
  const operations = inserts.map(({ values, children }): BatchOperation => {
    const main = toSteps(selection, values).find((step) => step.set.entitySet === set.entitySet);
    const nested = children ? { [children.navigation]: children.rows.map(writeBody) } : {};
    return { method: 'POST', path, body: { ...writeBody(main?.values ?? {}), ...nested } };
  });
  const results = await runOperations(client, set.route, operations, 'write');
  raiseIfNothingWritten(results.map((result) => (result instanceof SyncFailure ? result : null)));
  return results.map((result): Outcome => {
    const outcome = rowOutcome(client, set, 'POST', result);
    return outcome.status === 'done'
      ? { status: 'done', record: recordOf(selection, outcome.record) }
      : outcome;
  });
}

/** Reads the companions of created records and writes the companion values that differ. */
async function completeCreated(
  client: Client,
  selection: BusinessCentralSelection,
  created: ReadonlyMap<number, BusinessCentralRecord>,
  inserts: readonly BusinessCentralInsert[],
): Promise<ReadonlyMap<number, BusinessCentralRecord>> {
  if (selection.companions.length === 0 || created.size === 0) return created;
  const indexes = [...created.keys()];
  const records = await companionsOrNone(client, selection, [...created.values()]);
  const all = records.map((record, position) => {
    const values = inserts[indexes[position] ?? -1]?.values ?? {};
    return companionProgress(selection, record, values);
  });
  await writeSteps(client, selection, all);
  await readMainAgain(
    client,
    selection,
    all.filter((progress) => progress.written > 0),
  );
  for (const progress of all) warnIfIncomplete(client, progress);
  return new Map(all.map((progress, position) => [indexes[position] ?? -1, progress.record]));
}

async function companionsOrNone(
  client: Client,
  selection: BusinessCentralSelection,
  records: readonly BusinessCentralRecord[],
): Promise<readonly BusinessCentralRecord[]> {
  try {
    return await withCompanions(client, selection, records);
  } catch (failure) {
    if (!(failure instanceof SyncFailure)) throw failure;
    client.log('warning', 'companion-not-read', { entitySet: selection.entitySet, code: failure.code });
    return records;
  }
}

/** The steps of a created record: its companion values without those the service already set. */
function companionProgress(
  selection: BusinessCentralSelection,
  record: BusinessCentralRecord,
  values: BusinessCentralInsert['values'],
): WriteProgress {
  const start = startProgress(selection, record, values);
  const steps = start.steps
    .filter((step) => step.set.entitySet !== selection.entitySet)
    .map(({ set, values: wanted }) => {
      const open = Object.entries(wanted).filter(
        ([property, value]) => record.values[valueKey(selection, set.entitySet, property)] !== value,
      );
      return { set, values: Object.fromEntries(open) };
    })
    .filter((step) => Object.keys(step.values).length > 0);
  return { ...start, steps };
}

function warnIfIncomplete(client: Client, { outcome, record, steps }: WriteProgress): void {
  if (outcome === 'done') return;
  client.log('warning', 'companion-not-written', {
    entitySet: steps[0]?.set.entitySet,
    id: record.id,
    outcome: outcome.status,
  });
}
