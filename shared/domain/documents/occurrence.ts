/** Numbers of orders are used again: which use of its number an order is (D-89). */
import type { DataverseRow, FieldValue } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';

/** Properties of an archived order that every version of the service shows, as far as it has archives (D-33). */
export const archiveProperties = [
  'id',
  'number',
  'docNoOccurrence',
  'versionNumber',
  'shipmentDate',
] as const;

/** What the document date of an archived order may be called; living orders have it as `orderDate` (D-25). */
export const archiveDateProperties = ['orderDate', 'documentDate'] as const;

/** The column that tells which use of the order number a Sales order belongs to. */
export const occurrenceColumn = 'bcbi_businesscentraldocumentoccurrencenumber';

/** Whether a Sales order tells it. */
export function hasOccurrence({ values }: Pick<DataverseRow, 'values'>): boolean {
  return Number(values[occurrenceColumn] ?? 0) > 0;
}

type Row = Readonly<Record<string, FieldValue>>;

/** Newest first: by occurrence, then by version. */
export function newestFirst(archives: readonly Row[]): readonly Row[] {
  const rank = (archive: Row) =>
    [Number(archive['docNoOccurrence']), Number(archive['versionNumber'])] as const;
  return archives.toSorted((left, right) => {
    const [one, other] = [rank(right), rank(left)];
    return one[0] - other[0] || one[1] - other[1];
  });
}

/**
 * The first use of a number nothing of which is archived; the same as the last archive where that has the document date of
 * the order, else the next. Where archives do not show the date, the last one is supposed to be of this order.
 */
export function occurrenceOf(archives: readonly Row[], documentDate: FieldValue): number {
  const [last] = newestFirst(archives);
  if (last === undefined) return 1;
  const occurrence = Number(last['docNoOccurrence']);
  const shown = archiveDateProperties.find((property) => property in last);
  const isSame = shown === undefined || day(last[shown]) === day(documentDate);
  return isSame ? occurrence : occurrence + 1;
}

function day(date: FieldValue | undefined): string {
  return canonicalText(date).slice(0, 10);
}
