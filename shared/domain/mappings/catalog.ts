/** The default table mappings and the entity rules they name. */
import { SyncFailure } from '../common/failures.ts';
import type { MappingName } from '../common/ids.ts';
import { type EntityRule, plainRule } from '../sync/entityRule.ts';
import { itemUnits, resourceUnits } from './default/assetUnits.ts';
import { contact } from './default/contact.ts';
import { contactRule } from './default/contactRule.ts';
import { currency } from './default/currency.ts';
import { currencyRule } from './default/currencyRule.ts';
import { customer } from './default/customer.ts';
import { customerPriceGroup } from './default/customerPriceGroup.ts';
import { item } from './default/item.ts';
import { opportunity } from './default/opportunity.ts';
import { opportunityRule } from './default/opportunityRule.ts';
import { customerRule, vendorRule } from './default/partnerRule.ts';
import { paymentTerms } from './default/paymentTerms.ts';
import { priceLineRule } from './default/priceLineRule.ts';
import { priceListHeader } from './default/priceListHeader.ts';
import { priceListLine } from './default/priceListLine.ts';
import { customerPriceGroupRule, priceListHeaderRule } from './default/priceListRule.ts';
import { itemRule, resourceRule } from './default/productRule.ts';
import { resource } from './default/resource.ts';
import { salesPrice } from './default/salesPrice.ts';
import { salespeople } from './default/salespeople.ts';
import { salespersonRule } from './default/salespersonRule.ts';
import { shipmentMethod } from './default/shipmentMethod.ts';
import { shippingAgent } from './default/shippingAgent.ts';
import { unitGroup } from './default/unitGroup.ts';
import { itemUnitRule, resourceUnitRule, unitGroupRule } from './default/unitGroupRule.ts';
import { unitOfMeasure } from './default/unitOfMeasure.ts';
import { unitOfMeasureRule } from './default/unitOfMeasureRule.ts';
import { vendor } from './default/vendor.ts';
import type { MappingCondition, TableMapping } from './model.ts';

/** Who owns records in Sales: the coupled user of the salesperson, or one team (E-70, E-71). */
export const ownershipModels = ['person', 'team'] as const;
export type OwnershipModel = (typeof ownershipModels)[number];

const mappings: readonly TableMapping[] = [
  salespeople,
  currency,
  paymentTerms,
  shipmentMethod,
  shippingAgent,
  unitOfMeasure,
  unitGroup,
  itemUnits,
  resourceUnits,
  customer,
  vendor,
  contact,
  resource,
  item,
  customerPriceGroup,
  priceListHeader,
  salesPrice,
  priceListLine,
  opportunity,
];

const rules: Readonly<Record<string, EntityRule>> = {
  salesperson: salespersonRule,
  currency: currencyRule,
  contact: contactRule,
  unitOfMeasure: unitOfMeasureRule,
  unitGroup: unitGroupRule,
  itemUnit: itemUnitRule,
  resourceUnit: resourceUnitRule,
  item: itemRule,
  resource: resourceRule,
  customerPriceGroup: customerPriceGroupRule,
  priceListHeader: priceListHeaderRule,
  priceLine: priceLineRule,
  opportunity: opportunityRule,
  customer: customerRule,
  vendor: vendorRule,
};

function withoutOwners(mapping: TableMapping): TableMapping {
  const isOwnerField = (attribute: string | undefined) =>
    attribute === 'ownerid' || attribute === 'owneridtype';
  const fields = mapping.fields.filter((field) => !isOwnerField(field.dataverse?.attribute));
  return { ...mapping, fields, dependsOn: mapping.dependsOn.filter((name) => name !== salespeople.name) };
}

/** What a company has set up beside the usual: unit groups of items' own, the new price experience (E-94, E-106). */
export interface MappingFeatures {
  readonly unitGroupMapping: boolean;
  readonly extendedPricing: boolean;
}

const usualFeatures: MappingFeatures = { unitGroupMapping: false, extendedPricing: false };

function holds(condition: MappingCondition | undefined, features: MappingFeatures): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'unitGroupMapping':
    case 'extendedPricing':
      return features[condition];
    case '!unitGroupMapping':
      return !features.unitGroupMapping;
    case '!extendedPricing':
      return !features.extendedPricing;
  }
}

/** The mappings and fields that exist under these features; what does not exist is no dependency either. */
function underFeatures(all: readonly TableMapping[], features: MappingFeatures): readonly TableMapping[] {
  const chosen = all.filter(({ when }) => holds(when, features));
  const names = new Set(chosen.map(({ name }) => name));
  return chosen.map((mapping) => ({
    ...mapping,
    fields: mapping.fields.filter(({ when }) => holds(when, features)),
    dependsOn: mapping.dependsOn.filter((name) => names.has(name)),
  }));
}

/**
 * The default mappings for an ownership model, in run order. Under `team` there is no SALESPEOPLE, and nothing
 * transfers owners (E-70, J-82). The features decide about units and prices.
 */
export function defaultMappings(
  ownershipModel: OwnershipModel,
  features: MappingFeatures = usualFeatures,
): readonly TableMapping[] {
  const chosen =
    ownershipModel === 'person'
      ? mappings
      : mappings.filter((mapping) => mapping !== salespeople).map(withoutOwners);
  return underFeatures(chosen, features).toSorted((left, right) => left.order - right.order);
}

/**
 * Every job Business Central's own integration schedules, in one setup or another (J-78): names that settings may use,
 * whether the job exists under the present settings and in this version or not.
 */
export const scheduledJobNames = [
  'SALESPEOPLE',
  'CURRENCY',
  'PAYMENT TERMS',
  'SHIPMENT METHOD',
  'SHIPPING AGENT',
  'UNIT OF MEASURE',
  'UNIT GROUP',
  'ITEM UOM',
  'RESOURCE UOM',
  'CUSTOMER',
  'VENDOR',
  'CONTACT',
  'RESOURCE-PRODUCT',
  'ITEM-PRODUCT',
  'CUSTPRCGRP-PRICE',
  'PLHEADER-PRICE',
  'SALESPRC-PRODPRICE',
  'PLLINE-PRODPRICE',
  'SALESORDER-ORDER',
  'POSTEDSALESINV-INV',
  'CUSTOMER STATISTICS',
  'SALES ORDER STATUS',
  'SALES ORDER NOTES',
  'ARCHIVED SALES ORDERS',
  'AUTO CREATE SALES ORDERS',
  'AUTO PROCESS SALES QUOTES',
  'ITEM AVAILABILITY',
] as const;

/** The mapping of a name. Raises SyncFailure `mapping-not-found`. */
export function findMapping(all: readonly TableMapping[], name: MappingName): TableMapping {
  const found = all.find((mapping) => mapping.name === name);
  if (found) return found;
  const message = `There is no table mapping "${name}".`;
  throw new SyncFailure({ kind: 'config', code: 'mapping-not-found', message });
}

/** The rule a mapping names; a mapping without one gets the plain rule. Raises SyncFailure `rule-not-found`. */
export function entityRuleOf(mapping: TableMapping): EntityRule {
  if (mapping.rule === null) return plainRule;
  const rule = rules[mapping.rule];
  if (rule) return rule;
  const message = `The table mapping ${mapping.name} names the unknown entity rule "${mapping.rule}".`;
  throw new SyncFailure({ kind: 'config', code: 'rule-not-found', message });
}
