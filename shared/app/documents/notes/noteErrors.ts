/** Errors and the retry list of notes: one open error per note, closed by itself when a later run succeeds (P5). */

import { type NoteAction, subjectOf } from '../../../domain/documents/planNotes.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import type { SyncError, SyncJob } from '../../../domain/logs/syncJob.ts';
import { fingerprintOf } from '../../../domain/sync/problems.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { closeDocumentErrors } from '../recordDocuments.ts';
import { directionOf, type NoteEnd } from './noteEnds.ts';

export type FailedNote = Extract<NoteEnd, { status: 'failed' }>;

/** What failed before, by note. */
export type NoteRetries = Map<string, RetryRecord>;

/** The key of a note in the retry list. */
export function retryKey({ side, id }: Pick<RetryRecord, 'side' | 'id'>): string {
  return `${side}|${id}`;
}

/** Reads the retry list; nothing is read when the last run left none. */
export async function readNoteRetries(
  { retries }: SyncPorts,
  mapping: RetryRecord['mapping'],
  mayStand: boolean,
): Promise<NoteRetries> {
  const entries = mayStand ? await retries.list(mapping) : [];
  return new Map(entries.map((entry) => [retryKey(entry), entry]));
}

/** Whether the failure is the one that is told already, so that no second row is written. */
export function isTold(known: NoteRetries, { action, problem }: FailedNote): boolean {
  return known.get(retryKey(subjectOf(action)))?.fingerprint === fingerprintOf(problem);
}

/** Writes errors, then the entries that name them, then closes those they replace. Safe to repeat. */
export async function saveNoteFailures(
  { clock, ids, logs, retries }: SyncPorts,
  row: SyncJob,
  known: NoteRetries,
  failed: readonly FailedNote[],
): Promise<void> {
  if (failed.length === 0) return;
  const occurredAt = clock.now();
  const errors = failed.map((each) => errorOf(row, each, ids.syncErrorId(occurredAt), occurredAt));
  await logs.saveErrors(errors);
  const entries = failed.map((each, index) => entryOf(known, each, errors[index]));
  const written = entries.filter((entry) => entry !== null);
  await retries.save(written);
  const replaced = written.flatMap((entry) => known.get(retryKey(entry))?.errorId ?? []);
  if (replaced.length > 0) await logs.resolveErrors(row.mapping, replaced, occurredAt);
  for (const entry of written) known.set(retryKey(entry), entry);
}

function errorOf(
  { id: syncJobId, mapping }: SyncJob,
  { action, problem }: FailedNote,
  id: SyncError['id'],
  occurredAt: SyncError['occurredAt'],
): SyncError {
  const { code, kind, message, field, suggestion } = problem;
  return {
    ...{ id, syncJobId, mapping, code, kind, message, field, suggestion, occurredAt },
    direction: directionOf(action),
    businessCentralId: action.kind === 'send' ? action.note.id : null,
    dataverseId: action.kind === 'send' ? null : action.annotation.id,
    name: action.document.number,
    resolvedAt: null,
  };
}

/** Every run tries notes of the list again: what they lack may have come meanwhile. */
function entryOf(
  known: NoteRetries,
  { action, problem }: FailedNote,
  error: SyncError | undefined,
): RetryRecord | null {
  if (!error) return null;
  const subject = subjectOf(action);
  const previous = known.get(retryKey(subject));
  const { code, kind, message } = problem;
  return {
    ...{ mapping: error.mapping, ...subject, name: error.name, kind, code, message },
    fingerprint: fingerprintOf(problem),
    skipped: false,
    modifiedAt: modifiedAtOf(action),
    attempts: (previous?.attempts ?? 0) + 1,
    firstFailedAt: previous?.firstFailedAt ?? error.occurredAt,
    lastFailedAt: error.occurredAt,
    errorId: error.id,
  };
}

function modifiedAtOf(action: NoteAction): RetryRecord['modifiedAt'] {
  return action.kind === 'send' ? action.note.modifiedAt : action.annotation.modifiedAt;
}

/** Closes the errors of notes that succeeded or wait for nothing any more. */
export async function closeNoteErrors(
  ports: SyncPorts,
  mapping: RetryRecord['mapping'],
  known: NoteRetries,
  entries: readonly RetryRecord[],
): Promise<void> {
  await closeDocumentErrors(ports, mapping, entries);
  for (const entry of entries) known.delete(retryKey(entry));
}
