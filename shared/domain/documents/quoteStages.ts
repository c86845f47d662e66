/** Which quotes of Sales are taken, what a revision follows on, and what a won quote leads to (D-107 to D-113). */
import type { DataverseRow, FieldValues } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';
import { isSubmitted } from './orderStages.ts';
import type { PlannedDocument } from './planDocument.ts';

/** States of a quote, and the status of one that was revised (D-13). */
export const quoteStates = { draft: 0, active: 1, won: 2, closed: 3 } as const;
const revisedStatus = 7;

/** What clears a date in Business Central. */
const blankDate = '0001-01-01';

/** Whether the quote is active or won; drafts and closed quotes are not taken (D-107). */
export function isTaken({ values }: DataverseRow): boolean {
  return values['statecode'] === quoteStates.active || values['statecode'] === quoteStates.won;
}

/** Whether the quote was won, so that an order follows (D-110). */
export function isWon({ values }: DataverseRow): boolean {
  return values['statecode'] === quoteStates.won;
}

/** Whether earlier revisions exist (D-109). */
export function isRevision(header: DataverseRow): boolean {
  return revisionOf(header) > 0;
}

/** The revised quotes of the same number, the newest first (D-109). */
export function earlierRevisions(
  header: DataverseRow,
  rows: readonly DataverseRow[],
): readonly DataverseRow[] {
  const number = numberOf(header);
  return rows
    .filter((row) => row.id !== header.id && numberOf(row) === number && isRevised(row))
    .toSorted((left, right) => revisionOf(right) - revisionOf(left));
}

function isRevised({ values }: DataverseRow): boolean {
  return values['statecode'] === quoteStates.closed && values['statuscode'] === revisedStatus;
}

function revisionOf({ values }: DataverseRow): number {
  return Number(values['revisionnumber'] ?? 0);
}

/** Dataverse compares text without regard to case. */
function numberOf({ values }: DataverseRow): string {
  return canonicalText(values['quotenumber']).toLowerCase();
}

/** What a revision changes about the header of its quote in Business Central. */
export interface HeaderRewrite {
  readonly values: FieldValues;
  /** Another customer or currency is refused or asked about while there are lines. */
  readonly linesFirst: boolean;
}

/**
 * The values of the new revision that differ, as far as the present ones are known; what it no longer has is taken back:
 * the date, the discount, the currency. The discount of the new lines follows when they are there (D-30, D-112).
 */
export function headerRewrite(
  { header }: PlannedDocument,
  current: FieldValues,
  localCurrencyCode: string,
): HeaderRewrite {
  const currency = canonicalText(header['currencyCode']) || localCurrencyCode;
  const isLocal = (code: string) => code === '' || code === localCurrencyCode;
  const present = canonicalText(current['currencyCode']);
  const isOtherCurrency = isLocal(currency) ? !isLocal(present) : currency !== present;
  const { currencyCode: _, ...rest } = header;
  const wanted: FieldValues = {
    ...rest,
    ...(isOtherCurrency ? { currencyCode: currency } : {}),
    ...(rest['validUntilDate'] === undefined && hasDate(current) ? { validUntilDate: blankDate } : {}),
    ...(Number(current['discountAmount'] ?? 0) === 0 ? {} : { discountAmount: 0 }),
  };
  const differing = Object.entries(wanted).filter(
    ([property, value]) => canonicalText(current[property]) !== canonicalText(value),
  );
  const isOtherCustomer = differing.some(([property]) => property === 'customerId');
  return { values: Object.fromEntries(differing), linesFirst: isOtherCustomer || isOtherCurrency };
}

function hasDate({ validUntilDate }: FieldValues): boolean {
  const date = canonicalText(validUntilDate);
  return date !== '' && date !== blankDate;
}

/** The order of a won quote: the one that is coupled or on its way, else a submitted one, else any; undefined when there is none (D-110). */
export function orderOfQuote(
  orders: readonly DataverseRow[],
  isTakenOn: (order: DataverseRow) => boolean,
): DataverseRow | undefined {
  return orders.find(isTakenOn) ?? orders.find(isSubmitted) ?? orders[0];
}
