/**
 * Which customers or vendors company contacts stand for, on the standard API alone: its bridge answers only for a given
 * customer or vendor, so those of the contacts' names are asked first, and all of them only for what is left.
 */
import type { PartnerKey } from '../../domain/sync/entityRule.ts';
import { asCode, canonicalText } from '../../domain/sync/values.ts';
import type { SyncPorts } from '../syncPorts.ts';

/** A standard set and the name of its table in relations. */
export interface PartnerSet {
  readonly entitySet: 'customers' | 'vendors';
  readonly relatedType: 'Customer' | 'Vendor';
}

/** The partners by the number of the company contact. An environment without the set has none. */
export async function partnersByName(
  ports: SyncPorts,
  set: PartnerSet,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, PartnerKey>> {
  const selection = {
    entitySet: 'contacts',
    route: 'v2.0' as const,
    properties: ['number', 'displayName', 'contactBusinessRelation'],
    companions: [],
  };
  const contacts = await ports.businessCentral.readByValues(selection, 'number', numbers);
  const related = contacts.filter(({ values }) =>
    [set.relatedType, 'Multiple'].includes(canonicalText(values['contactBusinessRelation'])),
  );
  if (related.length === 0) return new Map();
  const names = [...new Set(related.map(({ values }) => canonicalText(values['displayName'])))];
  const found = await relationsOf(ports, set, await idsByName(ports, set, names));
  const isLeft = related.some(({ values }) => !found.has(asCode(canonicalText(values['number']))));
  return isLeft ? relationsOf(ports, set, await allIds(ports, set)) : found;
}

async function idsByName(ports: SyncPorts, { entitySet }: PartnerSet, names: readonly string[]) {
  const selection = { entitySet, route: 'v2.0' as const, properties: ['displayName'], companions: [] };
  const records = await ports.businessCentral.readByValues(selection, 'displayName', names);
  return records.map(({ id }): string => id);
}

async function allIds(ports: SyncPorts, { entitySet }: PartnerSet): Promise<readonly string[]> {
  const rows = await ports.businessCentral.readRows({ entitySet, route: 'v2.0', select: ['id'] });
  return rows.map((row) => canonicalText(row['id']));
}

async function relationsOf(
  ports: SyncPorts,
  { relatedType }: PartnerSet,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PartnerKey>> {
  const rows = await ports.businessCentral.readRowsByFilters({
    entitySet: 'contactsInformation',
    route: 'v2.0',
    select: ['contactNumber', 'contactType', 'relatedId'],
    filters: ids.map((id) => `relatedId eq ${id} and relatedType eq '${relatedType}'`),
  });
  const companies = rows.filter((row) => row['contactType'] === 'Company');
  return new Map(
    companies.map((row): [string, PartnerKey] => [
      asCode(canonicalText(row['contactNumber'])),
      { by: 'id', value: canonicalText(row['relatedId']).toLowerCase() },
    ]),
  );
}
