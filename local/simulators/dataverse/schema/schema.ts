/** The tables, columns and relationships the simulator knows, in a form made for looking things up. */

/** Column types after the AttributeType of the metadata. */
export const columnTypes = [
  'Uniqueidentifier',
  'Picklist',
  'Lookup',
  'Owner',
  'Customer',
  'String',
  'Memo',
  'Boolean',
  'Money',
  'Integer',
  'BigInt',
  'Double',
  'Decimal',
  'DateTime',
  'State',
  'Status',
] as const;
/** One of {@link columnTypes}. */
export type ColumnType = (typeof columnTypes)[number];

/** One column. `create` and `update` say whether the Web API takes a value then. */
export interface Column {
  readonly name: string;
  /** The Web API read name: `_x_value` for lookups, the name itself otherwise. */
  readonly property: string;
  readonly type: ColumnType;
  readonly edm: string;
  readonly create: boolean;
  readonly update: boolean;
  readonly required: 'None' | 'ApplicationRequired' | 'SystemRequired';
  readonly maxLength: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly precision: number | null;
  /** Tables a lookup may point to; empty for other columns. */
  readonly targets: readonly string[];
  /** Target table -> navigation property; null when it cannot be bound or expanded. */
  readonly navigation: Readonly<Record<string, string>> | null;
  /** The shared option set of a choice column, null when it has its own options. */
  readonly globalOptionSet: string | null;
  readonly options: readonly { readonly label: string; readonly value: number }[];
}

/** A one-to-many relationship seen from the one side. */
export interface CollectionNavigation {
  readonly name: string;
  /** The table on the many side. */
  readonly table: string;
  /** The lookup column on the many side. */
  readonly column: string;
}

/** A state with the status it takes when none is given. */
export interface StateOption {
  readonly value: number;
  readonly label: string;
  readonly defaultStatus: number;
}

/** A status with the state it belongs to. */
export interface StatusOption {
  readonly value: number;
  readonly label: string;
  readonly state: number;
}

/** One table with lookups by every name a client can use. */
export interface Table {
  readonly logicalName: string;
  readonly entitySet: string;
  readonly objectTypeCode: number;
  readonly primaryId: string;
  readonly primaryName: string;
  readonly ownership: string;
  readonly changeTrackingEnabled: boolean;
  readonly optimisticConcurrency: boolean;
  readonly columns: readonly Column[];
  /** Columns that must have a value. */
  readonly requiredColumns: readonly Column[];
  readonly moneyColumns: readonly Column[];
  readonly byName: ReadonlyMap<string, Column>;
  readonly byProperty: ReadonlyMap<string, Column>;
  readonly byNavigation: ReadonlyMap<string, { readonly column: Column; readonly target: string }>;
  readonly collections: ReadonlyMap<string, CollectionNavigation>;
  readonly states: readonly StateOption[];
  readonly statuses: readonly StatusOption[];
  /** Allowed `[from, to]` state pairs; null when the table has no state. */
  readonly transitions: readonly (readonly number[])[] | null;
}

/** All tables, by logical name and by entity set. */
export interface Schema {
  readonly tables: readonly Table[];
  readonly byName: ReadonlyMap<string, Table>;
  readonly bySet: ReadonlyMap<string, Table>;
  /** Shared choices by name. */
  readonly globalOptionSets: Readonly<
    Record<string, readonly { readonly label: string; readonly value: number }[]>
  >;
}

/** Whether the column points to another row. */
export function isLookup(column: Column): boolean {
  return column.targets.length > 0;
}

/** The annotation property that names the table a polymorphic lookup points to. */
export function lookupTypeProperty(column: Column): string {
  return `${column.property}@Microsoft.Dynamics.CRM.lookuplogicalname`;
}

/** The table of a logical name; raises an Error when the schema lacks it (a mistake of the caller, not of a client). */
export function tableNamed(schema: Schema, logicalName: string): Table {
  const table = schema.byName.get(logicalName);
  if (!table) throw new Error(`The schema has no table '${logicalName}'.`);
  return table;
}
