/** How far an order has come on its way to Business Central, and what is left to do about its row in Sales (D-36, D-68 to D-70). */
import type { BusinessCentralId, DataverseId, MappingName } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { DataverseRow, DataverseWriteValue } from '../common/records.ts';
import type { CreateIntent, DocumentProgress } from '../couplings/coupling.ts';
import { type CompanyStamp, companyColumn, companyValues } from '../sync/companyStamp.ts';
import { canonicalText } from '../sync/values.ts';
import type { DocumentMarker } from './planDocument.ts';

/** States of a Sales order that matter here (D-13). */
export const activePending = { statecode: 0, statuscode: 2 } as const;
export const submitted = { statecode: 1, statuscode: 3 } as const;
const activeState = activePending.statecode;

/** The column that keeps processed orders from being processed again (D-66), and its date that stands for "never". */
const stampColumn = 'lastbackofficesubmit';
const neverSubmitted = '1900-01-01';

/** Which orders wait: submitted, never taken, ours or nobody's (D-36, D-150); `company` is null where orders carry none. */
export function waitingOrdersFilter(company: DataverseId | null): string {
  const waiting = `statecode eq 1 and (${stampColumn} eq null or ${stampColumn} eq ${neverSubmitted})`;
  const column = `_${companyColumn}_value`;
  return company === null ? waiting : `${waiting} and (${column} eq ${company} or ${column} eq null)`;
}

/** Whether the row has the state that orders are taken in (D-39). */
export function isSubmitted({ values }: DataverseRow): boolean {
  return values['statecode'] === submitted.statecode;
}

/** Whether the order was never taken; only the exact date counts as never, not the days beside it (D-36). */
export function isUnstamped({ values }: DataverseRow): boolean {
  const stamp = canonicalText(values[stampColumn]);
  return stamp === '' || stamp.slice(0, neverSubmitted.length) === neverSubmitted;
}

/** The reservation that goes before the first write (D-68 step 1). */
export function reservation(
  mapping: MappingName,
  header: DataverseRow,
  { externalDocumentNumber, customerNumber }: DocumentMarker,
  startedAt: Instant,
): CreateIntent & { readonly document: DocumentProgress } {
  const progress = { stage: 'reserved', businessCentralId: null, number: '', endState: null } as const;
  return {
    mapping,
    dataverseId: header.id,
    startedAt,
    sent: {},
    base: {},
    document: { ...progress, externalDocumentNumber, customerNumber },
  };
}

/** The order is known to exist (D-68 step 3). */
export function headerCreated(
  progress: DocumentProgress,
  businessCentralId: BusinessCentralId,
  number: string,
): DocumentProgress {
  return { ...progress, stage: 'headerCreated', businessCentralId, number };
}

/** Nothing is missing in Business Central; the row will be opened for its stamp if it is submitted (D-21, D-68 step 4). */
export function completed(progress: DocumentProgress, header: DataverseRow): DocumentProgress {
  return { ...progress, stage: 'complete', endState: progress.endState ?? endStateOf(header) };
}

/** What a row is brought back to; null for one that can be written as it is. */
export function endStateOf(header: DataverseRow): DocumentProgress['endState'] {
  return isSubmitted(header) ? submitted : null;
}

/** The writes a row needs: opening, values, closing (D-20). */
export interface StampSteps {
  readonly open: boolean;
  readonly values: Readonly<Record<string, DataverseWriteValue>> | null;
  readonly close: boolean;
}

/**
 * What is left to be written. An order found Active although it was to be submitted is closed again (D-21); one that is
 * canceled, fulfilled or invoiced is left alone, for it will not be taken again.
 */
export function stampSteps(
  row: DataverseRow,
  wanted: Readonly<Record<string, DataverseWriteValue>>,
  endState: DocumentProgress['endState'],
): StampSteps {
  const state = row.values['statecode'];
  const isActive = state === activeState;
  if (!isActive && !isSubmitted(row)) return { open: false, values: null, close: false };
  const values = Object.keys(wanted).length === 0 ? null : wanted;
  return {
    open: !isActive && values !== null,
    values,
    close: isActive ? endState !== null : values !== null,
  };
}

/** Our company and the date, where the row lacks them (D-40, D-146). */
export function stampValues(
  row: DataverseRow,
  stamp: CompanyStamp,
  today: string,
): Readonly<Record<string, DataverseWriteValue>> {
  const isOurs = stamp.company === null || row.values[companyColumn] === stamp.company;
  return {
    ...(isOurs ? {} : companyValues(stamp)),
    ...(isUnstamped(row) ? { [stampColumn]: today } : {}),
  };
}
