/** Asks both services which names of a mapping they know, before the mapping is saved. */
import { SyncFailure } from '../../domain/common/failures.ts';
import { emptyGuid } from '../../domain/common/ids.ts';
import type { KnownNames } from '../../domain/mappings/checkNames.ts';
import type { TableMapping } from '../../domain/mappings/model.ts';
import type { BusinessCentral } from '../../ports/businessCentral.ts';
import type { SyncPorts } from '../syncPorts.ts';

/**
 * Columns of the mapping's table, and whether these properties (keyed as in a record's values) exist. One cached request
 * to Dataverse, and one per entity set to Business Central unless a name is unknown. Raises SyncFailure when a service
 * cannot be asked, `table-not-found` for an unknown Dataverse table.
 */
export async function askKnownNames(
  { businessCentral, dataverse }: SyncPorts,
  mapping: TableMapping,
  properties: readonly string[],
): Promise<KnownNames> {
  const { attributes } = await dataverse.table(mapping.dataverse.table);
  const found = new Map<string, boolean>();
  for (const [entitySet, keys] of bySet(mapping, properties)) {
    const route =
      entitySet === mapping.businessCentral.entitySet ? mapping.businessCentral.route : 'companion';
    await probe(businessCentral, { entitySet, route }, keys, found);
  }
  return { columns: attributes, properties: found };
}

function bySet(mapping: TableMapping, keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, string[]>();
  for (const key of keys) {
    const [first = '', second] = key.split('/');
    const set = second === undefined ? mapping.businessCentral.entitySet : first;
    sets.set(set, [...(sets.get(set) ?? []), key]);
  }
  return sets;
}

/** Every set has an id: one that does not tell it does not exist, and its other names need no search. */
function isId(key: string): boolean {
  return key.split('/').at(-1) === 'id';
}

type Set = Pick<Parameters<BusinessCentral['readRows']>[0], 'entitySet' | 'route'>;

/** Selects all names of no row; when the service refuses, halves tell which of them it does not know. */
async function probe(
  businessCentral: BusinessCentral,
  set: Set,
  keys: readonly string[],
  found: Map<string, boolean>,
): Promise<void> {
  const answered = await selects(businessCentral, set, keys);
  const [first = ''] = keys;
  const hasSet =
    answered || keys.length === 1 || !isId(first) || (await selects(businessCentral, set, [first]));
  if (answered || keys.length === 1 || !hasSet) {
    for (const key of keys) found.set(key, answered);
    return;
  }
  const half = Math.ceil(keys.length / 2);
  await probe(businessCentral, set, keys.slice(0, half), found);
  await probe(businessCentral, set, keys.slice(half), found);
}

async function selects(
  businessCentral: BusinessCentral,
  set: Set,
  keys: readonly string[],
): Promise<boolean> {
  const select = keys.map((key) => key.split('/').at(-1) ?? key);
  try {
    await businessCentral.readRows({ ...set, select, filter: `id eq ${emptyGuid}` });
    return true;
  } catch (error) {
    if (isUnknownName(error)) return false;
    throw error;
  }
}

/** Answers that say that a property or a set is not there; everything else says nothing about the name. */
export function isUnknownName(error: unknown): boolean {
  if (!(error instanceof SyncFailure) || error.code === 'company-not-found') return false;
  return error.kind === 'config' || error.kind === 'data';
}
