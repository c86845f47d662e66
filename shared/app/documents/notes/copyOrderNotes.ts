/** Copies the notes of orders that were just created from Sales (D-40, D-102). */
import { SyncFailure } from '../../../domain/common/failures.ts';
import { type NotedDocument, notesJobName } from '../../../domain/documents/notedDocuments.ts';
import { isNote } from '../../../domain/documents/salesNotes.ts';
import { releaseLease, takeLease } from '../../run/lease.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { exchangeNotes } from './exchangeNotes.ts';
import { annotationsOf } from './firstLooks.ts';
import { openNoteScope } from './noteScope.ts';
import { hasNotes } from './notesPage.ts';

/**
 * Under the lease of the job of notes, since couplings of notes have one writer. What is not copied here, because that job
 * runs, a service does not answer or the host dies, is copied by the next run of the job: to it the order is a new one.
 */
export async function copyNotesOfNewOrders(
  ports: SyncPorts,
  orders: readonly NotedDocument[],
): Promise<void> {
  if (orders.length === 0) return;
  try {
    if (await hasNotes(ports)) await copyUnderLease(ports, orders);
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.kind === 'bug') throw error;
    tellLater(ports, orders, error.message);
  }
}

async function copyUnderLease(ports: SyncPorts, orders: readonly NotedDocument[]): Promise<void> {
  const rows = await annotationsOf(
    ports,
    orders.map(({ dataverseId }) => dataverseId),
  );
  const annotations = rows.filter((row) => isNote(row, 'order'));
  if (annotations.length === 0) return;
  const held = await takeLease(ports, notesJobName, ports.ids.runId(ports.clock.now()));
  if (held === null) return tellLater(ports, orders, 'The job of notes is running.');
  let copied = 0;
  try {
    const { coupledCount } = held.state;
    const scope = await openNoteScope(ports, { type: 'order', mapping: notesJobName, coupledCount });
    const ends = await exchangeNotes(scope, {
      documents: orders,
      notes: [],
      annotations,
      isFirstLook: true,
    });
    copied = ends.filter(({ status }) => status === 'done').length;
    if (copied < ends.length) tellLater(ports, orders, 'Some of them could not be written.');
  } finally {
    const { state } = held;
    await releaseLease(ports, held, { ...state, coupledCount: state.coupledCount + copied });
  }
}

function tellLater({ log }: SyncPorts, orders: readonly NotedDocument[], reason: string): void {
  log('warning', 'order-notes-later', { orders: orders.map(({ number }) => number), reason });
}
