/** Couples notes one to one (D-103). */
import type { Coupling } from '../../../domain/couplings/coupling.ts';
import type { NoteAction } from '../../../domain/documents/planNotes.ts';
import {
  annotationContent,
  contentOfAnnotation,
  contentOfNote,
  noteBase,
  noteIdOf,
  storedContent,
} from '../../../domain/documents/salesNotes.ts';
import { problem } from '../../../domain/sync/problems.ts';
import type { CouplingWrite } from '../../../ports/couplingStore.ts';
import { failedNote, type NoteEnd } from './noteEnds.ts';
import type { NoteScope } from './noteScope.ts';
import { annotationIdFor } from './writeNotes.ts';

/** Saves what was done; a note whose counterpart belongs to another one fails. Safe to repeat. */
export async function coupleNotes(scope: NoteScope, ends: readonly NoteEnd[]): Promise<readonly NoteEnd[]> {
  const done = ends.filter(({ status }) => status === 'done');
  if (done.length === 0) return ends;
  const writes = done.map(({ action }) => writeOf(action, couplingOf(scope, action)));
  const outcomes = await scope.ports.couplings.save(scope.mapping, writes);
  const taken = new Set(done.filter((_, index) => outcomes[index] !== 'done'));
  return ends.map((end) => (taken.has(end) ? failedNote(end.action, alreadyCoupled(end.action)) : end));
}

function writeOf(action: NoteAction, coupling: Coupling): CouplingWrite {
  if (action.kind === 'replace') return { kind: 'replace', coupling };
  const previous = action.kind === 'copy' ? action.previous : null;
  if (previous === null) return { kind: 'create', coupling };
  const { businessCentralId, dataverseId } = previous;
  if (businessCentralId === coupling.businessCentralId) return { kind: 'replace', coupling };
  return { kind: 'repoint', coupling, previous: { businessCentralId, dataverseId } };
}

/** What both sides said then is remembered, so that an edit is told from what was copied. */
function couplingOf(scope: NoteScope, action: NoteAction): Coupling {
  const { number } = action.document;
  const said =
    action.kind === 'send'
      ? noteBase(scope.digest, contentOfNote(action.note), annotationContent(action.note))
      : noteBase(scope.digest, contentOfAnnotation(action.annotation), storedContent(action.annotation));
  return {
    mapping: scope.mapping,
    ...idsOf(scope, action),
    ...{ businessCentralName: number, dataverseName: number, state: 'synchronized', base: said },
    lastSyncedAt: scope.ports.clock.now(),
    ...{ toDataverse: null, toBusinessCentral: null, lastError: null },
  };
}

function idsOf(scope: NoteScope, action: NoteAction): Pick<Coupling, 'businessCentralId' | 'dataverseId'> {
  if (action.kind === 'send')
    return { businessCentralId: action.note.id, dataverseId: annotationIdFor(scope, action) };
  const id = action.kind === 'copy' ? noteIdOf(action.annotation) : action.note.id;
  return { businessCentralId: id, dataverseId: action.annotation.id };
}

function alreadyCoupled({ document: { number } }: NoteAction) {
  const message = `A note of ${number} was copied, but one of the two notes is coupled to another one.`;
  return problem('already-coupled', { message });
}
