/** Applies a scenario's changes to the default mappings. */
import { mappingName } from '../../../shared/domain/common/ids.ts';
import type {
  BusinessCentralField,
  DataverseField,
  FieldMapping,
  TableMapping,
  Transformation,
} from '../../../shared/domain/mappings/model.ts';
import type { FieldOverride, MappingOverride, MappingOverrides } from '../schemaMappings.ts';

/** The mapping with its overrides; unchanged when there are none. */
export function overridden(mapping: TableMapping, overrides: MappingOverrides): TableMapping {
  const override = overrides[mapping.name];
  return override ? withOverride(mapping, override) : mapping;
}

function withOverride(mapping: TableMapping, override: MappingOverride): TableMapping {
  const { fields, businessCentralFilter, dataverseFilter, ...settings } = override;
  const { businessCentral, dataverse } = mapping;
  const companions = companionsOf(mapping, fields);
  return {
    ...mapping,
    ...stated(settings),
    businessCentral: {
      ...businessCentral,
      companions,
      filter: businessCentralFilter === undefined ? businessCentral.filter : businessCentralFilter,
    },
    dataverse: {
      ...dataverse,
      filter: dataverseFilter === undefined ? dataverse.filter : dataverseFilter,
    },
    fields: fields.reduce(withField, mapping.fields),
  };
}

/** Optional keys that were left out must not overwrite anything. */
function stated<Settings extends object>(
  settings: Settings,
): { [Key in keyof Settings]: NonNullable<Settings[Key]> } {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Settings]: NonNullable<Settings[Key]> };
}

function companionsOf(
  { businessCentral }: TableMapping,
  fields: readonly FieldOverride[],
): readonly string[] {
  const added = fields.flatMap((field) => field.businessCentral?.entitySet ?? []);
  return [...new Set([...businessCentral.companions, ...added])];
}

function withField(fields: readonly FieldMapping[], override: FieldOverride): readonly FieldMapping[] {
  const known = fields.find((field) => field.id === override.id);
  if (known) return fields.map((field) => (field === known ? changed(known, override) : field));
  if (override.businessCentral === undefined || override.dataverse === undefined) {
    throw new Error(`The field mapping "${override.id}" does not exist; a new one states both ends.`);
  }
  return [...fields, changed(newField(override.id), override)];
}

function newField(id: string): FieldMapping {
  return {
    id,
    businessCentral: null,
    dataverse: null,
    direction: 'both',
    constant: null,
    clearOnFailedSync: false,
    notNull: false,
    transformation: null,
    match: null,
    enabled: true,
  };
}

function changed(field: FieldMapping, override: FieldOverride): FieldMapping {
  const { lookup, businessCentral, dataverse, transformation, ...settings } = override;
  return {
    ...field,
    ...(stated(settings) as Partial<FieldMapping>),
    ...(businessCentral === undefined
      ? {}
      : { businessCentral: businessCentral as BusinessCentralField | null }),
    ...(dataverse === undefined ? {} : { dataverse: dataverse as DataverseField | null }),
    ...(transformation === undefined ? {} : { transformation: transformation as Transformation | null }),
    ...(lookup === undefined ? {} : { lookup: mappingName(lookup) }),
  };
}
