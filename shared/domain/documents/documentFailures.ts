/** How failures of documents are remembered and told (D-37, D-71, D-107). */
import type { MappingName, SyncErrorId, SyncJobId } from '../common/ids.ts';
import type { Instant } from '../common/instants.ts';
import type { DataverseRow } from '../common/records.ts';
import type { RetryRecord } from '../logs/retryRecord.ts';
import type { SyncError } from '../logs/syncJob.ts';
import { fingerprintOf, type RecordProblem } from '../sync/problems.ts';
import type { DocumentType } from './documentType.ts';
import { documentName } from './planDocument.ts';

/** Kinds that another record or time cures: such documents are tried again by every run. */
const curableKinds: ReadonlySet<string> = new Set([
  'dependency',
  'transient',
  'throttled',
  'config',
  'permission',
]);

/** A failure of one document. */
export interface DocumentFailure {
  readonly type: DocumentType;
  readonly mapping: MappingName;
  readonly header: DataverseRow;
  readonly problem: RecordProblem;
  readonly at: Instant;
  readonly errorId: SyncErrorId;
  readonly syncJobId: SyncJobId;
}

/**
 * Whether a document that Business Central refused is left alone: it did not change since, and no user asked (D-71). Checks of
 * our own are repeated by every run, because they write nothing and what they found may have been corrected.
 */
export function waitsForUser(entry: RetryRecord | undefined, header: DataverseRow): boolean {
  return entry?.skipped === true && entry.code === 'insert-failed' && entry.modifiedAt >= header.modifiedAt;
}

/** Whether the failure is the one that is told already, so that no second row is written. */
export function isToldAlready(
  type: DocumentType,
  entry: RetryRecord | undefined,
  raised: RecordProblem,
): boolean {
  if (entry?.fingerprint !== fingerprintOf(raised)) return false;
  return type === 'quote' || !wasRetried(entry);
}

/** A user took the skip off, and wants to hear what became of it. */
function wasRetried({ kind, skipped }: RetryRecord): boolean {
  return !skipped && !curableKinds.has(kind);
}

/** The row of the error log. */
export function documentError({
  type,
  mapping,
  header,
  problem,
  at,
  errorId,
  syncJobId,
}: DocumentFailure): SyncError {
  const { code, kind, message, field, suggestion } = problem;
  return {
    ...{ id: errorId, syncJobId, mapping, direction: 'toBusinessCentral', businessCentralId: null },
    ...{ dataverseId: header.id, name: documentName(type, header) },
    ...{ code, kind, message, field, suggestion, occurredAt: at, resolvedAt: null },
  };
}

/** The entry of the retry list; an order that only a user or a change can cure waits (D-71, D-163), quotes never do (D-107). */
export function documentRetry(failure: DocumentFailure, previous: RetryRecord | undefined): RetryRecord {
  const { type, mapping, header, problem, at, errorId } = failure;
  const { code, kind, message } = problem;
  return {
    ...{ mapping, side: 'dataverse', id: header.id, name: documentName(type, header) },
    ...{ kind, code, message, fingerprint: fingerprintOf(problem) },
    skipped: type === 'order' && !curableKinds.has(kind),
    modifiedAt: header.modifiedAt,
    attempts: (previous?.attempts ?? 0) + 1,
    firstFailedAt: previous?.firstFailedAt ?? at,
    lastFailedAt: at,
    errorId,
  };
}
