/**
 * Carries write steps out in rounds, so that the number of requests does not depend on the number of records.
 *
 * Main and companion sets show one stored row: a write through one set makes the etags of all others stale. A
 * step whose etag is not known therefore reads its row anew and goes on only if the values to be overwritten are
 * still those the decision was made on.
 */
import { SyncFailure } from '../../domain/common/failures.ts';
import type { FieldValue } from '../../domain/common/records.ts';
import { businessCentralRoutes } from '../../domain/mappings/model.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import { runOperations } from './batch.ts';
import type { Client } from './client.ts';
import { readLookups } from './lookups.ts';
import { failureOutcome, rowOutcome } from './outcomes.ts';
import { lookupById, mainSet, valueKey, withRow } from './records.ts';
import type { SetRow, SetSelection } from './rows.ts';
import { isActive, nextEtag, patchOperation, type WriteProgress, type WriteStep } from './steps.ts';

/** Does all steps of all records. Never raises SyncFailure: failures stand in the progress of the records. */
export async function writeSteps(
  client: Client,
  selection: BusinessCentralSelection,
  all: readonly WriteProgress[],
): Promise<void> {
  for (let active = all.filter(isActive); active.length > 0; active = all.filter(isActive)) {
    await freshen(
      client,
      selection,
      active.filter((progress) => nextEtag(progress) === undefined),
    );
    const ready = active.filter((progress) => isActive(progress) && nextEtag(progress) !== undefined);
    await patch(client, selection, ready);
  }
}

/** Reads the rows of the next steps and compares them with what the decision was made on. */
async function freshen(
  client: Client,
  selection: BusinessCentralSelection,
  waiting: readonly WriteProgress[],
): Promise<void> {
  if (waiting.length === 0) return;
  const groups = groupedBySet(waiting);
  try {
    const lookups = groups.map((group) => lookupById(setToRead(group), idsOf(group)));
    const found = await readLookups(client, lookups);
    for (const [index, group] of groups.entries()) compareAll(selection, group, found[index] ?? []);
  } catch (failure) {
    if (!(failure instanceof SyncFailure)) throw failure;
    for (const progress of waiting) fail(progress, failure);
  }
}

function groupedBySet(waiting: readonly WriteProgress[]): readonly (readonly WriteProgress[])[] {
  const setOf = ({ steps: [step] }: WriteProgress): string => step?.set.entitySet ?? '';
  const sets = new Set(waiting.map(setOf));
  return [...sets].map((entitySet) => waiting.filter((progress) => setOf(progress) === entitySet));
}

function idsOf(group: readonly WriteProgress[]): readonly WriteProgress['record']['id'][] {
  return group.map((progress) => progress.record.id);
}

/** The set of a group with all properties any of its steps writes. */
function setToRead(group: readonly WriteProgress[]): SetSelection {
  const steps = group.flatMap((progress) => progress.steps.slice(0, 1));
  const [first] = steps;
  if (first === undefined) throw new RangeError('A group of write steps cannot be empty');
  const properties = new Set([...first.set.properties, ...steps.flatMap((step) => Object.keys(step.values))]);
  return { ...first.set, properties: [...properties] };
}

function fail(progress: WriteProgress, failure: SyncFailure): void {
  progress.failure = failure;
  progress.outcome = failureOutcome(failure);
}

function compareAll(
  selection: BusinessCentralSelection,
  group: readonly WriteProgress[],
  rows: readonly SetRow[],
): void {
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const progress of group) {
    const [step, ...later] = progress.steps;
    const row = byId.get(progress.record.id);
    if (step === undefined) continue;
    if (row === undefined) progress.outcome = rowMissing(selection, step.set.entitySet);
    else compare(selection, progress, row, step, later);
  }
}

/** Goes on with the values that still differ, if nobody else changed them meanwhile. */
function compare(
  selection: BusinessCentralSelection,
  progress: WriteProgress,
  row: SetRow,
  step: WriteStep,
  later: readonly WriteStep[],
): void {
  const { entitySet } = step.set;
  const open = Object.entries(step.values).filter(([property, wanted]) => row.values[property] !== wanted);
  const changed = open.some(
    ([property]) => row.values[property] !== progress.record.values[valueKey(selection, entitySet, property)],
  );
  if (changed) {
    progress.outcome = { status: 'stale' };
    return;
  }
  progress.record = withRow(selection, progress.record, entitySet, row);
  progress.steps = open.length === 0 ? later : [{ ...step, values: fromPairs(open) }, ...later];
}

function fromPairs(pairs: readonly (readonly [string, FieldValue])[]): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(pairs);
}

/** No main row: the record is gone. No companion row: the companion page does not show the record. */
function rowMissing(selection: BusinessCentralSelection, entitySet: string): WriteProgress['outcome'] {
  if (entitySet === mainSet(selection).entitySet) return { status: 'missing' };
  return {
    status: 'refused',
    problem: {
      kind: 'config',
      serviceCode: 'companion-row-missing',
      message: `The companion set ${entitySet} does not show this record, so its values cannot be written.`,
      status: 404,
    },
  };
}

/** Sends the next step of each record, one batch per route. */
async function patch(
  client: Client,
  selection: BusinessCentralSelection,
  ready: readonly WriteProgress[],
): Promise<void> {
  const company = ready.length === 0 ? '' : await client.companyPath();
  await Promise.all(
    businessCentralRoutes.map(async (route) => {
      const ofRoute = ready.filter((progress) => progress.steps[0]?.set.route === route);
      const operations = ofRoute.map((progress) => patchOperation(company, progress));
      const results = await runOperations(client, route, operations, 'write');
      ofRoute.forEach((progress, index) => {
        const result = results[index];
        const [step] = progress.steps;
        if (result === undefined || step === undefined) return;
        if (result instanceof SyncFailure) fail(progress, result);
        else advance(selection, progress, step, rowOutcome(client, step.set, 'PATCH', result));
      });
    }),
  );
}

/** Takes over the row as stored; the etags of the other sets are stale from now on. */
function advance(
  selection: BusinessCentralSelection,
  progress: WriteProgress,
  { set }: WriteStep,
  outcome: ReturnType<typeof rowOutcome>,
): void {
  if (outcome.status !== 'done') {
    progress.outcome = outcome;
    return;
  }
  const record = withRow(selection, progress.record, set.entitySet, outcome.record);
  const etags = { [set.entitySet]: outcome.record.etag };
  progress.record = { ...record, modifiedAt: outcome.record.modifiedAt, etags };
  progress.steps = progress.steps.slice(1);
  progress.written += 1;
}
