/** Notes of Business Central whose Sales note was deleted are deleted, too; in the bidirectional integration only (D-105). */
import { type Instant, toEpochMs } from '../../../domain/common/instants.ts';
import type { BusinessCentralRecord } from '../../../domain/common/records.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { notesJobName } from '../../../domain/documents/notedDocuments.ts';
import { annotationTable, documentOfNote, isNoteChanged } from '../../../domain/documents/salesNotes.ts';
import { guardMassChange } from '../../../domain/sync/massChange.ts';
import type { RecordProblem } from '../../../domain/sync/problems.ts';
import { canonicalText } from '../../../domain/sync/values.ts';
import type { CouplingWrite } from '../../../ports/couplingStore.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { couplingPages } from '../couplingsByNumber.ts';
import { ordersOf } from './changedNotes.ts';
import { noteProblem } from './noteEnds.ts';
import type { NoteRun } from './noteRun.ts';
import { noteSelection } from './notesPage.ts';
import { tellRefused } from './refusedDeletions.ts';

const hourMs = 3_600_000;

/** Once an hour: change tracking need not tell of deleted notes, so all of them are asked for by their keys. */
export function isComparisonDue({ policy, clock }: SyncPorts, comparedAt: Instant | null): boolean {
  if (policy.documents.orderIntegration !== 'bidirectional') return false;
  return comparedAt === null || toEpochMs(clock.now()) - toEpochMs(comparedAt) >= hourMs;
}

/**
 * Deletes notes whose Sales note is gone while its order is there: an order that was deleted in Sales changes nothing (D-98),
 * and only the couplings of its notes go. A note that a user changed in Business Central stays. Raises SyncFailure
 * `mass-change-guard` before anything is done (P9).
 */
export async function removeNotesOfDeleted(run: NoteRun): Promise<void> {
  const { ports, digest } = run.scope;
  const { lost, coupled } = await lostCouplings(ports);
  if (lost.length === 0) return;
  const couplingOf = new Map<string, Coupling>(lost.map((each) => [each.businessCentralId, each]));
  const ids = lost.map((coupling) => coupling.businessCentralId);
  const notes = await onPresentOrders(ports, await ports.businessCentral.readByIds(noteSelection, ids));
  guardMassChange({ ...ports.policy, mapping: notesJobName, lost: notes.length, coupled });
  await run.renew();
  const changed = notes.filter((note) => isNoteChanged(digest, couplingOf.get(note.id)?.base ?? null, note));
  const { gone, refused } = await deleteNotes(
    ports,
    notes.filter((note) => !changed.includes(note)),
  );
  const present = new Set<string>(notes.map(({ id }) => id));
  const over = lost.filter(({ businessCentralId: id }) => gone.has(id) || !present.has(id));
  const failed = await tellRefused(run, refused, couplingOf);
  const kept = changed.flatMap(({ id }) => couplingOf.get(id) ?? []);
  await settle(run, over, kept, failed);
  const skipped = kept.length + refused.size - failed.length;
  await run.count('toBusinessCentral', { deleted: gone.size, skipped, failed: failed.length });
}

/** Couplings whose Sales note does not answer; notes that were kept once are not asked for again. */
async function lostCouplings(
  ports: SyncPorts,
): Promise<{ readonly lost: readonly Coupling[]; readonly coupled: number }> {
  const lost: Coupling[] = [];
  let coupled = 0;
  for await (const page of couplingPages(ports, notesJobName)) {
    const asked = page.filter(({ state }) => state !== 'skipped');
    coupled += asked.length;
    if (asked.length === 0) continue;
    const selection = { table: annotationTable, attributes: [] };
    const rows = await ports.dataverse.readByIds(
      selection,
      asked.map(({ dataverseId }) => dataverseId),
    );
    const present = new Set<string>(rows.map(({ id }) => id));
    lost.push(...asked.filter(({ dataverseId }) => !present.has(dataverseId)));
  }
  return { lost, coupled };
}

/** The notes whose order is coupled and there in Sales. */
async function onPresentOrders(
  ports: SyncPorts,
  notes: readonly BusinessCentralRecord[],
): Promise<readonly BusinessCentralRecord[]> {
  const orders = await ordersOf(ports, notes, []);
  if (orders.length === 0) return [];
  const rows = await ports.dataverse.readByIds(
    { table: 'salesorder', attributes: [] },
    orders.map(({ dataverseId }) => dataverseId),
  );
  const inSales = new Set<string>(rows.map(({ id }) => id));
  const present = new Set<string>(
    orders.filter(({ dataverseId }) => inSales.has(dataverseId)).map((order) => order.businessCentralId),
  );
  return notes.filter((note) => present.has(documentOfNote(note)));
}

/** Notes that are gone, and why others are not; those are tried again by the next comparison. */
interface Deleted {
  readonly gone: ReadonlySet<string>;
  readonly refused: ReadonlyMap<string, RecordProblem>;
}

async function deleteNotes(
  { businessCentral }: SyncPorts,
  notes: readonly BusinessCentralRecord[],
): Promise<Deleted> {
  const outcomes = notes.length === 0 ? [] : await businessCentral.delete(noteSelection, notes);
  const gone = new Set<string>();
  const refused = new Map<string, RecordProblem>();
  for (const [index, { id, values }] of notes.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'done' || outcome?.status === 'missing') gone.add(id);
    else if (outcome?.status === 'refused')
      refused.set(id, noteProblem('delete-not-permitted', canonicalText(values['documentNumber']), outcome));
  }
  return { gone, refused };
}

/** Couplings of what is gone go; those of notes that stay because somebody changed them are not looked at again. */
async function settle(
  { scope: { ports } }: NoteRun,
  over: readonly Coupling[],
  kept: readonly Coupling[],
  failed: readonly Coupling[],
): Promise<void> {
  const settled = over.flatMap(({ lastError }) => lastError?.errorId ?? []);
  if (settled.length > 0) await ports.logs.resolveErrors(notesJobName, settled, ports.clock.now());
  const writes: readonly CouplingWrite[] = [
    ...over.map(
      ({ businessCentralId, dataverseId }): CouplingWrite => ({
        ...{ kind: 'remove', businessCentralId, dataverseId },
      }),
    ),
    ...kept.map(
      (coupling): CouplingWrite => ({ kind: 'replace', coupling: { ...coupling, state: 'skipped' } }),
    ),
    ...failed.map((coupling): CouplingWrite => ({ kind: 'replace', coupling })),
  ];
  if (writes.length > 0) await ports.couplings.save(notesJobName, writes);
}
