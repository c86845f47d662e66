/** Plans what one pass does with one record. Pure: the same input always gives the same action. */
import { covers, type PassDirection, type Side, sourceSide } from '../common/directions.ts';
import { SyncFailure } from '../common/failures.ts';
import type { DataverseWriteValue, FieldValues } from '../common/records.ts';
import type { BaseDigests } from '../couplings/coupling.ts';
import type { TableMapping } from '../mappings/model.ts';
import { lastResult, ruleInputPrefix } from './changed.ts';
import { type CompanyStamp, companyValues, stampedInsert } from './companyStamp.ts';
import { changedSinceBase, type DigestText } from './digests.ts';
import type { EntityRule, LostOutcome, RuleContext, RuleOutcome, RuleSubject } from './entityRule.ts';
import type { Lookups } from './lookups.ts';
import { type MergedFields, mergeFields } from './mergeFields.ts';
import { businessCentralName, dataverseName } from './names.ts';
import { besideWrite, changesOf, inOrder, onlyBlanks, withoutBlanks, withRule } from './plannedValues.ts';
import type { FirstTimeRule, PlannedAction, RecordPair, RunManner } from './planTypes.ts';
import { problem, type RecordProblem } from './problems.ts';
import { templateValues } from './templates.ts';
import { targetKey, transferField } from './transfer.ts';

export interface PlanInput {
  readonly mapping: TableMapping;
  readonly rule: EntityRule;
  readonly pass: PassDirection;
  readonly pair: RecordPair;
  /** True when the pair was found by matching and is to be coupled now (E-27). */
  readonly matched: boolean;
  /** The base of a pair this program made without coupling it; null for all others. */
  readonly assumedBase: BaseDigests | null;
  readonly lookups: Lookups;
  readonly context: RuleContext;
  readonly digest: DigestText;
  readonly manner: RunManner;
  readonly firstTime: FirstTimeRule;
  readonly insertOrdinal: number;
  readonly stamp: CompanyStamp;
}

/** What an action says about its records, whatever its kind. */
export function actionHead(input: Pick<PlanInput, 'mapping' | 'pass' | 'pair'>) {
  const { mapping, pass, pair } = input;
  const { businessCentral, dataverse, coupling } = pair;
  const ours = businessCentral && businessCentralName(mapping, businessCentral);
  const theirs = dataverse && dataverseName(mapping, dataverse);
  return {
    mapping: mapping.name,
    direction: pass,
    businessCentralId: businessCentral?.id ?? coupling?.businessCentralId ?? null,
    dataverseId: dataverse?.id ?? coupling?.dataverseId ?? null,
    name: ours ?? theirs ?? coupling?.businessCentralName ?? '',
    pair,
  };
}

/**
 * The action for one source record whose counterpart has been looked for. Values nobody thought of fail their record alone
 * and hold up no other (E-24, P11). Raises SyncFailure where an invariant of this program does not hold.
 */
export function planRecord(input: PlanInput): PlannedAction {
  try {
    return plan(input);
  } catch (error) {
    if (error instanceof SyncFailure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The values of the record cannot be transferred: ${reason}.`;
    return { ...actionHead(input), kind: 'fail', problem: problem('transfer-failed', { message }) };
  }
}

function plan(input: PlanInput): PlannedAction {
  const { businessCentral, dataverse, coupling } = input.pair;
  if (businessCentral !== null && dataverse !== null) return planPair(input);
  return coupling === null ? planInsert(input) : planDeleted(input);
}

/**
 * One side of a coupled record is gone (E-39). Restoring writes towards the side that is gone, so it needs a mapping
 * that may write there; without one the record is left to a user. A coupling without any record is removed. A forced run
 * applies no deletion rule (E-42); one that is to create a new counterpart makes it (E-113).
 */
function planDeleted(input: PlanInput): PlannedAction {
  const { mapping, pass, pair } = input;
  const head = actionHead(input);
  const code = 'coupled-record-deleted';
  if (pair.businessCentral === null && pair.dataverse === null) {
    return { ...head, kind: 'uncouple', code, reason: 'Both records are gone.' };
  }
  const gone = pair.businessCentral === null ? 'businessCentral' : 'dataverse';
  const lost = deletedProblem(head.name, gone);
  const leave: PlannedAction = { ...head, kind: 'fail', problem: lost };
  const end = input.rule.onLost({ gone, pair, context: input.context });
  if (end)
    return { ...head, kind: 'uncouple', code: end.code, reason: end.reason, ...farewellOf(input, end) };
  if (pair.businessCentral === null && input.rule.losesCouplingWithRecord) {
    return { ...head, kind: 'uncouple', code, reason: lost.message };
  }
  if (input.manner === 'force') return leave;
  switch (input.manner === 'createNew' ? 'restoreRecords' : mapping.deletionConflict) {
    case 'none':
      return leave;
    case 'removeCoupling':
      return { ...head, kind: 'uncouple', code, reason: lost.message };
    case 'restoreRecords': {
      const towards: PassDirection = pair.businessCentral === null ? 'toBusinessCentral' : 'toDataverse';
      return towards === pass && covers(mapping.direction, pass) ? planInsert(input) : leave;
    }
  }
}

/** What the remaining row of Sales does not hold yet. */
function farewellOf({ mapping, pair }: PlanInput, { values: wanted }: LostOutcome) {
  const current = pair.dataverse?.values ?? {};
  const values = pair.dataverse === null ? {} : withRule({}, wanted, current);
  if (Object.keys(values).length === 0) return {};
  return { farewell: { values, fields: changesOf(mapping, values, current) } };
}

const sideNames = { businessCentral: 'Business Central', dataverse: 'Sales' } as const;

/** The problem of a coupled record whose counterpart is gone (E-39); two of the same record are the same failure. */
export function deletedProblem(name: string, gone: Side): RecordProblem {
  const where = sideNames[gone];
  const message = `"${name}" is coupled to a record that no longer exists in ${where}.`;
  return problem('coupled-record-deleted', { message, parameters: [where] });
}

function isUnsettled({ pass, pair, matched }: PlanInput): boolean {
  const { coupling } = pair;
  return (
    matched || coupling === null || coupling.base === null || lastResult(coupling, pass)?.result === 'failure'
  );
}

/** What a rule is told about a record; `waitingFields` are those the pass leaves to the other one. */
export function ruleSubject(input: PlanInput, waitingFields: readonly string[]): RuleSubject {
  const { pass, pair, lookups, context, insertOrdinal, digest } = input;
  const side = sourceSide(pass);
  return {
    pass,
    lookups,
    waitingFields,
    isUnsettled: isUnsettled(input),
    inputChanged: (name, value) => {
      const id = ruleInputPrefix + name;
      return changedSinceBase(digest, id, pair.coupling?.base?.[id], side, value) !== false;
    },
    context,
    insertOrdinal,
    businessCentral: pair.businessCentral,
    dataverse: pair.dataverse,
  };
}

/** Every field of the pass, then the rule's values, then the template's, which win (E-84, E-85); rows are stamped (E-88). */
function planInsert(input: PlanInput): PlannedAction {
  const { mapping, pass, pair, rule } = input;
  const head = actionHead(input);
  const source: FieldValues = (pass === 'toDataverse' ? pair.businessCentral : pair.dataverse)?.values ?? {};
  const values: Record<string, DataverseWriteValue> = {};
  const settledFields: string[] = [];
  const unsentFields: string[] = [];
  for (const field of mapping.fields.filter((candidate) => candidate.enabled)) {
    if (field.direction === 'both' || field.direction === pass) {
      const own = rule.transfer(field, ruleSubject(input, []));
      const transfer = own ?? transferField(mapping, field, pass, source, input.lookups);
      if (transfer.kind === 'problem') return { ...head, kind: 'fail', problem: transfer.problem };
      const atUpdateOnly = pass === 'toDataverse' && field.dataverse?.access === 'update';
      if (transfer.kind === 'write' && !atUpdateOnly)
        values[targetKey(mapping, field, pass)] = transfer.value;
      if (transfer.kind === 'unpaired') unsentFields.push(field.id);
    }
    if (!unsentFields.includes(field.id)) settledFields.push(field.id);
  }
  const added = rule.onInsert(ruleSubject(input, []));
  if (added.kind === 'problem') return { ...head, kind: 'fail', problem: added.problem };
  if (added.kind === 'instead') return { ...head, kind: 'skip', code: added.code, reason: added.reason };
  const target = pass === 'toDataverse' ? 'dataverse' : 'businessCentral';
  const wanted = { ...values, ...added.values, ...templateValues(mapping, target, pair) };
  const all =
    pass === 'toDataverse'
      ? withoutBlanks(stampedInsert(input.stamp, wanted))
      : inOrder(rule.insertFirst, { ...onlyBlanks(added.values), ...withoutBlanks(wanted) });
  return {
    ...head,
    kind: 'insert',
    values: all,
    fields: changesOf(mapping, all, {}),
    settledFields,
    waitingFields: [],
    unsentFields,
    ...besideWrite(added),
  };
}

function planPair(input: PlanInput): PlannedAction {
  const { mapping, pass, pair, rule, matched } = input;
  const head = actionHead(input);
  const merged = mergeFields(input);
  if (merged.kind === 'problem') return { ...head, kind: 'fail', problem: merged.problem };
  if (merged.kind === 'conflict') return { ...head, kind: 'conflict', problem: merged.problem };
  const added = rule.onModify(ruleSubject(input, merged.waiting));
  if (added.kind === 'problem') return { ...head, kind: 'fail', problem: added.problem };
  const current: FieldValues = (pass === 'toDataverse' ? pair.dataverse : pair.businessCentral)?.values ?? {};
  if (added.kind === 'instead') return planInstead(input, added, current, merged);
  const changes = withRule(merged.values, added.values, current);
  // The stamp comes with a change and is none of its own (E-34, E-88).
  const isStamped = pass === 'toDataverse' && (matched || Object.keys(changes).length > 0);
  const values = { ...changes, ...withRule({}, isStamped ? companyValues(input.stamp) : {}, current) };
  const { settledFields, lost, waiting, unsent } = merged;
  const hasValues = Object.keys(values).length > 0;
  const refusal = hasValues ? rule.refusesWrite(ruleSubject(input, waiting)) : null;
  if (refusal) return { ...head, kind: 'fail', problem: refusal };
  if (hasValues || matched || added.details || input.manner !== 'judge') {
    const fields = changesOf(mapping, values, current);
    return {
      ...head,
      kind: matched ? 'couple' : 'modify',
      values,
      fields,
      settledFields,
      waitingFields: waiting,
      unsentFields: unsent,
      ...besideWrite(added),
    };
  }
  if (lost.length > 0) {
    const reason = `The conflict rule of the mapping prefers the other side for ${lost.join(', ')}.`;
    return { ...head, kind: 'skip', code: 'conflict-lost', reason };
  }
  return { ...head, kind: 'unchanged', settledFields, unsentFields: unsent };
}

/** Only what the rule says is written; the fields keep their base, so that they travel once they may. */
function planInstead(
  input: PlanInput,
  { values: wanted, code, reason }: Extract<RuleOutcome, { kind: 'instead' }>,
  current: FieldValues,
  merged: Extract<MergedFields, { kind: 'merged' }>,
): PlannedAction {
  const head = actionHead(input);
  const values = withRule({}, wanted, current);
  if (Object.keys(values).length === 0) {
    const { settledFields, unsent: unsentFields } = merged;
    const isEqual = Object.keys(merged.values).length === 0;
    return isEqual
      ? { ...head, kind: 'unchanged', settledFields, unsentFields }
      : { ...head, kind: 'skip', code, reason };
  }
  const fields = changesOf(input.mapping, values, current);
  const none = { settledFields: [], waitingFields: [], unsentFields: [] };
  return { ...head, kind: 'modify', values, fields, ...none };
}
