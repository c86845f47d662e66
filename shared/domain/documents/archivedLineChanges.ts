/** What archived lines change about the lines of a Sales order, as the fields of a plan (D-95, contract section 3). Pure. */
import type { FieldValue, FieldValues } from '../common/records.ts';
import { columnChanges } from '../sync/plannedRow.ts';
import type { FieldChange } from '../sync/planTypes.ts';
import { canonicalText } from '../sync/values.ts';
import { type DetailWork, detailValues } from './archivedLines.ts';

const numberColumn = 'bcbi_businesscentrallinenumber';

/** Changed lines, new ones, and those that go, each under the number it has in Business Central. */
export function lineChanges({ updates, missing, doomed }: DetailWork): readonly FieldChange[] {
  return [
    ...updates.flatMap(({ row, values }) =>
      under(row.values[numberColumn], columnChanges(values, row.values)),
    ),
    ...missing.flatMap((line) => under(line['sequence'], columnChanges(detailValues(line), {}))),
    ...doomed.flatMap(({ values }) => under(values[numberColumn], removed(values))),
  ];
}

function under(sequence: FieldValue | undefined, changes: readonly FieldChange[]): readonly FieldChange[] {
  const prefix = `salesorderdetails(${canonicalText(sequence)})/`;
  return changes.map((change) => ({ ...change, attribute: prefix + change.attribute }));
}

function removed(values: FieldValues): readonly FieldChange[] {
  return Object.entries(values)
    .filter(([attribute, value]) => value !== null && attribute !== 'salesorderid')
    .map(([attribute, before]) => ({ attribute, before, after: null }));
}
