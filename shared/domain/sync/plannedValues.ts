/** The values of a planned write: which of them are sent, in which order, and how a plan shows them. Pure. */
import type { DataverseWriteValue, FieldValue, FieldValues } from '../common/records.ts';
import { isLookupReference } from '../common/records.ts';
import { businessCentralKey, type TableMapping } from '../mappings/model.ts';
import type { RuleOutcome } from './entityRule.ts';
import type { FieldChange, PlannedWrite } from './planTypes.ts';

/** What a rule wants written with or before the row. */
export function besideWrite(
  outcome: RuleOutcome,
): Pick<PlannedWrite, 'details' | 'afterDetails' | 'prepared'> {
  if (outcome.kind !== 'values') return {};
  const { details, afterDetails, prepared } = outcome;
  return {
    ...(details ? { details } : {}),
    ...(afterDetails ? { afterDetails } : {}),
    ...(prepared ? { prepared } : {}),
  };
}

/** The values with the keys of `first` before all others; services assign them in that order. */
export function inOrder(
  first: readonly string[],
  values: Readonly<Record<string, DataverseWriteValue>>,
): Record<string, DataverseWriteValue> {
  const leading = first.filter((key) => key in values).map((key) => [key, values[key] ?? null]);
  return { ...Object.fromEntries(leading), ...values };
}

/** Blanks that a rule asks for: Business Central fills some properties from others, and they may have to be emptied. */
export function onlyBlanks(
  values: Readonly<Record<string, DataverseWriteValue>>,
): Record<string, DataverseWriteValue> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value === ''));
}

/** A new record needs no blanks: they are what it starts with. */
export function withoutBlanks(
  values: Readonly<Record<string, DataverseWriteValue>>,
): Record<string, DataverseWriteValue> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));
}

/** The rule's values replace mapped ones; those the target already holds are not written. */
export function withRule(
  mapped: Readonly<Record<string, DataverseWriteValue>>,
  added: Readonly<Record<string, DataverseWriteValue>>,
  current: FieldValues,
): Record<string, DataverseWriteValue> {
  const untouched = Object.entries(mapped).filter(([key]) => !(key in added));
  const differing = Object.entries(added).filter(
    ([key, value]) => !isSame(plainValue(value), current[key] ?? null),
  );
  return Object.fromEntries([...untouched, ...differing]);
}

/** Decimals that a service rounds on its own way are the same number up to twelve digits. */
function isSame(wanted: FieldValue, held: FieldValue): boolean {
  if (typeof wanted !== 'number' || typeof held !== 'number') return wanted === held;
  return Math.abs(wanted - held) <= 1e-12 * Math.max(Math.abs(wanted), Math.abs(held));
}

function plainValue(value: DataverseWriteValue): FieldValue {
  return isLookupReference(value) ? value.id : value;
}

/** Every value as a change of a field, for plans; keys without a field stand for themselves. */
export function changesOf(
  mapping: TableMapping,
  values: Readonly<Record<string, DataverseWriteValue>>,
  current: FieldValues,
): readonly FieldChange[] {
  return Object.entries(values).map(([key, value]) => {
    const field = mapping.fields.find(
      ({ businessCentral, dataverse }) =>
        dataverse?.attribute === key ||
        (businessCentral && businessCentralKey(mapping, businessCentral) === key),
    );
    const ours = field?.businessCentral ? { businessCentralField: field.businessCentral.property } : {};
    const attribute = field?.dataverse?.attribute ?? key;
    return { ...ours, attribute, before: current[key] ?? null, after: plainValue(value) };
  });
}
