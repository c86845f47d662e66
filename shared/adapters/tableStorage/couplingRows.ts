/**
 * The rows of a coupling: `b|{businessCentralId}` with everything, `d|{dataverseId}` pointing at it, and
 * `i|{dataverseId}` for a create intent; all in the partition of the mapping.
 */
import { z } from 'zod';
import type { BusinessCentralId, DataverseId } from '../../domain/common/ids.ts';
import {
  archiveStates,
  type BaseDigests,
  type Coupling,
  type CreateIntent,
  couplingStates,
  documentStages,
} from '../../domain/couplings/coupling.ts';
import {
  column,
  cutMessage,
  joinedText,
  json,
  jsonOrNull,
  orNull,
  present,
  readRow,
  textParts,
} from './columns.ts';
import type { Properties, StoredRow } from './entityTable.ts';

export const businessCentralPrefix = 'b|';
export const intentPrefix = 'i|';

/** Row key of the coupling itself. */
export const businessCentralRow = (id: BusinessCentralId): string => `${businessCentralPrefix}${id}`;
/** Row key of the index entry that makes a Dataverse id unique. */
export const dataverseRow = (id: DataverseId): string => `d|${id}`;
/** Row key of a create intent. */
export const intentRow = (id: DataverseId): string => `${intentPrefix}${id}`;

const passResult = z.object({
  result: z.enum(['success', 'failure']),
  syncJobId: column.syncJobId,
  fingerprint: z.string().nullable(),
});

const lastError = z.object({
  errorId: column.syncErrorId,
  code: z.string(),
  message: z.string(),
  occurredAt: column.instant,
});

/** Checked by hand, for it takes half the time: every coupling of every page is read with a base of many fields. */
const baseDigests = z.custom<BaseDigests>(
  (value) => isObject(value) && Object.values(value).every(isFieldBase),
  'is no list of digests by field',
);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFieldBase(value: unknown): boolean {
  if (!isObject(value) || typeof value['businessCentral'] !== 'string') return false;
  return value['dataverse'] === undefined || typeof value['dataverse'] === 'string';
}

const intendedState = z.object({ statecode: z.int(), statuscode: z.int() });

const couplingSchema = z.object({
  mapping: column.mapping,
  businessCentralId: column.businessCentralId,
  dataverseId: column.dataverseId,
  businessCentralName: z.string(),
  dataverseName: z.string(),
  state: z.enum(couplingStates),
  base: orNull(json(baseDigests)),
  lastSyncedAt: orNull(column.instant),
  toDataverse: orNull(json(passResult)),
  toBusinessCentral: orNull(json(passResult)),
  lastError: orNull(json(lastError)),
  intendedState: json(intendedState).exactOptional(),
  isReopened: z.boolean().exactOptional(),
  archive: z.enum(archiveStates).exactOptional(),
});

/** Properties of the coupling's row; `state` is one of its own, so that the service can filter by it. */
export function couplingProperties(coupling: Coupling): Properties {
  const { toDataverse, toBusinessCentral, lastError: error, intendedState: end } = coupling;
  return {
    mapping: coupling.mapping,
    businessCentralId: coupling.businessCentralId,
    dataverseId: coupling.dataverseId,
    businessCentralName: coupling.businessCentralName,
    dataverseName: coupling.dataverseName,
    state: coupling.state,
    ...(coupling.lastSyncedAt === null ? {} : { lastSyncedAt: coupling.lastSyncedAt }),
    ...(toDataverse === null ? {} : { toDataverse: JSON.stringify(toDataverse) }),
    ...(toBusinessCentral === null ? {} : { toBusinessCentral: JSON.stringify(toBusinessCentral) }),
    ...(error === null
      ? {}
      : { lastError: JSON.stringify({ ...error, message: cutMessage(error.message) }) }),
    ...(end === undefined ? {} : { intendedState: JSON.stringify(end) }),
    ...(coupling.isReopened === true ? { isReopened: true } : {}),
    ...(coupling.archive === undefined ? {} : { archive: coupling.archive }),
    ...textParts('base', jsonOrNull(coupling.base)),
  };
}

/** The coupling in a row; raises SyncFailure `stored-row-unreadable`. */
export function couplingFrom(table: string, row: StoredRow): Coupling {
  const base = joinedText('base', row.properties) ?? undefined;
  return readRow(table, row, couplingSchema, { ...row.properties, base });
}

const pointerSchema = z.object({ businessCentralId: column.businessCentralId });

/** The Business Central id an index row points at; raises SyncFailure `stored-row-unreadable`. */
export function pointerFrom(table: string, row: StoredRow): BusinessCentralId {
  return readRow(table, row, pointerSchema).businessCentralId;
}

const documentProgress = z.object({
  stage: z.enum(documentStages),
  businessCentralId: column.businessCentralId.nullable(),
  number: z.string(),
  externalDocumentNumber: z.string(),
  customerNumber: z.string(),
  endState: z.object({ statecode: z.number(), statuscode: z.number() }).nullable(),
});

const intentSchema = z.object({
  mapping: column.mapping,
  dataverseId: column.dataverseId,
  startedAt: column.instant,
  sent: json(z.record(z.string(), z.string())),
  base: json(baseDigests),
  document: json(documentProgress).exactOptional(),
});

/** Properties of an intent's row. */
export function intentProperties(intent: CreateIntent): Properties {
  const { sent, base, document, ...scalars } = intent;
  const texts = { sent: JSON.stringify(sent), base: JSON.stringify(base) };
  return present({ ...scalars, ...texts, ...(document && { document: JSON.stringify(document) }) });
}

/** The intent in a row; raises SyncFailure `stored-row-unreadable`. */
export function intentFrom(table: string, row: StoredRow): CreateIntent {
  return readRow(table, row, intentSchema);
}
