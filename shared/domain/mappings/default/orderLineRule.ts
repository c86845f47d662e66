/** The entity rule of SOLINE-ORDERDETAIL: order, product, unit and tax of a line (D-84, D-87, D-92, D-93). */
import type { PassDirection } from '../../common/directions.ts';
import { dataverseId, mappingName } from '../../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValues,
} from '../../common/records.ts';
import {
  type EntityRule,
  nothing,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import type { AssetType } from '../../sync/groupPrices.ts';
import type { LookupAnswer, Reference } from '../../sync/lookups.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import { assetUnit, groupNameOfAsset, groupNameOfUnit, unitOfMeasureUnit } from '../../sync/salesUnits.ts';
import { asCode, canonicalText, isBlank } from '../../sync/values.ts';
import { productMappings } from './priceLineRule.ts';

const orders = mappingName('SALESORDER-ORDER');
const numberColumn = 'bcbi_businesscentrallinenumber';

interface Asset {
  readonly assetType: AssetType;
  readonly number: string;
}

function assetOf(values: FieldValues): Asset {
  return {
    assetType: values['lineType'] === 'Resource' ? 'Resource' : 'Item',
    number: asCode(canonicalText(values['lineObjectNumber'])),
  };
}

/** The set-up names one item or resource that stands for lines without a product (D-50). */
function isWriteIn({ assetType, number }: Asset, { salesSetup }: RuleContext): boolean {
  const { writeInProduct } = salesSetup;
  return writeInProduct?.type === assetType && asCode(writeInProduct.number) === number;
}

function productReference({ assetType, number }: Asset): Reference {
  const mapping = mappingName(productMappings[assetType]);
  return { mapping, side: 'businessCentral', by: 'key', value: number };
}

function headerReference(pass: PassDirection, source: BusinessCentralRecord | DataverseRow): Reference {
  const side = pass === 'toDataverse' ? 'businessCentral' : 'dataverse';
  const key = pass === 'toDataverse' ? 'documentId' : 'salesorderid';
  return { mapping: orders, side, by: 'id', value: canonicalText(source.values[key]).toLowerCase() };
}

/** A product of Sales is an item or a resource; whichever couples it tells. */
function productReferences(row: DataverseRow): readonly (Reference & { readonly assetType: AssetType })[] {
  const value = canonicalText(row.values['productid']).toLowerCase();
  if (value === '') return [];
  return (['Item', 'Resource'] as const).map((assetType) => ({
    mapping: mappingName(productMappings[assetType]),
    side: 'dataverse',
    by: 'id',
    value,
    assetType,
  }));
}

function references(
  pass: PassDirection,
  source: BusinessCentralRecord | DataverseRow,
  context: RuleContext,
): readonly Reference[] {
  const header = headerReference(pass, source);
  if (pass === 'toBusinessCentral') return [header, ...productReferences(source as DataverseRow)];
  const asset = assetOf(source.values);
  return isWriteIn(asset, context) ? [header] : [header, productReference(asset)];
}

function headerMissing(): RuleOutcome {
  const message = 'The order of the line is not coupled.';
  return { kind: 'problem', problem: problem('ORDER_HEADER_NOT_COUPLED', { message }) };
}

function productProblem(asset: Asset, answer: LookupAnswer): RecordProblem {
  const what = `${asset.assetType} ${asset.number}`;
  const message = `${what} is not coupled to a product of Sales.`;
  const code = answer.status === 'notFound' ? 'record-not-found' : 'record-not-coupled';
  return problem(code, { message, field: 'productid', parameters: [asset.number] });
}

/** Product with its unit, or the write-in with its text (D-87). */
function productValues(asset: Asset, { lookups, context, businessCentral }: RuleSubject): RuleOutcome {
  const values = businessCentral?.values ?? {};
  if (isWriteIn(asset, context)) {
    const text = canonicalText(values['description']);
    return { kind: 'values', values: { isproductoverridden: true, productdescription: text } };
  }
  const answer = lookups.find(productReference(asset));
  if (answer.status !== 'coupled') return { kind: 'problem', problem: productProblem(asset, answer) };
  const code = asCode(canonicalText(values['unitOfMeasureCode']));
  const unit = context.unitGroupMapping
    ? assetUnit(context.unitGroups, asset, code)
    : unitOfMeasureUnit(context.unitGroups, code);
  if (unit.kind === 'problem') return unit;
  const product = { table: 'product', id: dataverseId(answer.id) };
  return { kind: 'values', values: { productid: product, uomid: unit.unit } };
}

/** Amount with tax less amount without (D-84). */
function taxOf(values: FieldValues): number {
  const tax = Number(values['netAmountIncludingTax'] ?? 0) - Number(values['netAmount'] ?? 0);
  return Math.round(tax * 100) / 100;
}

function toDataverse(subject: RuleSubject): RuleOutcome {
  const { businessCentral, dataverse, lookups } = subject;
  if (businessCentral === null) return nothing;
  const product = productValues(assetOf(businessCentral.values), subject);
  if (product.kind !== 'values') return product;
  const values = { ...product.values, tax: taxOf(businessCentral.values) };
  if (dataverse !== null) return { kind: 'values', values };
  const header = lookups.find(headerReference('toDataverse', businessCentral));
  if (header.status !== 'coupled') return headerMissing();
  const salesorderid = { table: 'salesorder', id: dataverseId(header.id) };
  return { kind: 'values', values: { salesorderid, ...values } };
}

/** Type and number of a new line; a product that is a kit or not coupled fails its line only. */
function assetValues({ dataverse, lookups, context }: RuleSubject): RuleOutcome {
  const row = dataverse;
  if (row === null) return nothing;
  if (isBlank(row.values['productid'])) return writeInValues(row, context);
  const found = productReferences(row).find((each) => lookups.find(each).status === 'coupled');
  const answer = found && lookups.find(found);
  if (!found || answer?.status !== 'coupled') {
    const message = 'The product of the order line is not coupled to an item or resource.';
    return { kind: 'problem', problem: problem('record-not-coupled', { message, field: 'productid' }) };
  }
  return { kind: 'values', values: { lineType: found.assetType, lineObjectNumber: answer.key } };
}

function writeInValues({ values }: DataverseRow, { salesSetup }: RuleContext): RuleOutcome {
  const { writeInProduct } = salesSetup;
  if (writeInProduct === null) {
    const message = 'The line has no product, and no write-in product is set up.';
    return { kind: 'problem', problem: problem('ORDER_WRITEIN_NOT_CONFIGURED', { message }) };
  }
  const description = canonicalText(values['productdescription']).slice(0, 100);
  const { type, number } = writeInProduct;
  return { kind: 'values', values: { lineType: type, lineObjectNumber: number, description } };
}

/** Business Central takes properties in the order they are sent: type and number come first (D-64). */
function newLine(subject: RuleSubject): RuleOutcome {
  const { dataverse, lookups } = subject;
  if (dataverse === null) return nothing;
  const header = lookups.find(headerReference('toBusinessCentral', dataverse));
  if (header.status !== 'coupled') return headerMissing();
  const asset = assetValues(subject);
  if (asset.kind !== 'values') return asset;
  const values: Record<string, DataverseWriteValue> = { documentId: header.id, ...asset.values };
  return { kind: 'values', values };
}

export const orderLineRule: EntityRule = {
  ...plainRule,
  firstTime: 'businessCentralWins',
  facts: ['unitGroups', 'salesSetup'],
  references,
  unitGroupNames: (_pass, source, context) => {
    const asset = assetOf(source.values);
    const code = asCode(canonicalText(source.values['unitOfMeasureCode']));
    if (isWriteIn(asset, context)) return [];
    return [
      context.unitGroupMapping ? groupNameOfAsset(asset.assetType, asset.number) : groupNameOfUnit(code),
    ];
  },
  inputs: (pass, source): ReturnType<EntityRule['inputs']> => {
    if (pass === 'toDataverse') return { unit: source.values['unitOfMeasureCode'] ?? null };
    return {};
  },
  transfer: ({ id }, { pass, businessCentral }) => {
    // The line number is the service's own once the line is there (D-29).
    const isNumber = id === numberColumn && pass === 'toBusinessCentral';
    return isNumber && businessCentral !== null ? { kind: 'keep' } : null;
  },
  match: {
    attribute: 'salesorderid',
    value: ({ businessCentral, lookups }) => {
      const answer = businessCentral && lookups.find(headerReference('toDataverse', businessCentral));
      return answer?.status === 'coupled' ? answer.id : null;
    },
    // A line that was coupled before still has the number of its counterpart.
    isCounterpart: ({ businessCentral }, { values }) =>
      !isBlank(values[numberColumn]) && values[numberColumn] === businessCentral?.values['sequence'],
  },
  insertFirst: ['documentId', 'lineType', 'lineObjectNumber', 'description', 'sequence', 'quantity'],
  header: {
    mapping: orders,
    businessCentralKey: 'documentId',
    attribute: 'salesorderid',
  },
  onInsert: (subject) => (subject.pass === 'toDataverse' ? toDataverse(subject) : newLine(subject)),
  onModify: (subject) => (subject.pass === 'toDataverse' ? toDataverse(subject) : nothing),
};
