/** The order discount and the freight of an order that is in both systems, on their way to Business Central (D-55 to D-58, D-90). */
import type { DataverseRow, FieldValue, FieldValues } from '../common/records.ts';
import type { BaseDigests } from '../couplings/coupling.ts';
import { ruleInputPrefix } from '../sync/changed.ts';
import { changedSinceBase, type DigestText, digestValue, fieldBase } from '../sync/digests.ts';
import type { FieldChange } from '../sync/planTypes.ts';
import { asCode, canonicalText } from '../sync/values.ts';
import type { ExistingLine } from './completeDocument.ts';
import { discountOf, freightOf, freightText } from './documentAmounts.ts';
import { type Decided, decided, undecided } from './documentFacts.ts';
import { documentProblem } from './documentProblems.ts';

/** Columns of the Sales order that both are worked out from. */
export const amountAttributes = [
  'discountpercentage',
  'freightamount',
  'totallineitemamount',
  'totalamountlessfreight',
] as const;

/** Field mapping that brings the discount to Sales. */
const discountField = 'discountamount';
const inputs = { discount: 'orderDiscount', freight: 'freight' } as const;

/** What a user of Sales changes of them; the totals follow from it, and from the lines. */
export function amountInputs(row: Pick<DataverseRow, 'values'>): Readonly<Record<string, FieldValue>> {
  const { values } = row;
  const amounts = [values['discountamount'], values['discountpercentage']].map((value) => Number(value ?? 0));
  return { [inputs.discount]: amounts.join('|'), [inputs.freight]: freightOf(values) };
}

/** Which of them are to be looked at. */
export interface DueAmounts {
  readonly discount: boolean;
  readonly freight: boolean;
}

/**
 * Those that changed in Sales since both sides last agreed; all of them where Sales is to overwrite. For a pair that never
 * agreed the discount of Business Central counts, and only a freight that is missing is added.
 */
export function dueAmounts(
  digest: DigestText,
  base: BaseDigests | null,
  row: DataverseRow,
  isForced: boolean,
): DueAmounts {
  const values = amountInputs(row);
  const changed = (name: string) => {
    const id = ruleInputPrefix + name;
    return changedSinceBase(digest, id, base?.[id], 'dataverse', values[name]);
  };
  const hasFreight = freightOf(row.values) > 0;
  return {
    discount: isForced || changed(inputs.discount) === true,
    freight: hasFreight && (isForced || changed(inputs.freight) !== false),
  };
}

/** The order as it is in Business Central. */
export interface OrderInBusinessCentral {
  readonly values: FieldValues;
  /** Read where freight is due. */
  readonly lines: readonly ExistingLine[];
  /** Of a plan: the run would send it lines before. */
  readonly getsLines?: boolean;
}

/** Properties of lines that tell which of them is the freight. */
export const freightLineProperties = [
  'sequence',
  'lineType',
  'lineObjectNumber',
  'unitPrice',
  'shippedQuantity',
] as const;

/** What to write; null where nothing is. */
export interface AmountWrites {
  readonly discountAmount: number | null;
  /** Both sides changed the discount: what becomes of it is decided by the merge on its way to Sales. */
  readonly isContested: boolean;
  readonly freight:
    | { readonly kind: 'create'; readonly values: FieldValues }
    | { readonly kind: 'update'; readonly line: ExistingLine; readonly values: FieldValues }
    | null;
}

/** Pure; decides the same until it is written. A discount that Business Central changed as well is left to the merge. */
export function amountWrites(input: {
  readonly digest: DigestText;
  readonly base: BaseDigests | null;
  readonly due: DueAmounts;
  readonly isForced: boolean;
  readonly row: DataverseRow;
  /** As it was before this run wrote to it. */
  readonly before: FieldValues;
  readonly order: OrderInBusinessCentral;
  /** Null when none is configured. */
  readonly freightAccount: string | null;
}): Decided<AmountWrites> {
  const freight = input.due.freight ? freightWrite(input.row, input.order, input.freightAccount) : noFreight;
  if (freight.kind === 'problem') return freight;
  const isContested = input.due.discount && !input.isForced && isChangedBefore(input) !== false;
  const wanted = discountOf(input.row.values);
  const isWanted = input.due.discount && !isContested && amountIn(input.order.values) !== wanted;
  return decided({ isContested, discountAmount: isWanted ? wanted : null, freight: freight.value });
}

const noFreight: Decided<AmountWrites['freight']> = decided(null);

/** Whether Business Central had changed the discount before this run wrote to the order; null when that is not known. */
function isChangedBefore({
  digest,
  base,
  before,
}: Pick<Parameters<typeof amountWrites>[0], 'digest' | 'base' | 'before'>): boolean | null {
  const known = base?.[discountField];
  return changedSinceBase(digest, discountField, known, 'businessCentral', before['discountAmount']);
}

function amountIn(values: FieldValues): number {
  return Number(values['discountAmount'] ?? 0);
}

/** A line with that price is enough; one that is not shipped gets the price; else a line is added at the end (D-58). */
function freightWrite(
  { values }: DataverseRow,
  { lines, getsLines = false }: OrderInBusinessCentral,
  account: string | null,
): Decided<AmountWrites['freight']> {
  const unitPrice = freightOf(values);
  if (account === null) {
    const message = `The order has a freight amount of ${unitPrice}, and no freight account is configured.`;
    return undecided(documentProblem('order', 'FREIGHT_ACCOUNT_MISSING', message));
  }
  if (lines.length === 0 && !getsLines) {
    const message = `The order has a freight amount of ${unitPrice}, but no lines in Business Central.`;
    return undecided(documentProblem('order', 'FREIGHT_NO_LINES', message));
  }
  const ofFreight = lines.filter(
    (line) =>
      line.values['lineType'] === 'Account' &&
      asCode(canonicalText(line.values['lineObjectNumber'])) === asCode(account),
  );
  if (ofFreight.some((line) => Number(line.values['unitPrice'] ?? 0) === unitPrice)) return decided(null);
  const line = ofFreight.find((each) => Number(each.values['shippedQuantity'] ?? 0) === 0);
  if (line) return decided({ kind: 'update', line, values: { unitPrice } });
  const created = { lineType: 'Account', lineObjectNumber: account, description: freightText };
  return decided({ kind: 'create', values: { ...created, quantity: 1, unitPrice } });
}

/** The writes as a plan shows them (contract section 3). */
export function amountChanges(writes: AmountWrites, before: FieldValues): readonly FieldChange[] {
  const { discountAmount, freight } = writes;
  const discount: FieldChange = {
    businessCentralField: 'discountAmount',
    attribute: discountField,
    before: amountIn(before),
    after: discountAmount,
  };
  return [
    ...(discountAmount === null ? [] : [discount]),
    ...(freight === null ? [] : [freightChange(freight)]),
  ];
}

function freightChange(freight: NonNullable<AmountWrites['freight']>): FieldChange {
  const line = freight.kind === 'update' ? freight.line.values : null;
  const place = line === null ? '' : `(${Number(line['sequence'])})`;
  return {
    businessCentralField: `salesOrderLines${place}/unitPrice`,
    attribute: 'freightamount',
    before: line?.['unitPrice'] ?? null,
    after: freight.values['unitPrice'] ?? null,
  };
}

/** The base once both sides agree on what was due: what Sales has now, and what Business Central holds for it. */
export function agreedBase(
  digest: DigestText,
  base: BaseDigests | null,
  row: DataverseRow,
  { discountAmount, isContested }: AmountWrites,
): BaseDigests {
  const renewed: Record<string, BaseDigests[string]> = { ...base };
  for (const [name, value] of Object.entries(amountInputs(row))) {
    if (isContested && name === inputs.discount) continue;
    const id = ruleInputPrefix + name;
    const ours = base?.[id]?.businessCentral ?? '';
    renewed[id] = { businessCentral: ours, dataverse: digestValue(digest, id, value) };
  }
  if (discountAmount !== null) {
    renewed[discountField] = fieldBase(digest, discountField, discountAmount, row.values['discountamount']);
  }
  return renewed;
}
