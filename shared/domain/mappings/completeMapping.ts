/** Makes a whole table mapping of a file: what it leaves open follows from metadata, else from the usual. */
import { mappingName } from '../common/ids.ts';
import type { FieldFile } from './fieldSchema.ts';
import type { MappingFile } from './mappingSchema.ts';
import type {
  BusinessCentralField,
  BusinessCentralTable,
  BusinessCentralType,
  DataverseField,
  DataverseTable,
  DataverseType,
  FieldMapping,
  TableMapping,
} from './model.ts';

/** What metadata tells of a Dataverse table. */
export interface TableFacts {
  readonly entitySet: string;
  readonly idAttribute: string;
  readonly nameAttribute: string;
  readonly attributes: Readonly<Record<string, ColumnFacts>>;
}

/** What metadata tells of a column. */
export interface ColumnFacts {
  readonly type: string;
  readonly maxLength: number | null;
  readonly validForCreate: boolean;
  readonly validForUpdate: boolean;
  /** Tables a lookup may point at, as keys. */
  readonly navigation: Readonly<Record<string, string>>;
}

/** Types of metadata in our words; what is not listed travels as text. */
const columnTypes: Readonly<Record<string, DataverseType>> = {
  String: 'string',
  Memo: 'memo',
  Picklist: 'picklist',
  State: 'picklist',
  Status: 'picklist',
  Integer: 'integer',
  BigInt: 'integer',
  Decimal: 'decimal',
  Double: 'decimal',
  Money: 'money',
  Boolean: 'boolean',
  DateTime: 'dateTime',
  Uniqueidentifier: 'uniqueidentifier',
  Lookup: 'lookup',
  Owner: 'owner',
  Customer: 'customer',
};

const counterpartTypes: Readonly<Record<DataverseType, BusinessCentralType>> = {
  string: 'text',
  memo: 'text',
  picklist: 'integer',
  integer: 'integer',
  decimal: 'decimal',
  money: 'decimal',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'dateTime',
  uniqueidentifier: 'guid',
  lookup: 'code',
  owner: 'code',
  customer: 'code',
  entityName: 'text',
};

/** Whether the file leaves something open that only metadata tells. */
export function needsMetadata({ dataverse, fields }: MappingFile): boolean {
  const { entitySet, idAttribute, nameAttribute } = dataverse;
  const isOpen = [entitySet, idAttribute, nameAttribute].includes(undefined);
  return isOpen || fields.some((field) => field.dataverse !== null && field.dataverse.type === undefined);
}

/** The mapping in full. Pure; completing a complete mapping changes nothing. */
export function completeMapping(file: MappingFile, facts: TableFacts | null): TableMapping {
  const { $schema: _schema, businessCentral, dataverse, fields, description, dependsOn, ...rest } = file;
  return {
    ...rest,
    name: mappingName(rest.name),
    description: description ?? `${rest.name} - synchronization job`,
    dependsOn: dependsOn.map(mappingName),
    businessCentral: completeBusinessCentral(businessCentral, fields),
    dataverse: completeDataverse(dataverse, fields, facts),
    fields: fields.map((field) => completeField(field, facts)),
  };
}

function completeBusinessCentral(
  given: MappingFile['businessCentral'],
  fields: readonly FieldFile[],
): BusinessCentralTable {
  const named = fields.flatMap(({ businessCentral }) => businessCentral?.entitySet ?? []);
  const own = fields.flatMap(({ businessCentral }) =>
    businessCentral && businessCentral.entitySet === undefined ? [businessCentral.property] : [],
  );
  const choose = (...wanted: readonly string[]) => wanted.find((name) => own.includes(name));
  const keyProperty = given.keyProperty ?? choose('number', 'code') ?? own[0] ?? 'id';
  return {
    ...given,
    table: given.table ?? given.entitySet,
    companions: given.companions ?? [...new Set(named)].filter((set) => set !== given.entitySet),
    keyProperty,
    nameProperty: given.nameProperty ?? choose('displayName', 'description') ?? keyProperty,
  };
}

function completeDataverse(
  given: MappingFile['dataverse'],
  fields: readonly FieldFile[],
  facts: TableFacts | null,
): DataverseTable {
  const mapped = fields.flatMap(({ dataverse }) => dataverse?.attribute ?? []);
  const nameAttribute = facts?.nameAttribute || (mapped.includes('name') ? 'name' : mapped[0]);
  return {
    ...given,
    entitySet: given.entitySet ?? facts?.entitySet ?? `${given.table}s`,
    idAttribute: given.idAttribute ?? facts?.idAttribute ?? `${given.table}id`,
    nameAttribute: given.nameAttribute ?? nameAttribute ?? `${given.table}id`,
  };
}

function completeField({ lookup, ...field }: FieldFile, facts: TableFacts | null): FieldMapping {
  const dataverse = field.dataverse && completeColumn(field.dataverse, facts);
  const type = field.businessCentral?.type ?? counterpartTypes[dataverse?.type ?? 'string'];
  const businessCentral: BusinessCentralField | null = field.businessCentral && {
    ...field.businessCentral,
    type,
  };
  return {
    ...field,
    businessCentral,
    dataverse,
    ...(lookup === null ? {} : { lookup: mappingName(lookup) }),
  };
}

function completeColumn(
  given: NonNullable<FieldFile['dataverse']>,
  facts: TableFacts | null,
): DataverseField {
  const { type, ...stated } = given;
  if (type !== undefined) return { ...stated, type };
  const column = facts?.attributes[given.attribute];
  const targets = Object.keys(column?.navigation ?? {});
  const [only] = targets;
  return {
    ...(column?.maxLength ? { maxLength: column.maxLength } : {}),
    ...(targets.length === 1 && only !== undefined ? { lookupTable: only } : {}),
    ...stated,
    type: columnTypes[column?.type ?? ''] ?? 'string',
  };
}
