/** Values that new records get beside their mapped fields (E-84, E-85). */
import type { Side } from '../common/directions.ts';
import type { BusinessCentralRecord, DataverseRow, FieldValues } from '../common/records.ts';
import type { TableMapping } from '../mappings/model.ts';
import {
  businessCentralFilter,
  dataverseFilter,
  passesBusinessCentral,
  passesDataverse,
} from './recordFilter.ts';

/** The values of the first template, in ascending priority, whose filter the source record passes. */
export function templateValues(
  mapping: TableMapping,
  target: Side,
  source: { readonly businessCentral: BusinessCentralRecord | null; readonly dataverse: DataverseRow | null },
): FieldValues {
  const candidates = mapping.templates
    .filter((template) => template.target === target)
    .toSorted((left, right) => left.priority - right.priority);
  const passes = (filter: string | null) => {
    if (target === 'dataverse') {
      return (
        source.businessCentral !== null &&
        passesBusinessCentral(businessCentralFilter(filter), source.businessCentral)
      );
    }
    return source.dataverse !== null && passesDataverse(dataverseFilter(filter), source.dataverse);
  };
  return candidates.find((template) => passes(template.sourceFilter))?.values ?? {};
}
