/** What a revision changes about a quote in Business Central, as the fields of a plan (D-112, contract section 3). Pure. */
import type { FieldValues } from '../common/records.ts';
import type { FieldChange } from '../sync/planTypes.ts';
import { canonicalText } from '../sync/values.ts';
import type { PlannedDocument } from './planDocument.ts';
import { plannedFields } from './plannedFields.ts';
import { headerRewrite } from './quoteStages.ts';

/** A line as it stands in Business Central. */
export interface StandingLine {
  readonly values: FieldValues;
}

/** Properties of lines that a revision may write. */
export const comparedLineProperties = [
  'sequence',
  'itemId',
  'lineType',
  'lineObjectNumber',
  'description',
  'unitOfMeasureCode',
  'quantity',
  'unitPrice',
  'discountAmount',
] as const;

const shown = /^(\w+)\((\d+)\)\/(\w+)$/;

/**
 * Header values that differ, then the new lines beside those that stand under the same number, then the lines that go. Lines
 * are replaced as a whole, so all values of a new line are told.
 */
export function revisedFields(
  plan: PlannedDocument,
  current: FieldValues,
  lines: readonly StandingLine[],
  localCurrencyCode: string,
): readonly FieldChange[] {
  const header = headerRewrite(plan, current, localCurrencyCode).values;
  const planned = plannedFields('quote', plan);
  const kept = planned.filter(({ businessCentralField: field = '' }) => shown.test(field) || field in header);
  const told = new Set(kept.map(({ businessCentralField }) => businessCentralField));
  // What the new revision does not have any more is in no plan of a document: the date, the discount.
  const cleared = Object.entries(header).filter(([property]) => !told.has(property));
  const bySequence = new Map(lines.map((line) => [canonicalText(line.values['sequence']), line.values]));
  const written = new Set(plan.lines.map(({ sequence }) => String(sequence)));
  return [
    ...kept.map((change) => ({ ...change, before: presentValue(change, current, bySequence) })),
    ...cleared.map(([property, after]) => ({
      businessCentralField: property,
      attribute: clearedSources[property] ?? property,
      before: current[property] ?? null,
      after,
    })),
    ...lines
      .filter(({ values }) => !written.has(canonicalText(values['sequence'])))
      .flatMap(({ values }) => removedLine(values)),
  ];
}

const clearedSources: Readonly<Record<string, string>> = {
  validUntilDate: 'effectiveto',
  discountAmount: 'discountamount',
  currencyCode: 'transactioncurrencyid',
};

function presentValue(
  { businessCentralField: field = '' }: FieldChange,
  current: FieldValues,
  bySequence: ReadonlyMap<string, FieldValues>,
) {
  const [, , sequence, property] = shown.exec(field) ?? [];
  if (sequence === undefined || property === undefined) return current[field] ?? null;
  return bySequence.get(sequence)?.[property] ?? null;
}

function removedLine(values: FieldValues): readonly FieldChange[] {
  const { sequence, ...rest } = values;
  return Object.entries(rest)
    .filter(([, value]) => value !== null && value !== '')
    .map(([property, before]) => ({
      businessCentralField: `salesQuoteLines(${canonicalText(sequence)})/${property}`,
      attribute: property,
      before,
      after: null,
    }));
}
