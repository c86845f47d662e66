/** The default table mappings and the entity rules they name. */
import { SyncFailure } from '../common/failures.ts';
import type { MappingName } from '../common/ids.ts';
import { type EntityRule, plainRule } from '../sync/entityRule.ts';
import { contact } from './default/contact.ts';
import { contactRule } from './default/contactRule.ts';
import { currency } from './default/currency.ts';
import { currencyRule } from './default/currencyRule.ts';
import { customer } from './default/customer.ts';
import { opportunity } from './default/opportunity.ts';
import { opportunityRule } from './default/opportunityRule.ts';
import { customerRule, vendorRule } from './default/partnerRule.ts';
import { salespeople } from './default/salespeople.ts';
import { salespersonRule } from './default/salespersonRule.ts';
import { vendor } from './default/vendor.ts';
import type { TableMapping } from './model.ts';

/** Who owns records in Sales: the coupled user of the salesperson, or one team (E-70, E-71). */
export const ownershipModels = ['person', 'team'] as const;
export type OwnershipModel = (typeof ownershipModels)[number];

const mappings: readonly TableMapping[] = [salespeople, currency, customer, vendor, contact, opportunity];

const rules: Readonly<Record<string, EntityRule>> = {
  salesperson: salespersonRule,
  currency: currencyRule,
  contact: contactRule,
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

/**
 * The default mappings for an ownership model, in run order. Under `team` there is no SALESPEOPLE, and nothing
 * transfers owners (E-70, J-82).
 */
export function defaultMappings(ownershipModel: OwnershipModel): readonly TableMapping[] {
  const chosen =
    ownershipModel === 'person'
      ? mappings
      : mappings.filter((mapping) => mapping !== salespeople).map(withoutOwners);
  return chosen.toSorted((left, right) => left.order - right.order);
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
