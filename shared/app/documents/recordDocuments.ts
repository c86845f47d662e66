/** Writes what became of documents: one error row per failed document, closed by itself when it succeeds (D-37, D-71, D-107). */
import type { MappingName, SyncErrorId, SyncJobId } from '../../domain/common/ids.ts';
import {
  type DocumentFailure,
  documentError,
  documentRetry,
  isToldAlready,
} from '../../domain/documents/documentFailures.ts';
import type { DocumentType } from '../../domain/documents/documentType.ts';
import type { RetryRecord } from '../../domain/logs/retryRecord.ts';
import { addCounters, type Counters, zeroCounters } from '../../domain/logs/syncJob.ts';
import type { SyncPorts } from '../syncPorts.ts';
import type { DocumentEnd } from './documentScope.ts';

/** Entries of the retry list by document. */
export type DocumentRetries = ReadonlyMap<string, RetryRecord>;

/** The retry list of one kind of document. */
export async function readDocumentRetries(
  { retries }: SyncPorts,
  mapping: MappingName,
): Promise<DocumentRetries> {
  const entries = await retries.list(mapping);
  const ours = entries.filter(({ side }) => side === 'dataverse');
  return new Map(ours.map((entry) => [entry.id as string, entry]));
}

/** Where ends are written down. */
export interface DocumentRecord {
  readonly type: DocumentType;
  readonly mapping: MappingName;
  readonly syncJobId: SyncJobId;
}

/** Writes errors before the entries that name them; returns what the ends count. Safe to repeat. */
export async function recordDocuments(
  ports: SyncPorts,
  record: DocumentRecord,
  ends: readonly DocumentEnd[],
  retries: DocumentRetries,
): Promise<Counters> {
  const failed = ends.flatMap((end) => failureOf(ports, record, end) ?? []);
  const news = failed.filter(
    ({ header, problem }) => !isToldAlready(record.type, retries.get(header.id), problem),
  );
  await saveFailures(ports, record, news, retries);
  const over = ends.filter(({ status }) => status !== 'failed' && status !== 'waiting');
  await closeDocumentErrors(
    ports,
    record.mapping,
    over.flatMap(({ id }) => retries.get(id) ?? []),
  );
  return countEnds(record.type, ends, retries);
}

/** What the ends count: a failure that is told already is skipped (D-71). */
export function countEnds(
  type: DocumentType,
  ends: readonly DocumentEnd[],
  retries: DocumentRetries,
): Counters {
  const count = (status: DocumentEnd['status']) => ends.filter((end) => end.status === status).length;
  const told = ends.filter(
    (end) => end.status === 'failed' && isToldAlready(type, retries.get(end.id), end.problem),
  ).length;
  return addCounters(zeroCounters, {
    inserted: count('created'),
    modified: count('updated'),
    unchanged: count('alreadyCoupled') + count('alreadyInvoiced'),
    failed: count('failed') - told,
    skipped: count('waiting') + told,
  });
}

function failureOf(
  ports: SyncPorts,
  { type, mapping, syncJobId }: DocumentRecord,
  end: DocumentEnd,
): DocumentFailure | null {
  if (end.status !== 'failed' || end.header === null) return null;
  const at = ports.clock.now();
  const errorId = ports.ids.syncErrorId(at);
  return { type, mapping, header: end.header, problem: end.problem, at, errorId, syncJobId };
}

async function saveFailures(
  { logs, retries, clock }: SyncPorts,
  { mapping }: DocumentRecord,
  failures: readonly DocumentFailure[],
  known: DocumentRetries,
): Promise<void> {
  if (failures.length === 0) return;
  await logs.saveErrors(failures.map(documentError));
  await retries.save(failures.map((failure) => documentRetry(failure, known.get(failure.header.id))));
  const replaced = failures.flatMap(({ header }): readonly SyncErrorId[] => {
    const entry = known.get(header.id);
    return entry ? [entry.errorId] : [];
  });
  if (replaced.length > 0) await logs.resolveErrors(mapping, replaced, clock.now());
}

/** Documents that succeeded, or that nobody wants made any more, have no errors. Errors go before the entries that name them. */
export async function closeDocumentErrors(
  { logs, retries, clock }: SyncPorts,
  mapping: MappingName,
  entries: readonly RetryRecord[],
): Promise<void> {
  if (entries.length === 0) return;
  await logs.resolveErrors(
    mapping,
    entries.map(({ errorId }) => errorId),
    clock.now(),
  );
  await retries.remove(mapping, entries);
}
