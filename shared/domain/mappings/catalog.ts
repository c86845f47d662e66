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
import { orderLine } from './default/orderLine.ts';
import { orderLineRule } from './default/orderLineRule.ts';
import { customerRule, vendorRule } from './default/partnerRule.ts';
import { paymentTerms } from './default/paymentTerms.ts';
import { postedInvoice } from './default/postedInvoice.ts';
import { postedInvoiceLine } from './default/postedInvoiceLine.ts';
import { postedInvoiceRule } from './default/postedInvoiceRule.ts';
import { priceLineRule } from './default/priceLineRule.ts';
import { priceListHeader } from './default/priceListHeader.ts';
import { priceListLine } from './default/priceListLine.ts';
import { customerPriceGroupRule, priceListHeaderRule } from './default/priceListRule.ts';
import { itemRule, resourceRule } from './default/productRule.ts';
import { resource } from './default/resource.ts';
import { salesOrder } from './default/salesOrder.ts';
import { salesOrderBidirectional } from './default/salesOrderBidirectional.ts';
import { salesOrderBidirectionalRule } from './default/salesOrderBidirectionalRule.ts';
import { salesOrderRule } from './default/salesOrderRule.ts';
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
import type { FieldMapping, TableMapping } from './model.ts';
import {
  allCompanyVariants,
  asksCompany,
  holds,
  type MappingVariants,
  type OwnershipModel,
  usualVariants,
} from './variants.ts';

export { type OwnershipModel, ownershipModels } from './variants.ts';

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
  salesOrder,
  salesOrderBidirectional,
  orderLine,
  postedInvoice,
  postedInvoiceLine,
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
  orderLine: orderLineRule,
  salesOrder: salesOrderRule,
  salesOrderBidirectional: salesOrderBidirectionalRule,
  postedInvoice: postedInvoiceRule,
  customer: customerRule,
  vendor: vendorRule,
};

function withoutOwners(mapping: TableMapping): TableMapping {
  const isOwnerField = (attribute: string | undefined) =>
    attribute === 'ownerid' || attribute === 'owneridtype';
  const fields = mapping.fields.filter((field) => !isOwnerField(field.dataverse?.attribute));
  return { ...mapping, fields };
}

/**
 * The default mappings for an ownership model and other variants, in run order. Under `team` there is no SALESPEOPLE, and
 * nothing transfers owners (E-70, J-82). What does not exist is no dependency either.
 */
export function defaultMappings(
  ownershipModel: OwnershipModel,
  others: Partial<MappingVariants> = {},
): readonly TableMapping[] {
  const variants = { ...usualVariants, ...others, ownershipModel };
  const present = mappings.filter(({ when }) => holds(when, variants)).map(evaluated(variants));
  const chosen =
    ownershipModel === 'person'
      ? present
      : present.filter(({ name }) => name !== salespeople.name).map(withoutOwners);
  const names = new Set(chosen.map(({ name }) => name));
  return chosen
    .map((mapping) => ({ ...mapping, dependsOn: mapping.dependsOn.filter((name) => names.has(name)) }))
    .toSorted((left, right) => left.order - right.order);
}

/** The mapping without conditions, and without the fields whose condition does not hold. */
function evaluated(variants: MappingVariants): (mapping: TableMapping) => TableMapping {
  return ({ when: _when, ...mapping }) => ({
    ...mapping,
    fields: mapping.fields
      .filter(({ when }) => holds(when, variants))
      .map(({ when: _fieldWhen, ...field }): FieldMapping => field),
  });
}

/** One mapping per name that is a default in some set-up of Business Central under these settings. */
export function possibleMappings(
  settings: Pick<MappingVariants, 'ownershipModel' | 'orderIntegration'>,
): readonly TableMapping[] {
  const all = allCompanyVariants.flatMap((company) =>
    defaultMappings(settings.ownershipModel, { ...company, orderIntegration: settings.orderIntegration }),
  );
  return [...new Map(all.map((mapping) => [mapping.name, mapping])).values()];
}

/** Whether anything among the default mappings depends on what only Business Central knows. */
export function defaultsAskCompany(): boolean {
  return mappings.some(
    ({ when, fields }) => asksCompany(when) || fields.some((field) => asksCompany(field.when)),
  );
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

/** Names that no mapping of a user's own may take: those of default mappings and jobs in any set-up. */
export function isDefaultName(name: string): boolean {
  const taken: readonly string[] = [...scheduledJobNames, ...mappings.map((mapping) => mapping.name)];
  return taken.includes(name);
}

/** Whether there is an entity rule of that name. */
export function hasEntityRule(name: string): boolean {
  return Object.hasOwn(rules, name);
}

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
