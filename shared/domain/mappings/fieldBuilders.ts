/** Short forms for writing mapping files: a field mapping states only what differs from the usual. */
import type { PassDirection } from '../common/directions.ts';
import { mappingName } from '../common/ids.ts';
import type {
  BusinessCentralField,
  BusinessCentralType,
  DataverseField,
  DataverseType,
  FieldMapping,
  MatchCriterion,
} from './model.ts';

/** What a field mapping may state beyond its two ends. */
export type FieldOptions = Partial<
  Omit<FieldMapping, 'id' | 'businessCentral' | 'dataverse' | 'lookup' | 'match'>
> & {
  readonly lookup?: string;
  readonly match?: MatchCriterion;
};

/** A Business Central property of the mapping's main set. */
export function property(name: string, type: BusinessCentralType, maxLength?: number): BusinessCentralField {
  return { property: name, type, ...(maxLength === undefined ? {} : { maxLength }) };
}

/** A Business Central property of a companion set. */
export function companion(
  entitySet: string,
  name: string,
  type: BusinessCentralType,
  maxLength?: number,
): BusinessCentralField {
  return { entitySet, ...property(name, type, maxLength) };
}

/** A Dataverse column. */
export function column(
  attribute: string,
  type: DataverseType,
  more: Partial<Omit<DataverseField, 'attribute' | 'type'>> = {},
): DataverseField {
  return { attribute, type, ...more };
}

/** A pair of fields; bidirectional, enabled and without special rules unless stated. Its id is the column's name. */
export function pair(
  businessCentral: BusinessCentralField,
  dataverse: DataverseField,
  options: FieldOptions = {},
): FieldMapping {
  return fieldMapping(dataverse.attribute, businessCentral, dataverse, options);
}

/** A constant written into a Dataverse column (E-67). */
export function constantToDataverse(
  dataverse: DataverseField,
  constant: FieldMapping['constant'],
  options: FieldOptions = {},
): FieldMapping {
  return fieldMapping(dataverse.attribute, null, dataverse, {
    direction: 'toDataverse',
    constant,
    ...options,
  });
}

/** A constant written into a Business Central property (E-67). */
export function constantToBusinessCentral(
  businessCentral: BusinessCentralField,
  constant: FieldMapping['constant'],
): FieldMapping {
  return fieldMapping(businessCentral.property, businessCentral, null, {
    direction: 'toBusinessCentral',
    constant,
  });
}

/** A constant that the page of either system stands for by itself, such as the type of its documents; it is never written. */
export function fixedByPage(
  id: string,
  direction: PassDirection,
  constant: FieldMapping['constant'],
): FieldMapping {
  return fieldMapping(id, null, null, { direction, constant });
}

function fieldMapping(
  id: string,
  businessCentral: BusinessCentralField | null,
  dataverse: DataverseField | null,
  { lookup, ...options }: FieldOptions,
): FieldMapping {
  return {
    id,
    businessCentral,
    dataverse,
    direction: 'both',
    constant: null,
    clearOnFailedSync: false,
    notNull: false,
    transformation: null,
    match: null,
    enabled: true,
    ...(lookup === undefined ? {} : { lookup: mappingName(lookup) }),
    ...options,
  };
}
