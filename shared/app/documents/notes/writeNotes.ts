/** Writes notes in batches; what an earlier run wrote already is recognised by its id. */
import { dataverseIdFor } from '../../../domain/couplings/dataverseIdFor.ts';
import { notesJobName } from '../../../domain/documents/notedDocuments.ts';
import type { NoteAction } from '../../../domain/documents/planNotes.ts';
import {
  annotationValues,
  documentOfNote,
  noteIdOf,
  noteValues,
} from '../../../domain/documents/salesNotes.ts';
import { failedNote, type NoteEnd, noteProblem } from './noteEnds.ts';
import { annotationSelection, type NoteScope } from './noteScope.ts';
import { noteSelection } from './notesPage.ts';

type Send = Extract<NoteAction, { kind: 'send' }>;
type Copy = Extract<NoteAction, { kind: 'copy' }>;
type Replace = Extract<NoteAction, { kind: 'replace' }>;

/** The id of the Sales note that a note of Business Central becomes. */
export function annotationIdFor({ companyId }: Pick<NoteScope, 'companyId'>, { note }: Pick<Send, 'note'>) {
  return dataverseIdFor(companyId, notesJobName, note.id);
}

/** Notes of Business Central become Sales notes (D-104 step 1); one that is there already was made by a run that ended early. */
export async function sendNotes(
  scope: NoteScope,
  actions: readonly Send[],
): Promise<readonly NoteEnd<Send>[]> {
  if (actions.length === 0) return [];
  const inserts = actions.map((action) => ({
    id: annotationIdFor(scope, action),
    values: annotationValues(action.note, action.document.dataverseId),
  }));
  const outcomes = await scope.ports.dataverse.create(annotationSelection, inserts);
  return actions.map((action, index): NoteEnd<Send> => {
    const outcome = outcomes[index];
    if (outcome?.status === 'done' || outcome?.status === 'exists')
      return { action, status: 'done', written: outcome.status === 'done' };
    return failedNote(action, noteProblem('insert-failed', action.document.number, outcome));
  });
}

/**
 * Sales notes become notes of Business Central (D-102, D-104 step 2). Whatever the answer to a creation was, the note is
 * looked for before it counts as failed: a refusal, too, may mean that an earlier run made it.
 */
export async function copyNotes(
  scope: NoteScope,
  actions: readonly Copy[],
): Promise<readonly NoteEnd<Copy>[]> {
  if (actions.length === 0) return [];
  const { businessCentral } = scope.ports;
  const inserts = actions.map(({ annotation, document }) => ({
    values: noteValues(annotation, document.businessCentralId),
  }));
  const outcomes = await businessCentral.create(noteSelection, inserts);
  const open = actions.filter((_, index) => outcomes[index]?.status !== 'done');
  const present = await presentNotes(scope, open);
  return actions.map((action, index): NoteEnd<Copy> => {
    const outcome = outcomes[index];
    if (outcome?.status === 'done') return { action, status: 'done', written: true };
    if (present.get(noteIdOf(action.annotation)) === action.document.businessCentralId)
      return { action, status: 'done', written: false };
    return failedNote(action, noteProblem('insert-failed', action.document.number, outcome));
  });
}

/** The documents of the notes that are there, by note. */
async function presentNotes(
  { ports }: NoteScope,
  actions: readonly Copy[],
): Promise<ReadonlyMap<string, string>> {
  if (actions.length === 0) return new Map();
  const ids = actions.map(({ annotation }) => noteIdOf(annotation));
  const notes = await ports.businessCentral.readByIds(noteSelection, ids);
  return new Map(notes.map((note) => [note.id, documentOfNote(note)]));
}

/** A changed Sales note replaces what its note in Business Central says (D-104 step 3). */
export async function replaceNotes(
  { ports }: NoteScope,
  actions: readonly Replace[],
): Promise<readonly NoteEnd<Replace>[]> {
  const differing = actions.filter(({ values }) => Object.keys(values).length > 0);
  const updates = differing.map(({ note, values }) => ({ record: note, values }));
  const outcomes = updates.length === 0 ? [] : await ports.businessCentral.update(noteSelection, updates);
  return actions.map((action): NoteEnd<Replace> => {
    const index = differing.indexOf(action);
    if (index < 0) return { action, status: 'done', written: false };
    const outcome = outcomes[index];
    if (outcome?.status === 'done') return { action, status: 'done', written: true };
    return failedNote(action, noteProblem('modify-failed', action.document.number, outcome));
  });
}
