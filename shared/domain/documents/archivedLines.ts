/** Lines of archived orders, and what they change about the lines of the Sales order (D-95). */
import { textLiteral } from '../common/odataText.ts';
import type { DataverseRow, DataverseWriteValue, FieldValue } from '../common/records.ts';
import { canonicalText } from '../sync/values.ts';

type Row = Readonly<Record<string, FieldValue>>;

/**
 * What the page of archived lines may call its properties: it is not documented, so the names of living lines and those of
 * the table are tried.
 */
const names = {
  sequence: ['sequence', 'lineNumber', 'lineNo'],
  lineType: ['lineType', 'type'],
  lineObjectNumber: ['lineObjectNumber', 'number', 'no'],
  description: ['description'],
  unitOfMeasureCode: ['unitOfMeasureCode', 'unitOfMeasure'],
  quantity: ['quantity'],
  shippedQuantity: ['shippedQuantity', 'quantityShipped'],
  unitPrice: ['unitPrice'],
  discountAmount: ['discountAmount', 'lineDiscountAmount'],
  netAmount: ['netAmount', 'amount'],
  netAmountIncludingTax: ['netAmountIncludingTax', 'amountIncludingTax', 'amountIncludingVAT'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Name = keyof typeof names;
const needed: readonly Name[] = ['sequence', 'lineType', 'quantity'];

/** By what a line names the version it belongs to, by the name in the archived order. */
const versionNames = {
  number: ['documentNumber', 'documentNo'],
  docNoOccurrence: ['docNoOccurrence', 'documentNumberOccurrence'],
  versionNumber: ['versionNumber', 'versionNo'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** How the page calls what is needed of it. */
export interface ArchiveLinePage {
  /** Names in the page by our own. */
  readonly properties: Readonly<Partial<Record<Name, string>>>;
  /** Properties that name the version a line belongs to. */
  readonly link: readonly string[];
  /** OData filter of the lines of a version. */
  readonly filterOf: (archive: Row) => string;
  /** Whether a line is one of a version's. */
  readonly isOf: (line: Row, archive: Row) => boolean;
}

/** The page as far as its properties tell; null where it is missing, or its lines cannot be told apart. */
export function archiveLinePage(shown: ReadonlySet<string>): ArchiveLinePage | null {
  const found = (candidates: readonly string[]) => candidates.find((name) => shown.has(name));
  const properties = Object.fromEntries(
    Object.entries(names).flatMap(([own, candidates]) => {
      const theirs = found(candidates);
      return theirs === undefined ? [] : [[own, theirs] as const];
    }),
  ) as ArchiveLinePage['properties'];
  if (needed.some((name) => properties[name] === undefined)) return null;
  const link = linkOf(shown);
  return link && { properties, ...link };
}

/** Lines name the id of their version, or its number, occurrence and version. */
function linkOf(shown: ReadonlySet<string>): Omit<ArchiveLinePage, 'properties'> | null {
  const text = (value: FieldValue | undefined) => canonicalText(value).toLowerCase();
  if (shown.has('documentId')) {
    return {
      link: ['documentId'],
      filterOf: ({ id }) => `documentId eq ${canonicalText(id)}`,
      isOf: ({ documentId }, { id }) => text(documentId) === text(id),
    };
  }
  const parts = Object.entries(versionNames).map(([own, candidates]) => {
    return { own, theirs: candidates.find((name) => shown.has(name)) ?? '' };
  });
  if (parts.some(({ theirs }) => theirs === '')) return null;
  const literal = (value: FieldValue | undefined) =>
    typeof value === 'number' ? String(value) : textLiteral(canonicalText(value));
  return {
    link: parts.map(({ theirs }) => theirs),
    filterOf: (archive) =>
      parts.map(({ own, theirs }) => `${theirs} eq ${literal(archive[own])}`).join(' and '),
    isOf: (line, archive) => parts.every(({ own, theirs }) => text(line[theirs]) === text(archive[own])),
  };
}

/** A line under our own names; what the page does not show is missing. */
export function archivedLine({ properties }: ArchiveLinePage, row: Row): Row {
  return Object.fromEntries(
    Object.entries(properties).map(([own, theirs]) => [own, row[theirs] ?? null] as const),
  );
}

const productTypes: readonly FieldValue[] = ['Item', 'Resource'];
const numberColumn = 'bcbi_businesscentrallinenumber';

/** Columns that are compared, each with the value of the line. */
const compared = {
  quantity: 'quantity',
  quantityshipped: 'shippedQuantity',
  manualdiscountamount: 'discountAmount',
  baseamount: 'netAmount',
  extendedamount: 'netAmountIncludingTax',
} as const;

/** Columns of a detail that are read. */
export const detailAttributes: readonly string[] = ['salesorderid', numberColumn, ...Object.keys(compared)];

/** What is to be done about the details of one order. */
export interface DetailWork {
  readonly updates: readonly {
    readonly row: DataverseRow;
    readonly values: Readonly<Record<string, DataverseWriteValue>>;
  }[];
  /** Lines without a detail. */
  readonly missing: readonly Row[];
  readonly doomed: readonly DataverseRow[];
}

/**
 * Line by line. A coupled detail without a line goes; one that was never coupled is a user's and stays. An archive that
 * shows no line at all deletes nothing (P9).
 */
export function detailWork(
  lines: readonly Row[],
  details: readonly DataverseRow[],
  isCoupled: (detail: DataverseRow) => boolean,
): DetailWork {
  const products = lines.filter(({ lineType }) => productTypes.includes(lineType ?? null));
  const byNumber = new Map(details.map((row) => [Number(row.values[numberColumn] ?? 0), row]));
  const updates = products.flatMap((line) => {
    const row = byNumber.get(Number(line['sequence']));
    const values = row ? differences(line, row) : {};
    return row && Object.keys(values).length > 0 ? [{ row, values }] : [];
  });
  const present = new Set(products.map((line) => Number(line['sequence'])));
  const isLost = (row: DataverseRow) => isCoupled(row) && !present.has(Number(row.values[numberColumn] ?? 0));
  return {
    updates,
    missing: products.filter((line) => !byNumber.has(Number(line['sequence']))),
    doomed: lines.length === 0 ? [] : details.filter(isLost),
  };
}

function differences(line: Row, { values }: DataverseRow): Record<string, DataverseWriteValue> {
  const entries = Object.entries(compared).flatMap(([column, property]) => {
    const wanted = line[property];
    const isKnown = wanted !== undefined && wanted !== null && column in values;
    return isKnown && Number(values[column] ?? 0) !== Number(wanted)
      ? [[column, Number(wanted)] as const]
      : [];
  });
  return Object.fromEntries(entries);
}

/** Columns of a new detail; product and unit come from the rule of lines. Amounts are Sales' own until they are written (D-15). */
export function detailValues(line: Row): Readonly<Record<string, DataverseWriteValue>> {
  const price = line['unitPrice'];
  return {
    [numberColumn]: Number(line['sequence']),
    quantity: Number(line['quantity']),
    quantityshipped: Number(line['shippedQuantity'] ?? 0),
    manualdiscountamount: Number(line['discountAmount'] ?? 0),
    ...(price === undefined || price === null ? {} : { priceperunit: Number(price) }),
    ispriceoverridden: true,
  };
}
