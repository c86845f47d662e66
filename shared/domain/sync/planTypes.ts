/** The plan: what a run would do to each record, as data, before anything is written. */
import type { PassDirection } from '../common/directions.ts';
import type { BusinessCentralId, DataverseId, MappingName } from '../common/ids.ts';
import type {
  BusinessCentralRecord,
  DataverseRow,
  DataverseWriteValue,
  FieldValue,
} from '../common/records.ts';
import type { Coupling } from '../couplings/coupling.ts';
import type { DetailRow, PreparedRow } from './details.ts';
import type { RecordProblem } from './problems.ts';

/** One value that would change, as shown in a plan (contract section 3). */
export interface FieldChange {
  readonly businessCentralField?: string;
  readonly attribute: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** The records an action is about; in an insert the target's is null. */
export interface RecordPair {
  readonly businessCentral: BusinessCentralRecord | null;
  readonly dataverse: DataverseRow | null;
  readonly coupling: Coupling | null;
}

interface ActionBase {
  readonly mapping: MappingName;
  readonly direction: PassDirection;
  readonly businessCentralId: BusinessCentralId | null;
  readonly dataverseId: DataverseId | null;
  /** Number and name of the source record, as a user knows it. */
  readonly name: string;
  readonly pair: RecordPair;
}

/** What a write carries, and which fields agree once it is done. */
export interface PlannedWrite {
  readonly values: Readonly<Record<string, DataverseWriteValue>>;
  readonly fields: readonly FieldChange[];
  /** Fields whose values on both sides belong together after the write; their base is renewed. */
  readonly settledFields: readonly string[];
  /** Fields that the pass of the other direction has to write. */
  readonly waitingFields: readonly string[];
  /** Fields whose option has no pair; they travel once it has one. */
  readonly unsentFields: readonly string[];
  /** Rows that come to be with the row or not at all; of an existing row, those it should have. Absent = none. */
  readonly details?: readonly DetailRow[];
  /** Values of a new row to be written once its details are there, one write each. */
  readonly afterDetails?: readonly Readonly<Record<string, DataverseWriteValue>>[];
  /** Rows that have to be there before the write. */
  readonly prepared?: readonly PreparedRow[];
}

/**
 * One planned action. `couple` joins two existing records and writes what differs; `unchanged` writes nothing to
 * either system, but may settle fields; `uncouple` removes the coupling and touches neither record; `delete`, which only a
 * user asks for, deletes the one record that is left, and the coupling; `skip` and `fail` leave the record to a later run or
 * to a user.
 */
export type PlannedAction =
  | (ActionBase & { readonly kind: 'insert' } & PlannedWrite)
  | (ActionBase & { readonly kind: 'modify' | 'couple' } & PlannedWrite)
  | (ActionBase & { readonly kind: 'unchanged' } & Pick<PlannedWrite, 'settledFields' | 'unsentFields'>)
  | (ActionBase & {
      readonly kind: 'skip' | 'uncouple' | 'delete';
      readonly code: string;
      readonly reason: string;
      /** Of an `uncouple`: what the remaining row of Sales gets first, and how a plan shows it; absent = nothing. */
      readonly farewell?: Pick<PlannedWrite, 'values' | 'fields'>;
    })
  | (ActionBase & { readonly kind: 'conflict' | 'fail'; readonly problem: RecordProblem });

/** Actions that write to the target system. */
export type WritingAction = Extract<PlannedAction, PlannedWrite>;

/** Whether the action sends something to the target system. */
export function isWriting(action: PlannedAction): action is WritingAction {
  return action.kind === 'insert' || action.kind === 'modify' || action.kind === 'couple';
}

/**
 * How a run treats its records: `judge` merges three ways and follows the mapping's rules; `force` lets the source
 * overwrite the target, and a counterpart that is gone is an error (E-42, E-126); `createNew` forces, too, and gives a
 * record whose counterpart is gone a new one (E-113).
 */
export const runManners = ['judge', 'force', 'createNew'] as const;
export type RunManner = (typeof runManners)[number];

/** What decides about a bidirectional field that differs and has no base (E-31, E-137). */
export const firstTimeRules = ['conflict', 'businessCentralWins'] as const;
export type FirstTimeRule = (typeof firstTimeRules)[number];
