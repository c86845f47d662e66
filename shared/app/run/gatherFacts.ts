/** Reads the facts an entity rule asks for, once a record needs them (E-12). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { dataverseId, isGuid } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import { emptyContext, type RuleContext } from '../../domain/sync/entityRule.ts';
import type { Lookups, Reference } from '../../domain/sync/lookups.ts';
import { dataverseFilter, filterAttributes, passesDataverse } from '../../domain/sync/recordFilter.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import { readCurrencyFacts } from './currencyFacts.ts';
import { gatherProductFacts, hasUnitGroups, readSalesSetup } from './productFacts.ts';
import type { RunScope } from './runScope.ts';

/** The mapping whose couplings tell the company of a contact. */
const companyMappingName = 'CUSTOMER';

/** The context of a rule that asks for no facts. */
export function withoutFacts(scope: RunScope): RuleContext {
  return { ...emptyContext, companyId: scope.companyId, unitGroupMapping: hasUnitGroups(scope) };
}

/** Facts that hold for the whole run: exchange rates and salesperson codes; nothing is read when none are asked for. */
export async function factsOf(scope: RunScope): Promise<RuleContext> {
  const { facts } = scope.rule;
  if (facts.includes('currencyRates')) {
    const localCurrencyCode = await scope.lookups.localCurrencyCode();
    return {
      ...withoutFacts(scope),
      localCurrencyCode,
      ...(await readCurrencyFacts(scope.ports, localCurrencyCode)),
    };
  }
  if (facts.includes('salespersonCodes'))
    return { ...withoutFacts(scope), salespersonCodes: await salespersonCodes(scope) };
  if (facts.includes('salesSetup')) {
    const localCurrencyCode = await scope.lookups.localCurrencyCode();
    return { ...withoutFacts(scope), localCurrencyCode, salesSetup: await readSalesSetup(scope) };
  }
  return withoutFacts(scope);
}

async function salespersonCodes({ ports }: RunScope): Promise<readonly string[]> {
  const rows = await ports.businessCentral.readRows({
    entitySet: 'salespeoplePurchasers',
    route: 'v2.0',
    select: ['code'],
  });
  return rows.map((row) => asCode(canonicalText(row['code'])));
}

/** Facts that decide about a page's references, or stand beside them. */
export async function gatherSourceFacts(
  scope: RunScope,
  pass: PassDirection,
  sources: readonly (BusinessCentralRecord | DataverseRow)[],
  runContext: RuleContext,
): Promise<RuleContext> {
  if (pass === 'toBusinessCentral') return runContext;
  const records = sources as readonly BusinessCentralRecord[];
  const context = await gatherProductFacts(scope, records, runContext);
  if (!scope.rule.facts.includes('unitGroups')) return context;
  const names = records.flatMap((record) => scope.rule.unitGroupNames(pass, record, context));
  return { ...context, unitGroups: await scope.units.named(names) };
}

/** Facts about the records of one page: the company contacts of their customers, and parents that never get one (E-98). */
export async function gatherPageFacts(
  scope: RunScope,
  pass: PassDirection,
  references: readonly Reference[],
  lookups: Lookups,
  context: RuleContext,
): Promise<RuleContext> {
  if (pass === 'toDataverse' || !scope.rule.facts.includes('companyContacts')) return context;
  const companies = references.filter((reference) => reference.mapping === companyMappingName);
  const coupled = new Set<string>();
  const uncoupled = new Set<string>();
  for (const reference of companies) {
    const answer = lookups.find(reference);
    if (answer.status === 'coupled') coupled.add(answer.id);
    else if (isGuid(reference.value)) uncoupled.add(reference.value);
  }
  const [companyContacts, accountsOutsideFilter] = await Promise.all([
    readCompanyContacts(scope, [...coupled]),
    readAccountsOutsideFilter(scope, [...uncoupled]),
  ]);
  return { ...context, companyContacts, accountsOutsideFilter };
}

async function readAccountsOutsideFilter(
  { ports, allMappings }: RunScope,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const mapping = allMappings.find((candidate) => candidate.name === companyMappingName);
  if (!mapping || ids.length === 0) return new Set();
  const filter = dataverseFilter(mapping.dataverse.filter);
  const selection = { table: mapping.dataverse.table, attributes: filterAttributes(filter) };
  const rows = await ports.dataverse.readByIds(selection, ids.map(dataverseId));
  return new Set(rows.filter((row) => !passesDataverse(filter, row)).map((row) => row.id));
}

/** contactsInformation answers only for one related record at a time (business-central-entities, its remarks). */
async function readCompanyContacts(
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
