/** The entity rule of UNIT OF MEASURE: the group's name, and its one unit (E-27, E-94). */
import type { FieldValues } from '../../common/records.ts';
import { type EntityRule, plainRule, type RuleOutcome, type RuleSubject } from '../../sync/entityRule.ts';
import {
  type DoneRecord,
  type FollowUpOutcome,
  noFollowUps,
  type RelatedRead,
} from '../../sync/followUps.ts';
import { groupNameOfUnit, groupProblem, unitAttributes, unitGroupAttributes } from '../../sync/salesUnits.ts';
import { asCode, canonicalText } from '../../sync/values.ts';

type DataverseRead = Extract<RelatedRead, { side: 'dataverse' }>;

function codeOf(values: FieldValues | undefined): string {
  return asCode(canonicalText(values?.['code']));
}

function nameOf({ businessCentral }: RuleSubject): string {
  return groupNameOfUnit(codeOf(businessCentral?.values));
}

/** A group that is taken over or written again must be active and have one unit. */
function existingGroup(subject: RuleSubject): RuleOutcome {
  const name = nameOf(subject);
  const groups = subject.context.unitGroups.get(name.toLowerCase()) ?? [];
  const group = groups.find(({ row }) => row.id === subject.dataverse?.id);
  const problem = group ? groupProblem(group) : groupProblem(withoutUnits(subject));
  if (problem && problem.code !== 'unit-group-empty') return { kind: 'problem', problem };
  return { kind: 'values', values: { name } };
}

/** A group that got another name since was not read with its units; the follow-up looks at them. */
function withoutUnits({ dataverse }: RuleSubject) {
  const row = dataverse ?? null;
  if (row === null) throw new RangeError('An existing group has a row.');
  return { row, units: [row] };
}

function unitsOf({ dataverse }: DoneRecord): DataverseRead {
  const attributes = [...unitAttributes];
  return { side: 'dataverse', table: 'uom', attributes, attribute: 'uomscheduleid', value: dataverse.id };
}

/** The one unit carries the code as its name; Sales takes the name with the group at creation only. */
function renameUnit(
  done: DoneRecord,
  units: ReturnType<Parameters<EntityRule['followUps']>[2]['rows']>,
): FollowUpOutcome {
  const { statecode, name } = done.dataverse.values;
  const row = {
    ...done.dataverse,
    values: { [unitGroupAttributes[0]]: name ?? null, statecode: statecode ?? null },
  };
  const problem = groupProblem({ row, units });
  if (problem) return { kind: 'problem', problem };
  const [unit] = units;
  const code = codeOf(done.businessCentral.values);
  if (!unit || unit.values['name'] === code) return noFollowUps;
  const values = { name: code };
  return { kind: 'writes', writes: [{ kind: 'updateRow', phase: 0, table: 'uom', row: unit, values }] };
}

export const unitOfMeasureRule: EntityRule = {
  ...plainRule,
  facts: ['unitGroups'],
  unitGroupNames: (_pass, { values }) => [groupNameOfUnit(codeOf(values))],
  match: {
    attribute: 'name',
    value: nameOf,
    isCounterpart: () => true,
  },
  onInsert: (subject) => ({ kind: 'values', values: { name: nameOf(subject) } }),
  onModify: existingGroup,
  // The platform makes the unit of a new group itself, with the name the group was created with.
  relatedReads: (_pass, done) => (done.kind === 'insert' ? [] : [unitsOf(done)]),
  followUps: (_pass, done, related) =>
    done.kind === 'insert' ? noFollowUps : renameUnit(done, related.rows(unitsOf(done))),
};
