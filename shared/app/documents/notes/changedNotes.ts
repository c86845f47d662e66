/** Notes that changed since the last run, on either side, as far as they stand on coupled orders (D-104). */
import { businessCentralId, dataverseId, isGuid } from '../../../domain/common/ids.ts';
import type { Instant } from '../../../domain/common/instants.ts';
import type { BusinessCentralRecord, DataverseRow } from '../../../domain/common/records.ts';
import { type NotedDocument, notedOrders } from '../../../domain/documents/notedDocuments.ts';
import {
  annotationTable,
  documentOfAnnotation,
  documentOfNote,
} from '../../../domain/documents/salesNotes.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { orderMappingName } from '../orders/orderScope.ts';
import { annotationSelection, type NoteBatch } from './noteScope.ts';
import { noteSelection } from './notesPage.ts';

/** Notes looked at together; the memory of a run does not depend on how many changed. */
const notesPerBatch = 500;

/** A batch, and the newest modification time among what was read for it; null when that was nothing. */
export interface ChangedNotes {
  readonly batch: NoteBatch;
  readonly newest: Instant | null;
}

/** Notes of Business Central in order of their modification, from a time on; null reads all. */
export async function* changedInBusinessCentral(
  ports: SyncPorts,
  modifiedFrom: Instant | null,
): AsyncGenerator<ChangedNotes> {
  let cursor: string | null = null;
  do {
    const request = { selection: noteSelection, modifiedFrom, cursor };
    const page: Awaited<ReturnType<typeof ports.businessCentral.readChanges>> =
      await ports.businessCentral.readChanges(request);
    for (const notes of chunks(page.records)) {
      yield { batch: await batchOfNotes(ports, notes), newest: newestOf(notes) };
    }
    cursor = page.next;
  } while (cursor !== null);
}

/**
 * Sales notes that changed from a time on, in no order; null reads all. Their ids are read first: texts of notes on orders
 * that are not coupled never travel.
 */
export async function* changedInSales(
  ports: SyncPorts,
  modifiedFrom: Instant | null,
): AsyncGenerator<ChangedNotes> {
  const onOrders = "objecttypecode eq 'salesorder'";
  const filter = modifiedFrom === null ? onOrders : `${onOrders} and modifiedon ge ${modifiedFrom}`;
  const keys = await ports.dataverse.readRows({ table: annotationTable, attributes: ['objectid'] }, filter);
  for (const some of chunks(keys)) {
    const documents = await ordersOf(ports, [], some);
    const wanted = new Set<string>(documents.map((each) => each.dataverseId));
    const ids = some.filter((row) => wanted.has(documentOfAnnotation(row))).map(({ id }) => id);
    const annotations = ids.length === 0 ? [] : await ports.dataverse.readByIds(annotationSelection, ids);
    yield { batch: { documents, notes: [], annotations, isFirstLook: false }, newest: newestOf(some) };
  }
}

async function batchOfNotes(ports: SyncPorts, notes: readonly BusinessCentralRecord[]): Promise<NoteBatch> {
  return { documents: await ordersOf(ports, notes, []), notes, annotations: [], isFirstLook: false };
}

/** The coupled orders that these notes stand on; one or two reads. */
export async function ordersOf(
  ports: SyncPorts,
  notes: readonly BusinessCentralRecord[],
  annotations: readonly DataverseRow[],
): Promise<readonly NotedDocument[]> {
  const ours = distinct(notes.map(documentOfNote)).map(businessCentralId);
  const theirs = distinct(annotations.map(documentOfAnnotation)).map(dataverseId);
  if (ours.length + theirs.length === 0) return [];
  const { couplings, mappings } = ports;
  const { coupledCount } = (await mappings.get(orderMappingName)).state;
  const found = await Promise.all([
    ours.length === 0 ? [] : couplings.byBusinessCentralIds(orderMappingName, ours, coupledCount),
    theirs.length === 0 ? [] : couplings.byDataverseIds(orderMappingName, theirs, coupledCount),
  ]);
  return notedOrders([...new Map(found.flat().map((each) => [each.businessCentralId, each])).values()]);
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter(isGuid);
}

function newestOf(records: readonly { readonly modifiedAt: Instant }[]): Instant | null {
  return records.reduce<Instant | null>(
    (newest, { modifiedAt }) => (newest === null || modifiedAt > newest ? modifiedAt : newest),
    null,
  );
}

/** Parts of the list that are looked at together. */
function chunks<Each>(all: readonly Each[]): readonly (readonly Each[])[] {
  const parts: (readonly Each[])[] = [];
  for (let from = 0; from < all.length; from += notesPerBatch)
    parts.push(all.slice(from, from + notesPerBatch));
  return parts;
}
