/** Merges all fields of a coupled or matched pair for one pass. */
import type { DataverseWriteValue, FieldValues } from '../common/records.ts';
import { businessCentralKey, type FieldMapping } from '../mappings/model.ts';
import { changedSinceBase, isUnsent } from './digests.ts';
import { decideField } from './merge.ts';
import { type PlanInput, ruleSubject } from './plan.ts';
import { problem, type RecordProblem } from './problems.ts';
import { presentReference, sourceIsKnown } from './references.ts';
import { holdsAlready, targetKey, transferField } from './transfer.ts';

/** The outcome of merging a pair's fields. */
export type MergedFields =
  | {
      readonly kind: 'merged';
      readonly values: Readonly<Record<string, DataverseWriteValue>>;
      /** Fields that agree, or will after the write. */
      readonly settledFields: readonly string[];
      /** Fields left to the target by the conflict rule. */
      readonly lost: readonly string[];
      /** Fields left to the pass of the other direction. */
      readonly waiting: readonly string[];
      /** Fields whose option has no pair. */
      readonly unsent: readonly string[];
    }
  | { readonly kind: 'conflict'; readonly problem: RecordProblem }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

interface SideChanges {
  readonly businessCentralChanged: boolean | null;
  readonly dataverseChanged: boolean | null;
}

/** What the pass would write, field by field; the first problem or conflict stops the record. */
export function mergeFields(input: PlanInput): MergedFields {
  const { mapping, pass, lookups } = input;
  const source = sideValues(input, pass === 'toDataverse' ? 'businessCentral' : 'dataverse');
  const target = sideValues(input, pass === 'toDataverse' ? 'dataverse' : 'businessCentral');
  const values: Record<string, DataverseWriteValue> = {};
  const settledFields: string[] = [];
  const lost: string[] = [];
  const waiting: string[] = [];
  const unsent: string[] = [];
  for (const field of mapping.fields.filter((candidate) => candidate.enabled)) {
    if (field.direction !== 'both' && field.direction !== pass) continue;
    const own = input.rule.transfer(field, ruleSubject(input, []));
    if (!own && !sourceIsKnown(mapping, field, pass, source)) continue;
    const transfer = own ?? transferField(mapping, field, pass, source, lookups);
    if (transfer.kind === 'problem') {
      // A reference that cannot be followed matters only when this pass would have to write it.
      if (verdictOf(input, field) !== 'wait') return transfer;
      waiting.push(field.id);
      continue;
    }
    if (transfer.kind === 'unpaired') {
      const open = unpairedVerdict(input, field);
      if (open === 'conflict') return conflictOf(input, field);
      if (open === 'wait') waiting.push(field.id);
      if (open === 'unsent') unsent.push(field.id);
      continue;
    }
    if (transfer.kind === 'keep') {
      settledFields.push(field.id);
      continue;
    }
    if (keepsPresent(input, field, transfer.value)) {
      settledFields.push(field.id);
      continue;
    }
    const key = targetKey(mapping, field, pass);
    if (holdsAlready(field, pass, transfer.value, target[key], lookups)) {
      settledFields.push(field.id);
      continue;
    }
    const verdict = verdictOf(input, field);
    if (verdict === 'conflict') return conflictOf(input, field);
    if (verdict === 'lose') lost.push(field.id);
    if (verdict === 'wait') waiting.push(field.id);
    if (verdict === 'write') {
      const insertOnly = pass === 'toDataverse' && field.dataverse?.access === 'insert';
      if (!insertOnly) values[key] = transfer.value;
      settledFields.push(field.id);
    }
  }
  return { kind: 'merged', values, settledFields, lost, waiting, unsent };
}

function conflictOf(input: PlanInput, field: FieldMapping): MergedFields {
  return { kind: 'conflict', problem: updateConflict(input, field) };
}

/**
 * What becomes of a value whose option has no pair: an edit of the other side alone travels in the other pass; edits of
 * both are a conflict, which stays with what the mapping's rule makes of it; else it waits for its pair.
 */
function unpairedVerdict(input: PlanInput, field: FieldMapping): 'conflict' | 'wait' | 'unsent' | 'leave' {
  const { businessCentralChanged, dataverseChanged } = changesFor(input, field);
  if (businessCentralChanged && dataverseChanged) {
    return verdictOf(input, field) === 'conflict' ? 'conflict' : 'leave';
  }
  const isOfOtherSide = input.pass === 'toDataverse' ? dataverseChanged : businessCentralChanged;
  return isOfOtherSide ? 'wait' : 'unsent';
}

/** A blank does not replace a reference that could never have come from Dataverse, because it is not coupled (E-79). */
function keepsPresent(
  { mapping, pass, pair, lookups }: PlanInput,
  field: FieldMapping,
  value: DataverseWriteValue,
): boolean {
  const isBlanking = value === null || value === '';
  if (pass === 'toDataverse' || field.blankNeedsCoupled !== true || !isBlanking) return false;
  const present = presentReference(mapping, field, pair.businessCentral?.values ?? {});
  return present !== null && lookups.find(present).status !== 'coupled';
}

function sideValues({ pair }: PlanInput, side: 'businessCentral' | 'dataverse'): FieldValues {
  return pair[side]?.values ?? {};
}

function verdictOf(input: PlanInput, field: FieldMapping): ReturnType<typeof decideField> {
  if (input.manner !== 'judge') return 'write';
  return decideField({
    pass: input.pass,
    bidirectional: travelsBack(field) && input.mapping.direction === 'both',
    ...changesFor(input, field),
    conflictRule: input.mapping.updateConflict,
    firstTime: input.firstTime,
  });
}

function travelsBack({ direction, sentBackByRule = false }: FieldMapping): boolean {
  return direction === 'both' || sentBackByRule;
}

/**
 * By field, or by whole record as Business Central itself judges it (E-36). A field that was enabled after the pair was
 * synchronised has no base of its own: then, too, the record tells which side changed, and if none did it waits.
 */
function changesFor(input: PlanInput, field: FieldMapping): SideChanges {
  const own = changesOfField(input, field);
  const isNew = own.businessCentralChanged === null && input.pair.coupling?.base != null;
  if (input.mapping.conflictDetection === 'field' ? !isNew : own.businessCentralChanged === null && !isNew)
    return own;
  const all = input.mapping.fields
    .filter((other) => other.enabled)
    .map((other) => changesOfField(input, other));
  return {
    businessCentralChanged: all.some((change) => change.businessCentralChanged === true),
    dataverseChanged: all.some((change) => change.dataverseChanged === true),
  };
}

function changesOfField(input: PlanInput, field: FieldMapping): SideChanges {
  const { mapping, digest, pair, assumedBase } = input;
  const base = (pair.coupling?.base ?? assumedBase)?.[field.id];
  const ours = field.businessCentral
    ? pair.businessCentral?.values[businessCentralKey(mapping, field.businessCentral)]
    : null;
  const theirs = field.dataverse ? pair.dataverse?.values[field.dataverse.attribute] : null;
  const businessCentralChanged = changedSinceBase(digest, field.id, base, 'businessCentral', ours);
  const dataverseChanged = changedSinceBase(digest, field.id, base, 'dataverse', theirs);
  // A value that could not travel gives way to an edit of the other side: nobody edited it since.
  if (businessCentralChanged && dataverseChanged) {
    return {
      businessCentralChanged: !isUnsent(digest, field.id, base, 'businessCentral', ours),
      dataverseChanged: !isUnsent(digest, field.id, base, 'dataverse', theirs),
    };
  }
  return { businessCentralChanged, dataverseChanged };
}

function updateConflict(input: PlanInput, field: FieldMapping): RecordProblem {
  const label = field.dataverse?.attribute ?? field.id;
  const message = `Both sides changed "${label}" to different values since they last agreed.`;
  const parameters = [input.pass, ...conflictingValues(input, field)];
  return problem('update-conflict', { message, field: label, parameters });
}

/** Digests of the two values, so that another pair of values counts as another conflict (E-57). */
function conflictingValues({ mapping, digest, pair }: PlanInput, field: FieldMapping): readonly string[] {
  const ours =
    field.businessCentral && pair.businessCentral?.values[businessCentralKey(mapping, field.businessCentral)];
  const theirs = field.dataverse && pair.dataverse?.values[field.dataverse.attribute];
  return [digest(String(ours)), digest(String(theirs))];
}
