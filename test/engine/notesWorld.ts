/** Notes on orders of both systems, for tests of their job. */
import { notesJobName } from '../../shared/domain/documents/notedDocuments.ts';
import { couplingsOf } from './acting.ts';
import type { World } from './world.ts';

type Values = Readonly<Record<string, unknown>>;

export const notesJob = 'SALES ORDER NOTES';

/** A note that a user writes in Sales; returns its id. */
export function writeSalesNote(
  { dataverse }: World,
  table: 'salesorder' | 'quote',
  id: string,
  values: Values = {},
): string {
  const reference = { [`objectid_${table}@odata.bind`]: `/${table}s(${id})` };
  const note = { subject: 'From Sales', notetext: '<p>Call &amp; deliver</p>', ...reference, ...values };
  return String(dataverse.create('annotation', note as never, 'alice')['annotationid']);
}

/** A note that a user writes in Business Central; returns its id. */
export function writeNote({ businessCentral }: World, documentId: string, values: Values = {}): string {
  const note = { documentId, description: 'From BC', noteText: 'Packed', ...values };
  return String(businessCentral.create('salesDocumentNotes', note, 'bob')['id']);
}

/** Notes of a document in Business Central, in the order of their text. */
export function notesOf({ businessCentral }: World, documentId: string): readonly Values[] {
  return byText(
    businessCentral.records('salesDocumentNotes').filter((note) => note['documentId'] === documentId),
    'noteText',
  );
}

/** Notes of a row in Sales, in the order of their text. */
export function salesNotesOf({ dataverse }: World, id: string): readonly Values[] {
  return byText(
    dataverse.rows('annotation').filter((note) => note['_objectid_value'] === id),
    'notetext',
  );
}

function byText(notes: readonly Values[], property: string): readonly Values[] {
  return notes.toSorted((left, right) => String(left[property]).localeCompare(String(right[property])));
}

/** Couplings of notes of orders. */
export function noteCouplings(world: World) {
  return couplingsOf(world, notesJobName);
}

/** Runs the job some minutes later. */
export async function runNotes(world: World, minutes = 5) {
  await world.advanceMinutes(minutes);
  return world.run(notesJob);
}
