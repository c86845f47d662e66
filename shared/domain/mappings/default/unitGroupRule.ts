/** The entity rules of unit-group mode: composed group names, and units within their group (E-94). */

import { dataverseId } from '../../common/ids.ts';
import type { FieldValues } from '../../common/records.ts';
import { type EntityRule, plainRule, type RuleOutcome, type RuleSubject } from '../../sync/entityRule.ts';
import type { AssetType } from '../../sync/groupPrices.ts';
import { problem } from '../../sync/problems.ts';
import { groupNameOfAsset, type SalesUnitGroup } from '../../sync/salesUnits.ts';
import { asCode, canonicalText } from '../../sync/values.ts';
import { assetUnitFollowUps, assetUnitReads } from './assetUnitFollowUps.ts';

const inactive = 1;

function valuesOf({ businessCentral }: RuleSubject): FieldValues {
  return businessCentral?.values ?? {};
}

function nameOfGroup(values: FieldValues): string {
  const kind: AssetType = values['sourceType'] === 'Resource' ? 'Resource' : 'Item';
  return groupNameOfAsset(kind, canonicalText(values['sourceNumber']));
}

function inactiveProblem(name: string): RuleOutcome {
  const message = `The unit group "${name}" is inactive.`;
  return { kind: 'problem', problem: problem('unit-group-inactive', { message, parameters: [name] }) };
}

/** The rule of UNIT GROUP: both mapped columns hold the composed name. */
export const unitGroupRule: EntityRule = {
  ...plainRule,
  transfer: (_field, subject) => ({ kind: 'write', value: nameOfGroup(valuesOf(subject)) }),
  match: {
    attribute: 'name',
    value: (subject) => nameOfGroup(valuesOf(subject)),
    isCounterpart: () => true,
  },
  onModify: (subject) =>
    subject.dataverse?.values['statecode'] === inactive
      ? inactiveProblem(nameOfGroup(valuesOf(subject)))
      : { kind: 'values', values: {} },
};

function groupName(kind: AssetType, values: FieldValues): string {
  return groupNameOfAsset(kind, canonicalText(values[kind === 'Item' ? 'itemNumber' : 'resourceNumber']));
}

function groupOf(kind: AssetType, subject: RuleSubject): SalesUnitGroup | null {
  const name = groupName(kind, valuesOf(subject));
  const [group, second] = subject.context.unitGroups.get(name.toLowerCase()) ?? [];
  return group && !second ? group : null;
}

/** The group of the same item or resource; a new unit refers to the group's base unit. */
function unitValues(kind: AssetType, subject: RuleSubject, isNew: boolean): RuleOutcome {
  const name = groupName(kind, valuesOf(subject));
  const group = groupOf(kind, subject);
  if (!group) {
    const message = `There is no unit group named "${name}" in Sales.`;
    return { kind: 'problem', problem: problem('unit-group-not-found', { message, parameters: [name] }) };
  }
  if (group.row.values['statecode'] === inactive) return inactiveProblem(name);
  if (!isNew) return { kind: 'values', values: {} };
  const base = group.units.find((unit) => unit.values['isschedulebaseuom'] === true);
  if (!base) {
    const message = `The unit group "${name}" has no base unit.`;
    return { kind: 'problem', problem: problem('unit-group-empty', { message, parameters: [name] }) };
  }
  const uomscheduleid = { table: 'uomschedule', id: dataverseId(group.row.id) };
  return { kind: 'values', values: { uomscheduleid, baseuom: { table: 'uom', id: dataverseId(base.id) } } };
}

/** A unit of another group is never a counterpart, whatever its name. */
function assetUnitRule(kind: AssetType): EntityRule {
  return {
    ...plainRule,
    facts: ['unitGroups', 'salesSetup'],
    unitGroupNames: (_pass, { values }) => [groupName(kind, values)],
    match: {
      attribute: 'uomscheduleid',
      value: (subject) => groupOf(kind, subject)?.row.id ?? null,
      isCounterpart: (subject, row) =>
        asCode(canonicalText(row.values['name'])) === asCode(canonicalText(valuesOf(subject)['code'])),
    },
    onInsert: (subject) => unitValues(kind, subject, true),
    onModify: (subject) => unitValues(kind, subject, false),
    relatedReads: (_pass, done, context) => assetUnitReads(done, context),
    followUps: (_pass, done, related, context) => assetUnitFollowUps(done, related, context),
  };
}

/** The rule of ITEM UOM. */
export const itemUnitRule: EntityRule = assetUnitRule('Item');

/** The rule of RESOURCE UOM. */
export const resourceUnitRule: EntityRule = assetUnitRule('Resource');
