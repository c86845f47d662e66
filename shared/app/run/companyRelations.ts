/** Which customer or vendor a company contact stands for (E-97, E-99, E-107); known once per run. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { mappingName } from '../../domain/common/ids.ts';
import { textLiteral } from '../../domain/common/odataText.ts';
import type { BusinessCentralRecord } from '../../domain/common/records.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type {
  CompanyRelation,
  PartnerKey,
  RuleContext,
  WantedCompany,
} from '../../domain/sync/entityRule.ts';
import { asCode, canonicalText, isBlank } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';
import { partnersByName } from './partnersByName.ts';
import type { RunScope } from './runScope.ts';

/** Values in one filter; more would make the address of the inner request too long. */
const valuesPerFilter = 50;
const vendorMapping = mappingName('VENDOR');

/** The context, with the relations of the company contacts that these records' rule has to know. */
export async function withRelations(
  scope: RunScope,
  pass: 'toDataverse' | 'toBusinessCentral',
  records: readonly BusinessCentralRecord[],
  context: RuleContext,
): Promise<RuleContext> {
  if (pass === 'toBusinessCentral') return context;
  const wanted = records.flatMap((record) => scope.rule.companyOf(record) ?? []);
  if (wanted.length === 0) return context;
  return { ...context, companyRelations: await scope.relations.know(wanted) };
}

/** Relations by the number of the company contact. */
type Relations = ReadonlyMap<string, CompanyRelation>;
type Partners = ReadonlyMap<string, PartnerKey>;

/** Looks relations up in bulk: on the companion app's pages, or through names where it is not installed. */
export class CompanyRelations {
  readonly #ports: SyncPorts;
  readonly #withVendors: boolean;
  readonly #known = new Map<string, CompanyRelation>();

  constructor(ports: SyncPorts, mappings: readonly TableMapping[]) {
    this.#ports = ports;
    this.#withVendors = mappings.some(({ name, enabled }) => enabled && name === vendorMapping);
  }

  /** All relations known so far plus those of these companies. */
  async know(wanted: readonly WantedCompany[]): Promise<Relations> {
    const open = wanted.filter(({ number }) => !this.#known.has(number));
    if (open.length === 0) return this.#known;
    const numbers = unique(open.map(({ number }) => number));
    const mayBeCustomers = unique(
      open.filter(({ isNoCustomer }) => !isNoCustomer).map(({ number }) => number),
    );
    const [customers, vendors] = await Promise.all([
      this.#customers(mayBeCustomers),
      this.#withVendors ? this.#vendors(numbers) : none,
    ]);
    for (const number of numbers) {
      this.#known.set(number, {
        customer: customers.get(number) ?? null,
        vendor: vendors.get(number) ?? null,
      });
    }
    return this.#known;
  }

  async #customers(numbers: readonly string[]): Promise<Partners> {
    if (numbers.length === 0) return none;
    const { businessCentral } = this.#ports;
    if (!(await businessCentral.hasCompanionSet('contactExtras'))) {
      return partnersByName(this.#ports, { entitySet: 'customers', relatedType: 'Customer' }, numbers);
    }
    const selection = {
      entitySet: 'contactExtras',
      route: 'companion' as const,
      properties: ['number', 'customerId'],
      companions: [],
    };
    const rows = await businessCentral.readByValues(selection, 'number', numbers);
    const related = rows.filter(({ values }) => !isBlank(values['customerId']));
    return new Map(related.map(({ values }) => [codeIn(values['number']), byIdOf(values['customerId'])]));
  }

  async #vendors(numbers: readonly string[]): Promise<Partners> {
    const { businessCentral } = this.#ports;
    if (!(await businessCentral.hasCompanionSet('contactBusinessRelations'))) {
      return vendorsByName(this.#ports, numbers);
    }
    const rows = await businessCentral.readRowsByFilters({
      entitySet: 'contactBusinessRelations',
      route: 'companion',
      select: ['contactNumber', 'linkToTable', 'number'],
      filters: filtersOf('contactNumber', numbers),
    });
    const vendors = rows.filter((row) => row['linkToTable'] === 'Vendor');
    return new Map(
      vendors.map((row): [string, PartnerKey] => [
        codeIn(row['contactNumber']),
        { by: 'key', value: codeIn(row['number']) },
      ]),
    );
  }
}

const none: Partners = new Map();

/** A service that offers no vendors has none that a contact could belong to. */
async function vendorsByName(ports: SyncPorts, numbers: readonly string[]): Promise<Partners> {
  try {
    return await partnersByName(ports, { entitySet: 'vendors', relatedType: 'Vendor' }, numbers);
  } catch (error) {
    if (error instanceof SyncFailure && error.code === 'entity-set-not-found') return none;
    throw error;
  }
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function codeIn(value: Parameters<typeof canonicalText>[0]): string {
  return asCode(canonicalText(value));
}

function byIdOf(value: Parameters<typeof canonicalText>[0]): PartnerKey {
  return { by: 'id', value: canonicalText(value).toLowerCase() };
}

function filtersOf(property: string, values: readonly string[]): readonly string[] {
  const filters: string[] = [];
  for (let start = 0; start < values.length; start += valuesPerFilter) {
    const some = values.slice(start, start + valuesPerFilter);
    filters.push(some.map((value) => `${property} eq ${textLiteral(value)}`).join(' or '));
  }
  return filters;
}
