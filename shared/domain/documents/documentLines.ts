/** Lines of a document: product lines with their comments, in steps of 10,000 (D-47, D-48, D-62, D-64). */
import type { DataverseRow, FieldValues } from '../common/records.ts';
import { canonicalText, roundTo } from '../sync/values.ts';
import { type Decided, type DocumentFacts, decided, undecided } from './documentFacts.ts';
import type { DocumentType } from './documentType.ts';
import { type LineProduct, productOf, productValues, unitOf } from './lineProduct.ts';
import { type LineTexts, productTexts, writeInTexts } from './lineTexts.ts';

/** Between two line numbers (D-47). */
const step = 10_000;
/** Business Central rounds amounts itself; this only takes the noise of binary fractions off. */
const noiseDecimals = 5;

/** A line as it is sent; the order of its properties is the order in which Business Central assigns them (D-64). */
export interface PlannedLine {
  readonly kind: 'product' | 'comment' | 'freight';
  readonly sequence: number;
  readonly values: FieldValues;
  /** The price contains tax, and is to be corrected once the tax rate of the line is known (D-63). */
  readonly hasTaxInPrice: boolean;
}

type Unnumbered = Omit<PlannedLine, 'sequence'>;

/** The lines of the document by their sequence in Sales. One bad line fails all of them. */
export function documentLines(
  type: DocumentType,
  lines: readonly DataverseRow[],
  facts: DocumentFacts,
): Decided<readonly PlannedLine[]> {
  const planned: Unnumbered[] = [];
  for (const line of inLineOrder(lines)) {
    const own = productLine(type, line, facts);
    if (own.kind === 'problem') return own;
    planned.push(...own.value);
  }
  return decided(numbered(planned));
}

/** Gives lines their numbers, after those that are there already. */
export function numbered(lines: readonly Unnumbered[], before = 0): readonly PlannedLine[] {
  return lines.map(({ values, ...line }, index) => {
    const sequence = (before + index + 1) * step;
    return { ...line, sequence, values: { sequence, ...values } };
  });
}

/** Rows of lines as they stand in the document. */
export function inLineOrder(lines: readonly DataverseRow[]): readonly DataverseRow[] {
  return lines.toSorted(bySequence);
}

function bySequence(left: DataverseRow, right: DataverseRow): number {
  const order = (row: DataverseRow, attribute: string) => Number(row.values[attribute] ?? 0);
  return (
    order(left, 'sequencenumber') - order(right, 'sequencenumber') ||
    order(left, 'lineitemnumber') - order(right, 'lineitemnumber') ||
    left.id.localeCompare(right.id)
  );
}

function productLine(
  type: DocumentType,
  line: DataverseRow,
  facts: DocumentFacts,
): Decided<readonly Unnumbered[]> {
  const product = productOf(type, line, facts);
  if (product.kind === 'problem') return undecided(product.problem);
  const unit = unitOf(type, line, product.value, facts);
  if (unit.kind === 'problem') return undecided(unit.problem);
  const texts = textsOf(type, line, product.value);
  const values = lineValues(line, product.value, texts, unit.value);
  // Where orders travel both ways the price of Sales stands as it is, or it would come back as another one (D-63, D-84).
  const isCorrected = type === 'order' && !facts.travelsBothWays;
  const hasTaxInPrice = isCorrected && product.value.record.values['priceIncludesTax'] === true;
  return decided([
    { kind: 'product', values, hasTaxInPrice },
    ...texts.comments.map((description): Unnumbered => commentLine(description)),
  ]);
}

function commentLine(description: string): Unnumbered {
  return { kind: 'comment', values: { lineType: 'Comment', description }, hasTaxInPrice: false };
}

function textsOf(type: DocumentType, line: DataverseRow, product: LineProduct): LineTexts {
  if (product.isWriteIn) return writeInTexts(line);
  const { values } = product.record;
  return productTexts(type, line, canonicalText(values[product.type === 'Item' ? 'displayName' : 'name']));
}

/** The price is always that of the Sales line, whatever Business Central's price list says (D-62). */
function lineValues(
  { values }: DataverseRow,
  product: LineProduct,
  { description }: LineTexts,
  unit: string | undefined,
): FieldValues {
  const discountAmount = lineDiscount(values);
  return {
    ...productValues(product),
    ...(description === null ? {} : { description }),
    ...(unit === undefined ? {} : { unitOfMeasureCode: unit }),
    quantity: numberIn(values['quantity']),
    unitPrice: numberIn(values['priceperunit']),
    ...(discountAmount === 0 ? {} : { discountAmount }),
  };
}

/** The volume discount is per unit, the manual one per line (D-48 row 7). */
function lineDiscount(values: FieldValues): number {
  const perUnit = numberIn(values['volumediscountamount']);
  const total = numberIn(values['quantity']) * perUnit + numberIn(values['manualdiscountamount']);
  return roundTo(total, noiseDecimals);
}

function numberIn(value: FieldValues[string] | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}
