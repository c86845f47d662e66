/** Tables, columns, relationships and choices as metadata objects (dataverse-web-api section 18). */
import { v5 } from 'uuid';
import type { Option, OptionCatalog } from '../schema/optionCatalog.ts';
import type { Column, ColumnType, Schema, Table } from '../schema/schema.ts';
import { privilegeOf, rightsOfTable } from '../security/privileges.ts';
import type { MetadataObject } from './metadataQuery.ts';

/** The organisation's base language. */
export const languageCode = 1033;
const typePrefix = '#Microsoft.Dynamics.CRM.';

const metadataNamespace = '9f1c1a52-6d0e-4b7e-8a55-1f4c7f0f6c11';
const metadataIds = new Map<string, string>();

/** A stable id made from the name, for metadata has no rows to take ids from; each is made once. */
function metadataId(name: string): string {
  const known = metadataIds.get(name) ?? v5(name, metadataNamespace);
  metadataIds.set(name, known);
  return known;
}

function label(text: string): MetadataObject {
  const localized = { Label: text, LanguageCode: languageCode, IsManaged: true };
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
}

/** One table with everything that can be expanded. */
export function entityDefinition(schema: Schema, options: OptionCatalog, table: Table): MetadataObject {
  const trackable = { Value: true, CanBeChanged: false };
  return {
    MetadataId: metadataId(table.logicalName),
    LogicalName: table.logicalName,
    SchemaName: table.logicalName,
    EntitySetName: table.entitySet,
    LogicalCollectionName: table.entitySet,
    CollectionSchemaName: table.entitySet,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName,
    ObjectTypeCode: table.objectTypeCode,
    OwnershipType: table.ownership,
    ChangeTrackingEnabled: table.changeTrackingEnabled,
    CanChangeTrackingBeEnabled: trackable,
    IsOptimisticConcurrencyEnabled: table.optimisticConcurrency,
    IsCustomEntity: table.logicalName.includes('_'),
    IsActivity: false,
    DisplayName: label(table.logicalName),
    Attributes: table.columns.map((column) => attributeDefinition(options, table, column)),
    Keys: [],
    Privileges: privileges(schema, table),
    ManyToOneRelationships: relationships(schema, table),
  };
}

function privileges(schema: Schema, { logicalName }: Table): readonly object[] {
  return rightsOfTable(schema, logicalName).map((right) => {
    const { id, name } = privilegeOf(logicalName, right);
    const reach = { CanBeBasic: true, CanBeLocal: true, CanBeDeep: true, CanBeGlobal: true };
    return { ...reach, Name: name, PrivilegeId: id, PrivilegeType: right };
  });
}

const metadataTypes: Readonly<Record<ColumnType, string>> = {
  Uniqueidentifier: 'UniqueIdentifierAttributeMetadata',
  Picklist: 'PicklistAttributeMetadata',
  Lookup: 'LookupAttributeMetadata',
  Owner: 'LookupAttributeMetadata',
  Customer: 'LookupAttributeMetadata',
  String: 'StringAttributeMetadata',
  Memo: 'MemoAttributeMetadata',
  Boolean: 'BooleanAttributeMetadata',
  Money: 'MoneyAttributeMetadata',
  Integer: 'IntegerAttributeMetadata',
  BigInt: 'BigIntAttributeMetadata',
  Double: 'DoubleAttributeMetadata',
  Decimal: 'DecimalAttributeMetadata',
  DateTime: 'DateTimeAttributeMetadata',
  State: 'StateAttributeMetadata',
  Status: 'StatusAttributeMetadata',
};

/** One column; the derived type says which further properties it has. */
export function attributeDefinition(options: OptionCatalog, table: Table, column: Column): MetadataObject {
  return {
    '@odata.type': typePrefix + metadataTypes[column.type],
    MetadataId: metadataId(`${table.logicalName}.${column.name}`),
    LogicalName: column.name,
    SchemaName: column.name,
    EntityLogicalName: table.logicalName,
    AttributeType: column.name === table.primaryId ? 'Uniqueidentifier' : column.type,
    IsPrimaryId: column.name === table.primaryId,
    IsPrimaryName: column.name === table.primaryName,
    IsValidForCreate: column.create,
    IsValidForUpdate: column.update,
    IsValidForRead: true,
    RequiredLevel: { Value: column.required, CanBeChanged: false },
    DisplayName: label(column.name),
    ...typeDetails(options, table, column),
  };
}

function typeDetails(options: OptionCatalog, table: Table, column: Column): MetadataObject {
  switch (column.type) {
    case 'String':
    case 'Memo':
      return { MaxLength: column.maxLength };
    case 'Money':
    case 'Decimal':
    case 'Double':
      return { Precision: column.precision, MinValue: column.min, MaxValue: column.max };
    case 'Integer':
      return { MinValue: column.min ?? -2_147_483_648, MaxValue: column.max ?? 2_147_483_647 };
    case 'DateTime':
      return { Format: column.edm === 'Edm.Date' ? 'DateOnly' : 'DateAndTime' };
    case 'Lookup':
    case 'Owner':
    case 'Customer':
      return { Targets: column.targets };
    case 'Picklist':
    case 'State':
    case 'Status':
      return choiceDetails(options, table, column);
    default:
      return {};
  }
}

function choiceDetails(options: OptionCatalog, table: Table, column: Column): MetadataObject {
  const global = column.globalOptionSet;
  const name = global ?? `${table.logicalName}_${column.name}`;
  const set = optionSetDefinition(name, options.of(table, column), global !== null);
  return { OptionSet: set, GlobalOptionSet: global === null ? null : set };
}

/** A choice with its options, labels in the base language. */
export function optionSetDefinition(
  name: string,
  options: readonly Option[],
  isGlobal: boolean,
): MetadataObject {
  return {
    MetadataId: metadataId(`optionset.${name}`),
    Name: name,
    IsGlobal: isGlobal,
    OptionSetType: 'Picklist',
    DisplayName: label(name),
    Options: options.map((option) => ({
      Value: option.value,
      Label: label(option.label),
      ...(option.state === undefined ? {} : { State: option.state }),
    })),
  };
}

function relationships(schema: Schema, table: Table): readonly MetadataObject[] {
  return table.columns.flatMap((column) =>
    Object.entries(column.navigation ?? {}).map(([target, navigation]) => ({
      MetadataId: metadataId(`${table.logicalName}.${column.name}.${target}`),
      SchemaName: `${target}_${table.logicalName}_${column.name}`,
      ReferencingEntity: table.logicalName,
      ReferencingAttribute: column.name,
      ReferencingEntityNavigationPropertyName: navigation,
      ReferencedEntity: target,
      ReferencedAttribute: schema.byName.get(target)?.primaryId ?? `${target}id`,
    })),
  );
}
