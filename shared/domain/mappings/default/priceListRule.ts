/** The entity rules of CUSTPRCGRP-PRICE and PLHEADER-PRICE: one currency, products, units, lines after the list (E-105, E-106). */
import { dataverseId, mappingName } from '../../common/ids.ts';
import type { FieldValue, FieldValues } from '../../common/records.ts';
import {
  type EntityRule,
  type LinesAfter,
  plainRule,
  type RuleContext,
  type RuleOutcome,
  type RuleSubject,
} from '../../sync/entityRule.ts';
import { type DoneRecord, type FollowUpOutcome, noFollowUps } from '../../sync/followUps.ts';
import type { GroupPrice } from '../../sync/groupPrices.ts';
import type { Reference } from '../../sync/lookups.ts';
import { problem, type RecordProblem } from '../../sync/problems.ts';
import { groupNameOfAsset, groupNameOfUnit } from '../../sync/salesUnits.ts';
import { asCode, canonicalText } from '../../sync/values.ts';
import { statePairs } from '../statePairs.ts';
import { productReference, unitOfPrice } from './priceLineRule.ts';

const currencies = mappingName('CURRENCY');

function codeOf(values: FieldValues | undefined): string {
  return asCode(canonicalText(values?.['code']));
}

function pricesOf(values: FieldValues | undefined, { groupPrices }: RuleContext): readonly GroupPrice[] {
  return groupPrices.get(codeOf(values)) ?? [];
}

/** A price with the names its unit and product are looked up by. */
function valuesOf({ assetType, number, unitCode }: GroupPrice): FieldValues {
  return { assetType, assetNumber: number, unitOfMeasureCode: unitCode };
}

/** The currency of a list: its own where it has one, else that of its first price, the local one for none (E-105). */
function currencyCodeOf(values: FieldValues | undefined, context: RuleContext): string {
  const own = values && 'currencyCode' in values ? values['currencyCode'] : undefined;
  if (own !== undefined) return asCode(canonicalText(own));
  return pricesOf(values, context)[0]?.currencyCode ?? '';
}

function currencyReference(values: FieldValues | undefined, context: RuleContext): Reference {
  const value = currencyCodeOf(values, context);
  return { mapping: currencies, side: 'businessCentral', by: 'key', value };
}

function references(values: FieldValues, context: RuleContext): readonly Reference[] {
  const products = pricesOf(values, context).map((price) => ({
    ...productReference(valuesOf(price)),
    synchroniseFirst: true,
  }));
  return [currencyReference(values, context), ...products];
}

function unitGroupNames(values: FieldValues, context: RuleContext): readonly string[] {
  return pricesOf(values, context).map(({ assetType, number, unitCode }) => {
    if (context.unitGroupMapping) return groupNameOfAsset(assetType, number);
    const code = unitCode === '' ? (context.baseUnits.get(`${assetType}|${number}`) ?? '') : unitCode;
    return code === '' ? '' : groupNameOfUnit(code);
  });
}

function mismatch(message: string, parameters: readonly string[]): RecordProblem {
  return problem('price-currency-mismatch', { message, parameters });
}

/** A blank currency and the local one's code are the same currency. */
function shown(code: string, { lookups }: RuleSubject): string {
  return code === '' ? lookups.localCurrencyCode : code;
}

/** What keeps a list with its prices from being synchronised (E-105). */
function problemOf(subject: RuleSubject): RecordProblem | null {
  const { businessCentral, context, lookups } = subject;
  const values = businessCentral?.values;
  const code = codeOf(values);
  const wanted = shown(currencyCodeOf(values, context), subject);
  for (const price of pricesOf(values, context)) {
    const currency = shown(price.currencyCode, subject);
    if (currency !== wanted) {
      return mismatch(`The prices of ${code} are in ${wanted} and in ${currency}; a list has one currency.`, [
        wanted,
        currency,
      ]);
    }
    const product = lookups.find(productReference(valuesOf(price)));
    if (product.status !== 'coupled') {
      const message = `${price.assetType} ${price.number} of ${code} is not coupled and cannot be synchronised.`;
      return problem('product-not-synchronisable', { message, parameters: [price.assetType, price.number] });
    }
    const unit = unitOfPrice(valuesOf(price), context);
    if (unit.kind === 'problem') return unit.problem;
  }
  return null;
}

function currencyOf(subject: RuleSubject) {
  return subject.lookups.find(currencyReference(subject.businessCentral?.values, subject.context));
}

/** A new list gets its currency and description once. */
function newList(subject: RuleSubject): RuleOutcome {
  const raised = problemOf(subject);
  if (raised) return { kind: 'problem', problem: raised };
  const currency = currencyOf(subject);
  if (currency.status !== 'coupled') {
    const code = currencyCodeOf(subject.businessCentral?.values, subject.context);
    const message = `The currency "${code}" of the prices is not coupled.`;
    const details = { message, field: 'transactioncurrencyid', parameters: [code] };
    return { kind: 'problem', problem: problem('currency-not-found', details) };
  }
  const transactioncurrencyid = { table: 'transactioncurrency', id: dataverseId(currency.id) };
  const description: FieldValue = subject.businessCentral?.values['description'] ?? null;
  return { kind: 'values', values: { transactioncurrencyid, description } };
}

/** The currency of a list cannot change in Sales: it must still be that of its prices. */
function existingList(subject: RuleSubject): RuleOutcome {
  const raised = problemOf(subject);
  if (raised) return { kind: 'problem', problem: raised };
  const currency = currencyOf(subject);
  const present = canonicalText(subject.dataverse?.values['transactioncurrencyid']);
  if (currency.status === 'coupled' && currency.id === present) return { kind: 'values', values: {} };
  const code = currencyCodeOf(subject.businessCentral?.values, subject.context);
  const message = `The price list in Sales has another currency than its prices (${shown(code, subject)}).`;
  return { kind: 'problem', problem: mismatch(message, [code]) };
}

function listRule(lines: LinesAfter): EntityRule {
  return {
    ...plainRule,
    facts: ['groupPrices', 'baseUnits', 'unitGroups', 'salesSetup'],
    lines,
    references: (_pass, { values }, context) => references(values, context),
    unitGroupNames: (_pass, { values }, context) => unitGroupNames(values, context),
    onInsert: newList,
    onModify: existingList,
  };
}

/** The rule of CUSTPRCGRP-PRICE. */
export const customerPriceGroupRule: EntityRule = listRule({
  mapping: mappingName('SALESPRC-PRODPRICE'),
  entitySet: 'salesPrices',
  route: 'companion',
  property: 'salesCode',
});

const states = { Active: { statecode: 0, statuscode: 100001 }, other: { statecode: 1, statuscode: 100002 } };

/** The state follows the status, once the list is there: a new list is always active (E-106). */
function stateFollowUp({ businessCentral, dataverse }: DoneRecord): FollowUpOutcome {
  const values = businessCentral.values['status'] === 'Active' ? states.Active : states.other;
  if (dataverse.values['statecode'] === values.statecode) return noFollowUps;
  return {
    kind: 'writes',
    writes: [{ kind: 'updateRow', phase: 0, table: 'pricelevel', row: dataverse, values }],
  };
}

/** The rule of PLHEADER-PRICE. */
export const priceListHeaderRule: EntityRule = {
  ...listRule({
    mapping: mappingName('PLLINE-PRODPRICE'),
    entitySet: 'priceListLines',
    route: 'companion',
    property: 'priceListCode',
  }),
  options: statePairs('pricelevel', Object.values(states)),
  isCandidate: (_pass, { values }, { salesSetup }) =>
    (values['allowUpdatingDefaults'] === true) === salesSetup.hasDefaultPriceList,
  inputs: (_pass, { values }) => ({ status: values['status'] ?? null }),
  followUps: (_pass, done) => stateFollowUp(done),
};
