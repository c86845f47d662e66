/** The unit of a product: which it should be, when it may be changed, and where a new item gets its own from (E-94, E-102). */
import type { DataverseWriteValue, FieldValue, FieldValues } from '../../common/records.ts';
import type { RuleContext, RuleSubject } from '../../sync/entityRule.ts';
import type { AssetType } from '../../sync/groupPrices.ts';
import { problem } from '../../sync/problems.ts';
import {
  assetUnit,
  groupNameOfAsset,
  groupNameOfUnit,
  type SalesUnit,
  unitOfMeasureUnit,
} from '../../sync/salesUnits.ts';
import type { Transfer } from '../../sync/transfer.ts';
import { asCode, canonicalText } from '../../sync/values.ts';
import { productStates } from './productStates.ts';

/** Ids of the fields that hold a product's unit or unit group. */
export const unitFields: ReadonlySet<string> = new Set(['defaultuomid', 'defaultuomscheduleid']);

/** A value as text; '' when there is none. */
export function textOf(values: FieldValues | undefined, name: string): string {
  return canonicalText(values?.[name]);
}

function baseUnitOf(values: FieldValues | undefined): string {
  return asCode(textOf(values, 'baseUnitOfMeasureCode'));
}

/** The name of the group in which a product's unit is (E-94). */
export function groupName(kind: AssetType, values: FieldValues, { unitGroupMapping }: RuleContext): string {
  if (unitGroupMapping) return groupNameOfAsset(kind, textOf(values, 'number'));
  const code = baseUnitOf(values);
  return code === '' ? '' : groupNameOfUnit(code);
}

/** The unit and unit group of the base unit, or why there is none (E-94, E-102). */
export function salesUnit(kind: AssetType, { businessCentral, context }: RuleSubject): SalesUnit {
  const values = businessCentral?.values ?? {};
  const code = baseUnitOf(values);
  const number = textOf(values, 'number');
  if (code === '') {
    const message = `${kind} ${number} has no base unit of measure.`;
    return {
      kind: 'problem',
      problem: problem('base-unit-missing', { message, field: 'baseUnitOfMeasureCode' }),
    };
  }
  return context.unitGroupMapping
    ? assetUnit(context.unitGroups, { assetType: kind, number }, code)
    : unitOfMeasureUnit(context.unitGroups, code);
}

/** Whether Sales lets a product's units be changed by a plain write: in draft, or when the group stays the same. */
export function mayChangeUnits({ dataverse }: RuleSubject, group: DataverseWriteValue | undefined): boolean {
  const state = dataverse?.values['statecode'];
  const now = dataverse?.values['defaultuomscheduleid'] ?? null;
  const isSame = typeof group === 'object' && group !== null && group.id === now;
  return state === productStates.draft.statecode || isSame;
}

/** The units as they are, so that nothing is written. */
export function presentUnits({ dataverse }: RuleSubject): Readonly<Record<string, FieldValue>> {
  const values = dataverse?.values ?? {};
  return {
    defaultuomid: values['defaultuomid'] ?? null,
    defaultuomscheduleid: values['defaultuomscheduleid'] ?? null,
  };
}

/**
 * A new item or resource has no units of its own yet, so that of a product with a unit group of its own is taken by its
 * name; a group that several products have could not be kept in step with one item's units (E-94). Null for one that is
 * there already.
 */
export function unitOfNewAsset({ businessCentral, dataverse, context }: RuleSubject): Transfer | null {
  if (businessCentral !== null || dataverse === null) return null;
  if (context.sharedUnitGroups.has(textOf(dataverse.values, 'defaultuomscheduleid'))) {
    const message = `Another product has the unit group of "${textOf(dataverse.values, 'name')}", too.`;
    return {
      kind: 'problem',
      problem: problem('unit-group-shared', { message, field: 'defaultuomscheduleid' }),
    };
  }
  const code = context.unitNames.get(textOf(dataverse.values, 'defaultuomid'));
  return code === undefined ? null : { kind: 'write', value: code };
}
