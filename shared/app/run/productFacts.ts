/** Facts about products and prices that a page's records need (E-102, E-105, E-106). */
import { SyncFailure } from '../../domain/common/failures.ts';
import { type MappingName, mappingName } from '../../domain/common/ids.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { RuleContext } from '../../domain/sync/entityRule.ts';
import {
  type AssetType,
  assetKey,
  assetOf,
  assetTypes,
  type GroupPrice,
  groupPriceOf,
} from '../../domain/sync/groupPrices.ts';
import {
  businessCentralFilter,
  filterProperties,
  passesBusinessCentral,
} from '../../domain/sync/recordFilter.ts';
import { type SalesSetup, salesSetupOf } from '../../domain/sync/salesSetup.ts';
import { asCode, canonicalText, isBlank } from '../../domain/sync/values.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { RunScope } from './runScope.ts';

/** The mapping that exists only where each item and resource has its own unit group. */
const unitGroupMappingName = mappingName('UNIT GROUP');

/** Whether that is so in this company. */
export function hasUnitGroups({ allMappings }: RunScope): boolean {
  return allMappings.some(({ name }) => name === unitGroupMappingName);
}

/** What a read answers; nothing where the company has no such page or property, which is logged. */
async function unlessMissing<Answer>(
  { ports }: RunScope,
  entitySet: string,
  read: () => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  try {
    return await read();
  } catch (error) {
    const isMissing =
      error instanceof SyncFailure &&
      ['entity-set-not-found', 'property-not-found', 'address-not-found'].includes(error.code);
    if (!isMissing) throw error;
    ports.log('warning', 'page-missing', { entitySet, reason: error.message });
    return [];
  }
}

/** The set-up of sales; a company without its page counts as not set up. A write-in product of the settings wins (D-51). */
export async function readSalesSetup(scope: RunScope): Promise<SalesSetup> {
  const select = ['writeInProductType', 'writeInProductNumber', 'defaultPriceListCode'];
  const request = { entitySet: 'integrationSetup', route: 'companion', select } as const;
  const { businessCentral } = scope.ports;
  const isInstalled = await businessCentral.hasCompanionApp();
  const [row] = isInstalled
    ? await unlessMissing(scope, 'integrationSetup', () => businessCentral.readRows(request))
    : [];
  const setup = salesSetupOf(row);
  const { writeInProduct } = scope.ports.policy.documents;
  return writeInProduct === null ? setup : { ...setup, writeInProduct };
}

/** Facts that depend on nothing but the records themselves. */
export async function gatherProductFacts(
  scope: RunScope,
  records: readonly BusinessCentralRecord[],
  context: RuleContext,
): Promise<RuleContext> {
  const { facts } = scope.rule;
  const groupPrices = facts.includes('groupPrices')
    ? await readGroupPrices(scope, records)
    : context.groupPrices;
  const prices = [...groupPrices.values()].flat();
  const [baseUnits, vendorNames] = await Promise.all([
    facts.includes('baseUnits') ? readBaseUnits(scope, records, prices) : context.baseUnits,
    facts.includes('vendorNames') ? readVendorNames(scope, records) : context.vendorNames,
  ]);
  return { ...context, groupPrices, baseUnits, vendorNames };
}

/** The prices of the page's groups or lists that are within the filter of the mapping of prices. */
async function readGroupPrices(
  scope: RunScope,
  records: readonly BusinessCentralRecord[],
): Promise<RuleContext['groupPrices']> {
  const { lines } = scope.rule;
  const { keyProperty } = scope.mapping.businessCentral;
  const codes = records.map(({ values }) => asCode(canonicalText(values[keyProperty])));
  const byGroup = new Map<string, GroupPrice[]>(codes.map((code) => [code, []]));
  if (!lines || codes.length === 0) return byGroup;
  for (const { id, values } of await readLines(scope, lines.mapping, codes)) {
    byGroup.get(asCode(canonicalText(values[lines.property])))?.push(groupPriceOf(id, values));
  }
  return byGroup;
}

/** Lines of these headers that are within the filter of their own mapping. */
export async function readLines(
  { rule, allMappings, ports }: RunScope,
  name: MappingName,
  codes: readonly string[],
): Promise<readonly BusinessCentralRecord[]> {
  const { lines } = rule;
  const mapping = allMappings.find((candidate) => candidate.name === name);
  if (!lines || !mapping || codes.length === 0) return [];
  const filter = businessCentralFilter(mapping.businessCentral.filter);
  const { fields } = mapping;
  const properties = [
    lines.property,
    ...fields.flatMap(({ businessCentral }) => businessCentral?.property ?? []),
    ...mapping.businessCentral.extraFields.map(({ property }) => property),
    ...filterProperties(filter),
  ];
  const selection: BusinessCentralSelection = {
    entitySet: lines.entitySet,
    route: lines.route,
    properties: [...new Set(properties)],
    companions: [],
  };
  const found = await ports.businessCentral.readByValues(selection, lines.property, codes);
  return found.filter((record) => passesBusinessCentral(filter, record));
}

/** Base units of the items and resources whose price names no unit. */
async function readBaseUnits(
  { ports }: RunScope,
  records: readonly BusinessCentralRecord[],
  prices: readonly GroupPrice[],
): Promise<RuleContext['baseUnits']> {
  const assets = [
    ...records
      .filter(({ values }) => isBlank(values['unitOfMeasureCode']))
      .map(({ values }) => assetOf(values)),
    ...prices.filter(({ unitCode }) => unitCode === ''),
  ].filter(({ number }) => number !== '');
  const units = new Map<string, string>();
  for (const assetType of assetTypes) {
    const numbers = assets.filter((asset) => asset.assetType === assetType).map(({ number }) => number);
    if (numbers.length === 0) continue;
    const found = await ports.businessCentral.readByValues(assetSelection(assetType), 'number', numbers);
    for (const { values } of found) {
      const key = assetKey(assetType, canonicalText(values['number']));
      units.set(key, asCode(canonicalText(values['baseUnitOfMeasureCode'])));
    }
  }
  return units;
}

function assetSelection(assetType: AssetType): BusinessCentralSelection {
  const properties = ['number', 'baseUnitOfMeasureCode'];
  return assetType === 'Item'
    ? { entitySet: 'items', route: 'v2.0', properties, companions: [] }
    : { entitySet: 'resources', route: 'companion', properties, companions: [] };
}

/** The vendor's number stands in a companion set for items and in the main set for resources. */
function vendorNumberOf(values: BusinessCentralRecord['values']): string {
  return asCode(canonicalText(values['itemExtras/vendorNumber'] ?? values['vendorNumber']));
}

async function readVendorNames(
  scope: RunScope,
  records: readonly BusinessCentralRecord[],
): Promise<RuleContext['vendorNames']> {
  const numbers = [...new Set(records.map(({ values }) => vendorNumberOf(values)))].filter(Boolean);
  if (numbers.length === 0) return new Map();
  const properties = ['number', 'displayName'];
  const selection = { entitySet: 'vendors', route: 'v2.0', properties, companions: [] } as const;
  const found = await unlessMissing(scope, 'vendors', () =>
    scope.ports.businessCentral.readByValues(selection, 'number', numbers),
  );
  return new Map(
    found.map(({ values }) => [
      asCode(canonicalText(values['number'])),
      canonicalText(values['displayName']),
    ]),
  );
}
