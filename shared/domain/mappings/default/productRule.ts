/** The entity rules of ITEM-PRODUCT and RESOURCE-PRODUCT: what both directions set beside mapped fields (E-101 to E-104). */
import type { PassDirection } from '../../common/directions.ts';
import { dataverseId, mappingName } from '../../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
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
import type { Reference } from '../../sync/lookups.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import type { Transfer } from '../../sync/transfer.ts';
import { asCode } from '../../sync/values.ts';
import type { FieldMapping } from '../model.ts';
import { defaultLineOption } from './defaultPriceLines.ts';
import { productFollowUps, productRelatedReads } from './productFollowUps.ts';
import { productStateOptions, productStates } from './productStates.ts';
import {
  groupName,
  mayChangeUnits,
  presentUnits,
  salesUnit,
  textOf,
  unitFields,
  unitOfNewAsset,
} from './productUnits.ts';

/** Product type of Sales by kind of record (E-101). */
export const productTypes: Readonly<Record<AssetType, number>> = { Item: 1, Resource: 3 };

/** Decimals a new product supports (E-104). */
const quantityDecimals = 2;
const currencies = mappingName('CURRENCY');
const unitsOfMeasure = mappingName('UNIT OF MEASURE');

type Source = BusinessCentralRecord | DataverseRow;

/** The look-up of the local currency: a blank code (E-73). */
const localCurrency: Reference = { mapping: currencies, side: 'businessCentral', by: 'key', value: '' };

/** Units come from the group's name, and what is below zero counts as zero (E-94, E-102). */
function transferToProduct(kind: AssetType, field: FieldMapping, subject: RuleSubject): Transfer | null {
  if (subject.pass !== 'toDataverse') return field.id === 'defaultuomid' ? unitOfNewAsset(subject) : null;
  if (unitFields.has(field.id)) {
    const found = salesUnit(kind, subject);
    if (found.kind === 'problem') return found;
    return { kind: 'write', value: field.id === 'defaultuomid' ? found.unit : found.group };
  }
  if (field.id !== 'price' && field.id !== 'quantityonhand') return null;
  const value = subject.businessCentral?.values[field.businessCentral?.property ?? ''];
  return Number(value) < 0 ? { kind: 'write', value: 0 } : null;
}

/** Whether a vendor's name is known; the number travels as a mapped field. */
function vendorName({ businessCentral, context }: RuleSubject): Readonly<Record<string, FieldValue>> {
  const values = businessCentral?.values ?? {};
  const number = asCode(textOf(values, 'itemExtras/vendorNumber') || textOf(values, 'vendorNumber'));
  const name = context.vendorNames.get(number);
  return name === undefined ? {} : { vendorname: name };
}

function currencyProblem(): RecordProblem {
  const message = 'The local currency has no row in Sales yet.';
  return problem('currency-not-found', { message, field: 'transactioncurrencyid' });
}

/** What every transfer to Sales sets: product type, local currency, unit, vendor name (E-101, E-102). */
function derivedValues(kind: AssetType, subject: RuleSubject): RuleOutcome {
  const unit = salesUnit(kind, subject);
  if (unit.kind === 'problem') return unit;
  const currency = subject.lookups.find(localCurrency);
  if (currency.status !== 'coupled') return { kind: 'problem', problem: currencyProblem() };
  const values: Record<string, DataverseWriteValue> = {
    producttypecode: productTypes[kind],
    transactioncurrencyid: { table: 'transactioncurrency', id: dataverseId(currency.id) },
    defaultuomid: unit.unit,
    defaultuomscheduleid: unit.group,
    ...vendorName(subject),
  };
  return { kind: 'values', values };
}

/**
 * Values for an existing product. Units wait for the follow-ups where Sales asks for a revision first, and for the other
 * pass where a user of Sales changed them.
 */
function modifiedProduct(kind: AssetType, subject: RuleSubject): RuleOutcome {
  const derived = derivedValues(kind, subject);
  if (derived.kind === 'problem') return derived;
  const waits = subject.waitingFields.some((id) => unitFields.has(id));
  const units =
    waits || !mayChangeUnits(subject, derived.values['defaultuomscheduleid']) ? presentUnits(subject) : {};
  return { kind: 'values', values: { ...derived.values, ...units, ...stateChange(subject) } };
}

/**
 * Blocked means Retired, not blocked means Active (E-102). A product that is retired already comes back only when the item
 * was unblocked since; drafts and revisions are published by the follow-ups.
 */
function stateChange(subject: RuleSubject): Readonly<Record<string, FieldValue>> {
  const { businessCentral, dataverse, inputChanged } = subject;
  const isBlocked = businessCentral?.values['blocked'] === true;
  const { active, retired, revision } = productStates;
  const state = dataverse?.values['statecode'];
  const isSellable = state === active.statecode || state === revision.statecode;
  if (isBlocked) return isSellable ? retired : {};
  return state === retired.statecode && inputChanged('blocked', false) ? active : {};
}

function isProductBlocked({ values }: DataverseRow): boolean {
  return values['statecode'] !== productStates.active.statecode;
}

/** Blocked follows the state, both ways, where a user of Sales changed it (E-104). */
function modifiedAsset({ dataverse, inputChanged }: RuleSubject): RuleOutcome {
  if (dataverse === null) return nothing;
  const blocked = isProductBlocked(dataverse);
  return inputChanged('blocked', blocked) ? { kind: 'values', values: { blocked } } : nothing;
}

/** A new item gets its base unit by its field mapping, a new resource here; the number comes from the series (E-87). */
function newAsset(kind: AssetType, subject: RuleSubject): RuleOutcome {
  const { dataverse, lookups } = subject;
  if (dataverse === null) return nothing;
  const blocked = isProductBlocked(dataverse) ? { blocked: true } : {};
  if (kind === 'Item') return { kind: 'values', values: blocked };
  if (subject.context.unitGroupMapping) {
    const own = unitOfNewAsset(subject);
    if (own?.kind === 'problem') return own;
    const code = own?.kind === 'write' ? { baseUnitOfMeasureCode: own.value } : {};
    return { kind: 'values', values: { ...blocked, ...code } };
  }
  const answer = lookups.find(unitReference(dataverse));
  const unit = answer.status === 'coupled' ? { baseUnitOfMeasureCode: answer.key } : {};
  return { kind: 'values', values: { ...blocked, ...unit } };
}

function unitReference({ values }: DataverseRow): Reference {
  const value = textOf(values, 'defaultuomscheduleid');
  return { mapping: unitsOfMeasure, side: 'dataverse', by: 'id', value };
}

function references(kind: AssetType, pass: PassDirection, source: Source): readonly Reference[] {
  if (pass === 'toDataverse') return [localCurrency];
  return kind === 'Item' ? [] : [unitReference(source as DataverseRow)];
}

/** The write-in product of the sales set-up stands for lines without product; it is no product itself. */
function isProduct(kind: AssetType, pass: PassDirection, { values }: Source, context: RuleContext): boolean {
  const { writeInProduct } = context.salesSetup;
  if (pass !== 'toDataverse' || writeInProduct?.type !== kind) return true;
  return writeInProduct.number !== asCode(textOf(values, 'number'));
}

function productRule(kind: AssetType): EntityRule {
  return {
    ...plainRule,
    facts: ['unitGroups', 'vendorNames', 'salesSetup'],
    options: [
      { column: { table: 'product', attribute: 'producttypecode' }, value: productTypes[kind], state: null },
      ...productStateOptions,
      defaultLineOption,
    ],
    isCandidate: (pass, source, context) => isProduct(kind, pass, source, context),
    inputs: (pass, source) => ({
      blocked:
        pass === 'toDataverse' ? source.values['blocked'] === true : isProductBlocked(source as DataverseRow),
    }),
    references: (pass, source) => references(kind, pass, source),
    unitGroupNames: (_pass, { values }, context) => [groupName(kind, values, context)],
    transfer: (field, subject) => transferToProduct(kind, field, subject),
    onInsert: (subject) => {
      if (subject.pass === 'toBusinessCentral') return newAsset(kind, subject);
      const derived = derivedValues(kind, subject);
      if (derived.kind === 'problem') return derived;
      return { kind: 'values', values: { ...derived.values, quantitydecimal: quantityDecimals } };
    },
    onModify: (subject) =>
      subject.pass === 'toBusinessCentral' ? modifiedAsset(subject) : modifiedProduct(kind, subject),
    relatedReads: (pass, done, context) =>
      pass === 'toDataverse' ? productRelatedReads(kind, done, context) : [],
    followUps: (pass, done, related, context, lookups) =>
      productFollowUps({ kind, pass, done, related, context, lookups }),
  };
}

/** The rule of ITEM-PRODUCT. */
export const itemRule: EntityRule = productRule('Item');

/** The rule of RESOURCE-PRODUCT. */
export const resourceRule: EntityRule = productRule('Resource');
