/** Actions of administrators that run in the background, and what becomes of each (sync-engine sections 9 and 10). */
import type { BusinessCentralId, DataverseId, MappingName, RunId, SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { MatchCriterion } from '../mappings/model.ts';

/** `merge` judges both sides (E-127); the others let one side overwrite (E-126), or create counterparts (E-113). */
export const synchronizeManners = ['merge', 'force', 'createNew'] as const;
export type SynchronizeManner = (typeof synchronizeManners)[number];

/**
 * `modified` is the regular run; `full` reads everything, and what is unchanged stays so; `unconditional` sends every
 * coupled record again, in mappings of one direction (E-130, E-131).
 */
export const mappingModes = ['modified', 'full', 'unconditional'] as const;
export type MappingMode = (typeof mappingModes)[number];

/** What follows a coupling made by hand (E-112). */
export const initialSynchronizations = ['none', 'toDataverse', 'toBusinessCentral'] as const;
export type InitialSynchronization = (typeof initialSynchronizations)[number];

/** Use of a field for one match-based coupling; the mapping's own settings stay. */
export interface ChosenMatchField extends MatchCriterion {
  readonly id: string;
}

/** One record of a selection, by either id or both. */
export interface RecordKey {
  readonly businessCentralId: BusinessCentralId | null;
  readonly dataverseId: DataverseId | null;
}

/** A direction, or both sides merged (E-127). */
export const chosenDirections = ['toDataverse', 'toBusinessCentral', 'merge'] as const;
export type ChosenDirection = (typeof chosenDirections)[number];

/** Records that a user named; null for every coupled data error of the mapping. */
export type ErrorSelection = readonly RecordKey[] | null;

/** What a user asked for. Ids are those of records that existed, and were fit for it, when it was asked. */
export type ActionTask =
  | {
      readonly kind: 'synchronize';
      readonly manner: SynchronizeManner;
      readonly businessCentralIds: readonly BusinessCentralId[];
      readonly dataverseIds: readonly DataverseId[];
    }
  | { readonly kind: 'mapping'; readonly mode: MappingMode }
  | {
      readonly kind: 'couple';
      readonly businessCentralId: BusinessCentralId;
      readonly dataverseId: DataverseId;
      readonly initialSync: InitialSynchronization;
    }
  | {
      readonly kind: 'match';
      /** Null = the mapping's own match fields. */
      readonly fields: readonly ChosenMatchField[] | null;
      readonly createNew: boolean;
      readonly synchronizeAfter: boolean;
    }
  | { readonly kind: 'uncouple'; readonly records: readonly RecordKey[] }
  | { readonly kind: 'uncoupleAll' }
  /** Removes the couplings of coupled data errors (E-146). */
  | { readonly kind: 'uncoupleErrors' }
  /** Takes the skip off, so that the next run tries again (E-59); `wake` brings that run forward. */
  | { readonly kind: 'retry'; readonly records: ErrorSelection; readonly wake: boolean }
  /** Takes the skip off, and synchronises at once (E-60, E-129). */
  | {
      readonly kind: 'synchronizeErrors';
      readonly records: ErrorSelection;
      readonly direction: ChosenDirection;
    }
  /** Makes a new record in the place of the one that is gone (E-144). */
  | { readonly kind: 'restore'; readonly records: ErrorSelection }
  /** Deletes the record whose counterpart is gone, and the coupling (E-145). */
  | { readonly kind: 'delete'; readonly records: ErrorSelection }
  /** Makes orders in Business Central of submitted orders of Sales (D-38). */
  | { readonly kind: 'createOrders'; readonly dataverseIds: readonly DataverseId[] }
  /** Makes quotes, and orders of won ones, in Business Central as the job of quotes does (D-107, D-156). */
  | { readonly kind: 'processQuotes'; readonly dataverseIds: readonly DataverseId[] }
  /** Brings statistics and invoice states of coupled customers up to date (ST-15, D-133). */
  | { readonly kind: 'updateStatistics'; readonly businessCentralIds: readonly BusinessCentralId[] }
  /** Marks couplings of records that are gone (E-143). */
  | { readonly kind: 'findDeleted' };

export const actionStatuses = ['queued', 'running', 'finished', 'failed'] as const;
export type ActionStatus = (typeof actionStatuses)[number];

/** Where an action goes on whose time slice was used up. */
export interface ActionProgress {
  /** Position of the reader, as its port gives it. */
  readonly position: string | null;
  /** Log rows it has begun, by what they are for. */
  readonly syncJobs: Readonly<Record<string, SyncJobId>>;
}

/** One requested action: who asked for what, and how far it has come. */
export interface ActionRun {
  readonly runId: RunId;
  readonly mapping: MappingName;
  readonly task: ActionTask;
  /** Who asked; empty when access control does not tell. */
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly status: ActionStatus;
  readonly finishedAt: Instant | null;
  /** Why it failed; empty otherwise. */
  readonly message: string;
  readonly progress: ActionProgress | null;
}

/** Whether nothing more will happen. */
export function hasActionEnded({ status }: ActionRun): boolean {
  return status === 'finished' || status === 'failed';
}
