/** The dry run of SALES ORDER NOTES. */
import { SyncFailure } from '../../../domain/common/failures.ts';
import type { FieldValue } from '../../../domain/common/records.ts';
import { notesJobName } from '../../../domain/documents/notedDocuments.ts';
import {
  type NoteAction,
  planToBusinessCentral,
  planToDataverse,
  subjectOf,
} from '../../../domain/documents/planNotes.ts';
import {
  annotationContent,
  contentOfAnnotation,
  contentOfNote,
  noteIdOf,
} from '../../../domain/documents/salesNotes.ts';
import { addCounters, zeroCounters } from '../../../domain/logs/syncJob.ts';
import type { FieldChange, PlannedAction } from '../../../domain/sync/planTypes.ts';
import { readFrom } from '../../../domain/sync/watermark.ts';
import type { CodeJobPlan } from '../../jobs/codeJob.ts';
import type { SyncPorts } from '../../syncPorts.ts';
import { changedInBusinessCentral, changedInSales } from './changedNotes.ts';
import { factsOfNotes } from './factsOfNotes.ts';
import { firstLooks, ordersToLookAt } from './firstLooks.ts';
import { countsOf, directionOf } from './noteEnds.ts';
import { noteProgress } from './noteProgress.ts';
import { type NoteBatch, openNoteScope } from './noteScope.ts';
import { missingNotes } from './notesPage.ts';
import { retriedNotes } from './retriedNotes.ts';
import { annotationIdFor } from './writeNotes.ts';

/**
 * What the job would do now, but for notes that were deleted in Sales, which are looked for once an hour. Raises SyncFailure
 * when a service cannot be asked, or when the page of notes is missing.
 */
export const planOrderNotes: CodeJobPlan = async ({ ports }) => {
  const missing = await missingNotes(ports);
  if (missing) throw new SyncFailure({ kind: 'config', ...missing });
  const { state } = await ports.mappings.get(notesJobName);
  const { coupledCount } = state;
  const scope = await openNoteScope(ports, { type: 'order', mapping: notesJobName, coupledCount });
  const found = new Map<string, NoteAction>();
  for await (const batch of batches(ports)) {
    if (batch.documents.length === 0) continue;
    const facts = await factsOfNotes(scope, batch);
    for (const action of [...planToDataverse(facts), ...planToBusinessCentral(facts)]) {
      const { side, id } = subjectOf(action);
      found.set(`${side}|${id}`, action);
    }
  }
  const actions = [...found.values()];
  const ends = actions.map((action) => ({ action, status: 'done', written: isWritten(action) }) as const);
  return {
    actions: actions.map((action) => plannedAction(scope, action)),
    counts: addCounters(zeroCounters, countsOf(ends)),
  };
};

/** Everything the job would look at; a note may come twice. */
async function* batches(ports: SyncPorts): AsyncGenerator<NoteBatch> {
  const { state } = await ports.mappings.get(notesJobName);
  const progress = noteProgress(state, ports.clock.now());
  const waiting = await ports.retries.list(notesJobName);
  if (waiting.length > 0) yield (await retriedNotes(ports, waiting)).batch;
  for await (const { batch } of changedInBusinessCentral(ports, readFrom(progress.businessCentral)))
    yield batch;
  for await (const { batch } of changedInSales(ports, readFrom(progress.sales))) yield batch;
  const { orders } = await ordersToLookAt(ports);
  yield* firstLooks(ports, orders);
}

function isWritten(action: NoteAction): boolean {
  return action.kind !== 'replace' || Object.keys(action.values).length > 0;
}

function plannedAction(scope: Parameters<typeof annotationIdFor>[0], action: NoteAction): PlannedAction {
  const head = { mapping: notesJobName, direction: directionOf(action), name: action.document.number };
  const settled = { settledFields: [], unsentFields: [] };
  const written = { ...settled, values: {}, waitingFields: [] };
  switch (action.kind) {
    case 'send': {
      const pair = { businessCentral: action.note, dataverse: null, coupling: null };
      const ids = { businessCentralId: action.note.id, dataverseId: annotationIdFor(scope, action) };
      const { subject, text } = annotationContent(action.note);
      return { ...head, ...ids, pair, kind: 'insert', ...written, fields: fieldsOf(null, [subject, text]) };
    }
    case 'copy': {
      const { annotation } = action;
      const pair = { businessCentral: null, dataverse: annotation, coupling: action.previous };
      const ids = { businessCentralId: noteIdOf(annotation), dataverseId: annotation.id };
      const { description, text } = contentOfAnnotation(annotation);
      return {
        ...head,
        ...ids,
        pair,
        kind: 'insert',
        ...written,
        fields: fieldsOf(null, [description, text]),
      };
    }
    case 'replace': {
      const { annotation, note, coupling } = action;
      const pair = { businessCentral: note, dataverse: annotation, coupling };
      const ids = { businessCentralId: note.id, dataverseId: annotation.id };
      if (!isWritten(action)) return { ...head, ...ids, pair, kind: 'unchanged', ...settled };
      const [before, after] = [contentOfNote(note), contentOfAnnotation(annotation)];
      const fields = fieldsOf([before.description, before.text], [after.description, after.text]);
      return { ...head, ...ids, pair, kind: 'modify', ...written, fields };
    }
  }
}

type Pair = readonly [FieldValue, FieldValue];

function fieldsOf(before: Pair | null, [description, text]: Pair): readonly FieldChange[] {
  const fields: readonly FieldChange[] = [
    {
      ...{ businessCentralField: 'description', attribute: 'subject' },
      before: before?.[0] ?? null,
      after: description,
    },
    {
      ...{ businessCentralField: 'noteText', attribute: 'notetext' },
      before: before?.[1] ?? null,
      after: text,
    },
  ];
  return fields.filter((field) => before === null || field.before !== field.after);
}
