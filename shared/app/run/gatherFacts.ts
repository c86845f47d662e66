/** Reads the facts an entity rule asks for, once a record needs them (E-12). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { emptyContext, plainRule, type RuleContext } from '../../domain/sync/entityRule.ts';
import type { Lookups, Reference } from '../../domain/sync/lookups.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import { readCurrencyFacts } from './currencyFacts.ts';
import type { RunScope } from './runScope.ts';

/** Facts that hold for the whole run: exchange rates and salesperson codes. */
export async function gatherRunFacts(scope: RunScope): Promise<RuleContext> {
  const { facts } = scope.rule;
  if (facts.includes('currencyRates')) {
    const localCurrencyCode = await scope.lookups.localCurrencyCode();
    return {
      ...emptyContext,
      localCurrencyCode,
      ...(await readCurrencyFacts(scope.ports, localCurrencyCode)),
    };
  }
  if (facts.includes('salespersonCodes'))
    return { ...emptyContext, salespersonCodes: await salespersonCodes(scope) };
  return emptyContext;
}

async function salespersonCodes({ ports }: RunScope): Promise<readonly string[]> {
  const rows = await ports.businessCentral.readRows({
    entitySet: 'salespeoplePurchasers',
    route: 'v2.0',
    select: ['code'],
  });
  return rows.map((row) => asCode(canonicalText(row['code'])));
}

/** Facts about the records of one page: the company contacts of their customers (E-98). */
export async function gatherPageFacts(
  scope: RunScope,
  pass: PassDirection,
  references: readonly Reference[],
  lookups: Lookups,
  context: RuleContext,
): Promise<RuleContext> {
  if (scope.rule === plainRule || pass === 'toDataverse' || !scope.rule.facts.includes('companyContacts'))
    return context;
  const customerIds = references
    .map((reference) => lookups.find(reference))
    .flatMap((answer) => (answer.status === 'coupled' ? [answer.id] : []));
  return { ...context, companyContacts: await companyContacts(scope, [...new Set(customerIds)]) };
}

/** contactsInformation answers only for one related record at a time (business-central-entities, its remarks). */
async function companyContacts(
  { ports }: RunScope,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (customerIds.length === 0) return new Map();
  const rows = await ports.businessCentral.readRowsByFilters({
    entitySet: 'contactsInformation',
    route: 'v2.0',
    select: ['contactId', 'contactNumber', 'contactType', 'relatedId', 'relatedType'],
    filters: customerIds.map((id) => `relatedId eq ${id} and relatedType eq 'Customer'`),
  });
  const companies = rows.filter((row) => row['contactType'] === 'Company');
  return new Map(
    companies.map((row) => [
      canonicalText(row['relatedId']).toLowerCase(),
      canonicalText(row['contactNumber']),
    ]),
  );
}
