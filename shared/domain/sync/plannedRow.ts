/** What jobs that run code would write, in the form plans have (contract section 3). Pure. */
import { type DataverseWriteValue, type FieldValues, isLookupReference } from '../common/records.ts';
import type { FieldChange, PlannedWrite } from './planTypes.ts';

/**
 * Every value as a change of a column; `sources` tells from which property of Business Central a column comes, `current` what
 * stands there now.
 */
export function columnChanges(
  values: Readonly<Record<string, DataverseWriteValue>>,
  current: FieldValues,
  sources: Readonly<Record<string, string>> = {},
): readonly FieldChange[] {
  return Object.entries(values).map(([attribute, value]) => {
    const businessCentralField = sources[attribute];
    return {
      ...(businessCentralField === undefined ? {} : { businessCentralField }),
      attribute,
      before: current[attribute] ?? null,
      after: isLookupReference(value) ? value.id : value,
    };
  });
}

/** A write of which only the fields are told: nobody carries the action itself out. */
export function shownWrite(fields: readonly FieldChange[]): PlannedWrite {
  return { values: {}, fields, settledFields: [], waitingFields: [], unsentFields: [] };
}

/** What an action that writes nothing carries. */
export const nothingSettled = { settledFields: [], unsentFields: [] } as const;
