/** Records of both systems as plain data, in the form the adapters hand them to the core. */
import type { BusinessCentralId, DataverseId } from './ids.ts';
import type { Instant } from './instants.ts';

/** A value of one field. Dates are `yyyy-MM-dd`, date-times ISO text, GUIDs lower-case text. */
export type FieldValue = string | number | boolean | null;

/** Values by field key; which keys there are is the table's selection. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/**
 * A Business Central record as read from one entity set and its companion sets.
 *
 * Values of the main set are keyed by property (`displayName`), those of a companion set by
 * `set/property` (`customerExtras/faxNumber`). All pages show one stored row, but each has its own etag.
 */
export interface BusinessCentralRecord {
  readonly id: BusinessCentralId;
  /** `@odata.etag` by entity set, the main set included. */
  readonly etags: Readonly<Record<string, string>>;
  readonly modifiedAt: Instant;
  readonly values: FieldValues;
}

/**
 * A Dataverse row. Values are keyed by the logical name of the column; a lookup's value is the GUID
 * of the row it points at.
 */
export interface DataverseRow {
  readonly id: DataverseId;
  readonly etag: string;
  readonly modifiedAt: Instant;
  /** The user who changed the row last; null when the table has no such column. */
  readonly modifiedBy: DataverseId | null;
  readonly values: FieldValues;
  /** Logical name of the table each non-empty lookup points at, where the service told it. */
  readonly lookupTables: Readonly<Record<string, string>>;
}

/** A reference to write into a Dataverse lookup column. */
export interface LookupReference {
  readonly table: string;
  readonly id: DataverseId;
}

/** A value to write into Dataverse: a plain value, a reference, or null to clear. */
export type DataverseWriteValue = FieldValue | LookupReference;

/** Whether the value is a reference to another row. */
export function isLookupReference(value: DataverseWriteValue): value is LookupReference {
  return typeof value === 'object' && value !== null;
}
