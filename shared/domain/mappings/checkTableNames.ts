/** Checks of the names a mapping gives for itself, its sets, keys and filters, against what the services know. */
import {
  businessCentralFilter,
  dataverseFilter,
  filterAttributes,
  filterProperties,
} from '../sync/recordFilter.ts';
import type { KnownNames } from './checkNames.ts';
import { filterFault } from './mappingParts.ts';
import { type MappingProblem, type ProblemPath, problemAt } from './mappingProblem.ts';
import { businessCentralKey, type TableMapping } from './model.ts';

/** Key of the property every set has; what is known of it tells whether the set exists. */
export function idKeyOf({ businessCentral }: TableMapping, entitySet: string): string {
  return entitySet === businessCentral.entitySet ? 'id' : `${entitySet}/id`;
}

/** Properties the filter of Business Central reads, keyed as in a record's values; none where it cannot be read. */
export function propertiesOfFilter({ businessCentral: { filter } }: TableMapping): readonly string[] {
  return filterFault('businessCentral', filter) === null
    ? filterProperties(businessCentralFilter(filter))
    : [];
}

/** Whether it is known that a set does not exist. */
export function isMissingSet(mapping: TableMapping, entitySet: string, known: KnownNames | null): boolean {
  return known?.properties.get(idKeyOf(mapping, entitySet)) === false;
}

/** Sets, keys, further fields and filters that name what the services do not have; what was not asked for is not judged. Pure. */
export function checkTableNames(mapping: TableMapping, known: KnownNames | null): readonly MappingProblem[] {
  if (known === null) return [];
  return [...checkBusinessCentral(mapping, known), ...checkDataverse(mapping, known)];
}

function checkBusinessCentral(mapping: TableMapping, known: KnownNames): readonly MappingProblem[] {
  const { entitySet, keyProperty, nameProperty, extraFields } = mapping.businessCentral;
  if (isMissingSet(mapping, entitySet, known)) {
    const message = `is no entity set of Business Central: "${entitySet}"`;
    return [problemAt('entity-set-not-found', ['businessCentral', 'entitySet'], message)];
  }
  const named: readonly (readonly [ProblemPath, string])[] = [
    [['keyProperty'], keyProperty],
    [['nameProperty'], nameProperty],
    ...extraFields.map(
      (field, place) => [['extraFields', place], businessCentralKey(mapping, field)] as const,
    ),
    ...propertiesOfFilter(mapping).map((name) => [['filter'], name] as const),
  ];
  const mapped = new Set(
    mapping.fields.flatMap(({ businessCentral: field }) =>
      field ? [businessCentralKey(mapping, field)] : [],
    ),
  );
  return named.flatMap(([path, key]) => {
    // What a field names, too, is told with the field.
    if (known.properties.get(key) !== false || mapped.has(key)) return [];
    const message = `names no property of ${entitySet} in Business Central: "${key}"`;
    return [problemAt('property-not-found', ['businessCentral', ...path], message)];
  });
}

function checkDataverse({ dataverse }: TableMapping, { columns }: KnownNames): readonly MappingProblem[] {
  if (columns === null) return [];
  const { table, filter, extraAttributes } = dataverse;
  const filtered = filterFault('dataverse', filter) === null ? filterAttributes(dataverseFilter(filter)) : [];
  const named: readonly (readonly [ProblemPath, string])[] = [
    ...extraAttributes.map((name, place) => [['extraAttributes', place], name] as const),
    ...filtered.map((name) => [['filter'], name] as const),
  ];
  return named.flatMap(([path, name]) => {
    if (Object.hasOwn(columns, name)) return [];
    const message = `names no column of ${table}: "${name}"`;
    return [problemAt('property-not-found', ['dataverse', ...path], message)];
  });
}
