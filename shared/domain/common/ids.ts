/** Branded identifiers, so that an id of one system cannot be passed where the other's is meant. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** SystemId of a Business Central record: a lower-case GUID that survives a rename of the primary key (E-8). */
export type BusinessCentralId = Branded<'BusinessCentralId'>;
/** Primary key of a Dataverse row: a lower-case GUID. */
export type DataverseId = Branded<'DataverseId'>;
/** Name of a table mapping, such as `CUSTOMER` or `UNIT OF MEASURE`; also the name of its job. */
export type MappingName = Branded<'MappingName'>;
/** One execution of a job; all sync jobs it writes carry it. A time-ordered GUID. */
export type RunId = Branded<'RunId'>;
/** One row of the integration synchronisation log. A time-ordered GUID. */
export type SyncJobId = Branded<'SyncJobId'>;
/** One row of the integration synchronisation errors. A time-ordered GUID. */
export type SyncErrorId = Branded<'SyncErrorId'>;
/** One row of the audit. A time-ordered GUID. */
export type AuditId = Branded<'AuditId'>;

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The GUID that Business Central sends for an empty reference. */
export const emptyGuid = '00000000-0000-0000-0000-000000000000';

/** Whether the text is a GUID, in either case, without braces. */
export function isGuid(text: string): boolean {
  return guidPattern.test(text.toLowerCase());
}

function guid<Id extends string>(text: string, what: string): Id {
  const lower = text.toLowerCase();
  if (!guidPattern.test(lower)) throw new RangeError(`"${text}" is not a ${what}: a GUID is expected`);
  return lower as Id;
}

/** Lower-cases and checks a SystemId; raises RangeError when the text is no GUID. */
export function businessCentralId(text: string): BusinessCentralId {
  return guid(text, 'Business Central id');
}

/** Lower-cases and checks a Dataverse key; raises RangeError when the text is no GUID. */
export function dataverseId(text: string): DataverseId {
  return guid(text, 'Dataverse id');
}

/** Marks a text as the name of a table mapping; whether such a mapping exists is the catalog's to say. */
export function mappingName(text: string): MappingName {
  return text as MappingName;
}

/** Lower-cases and checks a run id; raises RangeError when the text is no GUID. */
export function runId(text: string): RunId {
  return guid(text, 'run id');
}

/** Lower-cases and checks a sync job id; raises RangeError when the text is no GUID. */
export function syncJobId(text: string): SyncJobId {
  return guid(text, 'sync job id');
}

/** Lower-cases and checks the id of a row of the audit; raises RangeError when the text is no GUID. */
export function auditId(text: string): AuditId {
  return guid(text, 'audit id');
}

/** Lower-cases and checks a sync error id; raises RangeError when the text is no GUID. */
export function syncErrorId(text: string): SyncErrorId {
  return guid(text, 'sync error id');
}

/** When a run was asked for, in milliseconds since 1970: run ids are time-ordered (UUID version 7). */
export function requestedAtMs(run: RunId): number {
  return Number.parseInt(run.slice(0, 8) + run.slice(9, 13), 16);
}
