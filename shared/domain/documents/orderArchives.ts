/** What the archive of an order says about the Sales order it belonged to (D-89, D-95). */
import type { DataverseRow, DataverseWriteValue, FieldValue } from '../common/records.ts';
import { closedForGood, orderStates } from '../mappings/default/salesOrderRule.ts';
import { stateOf } from '../sync/stateSteps.ts';
import { canonicalText, isBlank } from '../sync/values.ts';
import { newestFirst } from './occurrence.ts';

type Row = Readonly<Record<string, FieldValue>>;

/** The newest version of the occurrence the Sales order names, or of the last one; null when there is none. */
export function newestVersion(archives: readonly Row[], occurrence: FieldValue): Row | null {
  const named = archives.filter(
    (archive) => isBlank(occurrence) || archive['docNoOccurrence'] === occurrence,
  );
  return newestFirst(named)[0] ?? null;
}

/**
 * What the Sales order gets: the day of shipment, the payment discount where the archive shows it, and the state Invoiced once an invoice was posted from the order (D-95).
 * A fulfilled order can only become invoiced; a closed one is left alone.
 */
export function archiveValues(
  row: DataverseRow,
  archive: Row,
  isInvoiced: boolean,
): Readonly<Record<string, DataverseWriteValue>> {
  const state = stateOf(row.values);
  if (closedForGood(state)) return {};
  const isActive = state.statecode === orderStates.active.statecode;
  // An active order here is one that an interrupted run opened.
  const end = isInvoiced ? orderStates.invoiced : isActive ? orderStates.submitted : {};
  const isOpen = state.statecode <= orderStates.submitted.statecode;
  const date = canonicalText(archive['shipmentDate']).slice(0, 10);
  const isNew = isOpen && date !== '' && date > '0001-01-01' && row.values['datefulfilled'] !== date;
  return {
    ...(isNew ? { datefulfilled: date } : {}),
    ...(isOpen ? discountValues(row, archive) : {}),
    ...end,
  };
}

/** The payment discount stands in the percentage of the Sales order (D-83); without one the percentage is a user's own. */
function discountValues(
  { values }: DataverseRow,
  { paymentDiscountPercent: percent }: Row,
): Readonly<Record<string, DataverseWriteValue>> {
  const isGiven = Number(percent ?? 0) !== 0 && 'discountpercentage' in values;
  return isGiven && Number(values['discountpercentage'] ?? 0) !== Number(percent)
    ? { discountpercentage: Number(percent) }
    : {};
}
