/** The entity rule of SALESPRC-PRODPRICE and PLLINE-PRODPRICE: product, unit, and the line that is there already (E-27, E-106). */
import { dataverseId, mappingName } from '../../common/ids.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../../common/records.ts';
import { isLookupReference } from '../../common/records.ts';
import {
  type EntityRule,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import { type AssetType, assetKey, assetOf } from '../../sync/groupPrices.ts';
import type { LookupAnswer, Reference } from '../../sync/lookups.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import {
  assetUnit,
  groupNameOfAsset,
  groupNameOfUnit,
  type SalesUnit,
  unitOfMeasureUnit,
} from '../../sync/salesUnits.ts';
import type { Transfer } from '../../sync/transfer.ts';
import { asCode, canonicalText } from '../../sync/values.ts';
import type { FieldMapping } from '../model.ts';

/** The mapping that couples the products of each kind. */
export const productMappings: Readonly<Record<AssetType, string>> = {
  Item: 'ITEM-PRODUCT',
  Resource: 'RESOURCE-PRODUCT',
};

/** The look-up of the product a price is for; its item is synchronised first where its mapping may create (E-66, E-105). */
export function productReference(values: FieldValues): Reference {
  const { assetType, number } = assetOf(values);
  const mapping = mappingName(productMappings[assetType]);
  return { mapping, side: 'businessCentral', by: 'key', value: number };
}

/** The unit of the price, or the base unit of its item or resource (E-106). */
function unitCodeOf(values: FieldValues, { baseUnits }: RuleContext): string {
  const { assetType, number } = assetOf(values);
  const own = asCode(canonicalText(values['unitOfMeasureCode']));
  return own === '' ? (baseUnits.get(assetKey(assetType, number)) ?? '') : own;
}

/** The name of the unit group a price's unit is in. */
function groupNameOf(values: FieldValues, context: RuleContext): string {
  const { assetType, number } = assetOf(values);
  if (context.unitGroupMapping) return groupNameOfAsset(assetType, number);
  const code = unitCodeOf(values, context);
  return code === '' ? '' : groupNameOfUnit(code);
}

/** The unit in Sales of a price's item or resource, or why there is none. */
export function unitOfPrice(values: FieldValues, context: RuleContext): SalesUnit {
  const code = unitCodeOf(values, context);
  if (code === '') {
    const { assetType, number } = assetOf(values);
    const message = `${assetType} ${number} has no base unit of measure, and its price names no unit.`;
    return { kind: 'problem', problem: problem('base-unit-missing', { message, parameters: [number] }) };
  }
  return context.unitGroupMapping
    ? assetUnit(context.unitGroups, assetOf(values), code)
    : unitOfMeasureUnit(context.unitGroups, code);
}

function valuesOf({ businessCentral }: RuleSubject): FieldValues {
  return businessCentral?.values ?? {};
}

function productOf(subject: RuleSubject): LookupAnswer {
  return subject.lookups.find(productReference(valuesOf(subject)));
}

/** The product by its kind; an item or resource that is not coupled fails its line only (E-106). */
function productTransfer(subject: RuleSubject): Transfer {
  const answer = productOf(subject);
  if (answer.status === 'coupled') {
    return { kind: 'write', value: { table: 'product', id: dataverseId(answer.id) } };
  }
  const { mapping, value } = productReference(valuesOf(subject));
  const message = `The price is for "${value}" of ${mapping}, which is not coupled or does not exist.`;
  const code = answer.status === 'notFound' ? 'record-not-found' : 'record-not-coupled';
  return { kind: 'problem', problem: problem(code, { message, field: 'productid', parameters: [value] }) };
}

function transferOf({ id }: FieldMapping, subject: RuleSubject): Transfer | null {
  if (id === 'productid') return productTransfer(subject);
  if (id !== 'uomid' && id !== 'uomscheduleid') return null;
  const unit = unitOfPrice(valuesOf(subject), subject.context);
  if (unit.kind === 'problem') return unit;
  return { kind: 'write', value: id === 'uomid' ? unit.unit : unit.group };
}

/** The currency of the price; blank is the local one (E-73). */
function currencyReference(values: FieldValues): Reference {
  const value = canonicalText(values['currencyCode']);
  return { mapping: mappingName('CURRENCY'), side: 'businessCentral', by: 'key', value };
}

/** A line has the currency of its list: an amount in another one would be a wrong price (E-105). */
function currencyProblem(subject: RuleSubject): RecordProblem | null {
  const values = valuesOf(subject);
  const list = subject.lookups.find(listReference(values));
  const currency = subject.lookups.find(currencyReference(values));
  const ofList = list.status === 'coupled' ? subject.context.listCurrencies.get(list.id) : undefined;
  if (ofList === undefined || currency.status !== 'coupled' || currency.id === ofList) return null;
  const code = canonicalText(values['currencyCode']) || subject.lookups.localCurrencyCode;
  const message = `The price is in ${code}, but its price list in Sales has another currency.`;
  return problem('price-currency-mismatch', { message, field: 'transactioncurrencyid', parameters: [code] });
}

function units(subject: RuleSubject): RuleOutcome {
  const mismatch = currencyProblem(subject);
  if (mismatch) return { kind: 'problem', problem: mismatch };
  const unit = unitOfPrice(valuesOf(subject), subject.context);
  if (unit.kind === 'problem') return unit;
  return { kind: 'values', values: { uomid: unit.unit, uomscheduleid: unit.group } };
}

/** The list a price belongs to: a price group under the classic prices, else a price list. */
function listReference(values: FieldValues): Reference {
  const isClassic = 'salesCode' in values;
  const value = asCode(canonicalText(values[isClassic ? 'salesCode' : 'priceListCode']));
  const mapping = mappingName(isClassic ? 'CUSTPRCGRP-PRICE' : 'PLHEADER-PRICE');
  return { mapping, side: 'businessCentral', by: 'key', value };
}

/** A line of the same list, product and unit is the counterpart (E-27). */
function isSameLine(subject: RuleSubject, row: DataverseRow): boolean {
  const list = subject.lookups.find(listReference(valuesOf(subject)));
  const unit = unitOfPrice(valuesOf(subject), subject.context);
  if (list.status !== 'coupled' || unit.kind === 'problem' || !isLookupReference(unit.unit)) return false;
  return row.values['pricelevelid'] === list.id && row.values['uomid'] === unit.unit.id;
}

function matchValue(subject: RuleSubject) {
  const product = productOf(subject);
  return product.status === 'coupled' ? product.id : null;
}

export const priceLineRule: EntityRule = {
  ...plainRule,
  facts: ['unitGroups', 'baseUnits', 'listCurrencies'],
  references: (_pass, { values }) => [productReference(values), listReference(values)],
  unitGroupNames: (_pass, { values }: BusinessCentralRecord | DataverseRow, context) => [
    groupNameOf(values, context),
  ],
  transfer: transferOf,
  match: { attribute: 'productid', value: matchValue, isCounterpart: isSameLine },
  onInsert: units,
  onModify: units,
};
