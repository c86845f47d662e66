/**
 * Copies notes between both systems: new ones of Business Central first, then new and changed ones of Sales (D-104).
 *
 * Both creations carry an id that follows from the note they copy, so that one whose answer was lost is found instead of
 * repeated; couplings are saved last. Whatever ends a run between two calls, the next one comes to the same end (P2).
 */
import { planToBusinessCentral, planToDataverse } from '../../../domain/documents/planNotes.ts';
import { coupleNotes } from './coupleNotes.ts';
import { factsOfNotes } from './factsOfNotes.ts';
import type { NoteEnd } from './noteEnds.ts';
import type { NoteBatch, NoteScope } from './noteScope.ts';
import { copyNotes, replaceNotes, sendNotes } from './writeNotes.ts';

/** One end per note that something was to be done about. Failures are ends, not exceptions. Safe to repeat. */
export async function exchangeNotes(scope: NoteScope, batch: NoteBatch): Promise<readonly NoteEnd[]> {
  const facts = await factsOfNotes(scope, batch);
  const sent = await sendNotes(scope, planToDataverse(facts));
  const actions = planToBusinessCentral(facts);
  const copied = await copyNotes(
    scope,
    actions.filter((action) => action.kind === 'copy'),
  );
  const replaced = await replaceNotes(
    scope,
    actions.filter((action) => action.kind === 'replace'),
  );
  return coupleNotes(scope, [...sent, ...copied, ...replaced]);
}
