/** Reads the facts an entity rule asks for, once a record needs them (E-12). */
import type { PassDirection } from '../../domain/common/directions.ts';
import { dataverseId, isGuid } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../domain/common/records.ts';
import { belongsToUs, companyColumn } from '../../domain/sync/companyStamp.ts';
import { emptyContext, type RuleContext } from '../../domain/sync/entityRule.ts';
import type { Lookups, Reference } from '../../domain/sync/lookups.ts';
import { dataverseFilter, filterAttributes, passesDataverse } from '../../domain/sync/recordFilter.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import { readCurrencyFacts } from './currencyFacts.ts';
import { gatherProductFacts, hasUnitGroups, readSalesSetup } from './productFacts.ts';
import type { RunScope } from './runScope.ts';
import { gatherProductUnits, readListCurrencies } from './salesFacts.ts';

/** The mappings whose couplings tell the company of a contact (E-98). */
const partnerMappings = ['CUSTOMER', 'VENDOR'] as const;
type PartnerMapping = (typeof partnerMappings)[number];
const relatedTypes: Readonly<Record<PartnerMapping, string>> = { CUSTOMER: 'Customer', VENDOR: 'Vendor' };

/** The context of a rule that asks for no facts. */
export async function withoutFacts(scope: RunScope): Promise<RuleContext> {
  const { companyId, company, allMappings } = scope;
  const stamp = await company.stamp();
  return {
    ...emptyContext,
    companyId,
    mappings: allMappings,
    unitGroupMapping: hasUnitGroups(scope),
    documents: scope.ports.policy.documents,
    stamp,
  };
}

/** Facts that hold for the whole run: exchange rates and salesperson codes; nothing is read when none are asked for. */
export async function factsOf(scope: RunScope): Promise<RuleContext> {
  const { facts } = scope.rule;
  if (facts.includes('currencyRates')) {
    const localCurrencyCode = await scope.lookups.localCurrencyCode();
    return {
      ...(await withoutFacts(scope)),
      localCurrencyCode,
      ...(await readCurrencyFacts(scope.ports, localCurrencyCode)),
    };
  }
  if (facts.includes('salespersonCodes'))
    return { ...(await withoutFacts(scope)), salespersonCodes: await salespersonCodes(scope) };
  if (facts.includes('salesSetup')) {
    const localCurrencyCode = await scope.lookups.localCurrencyCode();
    return {
      ...(await withoutFacts(scope)),
      localCurrencyCode,
      salesSetup: await readSalesSetup(scope),
    };
  }
  const shared = await withoutFacts(scope);
  if (!facts.includes('localCurrency')) return shared;
  return { ...shared, localCurrencyCode: await scope.lookups.localCurrencyCode() };
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
  if (pass === 'toBusinessCentral') {
    const needsUnits = runContext.unitGroupMapping && scope.rule.facts.includes('unitGroups');
    return needsUnits
      ? gatherProductUnits(scope, sources as readonly DataverseRow[], runContext)
      : runContext;
  }
  const records = sources as readonly BusinessCentralRecord[];
  const context = await gatherProductFacts(scope, records, runContext);
  return withUnitGroups(scope, pass, records, context);
}

async function withUnitGroups(
  scope: RunScope,
  pass: PassDirection,
  records: readonly BusinessCentralRecord[],
  context: RuleContext,
): Promise<RuleContext> {
  if (!scope.rule.facts.includes('unitGroups')) return context;
  const names = records.flatMap((record) => scope.rule.unitGroupNames(pass, record, context));
  return { ...context, unitGroups: await scope.units.named(names) };
}

/**
 * Facts about the records of one page: the company contacts of their customers and vendors, and parents that never get
 * one (E-98).
 */
export async function gatherPageFacts(
  scope: RunScope,
  pass: PassDirection,
  references: readonly Reference[],
  lookups: Lookups,
  context: RuleContext,
): Promise<RuleContext> {
  if (scope.rule.facts.includes('listCurrencies')) {
    return { ...context, listCurrencies: await readListCurrencies(scope, references, lookups) };
  }
  if (pass === 'toDataverse' || !scope.rule.facts.includes('companyContacts')) return context;
  const found = new Map<string, PartnerMapping>();
  const parents = references.filter(({ mapping }) => partnerMapping(mapping) !== null);
  const coupled = new Set<string>();
  for (const reference of parents) {
    const partner = partnerMapping(reference.mapping);
    const answer = lookups.find(reference);
    if (answer.status !== 'coupled' || partner === null) continue;
    found.set(answer.id, partner);
    coupled.add(reference.value);
  }
  const uncoupled = new Set(
    parents.map(({ value }) => value).filter((value) => isGuid(value) && !coupled.has(value)),
  );
  const [companyContacts, accountsOutsideFilter] = await Promise.all([
    readCompanyContacts(scope, found),
    readAccountsOutsideFilter(scope, [...uncoupled], context),
  ]);
  return { ...context, companyContacts, accountsOutsideFilter };
}

function partnerMapping(name: string): PartnerMapping | null {
  return partnerMappings.find((candidate) => candidate === name) ?? null;
}

/** Accounts that no mapping of companies takes: outside every filter, or another company's (E-88, E-98). */
async function readAccountsOutsideFilter(
  { ports, allMappings }: RunScope,
  ids: readonly string[],
  { stamp }: RuleContext,
): Promise<ReadonlySet<string>> {
  const mappings = allMappings.filter(({ name, enabled }) => enabled && partnerMapping(name) !== null);
  const [first] = mappings;
  if (!first || ids.length === 0) return new Set();
  const filters = mappings.map(({ dataverse }) => dataverseFilter(dataverse.filter));
  const attributes = [
    ...filters.flatMap(filterAttributes),
    ...(stamp.company === null ? [] : [companyColumn]),
  ];
  const selection = { table: first.dataverse.table, attributes: [...new Set(attributes)] };
  const rows = await ports.dataverse.readByIds(selection, ids.map(dataverseId));
  const isOutside = (row: DataverseRow) =>
    !belongsToUs(stamp, row) || filters.every((filter) => !passesDataverse(filter, row));
  return new Set(rows.filter(isOutside).map((row) => row.id));
}

/** contactsInformation answers only for one related record at a time (business-central-entities, its remarks). */
async function readCompanyContacts(
  { ports }: RunScope,
  partners: ReadonlyMap<string, PartnerMapping>,
): Promise<ReadonlyMap<string, string>> {
  if (partners.size === 0) return new Map();
  const filters = [...partners].map(
    ([id, mapping]) => `relatedId eq ${id} and relatedType eq '${relatedTypes[mapping]}'`,
  );
  const rows = await ports.businessCentral.readRowsByFilters({
    entitySet: 'contactsInformation',
    route: 'v2.0',
    select: ['contactId', 'contactNumber', 'contactType', 'relatedId', 'relatedType'],
    filters,
  });
  const companies = rows.filter((row) => row['contactType'] === 'Company');
  return new Map(
    companies.map((row) => [
      canonicalText(row['relatedId']).toLowerCase(),
      canonicalText(row['contactNumber']),
    ]),
  );
}
