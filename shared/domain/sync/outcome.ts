/** Counts ends of actions and builds the rows that record them (E-47, E-55 to E-57). */
import type { PassDirection } from '../common/directions.ts';
import { unreachable } from '../common/failures.ts';
import type { MappingName, SyncErrorId, SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { RetryRecord } from '../logs/retryRecord.ts';
import type { CounterName, SyncError } from '../logs/syncJob.ts';
import type { PlannedAction } from './planTypes.ts';
import { fingerprintOf, type RecordProblem } from './problems.ts';

/** The counter of a planned action; an end of a coupling that writes to its row modifies that. */
export function counterOfAction(action: PlannedAction): CounterName {
  return 'farewell' in action && action.farewell !== undefined ? 'modified' : counterOf(action.kind);
}

/** The counter of a successful action (E-47). */
export function counterOf(kind: PlannedAction['kind']): CounterName {
  switch (kind) {
    case 'insert':
      return 'inserted';
    case 'modify':
    case 'couple':
      return 'modified';
    case 'unchanged':
    case 'uncouple':
      return 'unchanged';
    case 'delete':
      return 'deleted';
    case 'skip':
      return 'skipped';
    case 'conflict':
    case 'fail':
      return 'failed';
    default:
      return unreachable(kind);
  }
}

/** Kinds that time or another record can cure; repeating such a failure never makes a record skipped. */
const curableKinds: ReadonlySet<string> = new Set(['dependency', 'transient', 'throttled']);

/** Whether this failure repeats the one before, so that the record waits for a user from now on (E-57, E-166). */
export function becomesSkipped(previous: string | null, raised: RecordProblem): boolean {
  return !curableKinds.has(raised.kind) && previous === fingerprintOf(raised);
}

/** What identifies a failure besides its problem. */
export interface FailureFacts {
  readonly mapping: MappingName;
  readonly direction: PassDirection;
  readonly action: PlannedAction;
  readonly problem: RecordProblem;
  readonly errorId: SyncErrorId;
  readonly syncJobId: SyncJobId;
  readonly at: Instant;
}

/** The row of the integration synchronisation errors. */
export function syncErrorOf(facts: FailureFacts): SyncError {
  const { action, problem } = facts;
  return {
    id: facts.errorId,
    syncJobId: facts.syncJobId,
    mapping: facts.mapping,
    direction: facts.direction,
    businessCentralId: action.businessCentralId,
    dataverseId: action.dataverseId,
    name: action.name,
    code: problem.code,
    kind: problem.kind,
    message: problem.message,
    field: problem.field,
    occurredAt: facts.at,
    resolvedAt: null,
    suggestion: problem.suggestion,
  };
}

/** The retry entry of a failed record without a coupling; null when the action has no source record. */
export function retryRecordOf(facts: FailureFacts, previous: RetryRecord | null): RetryRecord | null {
  const { action, problem, mapping, at, errorId } = facts;
  const isOurs = facts.direction === 'toDataverse';
  const id = isOurs ? action.businessCentralId : action.dataverseId;
  const source = isOurs ? action.pair.businessCentral : action.pair.dataverse;
  if (id === null || source === null) return null;
  return {
    mapping,
    side: isOurs ? 'businessCentral' : 'dataverse',
    id,
    name: action.name,
    kind: problem.kind,
    code: problem.code,
    message: problem.message,
    fingerprint: fingerprintOf(problem),
    skipped: becomesSkipped(previous?.fingerprint ?? null, problem),
    modifiedAt: source.modifiedAt,
    attempts: (previous?.attempts ?? 0) + 1,
    firstFailedAt: previous?.firstFailedAt ?? at,
    lastFailedAt: at,
    errorId,
  };
}
