/** The declarative model of a table mapping and its field mappings (E-1, E-3). */
import type { MappingDirection, PassDirection, Side } from '../common/directions.ts';
import type { MappingName } from '../common/ids.ts';
import type { FieldValue } from '../common/records.ts';
import type { VariantCondition } from './variants.ts';

/** `table` couples records with rows; `option` couples records with values of an option column (E-80). */
export const mappingKinds = ['table', 'option'] as const;
export type MappingKind = (typeof mappingKinds)[number];

/** What to do when the same bidirectional field changed on both sides (E-37). */
export const updateConflictRules = ['none', 'sendToDataverse', 'getFromDataverse'] as const;
export type UpdateConflictRule = (typeof updateConflictRules)[number];

/** What to do when the counterpart of a coupled record is gone (E-39). */
export const deletionConflictRules = ['none', 'restoreRecords', 'removeCoupling'] as const;
export type DeletionConflictRule = (typeof deletionConflictRules)[number];

/** `field` compares each field with its last synchronised value; `record` is the coarser rule of E-36. */
export const conflictDetections = ['field', 'record'] as const;
export type ConflictDetection = (typeof conflictDetections)[number];

/** Types of Business Central properties as far as transfer treats them differently (E-69, E-83). */
export const businessCentralTypes = [
  'text',
  'code',
  'enum',
  'integer',
  'decimal',
  'boolean',
  'date',
  'dateTime',
  'guid',
] as const;
export type BusinessCentralType = (typeof businessCentralTypes)[number];

/** Types of Dataverse columns as far as transfer treats them differently. */
export const dataverseTypes = [
  'string',
  'memo',
  'picklist',
  'integer',
  'decimal',
  'money',
  'boolean',
  'date',
  'dateTime',
  'uniqueidentifier',
  'lookup',
  'owner',
  'customer',
  'entityName',
] as const;
/** `entityName` has no column in the Web API: it tells the table a paired lookup is bound to. */
export type DataverseType = (typeof dataverseTypes)[number];

/** API routes of Business Central: the standard one and the one of the companion app. */
export const businessCentralRoutes = ['v2.0', 'companion'] as const;
export type BusinessCentralRoute = (typeof businessCentralRoutes)[number];

/** A property of the mapping's main entity set, or of a companion set that shows the same row. */
export interface BusinessCentralField {
  /** Entity set of the property when it is not the mapping's main set. */
  readonly entitySet?: string;
  readonly property: string;
  readonly type: BusinessCentralType;
  /** Characters; text is cut to it, never refused (E-83). */
  readonly maxLength?: number;
  /** Names the property that holds the key of the referenced record when it is not the mapping's own key. */
  readonly lookupKey?: string;
  /** True when the service refuses a write, so the field can only be a source. */
  readonly readOnly?: boolean;
  /** The companion set that takes the property under the same name, where it does: then the field is read and written there. */
  readonly writableIn?: string;
}

/** A column of the mapping's Dataverse table. */
export interface DataverseField {
  readonly attribute: string;
  readonly type: DataverseType;
  readonly maxLength?: number;
  /** Digits after the point a decimal or money column keeps. */
  readonly precision?: number;
  /** Set at create only (`insert`), at update only (`update`), never written (`read`), or both (absent). */
  readonly access?: 'insert' | 'update' | 'read';
  /** The table a lookup is bound to; needed for polymorphic lookups. */
  readonly lookupTable?: string;
}

/** Ways a value can be changed on its way (contract, section 3). */
export const transformationRules = [
  'uppercase',
  'lowercase',
  'titleCase',
  'trim',
  'substring',
  'replace',
  'regexReplace',
  'dateFormat',
  'map',
  'prefix',
  'suffix',
] as const;
export type TransformationRule = (typeof transformationRules)[number];

export interface Transformation {
  readonly rule: TransformationRule;
  readonly direction: PassDirection;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Use of a field for finding the counterpart of an uncoupled record (E-116, E-117). */
export interface MatchCriterion {
  /** Groups are tried in ascending order; fields of one group must all be equal. */
  readonly priority: number;
  readonly caseSensitive: boolean;
}

/** One pair of fields, or a constant written into one field. */
export interface FieldMapping {
  /** Unique within its mapping and stable: base digests are remembered under it. */
  readonly id: string;
  /** Null for a constant written to Dataverse. */
  readonly businessCentral: BusinessCentralField | null;
  /** Null for a constant written to Business Central. */
  readonly dataverse: DataverseField | null;
  readonly direction: MappingDirection;
  /** Written instead of a source value (E-67). */
  readonly constant: FieldValue;
  /** Name of the mapping whose couplings translate the reference (E-75, E-80). */
  readonly lookup?: MappingName;
  /** A reference that is not coupled becomes blank instead of an error (E-77). */
  readonly clearOnFailedSync: boolean;
  /** A reference that would become empty is not transferred (E-78). */
  readonly notNull: boolean;
  /** A blank from Dataverse is taken over only when the present reference is coupled: only then did a user blank it (E-79). */
  readonly blankNeedsCoupled?: boolean;
  /** The entity rule turns the value into what is written; here it only tells whether the source changed (E-107). */
  readonly resolvedByRule?: boolean;
  /** Of a field towards Dataverse: the entity rule sends an edit made there back, so that it is not overwritten (D-90). */
  readonly sentBackByRule?: boolean;
  readonly transformation: Transformation | null;
  readonly match: MatchCriterion | null;
  readonly enabled: boolean;
  /** Of a default field: the set-ups it exists in; the catalog evaluates and removes it. */
  readonly when?: VariantCondition;
}

/** Values for new records of one side, applied after the mapped fields and winning over them (E-84, E-85). */
export interface Template {
  readonly target: Side;
  /** Templates are tried in ascending order; the first whose filter passes is used. */
  readonly priority: number;
  /** OData text over the source record; null always passes. */
  readonly sourceFilter: string | null;
  readonly values: Readonly<Record<string, FieldValue>>;
}

/** How changes of one side are found. */
export const changeReadings = ['changes', 'whole'] as const;
/** `whole` reads the table in every run: for small tables whose derived values change without a touch (E-164). */
export type ChangeReading = (typeof changeReadings)[number];

/** The Business Central side of a mapping. */
export interface BusinessCentralTable {
  /** The table's name on Business Central's pages, such as `Customer`. */
  readonly table: string;
  readonly entitySet: string;
  readonly route: BusinessCentralRoute;
  /** Companion sets of the companion route that show the same row under the same id. */
  readonly companions: readonly string[];
  /** OData text; null passes every record. Evaluated by the service's own rules, in the app. */
  readonly filter: string | null;
  /** Property users know a record by (`number`, `code`); also what references to it hold. */
  readonly keyProperty: string;
  readonly nameProperty: string;
  readonly reading: ChangeReading;
  /** Properties that no field mapping uses but the filter or an entity rule reads. */
  readonly extraFields: readonly BusinessCentralField[];
}

/** A column whose values are numbered options (dataverse-web-api section 18). */
export interface OptionColumn {
  /** Logical name, such as `account`. */
  readonly table: string;
  readonly attribute: string;
}

/** The Dataverse side of a mapping. */
export interface DataverseTable {
  /** Logical name, such as `account`. */
  readonly table: string;
  readonly entitySet: string;
  readonly idAttribute: string;
  readonly nameAttribute: string;
  readonly filter: string | null;
  /** Columns that no field mapping uses but the filter or an entity rule reads. */
  readonly extraAttributes: readonly string[];
  /**
   * Of an option mapping, whose own option column is `idAttribute`: the columns of other tables that hold the same
   * options under the same numbers (E-82). Absent in table mappings.
   */
  readonly relatedOptionColumns?: readonly OptionColumn[];
}

/** Defaults of the mapping's scheduled job; null when it has none (J-79). */
export interface JobDefaults {
  readonly frequencyMinutes: number;
  readonly inactivityTimeoutMinutes: number;
  readonly category: string | null;
}

/** Couplings of another mapping that end with those of this one (E-125). */
export interface DependentCouplings {
  readonly mapping: MappingName;
  /** Column of the other mapping's table that refers to this mapping's row. */
  readonly attribute: string;
  /** Key of the other mapping's Business Central value that holds the id of this mapping's record. */
  readonly businessCentralKey: string;
}

/** A table mapping: which records of the two systems are the same thing, and how they are kept so. */
export interface TableMapping {
  readonly name: MappingName;
  readonly kind: MappingKind;
  readonly description: string;
  readonly enabled: boolean;
  /** Position in a synchronisation of everything (E-130). */
  readonly order: number;
  /** Mappings that must have been synchronised before (E-135). */
  readonly dependsOn: readonly MappingName[];
  readonly businessCentral: BusinessCentralTable;
  readonly dataverse: DataverseTable;
  readonly direction: MappingDirection;
  readonly syncOnlyCoupled: boolean;
  readonly updateConflict: UpdateConflictRule;
  readonly conflictDetection: ConflictDetection;
  readonly deletionConflict: DeletionConflictRule;
  readonly eventDrivenRescheduling: boolean;
  readonly fields: readonly FieldMapping[];
  readonly templates: readonly Template[];
  readonly dependentCouplings?: readonly DependentCouplings[];
  /** Its records are lines of this mapping's and are synchronised with them only (E-9, D-82, D-121). */
  readonly linesOf?: MappingName;
  /** Name of the entity rule that adds what field mappings cannot say; null for none. */
  readonly rule: string | null;
  readonly job: JobDefaults | null;
  /** Of a default mapping: the set-ups it exists in; the catalog evaluates and removes it. */
  readonly when?: VariantCondition;
}

/** The key under which a Business Central field's value stands in a record's values. */
export function businessCentralKey(mapping: TableMapping, field: BusinessCentralField): string {
  const own = field.entitySet === undefined || field.entitySet === mapping.businessCentral.entitySet;
  return own ? field.property : `${field.entitySet}/${field.property}`;
}

/** The enabled fields that take part in a pass, in entry order (E-64). */
export function fieldsOfPass(mapping: TableMapping, pass: PassDirection): readonly FieldMapping[] {
  return mapping.fields.filter(
    (field) => field.enabled && (field.direction === 'both' || field.direction === pass),
  );
}
