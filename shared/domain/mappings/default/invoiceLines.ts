/** The lines of an invoice as they are made in Sales (D-122, D-127, D-128, E-108). */
import { dataverseId } from '../../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseWriteValue,
  FieldValues,
  LookupReference,
} from '../../common/records.ts';
import type { DetailRow, PreparedRow } from '../../sync/details.ts';
import type { RuleContext } from '../../sync/entityRule.ts';
import type { Lookups } from '../../sync/lookups.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import { assetUnit } from '../../sync/salesUnits.ts';
import { transferField } from '../../sync/transfer.ts';
import { asCode, canonicalText, cut, roundTo } from '../../sync/values.ts';
import { fieldsOfPass, type TableMapping } from '../model.ts';
import { amountOf, money } from './invoiceAmounts.ts';
import { type InvoicePriceList, missingPrices, productRead } from './invoicePrices.ts';
import {
  assetOfLine,
  coupledProduct,
  invoiceLines,
  lineNumber,
  linesOf,
  mappingNamed,
  numberOf,
  productOfLine,
  soldAsset,
} from './invoiceReads.ts';

type Values = Readonly<Record<string, DataverseWriteValue>>;

/** Prices that tax is taken off are rounded to what every Sales organisation keeps; the rest becomes a rounding line (D-131). */
const netPriceDecimals = 2;
const roundingStep = 10_000;
const longestDescription = 500;
const table = 'invoicedetail';
const parent = 'invoiceid';

/** An invoice whose lines are made. */
export interface InvoiceWork {
  readonly invoice: BusinessCentralRecord;
  readonly context: RuleContext;
  readonly lookups: Lookups;
  /** Values that lines take over from their invoice (D-127). */
  readonly header: Values;
  readonly list: InvoicePriceList | null;
}

/** The lines with the prices they need, or what keeps the invoice from being made. */
export type InvoiceLines =
  | {
      readonly kind: 'lines';
      readonly details: readonly DetailRow[];
      readonly prepared: readonly PreparedRow[];
    }
  | { readonly kind: 'problem'; readonly problem: RecordProblem };

/** What keeps a new invoice from being made: lines that are not there yet, and what is blocked or cannot be a product (D-122). */
export function lineProblem(
  invoice: BusinessCentralRecord,
  context: RuleContext,
  lookups: Lookups,
): RecordProblem | null {
  const lines = linesOf(invoice, context);
  const number = numberOf(invoice.values);
  if (lines.length === 0) {
    const message = `The lines of the invoice ${number} cannot be read yet; a later run takes it.`;
    return problem('invoice-not-committed', { message, parameters: [number] });
  }
  for (const line of lines) {
    const raised = assetProblem(line, context, lookups);
    if (raised) return raised;
  }
  return null;
}

function assetProblem(
  line: BusinessCentralRecord,
  context: RuleContext,
  lookups: Lookups,
): RecordProblem | null {
  const asset = assetOfLine(line);
  if (!asset) return null;
  const parameters = [asset.type, asset.number];
  if (soldAsset(line, context)?.isBlocked) {
    const message = `${asset.type} ${asset.number} of the invoice is blocked.`;
    return problem('invoice-item-blocked', { message, parameters });
  }
  const isLeftOut = soldAsset(line, context)?.isProduct === false;
  if (isLeftOut || coupledProduct(line, context, lookups) !== null) return null;
  const message = `${asset.type} ${asset.number} of the invoice is not coupled and cannot be synchronised.`;
  return problem('product-not-synchronisable', { message, parameters });
}

/** Whether the prices of the lines include tax: then they make up the amounts with tax and not those without. */
export function pricesIncludeTax(lines: readonly BusinessCentralRecord[]): boolean {
  let [asPriced, withTax, without] = [0, 0, 0];
  for (const { values } of lines) {
    asPriced += amountOf(values, 'quantity') * amountOf(values, 'unitPrice');
    asPriced -= amountOf(values, 'lineDiscountAmount') + amountOf(values, 'invoiceDiscountAmount');
    withTax += amountOf(values, 'amountIncludingTax');
    without += amountOf(values, 'amount');
  }
  return Math.abs(asPriced - withTax) < Math.abs(asPriced - without);
}

/** Every line, and a rounding line where prices without tax do not make up the amounts (D-127, D-131). */
export function invoiceDetails(work: InvoiceWork): InvoiceLines {
  const mapping = mappingNamed(work.context, invoiceLines);
  if (!mapping) {
    const message = `The table mapping ${invoiceLines} of the lines does not work here.`;
    return {
      kind: 'problem',
      problem: problem('related-mapping-missing', { message, parameters: [invoiceLines] }),
    };
  }
  const lines = linesOf(work.invoice, work.context);
  const includesTax = pricesIncludeTax(lines);
  const details: DetailRow[] = [];
  const prepared: PreparedRow[] = [];
  for (const line of lines) {
    const made = detailOf(work, mapping, line, includesTax);
    if (made.kind === 'problem') return made;
    details.push(...made.details);
    prepared.push(...made.prepared);
  }
  const rounding = includesTax ? roundingLine(work, mapping, lines, details) : [];
  return { kind: 'lines', details: [...details, ...rounding], prepared };
}

function detailOf(
  work: InvoiceWork,
  mapping: TableMapping,
  line: BusinessCentralRecord,
  includesTax: boolean,
): InvoiceLines {
  const mapped = mappedValues(mapping, line, work.lookups);
  if ('problem' in mapped) return mapped;
  const sold = soldValues(work, line);
  if ('problem' in sold) return sold;
  const { values } = line;
  const tax = money(amountOf(values, 'amountIncludingTax') - amountOf(values, 'amount'));
  const price = includesTax ? netPrice(values, tax) : amountOf(values, 'unitPrice');
  const prices = 'priceperunit' in mapped.values ? { priceperunit: price } : {};
  const detail: DetailRow = {
    table,
    parent,
    mapping: mapping.name,
    source: line.id,
    lineNumber: lineNumber(line),
    values: {
      ...mapped.values,
      ...work.header,
      ...sold.values,
      ...prices,
      lineitemnumber: lineNumber(line),
      tax,
    },
    later: laterAmounts(values, mapped.later),
  };
  return { kind: 'lines', details: [detail], prepared: pricesOf(work, sold, price) };
}

/** Without tax, which the price in Business Central includes (D-127). */
function netPrice(values: FieldValues, tax: number): number {
  const quantity = amountOf(values, 'quantity');
  return quantity === 0
    ? amountOf(values, 'unitPrice')
    : roundTo(amountOf(values, 'unitPrice') - tax / quantity, netPriceDecimals);
}

/** The amounts Sales computes itself, as Business Central has them: its discounts are no part of its amounts (D-127). */
function laterAmounts(values: FieldValues, mapped: Values): Values {
  const discount = amountOf(values, 'invoiceDiscountAmount');
  const base = money(amountOf(values, 'amount') + discount + amountOf(values, 'lineDiscountAmount'));
  const extended = money(amountOf(values, 'amountIncludingTax') + discount);
  return {
    ...mapped,
    ...('baseamount' in mapped ? { baseamount: base } : {}),
    ...('extendedamount' in mapped ? { extendedamount: extended } : {}),
  };
}

type Mapped =
  | { readonly values: Values; readonly later: Values }
  | Extract<InvoiceLines, { kind: 'problem' }>;

/** What the field mappings of the lines say, apart by when it can be written (D-16). */
function mappedValues(mapping: TableMapping, line: BusinessCentralRecord, lookups: Lookups): Mapped {
  const values: Record<string, DataverseWriteValue> = {};
  const later: Record<string, DataverseWriteValue> = {};
  for (const field of fieldsOfPass(mapping, 'toDataverse')) {
    const transfer = transferField(mapping, field, 'toDataverse', line.values, lookups);
    if (transfer.kind === 'problem') return transfer;
    if (transfer.kind !== 'write' || !field.dataverse || transfer.value === null) continue;
    (field.dataverse.access === 'update' ? later : values)[field.dataverse.attribute] = transfer.value;
  }
  return { values, later };
}

/** What a line sells: a product with its unit, or a text. */
type Sold =
  | {
      readonly values: Values;
      readonly priced: { product: LookupReference; unit: LookupReference; group: LookupReference } | null;
    }
  | Extract<InvoiceLines, { kind: 'problem' }>;

function soldValues({ context, lookups }: InvoiceWork, line: BusinessCentralRecord): Sold {
  const id = coupledProduct(line, context, lookups);
  if (id === null || productOfLine(line, context) === null) return { values: writeIn(line), priced: null };
  const [row] = context.related.rows(productRead(id));
  const unit = unitOf(line, context, row?.values ?? {});
  if ('problem' in unit) return unit;
  const product: LookupReference = { table: 'product', id: dataverseId(id) };
  return { values: { productid: product, uomid: unit.unit }, priced: { product, ...unit } };
}

/** "No. Description." of whatever is no product (D-127). */
function writeIn({ values }: BusinessCentralRecord): Values {
  const text = `${canonicalText(values['number'])} ${canonicalText(values['description'])}`.trim();
  return { isproductoverridden: true, productdescription: cut(`${text}.`, longestDescription) };
}

type LineUnit =
  | { readonly unit: LookupReference; readonly group: LookupReference }
  | Extract<InvoiceLines, { kind: 'problem' }>;

/** The default unit of the product; where each product has its own units, the one of the line (D-127). */
function unitOf(line: BusinessCentralRecord, context: RuleContext, product: FieldValues): LineUnit {
  const asset = assetOfLine(line);
  const code = asCode(canonicalText(line.values['unitOfMeasureCode']));
  if (context.unitGroupMapping && asset && code !== '') {
    const found = assetUnit(context.unitGroups, { assetType: asset.type, number: asset.number }, code);
    if (found.kind === 'problem') return found;
    const isReference = (value: DataverseWriteValue): value is LookupReference =>
      typeof value === 'object' && value !== null;
    if (isReference(found.unit) && isReference(found.group)) return { unit: found.unit, group: found.group };
  }
  const [unit, group] = ['defaultuomid', 'defaultuomscheduleid'].map((name) => canonicalText(product[name]));
  if (unit && group) {
    return {
      unit: { table: 'uom', id: dataverseId(unit) },
      group: { table: 'uomschedule', id: dataverseId(group) },
    };
  }
  const message = `The product of ${asset?.type} ${asset?.number} has no default unit in Sales.`;
  return {
    kind: 'problem',
    problem: problem('item-unit-not-coupled', { message, parameters: [asset?.number ?? ''] }),
  };
}

function pricesOf(
  { list, context }: InvoiceWork,
  sold: Extract<Sold, { priced: unknown }>,
  price: number,
): readonly PreparedRow[] {
  return list && sold.priced ? missingPrices(list.id, { ...sold.priced, price }, context) : [];
}

/** One line for the difference between the amounts and what the net prices make of them (D-131). */
function roundingLine(
  { invoice, header }: InvoiceWork,
  mapping: TableMapping,
  lines: readonly BusinessCentralRecord[],
  details: readonly DetailRow[],
): readonly DetailRow[] {
  const wanted = lines.reduce(
    (sum, { values }) =>
      sum + amountOf(values, 'amountIncludingTax') + amountOf(values, 'invoiceDiscountAmount'),
    0,
  );
  const made = details.reduce((sum, { values }) => sum + madeOf(values), 0);
  const difference = money(wanted - made);
  if (difference === 0) return [];
  const number = Math.max(...details.map((detail) => detail.lineNumber)) + roundingStep;
  const values = {
    ...header,
    isproductoverridden: true,
    productdescription: 'Rounding',
    quantity: 1,
    priceperunit: difference,
    ispriceoverridden: true,
    lineitemnumber: number,
  };
  return [
    { table, parent, mapping: mapping.name, source: invoice.id, lineNumber: number, values, later: {} },
  ];
}

function madeOf(values: Values): number {
  const amount = (name: string) => Number(values[name] ?? 0);
  return (
    roundTo(amount('priceperunit') * amount('quantity'), 2) + amount('tax') - amount('manualdiscountamount')
  );
}
