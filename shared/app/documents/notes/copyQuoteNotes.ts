/** Copies the notes of quotes when a quote is created or revised, and never later (D-105, D-112, D-115). */
import type { BusinessCentralRecord } from '../../../domain/common/records.ts';
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import { type NotedDocument, quoteNotesName } from '../../../domain/documents/notedDocuments.ts';
import { isRevision } from '../../../domain/documents/quoteStages.ts';
import { documentOfAnnotation, isNote, isNoteChanged } from '../../../domain/documents/salesNotes.ts';
import { problem } from '../../../domain/sync/problems.ts';
import { type DocumentEnd, failedEnd } from '../documentScope.ts';
import type { QuoteScope, QuoteStage } from '../quotes/quoteScope.ts';
import { exchangeNotes } from './exchangeNotes.ts';
import { annotationsOf, notesOfDocuments } from './firstLooks.ts';
import type { NoteEnd } from './noteEnds.ts';
import { type NoteScope, openNoteScope } from './noteScope.ts';
import { hasNotes, noteSelection } from './notesPage.ts';

/** Nobody counts couplings of notes of quotes; they are looked up, never read as a whole. */
const manyCouplings = 1_000_000;

/** Quotes whose notes are right, and those that wait for a note: they are not coupled yet, so the next run repeats this. */
export interface QuotesWithNotes {
  readonly going: readonly QuoteStage[];
  readonly ended: readonly DocumentEnd[];
}

/** Takes the notes of earlier revisions away, as far as they came from Sales and nobody changed them, then copies. Safe to repeat. */
export async function copyQuoteNotes(
  { ports }: QuoteScope,
  stages: readonly QuoteStage[],
): Promise<QuotesWithNotes> {
  if (stages.length === 0 || !(await hasNotes(ports))) return { going: stages, ended: [] };
  const documents = stages.flatMap(({ header, intent: { document } }): NotedDocument[] => {
    const { businessCentralId, number } = document;
    return businessCentralId === null
      ? []
      : [{ businessCentralId, dataverseId: header.id, number, exists: true }];
  });
  const scope = await openNoteScope(ports, {
    type: 'quote',
    mapping: quoteNotesName,
    coupledCount: manyCouplings,
  });
  const rows = await annotationsOf(
    ports,
    documents.map(({ dataverseId }) => dataverseId),
  );
  const annotations = rows.filter((row) => isNote(row, 'quote'));
  const revised = stages.filter(({ header }) => isRevision(header)).map(({ header }) => header.id);
  await removeEarlierNotes(
    scope,
    documents.filter(({ dataverseId }) => revised.includes(dataverseId)),
    new Set(annotations.map(({ id }) => id)),
  );
  const batch = { documents, notes: [], annotations, isFirstLook: false };
  return sorted(stages, annotations.length === 0 ? [] : await exchangeNotes(scope, batch));
}

/** Notes that users of Business Central wrote or changed stay (P1). */
async function removeEarlierNotes(
  scope: NoteScope,
  documents: readonly NotedDocument[],
  present: ReadonlySet<string>,
): Promise<void> {
  if (documents.length === 0) return;
  const { ports, mapping, coupledCount } = scope;
  const notes = await notesOfDocuments(
    ports,
    documents.map(({ businessCentralId }) => businessCentralId),
  );
  const ids = notes.map(({ id }) => id);
  const couplings = await ports.couplings.byBusinessCentralIds(mapping, ids, coupledCount);
  const earlier = couplings.filter(({ dataverseId }) => !present.has(dataverseId));
  const byNote = new Map<string, Coupling>(earlier.map((each) => [each.businessCentralId, each]));
  const removed = notes.filter((note) => isUntouched(scope, byNote.get(note.id), note));
  if (removed.length === 0) return;
  const outcomes = await ports.businessCentral.delete(noteSelection, removed);
  const gone = removed.filter((_, index) => ['done', 'missing'].includes(outcomes[index]?.status ?? ''));
  for (const outcome of outcomes) {
    if (outcome.status === 'refused')
      ports.log('warning', 'quote-note-not-deleted', { reason: outcome.problem.message });
  }
  const over = gone.flatMap(({ id }) => byNote.get(id) ?? []);
  await ports.couplings.save(
    mapping,
    over.map(({ businessCentralId, dataverseId }) => ({ kind: 'remove', businessCentralId, dataverseId })),
  );
}

function isUntouched(
  { digest }: NoteScope,
  coupling: Coupling | undefined,
  note: BusinessCentralRecord,
): boolean {
  return coupling !== undefined && !isNoteChanged(digest, coupling.base, note);
}

function sorted(stages: readonly QuoteStage[], ends: readonly NoteEnd[]): QuotesWithNotes {
  const failures = new Map<string, DocumentEnd>();
  for (const end of ends) {
    if (end.status !== 'failed' || end.action.kind === 'send') continue;
    const id = documentOfAnnotation(end.action.annotation);
    const stage = stages.find(({ header }) => header.id === id);
    if (!stage) continue;
    const { kind, message, parameters } = end.problem;
    failures.set(id, failedEnd(stage.header, problem('insert-incomplete', { message, kind, parameters })));
  }
  return {
    going: stages.filter(({ header }) => !failures.has(header.id)),
    ended: [...failures.values()],
  };
}
