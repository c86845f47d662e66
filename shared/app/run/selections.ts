/** What a mapping reads of both systems: mapped fields, names, filters, and what its rule asks for. */
import type { BusinessCentralField, TableMapping } from '../../domain/mappings/model.ts';
import { companyColumn } from '../../domain/sync/companyStamp.ts';
import {
  businessCentralFilter,
  dataverseFilter,
  filterAttributes,
  filterProperties,
} from '../../domain/sync/recordFilter.ts';
import type { BusinessCentralSelection } from '../../ports/businessCentral.ts';
import type { DataverseSelection, DataverseTableMetadata } from '../../ports/dataverse.ts';
import { hasCompanyColumn } from './companyBook.ts';

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Properties by set, each once; companion sets without a used property are not read at all. */
export function businessCentralSelection(mapping: TableMapping): BusinessCentralSelection {
  const { entitySet, route, companions, keyProperty, nameProperty, filter, extraFields } =
    mapping.businessCentral;
  const used: readonly BusinessCentralField[] = [
    ...mapping.fields.filter((field) => field.enabled).flatMap((field) => field.businessCentral ?? []),
    ...extraFields,
  ];
  const propertiesOf = (set: string) =>
    used.filter((field) => (field.entitySet ?? entitySet) === set).map((field) => field.property);
  const filtered = filterProperties(businessCentralFilter(filter));
  return {
    entitySet,
    route,
    properties: unique([keyProperty, nameProperty, ...propertiesOf(entitySet), ...filtered]),
    companions: companions
      .map((set) => ({ entitySet: set, properties: unique(propertiesOf(set)) }))
      .filter((set) => set.properties.length > 0),
  };
}

/**
 * Columns by logical name, each once, and the company stamp where the table has it; `entityName` fields have no column.
 * Where rows may become records of Business Central their creation is read, too: a row of our own is not sent back (P2),
 * and is merged from what it had then (P1).
 */
export function dataverseSelection(
  mapping: TableMapping,
  metadata: DataverseTableMetadata,
): DataverseSelection {
  const { table, nameAttribute, filter, extraAttributes } = mapping.dataverse;
  const mapped = mapping.fields
    .filter((field) => field.enabled && field.dataverse !== null && field.dataverse.type !== 'entityName')
    .map((field) => field.dataverse?.attribute ?? '');
  const attributes = [
    nameAttribute,
    ...mapped,
    ...filterAttributes(dataverseFilter(filter)),
    ...extraAttributes,
    ...(hasCompanyColumn(metadata) ? [companyColumn] : []),
    ...(mapping.direction === 'both' ? ['createdby', 'createdon'] : []),
  ];
  return { table, attributes: unique(attributes) };
}

/** Just enough of both sides to tell which records exist, with the etags that guard their deletion. */
export function keySelections({ businessCentral, dataverse }: TableMapping) {
  const { entitySet, route, keyProperty } = businessCentral;
  return {
    businessCentral: { entitySet, route, properties: [keyProperty], companions: [] },
    dataverse: { table: dataverse.table, attributes: [] },
  };
}
