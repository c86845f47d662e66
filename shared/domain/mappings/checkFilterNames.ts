/** Checks the names that table filters use against what the services know: a filter on a typing error would pass nothing. */
import { FilterSyntaxError } from '../odata/filterExpression.ts';
import {
  businessCentralFilter,
  dataverseFilter,
  filterAttributes,
  filterProperties,
} from '../sync/recordFilter.ts';
import type { KnownNames } from './checkNames.ts';
import { type MappingProblem, problemAt } from './mappingProblem.ts';
import type { TableMapping } from './model.ts';

/** Names in the filters that the services do not have; what was not asked for is not judged. Pure. */
export function checkFilterNames(mapping: TableMapping, known: KnownNames | null): readonly MappingProblem[] {
  if (known === null) return [];
  const { businessCentral, dataverse } = mapping;
  const { columns, properties } = known;
  const foreign = propertiesInFilter(mapping).filter((name) => properties.get(name) === false);
  const missing = columns === null ? [] : attributesInFilter(mapping).filter((name) => !(name in columns));
  return [
    ...foreign.map((name) =>
      problemAt(
        'property-not-found',
        ['businessCentral', 'filter'],
        `names no property of ${businessCentral.entitySet} in Business Central: "${name}"`,
      ),
    ),
    ...missing.map((name) =>
      problemAt(
        'property-not-found',
        ['dataverse', 'filter'],
        `names no column of ${dataverse.table}: "${name}"`,
      ),
    ),
  ];
}

/** Keys of the Business Central values that the filter reads; none of a filter that cannot be read. Pure. */
export function propertiesInFilter({ businessCentral }: TableMapping): readonly string[] {
  return unlessUnreadable(() => filterProperties(businessCentralFilter(businessCentral.filter)));
}

function attributesInFilter({ dataverse }: TableMapping): readonly string[] {
  return unlessUnreadable(() => filterAttributes(dataverseFilter(dataverse.filter)));
}

/** That a filter cannot be read is told by another check. */
function unlessUnreadable(read: () => readonly string[]): readonly string[] {
  try {
    return [...new Set(read())];
  } catch (error) {
    if (error instanceof FilterSyntaxError) return [];
    throw error;
  }
}
