/** Writing one record in steps, one per set it is written through, many records side by side. */
import { invariant, type SyncFailure } from '../../domain/common/failures.ts';
import type { BusinessCentralRecord, FieldValue, FieldValues } from '../../domain/common/records.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { BatchOperation } from './batchFormat.ts';
import type { FailedWrite } from './outcomes.ts';
import { companionSets, mainSet } from './records.ts';
import type { SetSelection } from './rows.ts';
import { writeBody } from './values.ts';

/** The values to write through one set, keyed by property. */
export interface WriteStep {
  readonly set: SetSelection;
  readonly values: FieldValues;
}

/** A record on its way through its steps. */
export interface WriteProgress {
  /** As last known; holds only etags that are still valid. */
  record: BusinessCentralRecord;
  steps: readonly WriteStep[];
  /** `done` as long as nothing went wrong. */
  outcome: 'done' | FailedWrite;
  /** Steps carried out. */
  written: number;
  /** The failure of the whole request a step was part of. */
  failure: SyncFailure | null;
}

/** A record before its first step. */
export function startProgress(
  selection: BusinessCentralSelection,
  record: BusinessCentralRecord,
  values: FieldValues,
): WriteProgress {
  return { record, steps: toSteps(selection, values), outcome: 'done', written: 0, failure: null };
}

/** Whether there is a step left to do. */
export function isActive(progress: WriteProgress): boolean {
  return progress.outcome === 'done' && progress.steps.length > 0;
}

/** The etag that guards the next step; undefined when it is not known any more. */
export function nextEtag({ record, steps: [step] }: WriteProgress): string | undefined {
  return step === undefined ? undefined : record.etags[step.set.entitySet];
}

/** Splits values into steps: main set first, then companions in the order of the selection. Nulls are left out. */
export function toSteps(selection: BusinessCentralSelection, values: FieldValues): readonly WriteStep[] {
  const sets = [mainSet(selection), ...companionSets(selection)];
  const bySet = new Map<string, Record<string, FieldValue>>(sets.map((set) => [set.entitySet, {}]));
  for (const [key, value] of Object.entries(values)) {
    if (value === null) continue;
    const [entitySet, property] = splitKey(selection, key);
    const ofSet = bySet.get(entitySet);
    invariant(ofSet !== undefined, `${entitySet} is written but not part of the selection`);
    ofSet[property] = value;
  }
  return sets
    .map((set) => ({ set, values: bySet.get(set.entitySet) ?? {} }))
    .filter((step) => Object.keys(step.values).length > 0);
}

function splitKey(selection: BusinessCentralSelection, key: string): readonly [string, string] {
  const slash = key.indexOf('/');
  return slash < 0 ? [selection.entitySet, key] : [key.slice(0, slash), key.slice(slash + 1)];
}

/** The PATCH of the next step, guarded by the etag of its set. */
export function patchOperation(company: string, progress: WriteProgress): BatchOperation {
  const [step] = progress.steps;
  const etag = nextEtag(progress);
  invariant(step !== undefined && etag !== undefined, 'A write step needs an etag');
  return {
    method: 'PATCH',
    path: `${company}/${step.set.entitySet}(${progress.record.id})`,
    headers: { 'If-Match': etag },
    body: writeBody(step.values),
  };
}
