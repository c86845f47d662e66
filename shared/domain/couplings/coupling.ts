/** A coupling: the lasting link between a Business Central record and a Dataverse row (E-4). */
import type { BusinessCentralId, DataverseId, MappingName, SyncErrorId, SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { DocumentState } from '../sync/stateSteps.ts';

/** `pending` was made but not synchronised yet; `skipped` waits for a user (E-57). */
export const couplingStates = ['synchronized', 'pending', 'failed', 'skipped'] as const;
export type CouplingState = (typeof couplingStates)[number];

/**
 * Keyed digests of the last synchronised values by field id: `businessCentral` of the value there,
 * `dataverse` of the value there (left out when the texts are equal). No personal data.
 */
export type BaseDigests = Readonly<Record<string, FieldBase>>;

export interface FieldBase {
  readonly businessCentral: string;
  readonly dataverse?: string;
}

/** The outcome of the last attempt in one direction (E-4, E-5). */
export interface PassResult {
  readonly result: 'success' | 'failure';
  readonly syncJobId: SyncJobId;
  /** Code and stable parameters of a failure; the skip rule compares them (E-57, E-166). */
  readonly fingerprint: string | null;
}

/** `waiting` for the archive to be taken over, or `handled`. */
export const archiveStates = ['waiting', 'handled'] as const;
export type ArchiveState = (typeof archiveStates)[number];

/** The failure shown for the coupling until a later run succeeds. */
export interface LastError {
  readonly errorId: SyncErrorId;
  readonly code: string;
  readonly message: string;
  readonly occurredAt: Instant;
}

export interface Coupling {
  readonly mapping: MappingName;
  readonly businessCentralId: BusinessCentralId;
  readonly dataverseId: DataverseId;
  readonly businessCentralName: string;
  readonly dataverseName: string;
  readonly state: CouplingState;
  /** Null until the first synchronisation. */
  readonly base: BaseDigests | null;
  readonly lastSyncedAt: Instant | null;
  readonly toDataverse: PassResult | null;
  readonly toBusinessCentral: PassResult | null;
  readonly lastError: LastError | null;
  /** Where a document that was opened for writing is to end; absent once it is there (D-21). */
  readonly intendedState?: DocumentState;
  /** True while an order of Business Central is open for writing and has to be released again (D-91). */
  readonly isReopened?: boolean;
  /** Of an order that left Business Central: whether its archive was taken over (D-94, D-95). Absent = it is there. */
  readonly archive?: ArchiveState;
}

/** Keyed digests of the values a create sent, by property; no personal data. */
export type SentDigests = Readonly<Record<string, string>>;

/**
 * A create in Business Central that was begun. While it stands, the record may already exist there, so it is
 * looked up before another create is sent (DESIGN, Idempotent writes).
 */
export interface CreateIntent {
  readonly mapping: MappingName;
  readonly dataverseId: DataverseId;
  /** When it was sent first. */
  readonly startedAt: Instant;
  /** By which the record it made is recognised. */
  readonly sent: SentDigests;
  /** The base that record has, so that later edits of either side are not taken for its values. */
  readonly base: BaseDigests;
  /** How far the document made of the row has come; absent for records that are no documents. */
  readonly document?: DocumentProgress;
}

/**
 * `reserved`: the document may have been sent. `headerCreated`: it exists, something may be missing. `complete`: only the row
 * in Sales has to be stamped. Once it is stamped, the coupling takes the place of the intent (D-68).
 */
export const documentStages = ['reserved', 'headerCreated', 'complete'] as const;
export type DocumentStage = (typeof documentStages)[number];

/** What is remembered of a document on its way to Business Central. */
export interface DocumentProgress {
  readonly stage: DocumentStage;
  /** Null until its create is known to have happened. */
  readonly businessCentralId: BusinessCentralId | null;
  /** Its number there; empty until then. */
  readonly number: string;
  /** By which it is found when the answer to its create was lost (D-69). */
  readonly externalDocumentNumber: string;
  readonly customerNumber: string;
  /** The state the row is brought back to after it was opened for writing; null while it was not opened (D-21). */
  readonly endState: DocumentEndState | null;
}

/** State and status of a row in Sales. */
export interface DocumentEndState {
  readonly statecode: number;
  readonly statuscode: number;
}
