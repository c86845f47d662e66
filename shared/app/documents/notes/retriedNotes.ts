/** Notes that failed before, read again (P5). */
import type { BusinessCentralId, DataverseId } from '../../../domain/common/ids.ts';
import { documentOfAnnotation, documentOfNote } from '../../../domain/documents/salesNotes.ts';
import type { RetryRecord } from '../../../domain/logs/retryRecord.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { ordersOf } from './changedNotes.ts';
import { annotationSelection, type NoteBatch } from './noteScope.ts';
import { noteSelection } from './notesPage.ts';

/** The notes of the list that exist and stand on coupled orders, and the entries of those that do not. */
export async function retriedNotes(
  ports: SyncPorts,
  entries: readonly RetryRecord[],
): Promise<{ readonly batch: NoteBatch; readonly over: readonly RetryRecord[] }> {
  const idsOf = (side: RetryRecord['side']) =>
    entries.filter((entry) => entry.side === side).map(({ id }) => id);
  const [notes, annotations] = await Promise.all([
    ports.businessCentral.readByIds(noteSelection, idsOf('businessCentral') as readonly BusinessCentralId[]),
    ports.dataverse.readByIds(annotationSelection, idsOf('dataverse') as readonly DataverseId[]),
  ]);
  const documents = await ordersOf(ports, notes, annotations);
  const ours = new Set<string>(documents.map(({ businessCentralId }) => businessCentralId));
  const theirs = new Set<string>(documents.map(({ dataverseId }) => dataverseId));
  const waiting = new Set<string>([
    ...notes.filter((note) => ours.has(documentOfNote(note))).map(({ id }) => id),
    ...annotations.filter((row) => theirs.has(documentOfAnnotation(row))).map(({ id }) => id),
  ]);
  const over = entries.filter(({ id }) => !waiting.has(id));
  return { batch: { documents, notes, annotations, isFirstLook: false }, over };
}
