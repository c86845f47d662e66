/** Turns the reference file of the Dynamics 365 Sales tables into a {@link Schema}; the file is checked on the way. */
import { z } from 'zod';
import { addedTables } from './addedTables.ts';
import { collectionsOf } from './collections.ts';
import source from './dataverse-entities.json' with { type: 'json' };
import { type Column, columnTypes, type Schema, type Table } from './schema.ts';

const optionsSchema = z.record(z.string(), z.int());

const columnSchema = z.object({
  name: z.string(),
  type: z.enum(columnTypes),
  edm: z.string(),
  create: z.boolean(),
  update: z.boolean(),
  property: z.string().optional(),
  navigation: z.record(z.string(), z.string()).nullish(),
  targets: z.array(z.string()).optional(),
  options: optionsSchema.optional(),
  optionSet: z.string().optional(),
  maxLength: z.int().optional(),
  precision: z.int().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  required: z.string().optional(),
});

const entitySchema = z.object({
  logicalName: z.string(),
  entitySet: z.string(),
  primaryId: z.string(),
  primaryName: z.string(),
  ownership: z.string(),
  changeTrackingEnabled: z.boolean(),
  optimisticConcurrency: z.boolean(),
  statecodes: z.array(z.object({ value: z.int(), label: z.string(), defaultStatus: z.int() })).optional(),
  statuscodes: z.array(z.object({ value: z.int(), label: z.string(), state: z.int() })).optional(),
  stateTransitions: z.object({ allowed: z.array(z.array(z.int())) }).optional(),
  attributes: z.array(columnSchema),
});

const fileSchema = z.object({
  sharedOptionSets: z.record(z.string(), optionsSchema),
  entities: z.array(entitySchema),
});

/** Well-known object type codes; tables of solutions start at 10000. */
const objectTypeCodes: Readonly<Record<string, number>> = {
  account: 1,
  contact: 2,
  opportunity: 3,
  annotation: 5,
  systemuser: 8,
  team: 9,
  businessunit: 10,
  organization: 1019,
  pricelevel: 1022,
  product: 1024,
  productpricelevel: 1026,
  uom: 1055,
  uomschedule: 1056,
  quote: 1084,
  quotedetail: 1085,
  salesorder: 1088,
  salesorderdetail: 1089,
  invoice: 1090,
  invoicedetail: 1091,
  post: 8000,
  transactioncurrency: 9105,
};

function optionList(options: Readonly<Record<string, number>> | undefined) {
  return Object.entries(options ?? {}).map(([label, value]) => ({ label, value }));
}

function requirement(text: string | undefined): Column['required'] {
  if (text === 'SystemRequired') return 'SystemRequired';
  return text?.startsWith('ApplicationRequired') || text?.startsWith('SystemRequired')
    ? 'ApplicationRequired'
    : 'None';
}

/** A further business unit needs its parent; only the root unit, which comes with the organisation, has none. */
function isRequired(logicalName: string, column: Column): boolean {
  const isParentUnit = logicalName === 'businessunit' && column.name === 'parentbusinessunitid';
  return column.required === 'SystemRequired' || isParentUnit;
}

function toColumn(column: z.infer<typeof columnSchema>): Column {
  return {
    name: column.name,
    property: column.property ?? column.name,
    type: column.type,
    edm: column.edm,
    create: column.create,
    update: column.update,
    required: requirement(column.required),
    maxLength: column.maxLength ?? null,
    min: column.min ?? null,
    max: column.max ?? null,
    precision: column.precision ?? null,
    targets: column.targets ?? [],
    navigation: column.navigation ?? null,
    globalOptionSet: column.optionSet ?? null,
    options: optionList(column.options),
  };
}

function navigationMap(columns: readonly Column[]): Table['byNavigation'] {
  const map = new Map<string, { column: Column; target: string }>();
  for (const column of columns) {
    for (const [target, name] of Object.entries(column.navigation ?? {})) {
      if (!map.has(name)) map.set(name, { column, target });
    }
  }
  return map;
}

function toTable(
  entity: z.infer<typeof entitySchema>,
  index: number,
  changeTrackingDisabled: ReadonlySet<string>,
): Table {
  const columns = entity.attributes.map(toColumn);
  return {
    logicalName: entity.logicalName,
    entitySet: entity.entitySet,
    objectTypeCode: objectTypeCodes[entity.logicalName] ?? 10_000 + index,
    primaryId: entity.primaryId,
    primaryName: entity.primaryName,
    ownership: entity.ownership,
    changeTrackingEnabled: entity.changeTrackingEnabled && !changeTrackingDisabled.has(entity.logicalName),
    optimisticConcurrency: entity.optimisticConcurrency,
    columns,
    requiredColumns: columns.filter((column) => isRequired(entity.logicalName, column)),
    moneyColumns: columns.filter((column) => column.type === 'Money'),
    byName: new Map(columns.map((column) => [column.name, column])),
    byProperty: new Map(columns.map((column) => [column.property, column])),
    byNavigation: navigationMap(columns),
    collections: new Map(collectionsOf(entity.logicalName).map((entry) => [entry.name, entry])),
    states: entity.statecodes ?? [],
    statuses: entity.statuscodes ?? [],
    transitions: entity.stateTransitions?.allowed ?? null,
  };
}

function withoutLookupsTo(
  entity: z.infer<typeof entitySchema>,
  isMissing: (logicalName: string) => boolean,
): z.infer<typeof entitySchema> {
  const attributes = entity.attributes.filter(
    ({ targets = [] }) => targets.length === 0 || !targets.every(isMissing),
  );
  return { ...entity, attributes };
}

type SchemaFile = z.infer<typeof fileSchema>;

let checkedFile: SchemaFile | undefined;

function schemaFile(): SchemaFile {
  checkedFile ??= fileSchema.parse({ ...source, entities: [...source.entities, ...addedTables] });
  return checkedFile;
}

function buildSchema(changeTrackingDisabled: readonly string[], withoutTables: readonly string[]): Schema {
  const file = schemaFile();
  const disabled = new Set(changeTrackingDisabled);
  const isMissing = (name: string) => withoutTables.includes(name);
  const tables = file.entities
    .map((entity, index) => toTable(withoutLookupsTo(entity, isMissing), index, disabled))
    .filter(({ logicalName }) => !isMissing(logicalName));
  return {
    tables,
    byName: new Map(tables.map((table) => [table.logicalName, table])),
    bySet: new Map(tables.map((table) => [table.entitySet, table])),
    globalOptionSets: Object.fromEntries(
      Object.entries(file.sharedOptionSets).map(([name, options]) => [name, optionList(options)]),
    ),
  };
}

const schemas = new Map<string, Schema>();

/**
 * The schema of the simulated organisation; the same object for the same input, for nothing in it ever changes.
 *
 * `changeTrackingDisabled` lists logical names whose change tracking is off although the reference has it on;
 * `withoutTables` those that are left out, with the lookups to them.
 * Raises a ZodError when the reference file is malformed.
 */
export function loadSchema(
  changeTrackingDisabled: readonly string[] = [],
  withoutTables: readonly string[] = [],
): Schema {
  const key = JSON.stringify([changeTrackingDisabled, withoutTables]);
  const schema = schemas.get(key) ?? buildSchema(changeTrackingDisabled, withoutTables);
  schemas.set(key, schema);
  return schema;
}
