/**
 * Orders that were coupled since the last run: all of their notes are looked at, on both sides, whenever they were written
 * (D-105). Which orders had their look is remembered as couplings of a name of its own.
 */
import type { DataverseId } from '../../../domain/common/ids.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import {
  type NotedDocument,
  notedOrders,
  notedOrdersName,
} from '../../../domain/documents/notedDocuments.ts';
import { isNote } from '../../../domain/documents/salesNotes.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { couplingPages } from '../couplingsByNumber.ts';
import { orderMappingName } from '../orders/orderScope.ts';
import { annotationSelection, type NoteBatch } from './noteScope.ts';
import { noteSelection } from './notesPage.ts';

/** Orders looked at together. */
const ordersPerBatch = 100;

/** Orders to look at, and marks of pairs that are coupled no more. */
export interface OrdersToLookAt {
  readonly orders: readonly NotedDocument[];
  readonly stale: readonly Coupling[];
}

/** Compares couplings of orders with the marks: a request to storage per thousand of either. */
export async function ordersToLookAt(ports: SyncPorts): Promise<OrdersToLookAt> {
  const marks = new Map<string, Coupling>();
  for await (const page of couplingPages(ports, notedOrdersName)) {
    for (const mark of page) marks.set(keyOf(mark), mark);
  }
  const fresh: Coupling[] = [];
  for await (const page of couplingPages(ports, orderMappingName)) {
    for (const coupling of page) if (!marks.delete(keyOf(coupling))) fresh.push(coupling);
  }
  return { orders: notedOrders(fresh), stale: [...marks.values()] };
}

function keyOf({ businessCentralId, dataverseId }: Coupling): string {
  return `${businessCentralId}|${dataverseId}`;
}

/** A batch with every note of its orders, page by page; two reads each. */
export async function* firstLooks(
  ports: SyncPorts,
  orders: readonly NotedDocument[],
): AsyncGenerator<NoteBatch> {
  for (let from = 0; from < orders.length; from += ordersPerBatch) {
    const documents = orders.slice(from, from + ordersPerBatch);
    const [notes, annotations] = await Promise.all([
      notesOfDocuments(
        ports,
        documents.map(({ businessCentralId }) => businessCentralId),
      ),
      annotationsOf(
        ports,
        documents.map(({ dataverseId }) => dataverseId),
      ),
    ]);
    yield {
      ...{ documents, notes, isFirstLook: true },
      annotations: annotations.filter((row) => isNote(row, 'order')),
    };
  }
}

/** All notes of these documents in Business Central. */
export function notesOfDocuments({ businessCentral }: SyncPorts, ids: readonly string[]) {
  return businessCentral.readByValues(noteSelection, 'documentId', ids);
}

/** All notes, and attachments, of these rows of Sales. */
export function annotationsOf({ dataverse }: SyncPorts, ids: readonly DataverseId[]) {
  return dataverse.readByValues(annotationSelection, 'objectid', ids);
}

/** Remembers that the orders had their look; call it when all of their notes have an outcome on record. Safe to repeat. */
export async function markAsLookedAt(
  { couplings, clock }: SyncPorts,
  orders: readonly NotedDocument[],
): Promise<void> {
  const marks = orders.map(
    ({ businessCentralId, dataverseId, number }): Coupling => ({
      ...{ mapping: notedOrdersName, businessCentralId, dataverseId, state: 'synchronized', base: null },
      ...{ businessCentralName: number, dataverseName: number, lastSyncedAt: clock.now() },
      ...{ toDataverse: null, toBusinessCentral: null, lastError: null },
    }),
  );
  await couplings.save(
    notedOrdersName,
    marks.map((coupling) => ({ kind: 'create', coupling })),
  );
}

/** Forgets pairs that are coupled no more, so that they have another look when they are coupled again. Safe to repeat. */
export async function forgetMarks({ couplings }: SyncPorts, stale: readonly Coupling[]): Promise<void> {
  if (stale.length === 0) return;
  await couplings.save(
    notedOrdersName,
    stale.map(({ businessCentralId, dataverseId }) => ({ kind: 'remove', businessCentralId, dataverseId })),
  );
}
